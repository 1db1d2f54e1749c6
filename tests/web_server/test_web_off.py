"""DOABLE_WEB=off: no app, and none that stays in browsers where it was."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from doable.store.address import Address
from needs import need
from processes import place
from web_builds import run, serving, write

BROWSER = {"accept": "text/html,*/*;q=0.8"}
# A service worker that serves the page from its cache, as the app's does.
WORKER = """
addEventListener("install", (event) => event.waitUntil(caches.open("shell").then(async (cache) => {
  await cache.put("/", await fetch("/", { headers: { accept: "text/html" } }));
  await skipWaiting();
})));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(caches.match("/"));
});
"""
START = """
document.body.append("The app");
const policy = trustedTypes.createPolicy("doable", { createScriptURL: (url) => url });
navigator.serviceWorker.register(policy.createScriptURL("/sw.js"));
"""


@pytest.fixture
async def visitor(address: Address, build: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(address, build, DOABLE_WEB="off") as client:
        yield client


async def test_without_the_app_the_root_is_json_for_all(visitor: httpx.AsyncClient) -> None:
    for headers in (BROWSER, {}):
        answer = await visitor.get("/", headers=headers)
        assert (answer.headers["content-type"], answer.json()["name"]) == ("application/json", "Doable")


@pytest.mark.parametrize(
    "path", ["/today", "/sign-in", "/assets/app-1a2b.js", "/manifest.webmanifest", "/icons/icon.svg", "/index.html"]
)
async def test_without_the_app_its_paths_are_not_found(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path, headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_last_service_worker_is_asked_for_each_time(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/sw.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert "unregister" in answer.text


def test_an_installed_app_goes_away(worker_address: Address) -> None:
    chromium = need("chromium")
    with place() as folder, sync_playwright() as playwright:
        write(folder)
        (folder / "sw.js").write_text(WORKER)
        (folder / "assets/app-1a2b.js").write_text(START)
        (folder / "assets/app-1a2b.js.br").unlink()
        (folder / "assets/app-1a2b.js.gz").unlink()
        (folder / "index.html").write_text('<body><script src="/assets/app-1a2b.js"></script></body>')
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        with run(worker_address, folder) as service:
            port = str(urlsplit(service.url).port)
            page.goto(f"{service.url}/today")
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            page.evaluate("localStorage.setItem('outbox', 'unsent')")
            assert service.stop() == 0
        page.goto(f"{service.url}/today")  # It opens without the service.
        expect(page.get_by_text("The app")).to_be_visible()
        with run(worker_address, folder, "--port", port, DOABLE_WEB="off"):
            page.goto(f"{service.url}/")
            expect(page.get_by_text("openapi.json")).to_be_visible()  # What a program sees, and not the app.
            assert left(page) == {"workers": 0, "caches": 0, "unsent": "unsent"}
        browser.close()


def left(page: Page) -> object:
    return page.evaluate(
        """async () => ({
          workers: (await navigator.serviceWorker.getRegistrations()).length,
          caches: (await caches.keys()).length,
          unsent: localStorage.getItem("outbox"),
        })"""
    )
