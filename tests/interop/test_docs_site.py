"""The documents as a site: its search finds, it asks no other server, and a dead link ends its making."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]


def build(source: Path, site: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "mkdocs", "build", "--strict", "--site-dir", site]
    said = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=source, env=said, capture_output=True, text=True, check=False)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("documents") / "site"
    done = build(ROOT, path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_reader_finds_a_page_and_no_other_server_is_asked(chromium: str, address: str) -> None:
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_role("textbox", name="Search").first.fill("fsGroup")
        page.locator(".md-search-result__link", has_text="permissions of a volume").first.click()
        expect(page).to_have_title("Kubernetes - Doable")
        page.goto(f"{address}ARCHITECTURE/")
        expect(page.get_by_role("heading", name="Five rules that decide everything")).to_be_visible()
        browser.close()
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(address) and not url.startswith("blob:")] == []


def test_what_the_documents_show_is_there(site: Path) -> None:
    for name in (
        "docs/performance.svg",
        "examples/offline.py",
        ".env.example",
        "docs/decisions/0001-interfaces-translate",
    ):
        assert (site / name).exists()
    assert not (site / "src").exists()


def test_lists_are_lists(site: Path) -> None:
    """GitHub takes three spaces and no empty line; Python-Markdown takes neither."""
    upgrading = (site / "docs/upgrading/index.html").read_text()
    assert upgrading.count("<ol>") == 2
    decision = (site / "docs/decisions/0017-trash-is-a-column/index.html").read_text()
    assert "<li>Every statement for living rows" in decision


def test_a_dead_link_ends_it(tmp_path: Path) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in listed:
        if name.endswith(("md", "yml", ".svg", "site.py", "offline.py", ".env.example")) and (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    page = tmp_path / "docs/api.md"
    page.write_text(f"{page.read_text()}\n[a page](nowhere.md) [a heading](tasks.md#nowhere)\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert "a link 'nowhere.md', but the target 'docs/nowhere.md' is not found" in done.stderr
    assert "a link 'tasks.md#nowhere', but the doc 'docs/tasks.md' does not contain an anchor '#nowhere'" in done.stderr
