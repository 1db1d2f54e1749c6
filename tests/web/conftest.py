"""The web app in a real browser, on a real service with built-in accounts."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browsing import Person, device, sign_in
from doable.store.address import Address
from doable.web.build import BUILT
from needs import miss, need
from processes import Service, database_url

HAS_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[HAS_FAILED] = True
    return report


@pytest.fixture(scope="module")
def web(module_address: Address) -> Iterator[Service]:
    """The service, with its app, on a database of its own."""
    if not (BUILT / "index.html").is_file():
        miss("The web app is not built: run make web")
    with Service(DATABASE_URL=database_url(module_address), DOABLE_RATE_LIMIT_AUTH="off") as service:
        service.url = service.url.replace("127.0.0.1", "localhost")
        yield service


@pytest.fixture(scope="module")
def browser(web: Service) -> Iterator[Browser]:
    """It starts after the service and ends before it: while it runs, no asynchronous fixture can."""
    assert web.url
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def person(browser: Browser, web: Service, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Person]:
    """Sign somebody up, and open the app in a browser of theirs: `person("Ada")`. `path` is where it opens.

    The same name again is the same person on another device. `**options` are those of Playwright's `new_context`.
    When the test fails, pictures of all pages are in its `tmp_path`.
    """
    pages: list[Page] = []
    with ExitStack() as devices:

        def enter(name: str, path: str = "/today", **options: object) -> Page:
            context = devices.enter_context(device(browser, web.url, **options))
            context.on("page", lambda page: pages.append(page))  # noqa: PLW0108 - Playwright marks what it gets
            sign_in(context, f"{name}-{abs(hash(request.node.nodeid))}@example.com".lower(), name)
            page = context.new_page()
            page.goto(path)
            page.get_by_role("navigation").first.wait_for()
            return page

        yield enter
        if request.node.stash.get(HAS_FAILED, False):
            for number, page in enumerate(pages):
                page.screenshot(path=tmp_path / f"{number}.png")
