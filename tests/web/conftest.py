"""The web app in a real browser, on a real service with built-in accounts."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browsing import Person, device, sign_in
from doable.store.address import Address
from needs import need
from processes import Service, database_url


@pytest.fixture(scope="module")
def web(module_address: Address) -> Iterator[Service]:
    """The service, with its app, on a database of its own."""
    with Service(DATABASE_URL=database_url(module_address), DOABLE_RATE_LIMIT_AUTH="off") as service:
        service.url = service.url.replace("127.0.0.1", "localhost")
        yield service


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = need("chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def person(browser: Browser, web: Service, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Sign somebody up, and open the app in a browser of theirs: `person("Ada")`. `path` is where it opens.

    The same name again is the same person on another device. `**options` are those of Playwright's `new_context`.
    """
    with ExitStack() as devices:

        def enter(name: str, path: str = "/today", **options: object) -> Page:
            context = devices.enter_context(device(browser, web.url, **options))
            sign_in(context, f"{name}-{abs(hash(request.node.nodeid))}@example.com".lower(), name)
            page = context.new_page()
            page.goto(path)
            page.get_by_role("navigation").first.wait_for()
            return page

        yield enter
