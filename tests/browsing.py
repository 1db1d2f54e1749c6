"""Devices and people in front of the web app."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from needs import miss

PASSWORD = "correct horse battery"
# Chromium writes these itself when a request fails. The tests of faults make requests fail.
NETWORK = re.compile(r"Failed to load resource|net::ERR_|its MIME type \(.application/problem")

AXE = Path(__file__).parents[1] / "web/node_modules/axe-core/axe.min.js"

Person: TypeAlias = Callable[..., Page]


@contextmanager
def device(browser: Browser, url: str, **options: object) -> Iterator[BrowserContext]:
    """A browser of its own, in which no page may complain: neither scripts nor the Content-Security-Policy."""
    context = browser.new_context(**{"base_url": url, "locale": "en-GB", **options})  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not NETWORK.search(message.text):
            complaints.append(message.text)

    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", listen)
    yield context
    context.close()
    assert not complaints, complaints


def sign_in(context: BrowserContext, email: str, name: str) -> None:
    """The context has the session's cookie afterwards."""
    body = {"email": email, "password": PASSWORD, "name": name}
    # In this order: a sign-in of somebody new is a failure, and an address has twenty of them.
    if context.request.post("/api/auth/sign-up/email", data=body).ok:
        return
    answer = context.request.post("/api/auth/sign-in/email", data=body)
    assert answer.ok, answer.text()


def await_installed(page: Page) -> None:
    """Until the service worker has the app: then all of it opens without a network."""
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")


def titles_at_service(page: Page) -> list[str]:
    """Of all tasks that the service has, sorted."""
    found = call(page, "GET", "/tasks")
    assert isinstance(found, list)
    return sorted(task["title"] for task in found)


def add_tasks(page: Page, *sentences: str) -> None:
    """As a person types them."""
    field = page.get_by_role("textbox", name="Add task", exact=True)
    for sentence in sentences:
        field.fill(sentence)
        field.press("Enter")


def call(page: Page, method: str, path: str, body: object = None) -> object:
    """Call the API as this person's script would: a way to prepare much, or to be another device."""
    token = page.context.request.get("/api/auth/token").json()["token"]
    answer = page.context.request.fetch(
        f"/api/me{path}", method=method, data=body, headers={"authorization": f"Bearer {token}"}
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.body() else None


def stop_the_clock(page: Page) -> None:
    """Until `page.clock` moves it: what takes its time on a slow machine takes none in the page."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))


def axe(page: Page, *, without: str = "") -> list[str]:
    """What axe finds wrong on the page as it is, each with where it is. It does not look for `without`, a rule."""
    if not AXE.is_file():
        miss("axe-core is not installed: run npm ci in web/")
    # The protocol of the browser runs it: the Content-Security-Policy of the page allows no script of a test.
    page.evaluate(f"{AXE.read_text()};undefined")
    rules = {without: {"enabled": False}} if without else {}
    found = page.evaluate("(rules) => axe.run({ rules }).then(({ violations }) => violations)", rules)
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]
