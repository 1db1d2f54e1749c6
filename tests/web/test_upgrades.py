"""A new version of the app, and the tabs that still have the old one."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import add_tasks, await_installed, call, device, sign_in
from doable.store.address import Address
from doable.web.build import BUILT
from processes import Service, free_port, place
from web_builds import run

NEXT = "next-version"


@pytest.fixture
def folder() -> Iterator[Path]:
    with place() as folder:
        copy = folder / "app"
        shutil.copytree(BUILT, copy, ignore=shutil.ignore_patterns("*.br", "*.gz"))
        yield copy


def upgrade(folder: Path) -> None:
    """What a new version does: other files, and none of the old ones."""
    renamed = {file.name: f"{file.stem}-next{file.suffix}" for file in (folder / "assets").iterdir()}
    for name, new in renamed.items():
        (folder / "assets" / name).rename(folder / "assets" / new)
    for file in folder.rglob("*.*"):
        if file.suffix in {".js", ".html", ".css"}:
            text = file.read_text()
            for name, new in renamed.items():
                text = text.replace(name, new)
            file.write_text(text)
    worker = folder / "sw.js"
    [version] = re.findall(r"VERSION=`(.+?)`", worker.read_text())
    worker.write_text(worker.read_text().replace(version, NEXT))


def script(page: Page) -> str:
    return str(page.locator("script[type=module]").get_attribute("src"))


def serve(address: Address, folder: Path, port: int) -> Service:
    return run(address, folder, "--port", str(port), DOABLE_USER_MAX_TASKS="2")


def test_a_new_version_waits_until_the_person_updates(browser: Browser, module_address: Address, folder: Path) -> None:
    port = free_port()
    with device(browser, f"http://localhost:{port}") as context:
        with serve(module_address, folder, port):
            sign_in(context, "updates@example.com", "Ada")
            page, other = context.new_page(), context.new_page()
            for one in (page, other):
                one.goto("/today")
            await_installed(page)
        upgrade(folder)
        with serve(module_address, folder, port):
            page.reload()
            assert "-next" not in script(page)
            line = page.get_by_role("status").filter(has_text="A new version is ready")
            with page.expect_navigation():
                line.get_by_role("button", name="Update").click()
            expect(line).to_have_count(0)
            assert "-next" in script(page)
            old = other.get_by_role("status").filter(has_text="This page is of an older version")
            with other.expect_navigation():
                old.get_by_role("button", name="Reload").click()
            assert "-next" in script(other)
            assert page.evaluate("caches.keys()") == [f"doable-app-{NEXT}"]


def test_an_old_tab_without_a_service_worker_says_that_it_is_old(
    browser: Browser, module_address: Address, folder: Path
) -> None:
    port = free_port()
    with device(browser, f"http://localhost:{port}", service_workers="block") as context:
        with serve(module_address, folder, port):
            sign_in(context, "old@example.com", "Ada")
            page = context.new_page()
            for title in ("One", "Two", "Three"):
                call(page, "POST", "/tasks", {"title": title})
            page.goto("/inbox")
            add_tasks(page, "Four")
            conflict = page.get_by_role("button", name="1 conflict")
            expect(conflict).to_be_visible()
        upgrade(folder)
        with serve(module_address, folder, port):
            conflict.click()
            line = page.get_by_role("status").filter(has_text="This page is of an older version")
            expect(line).to_be_visible()
            expect(page.get_by_role("checkbox", name="One", exact=True)).to_be_visible()
            line.get_by_role("button", name="Reload").click()
            conflict.click()
            expect(page.get_by_role("list", name="Conflicts")).to_be_visible()
