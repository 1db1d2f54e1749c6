"""Without a network, a session, storage or the service: nothing that a person wrote is lost."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Browser, Page, expect

from browsing import PASSWORD, Person, add_tasks, await_installed, device, sign_in, titles_at_service
from doable.core.identity import CLOCK_SKEW_SECONDS
from doable.store.address import Address
from processes import DOABLE, Service, database_url, eventually, free_port

THREE = ("Buy bread", "Call Bob", "Pay the rent")


def shown(page: Page, title: str) -> None:
    expect(page.get_by_role("checkbox", name=title, exact=True)).to_have_count(1)


OUTBOX = """async (count) => {
  const [{ name }] = await indexedDB.databases();
  const answer = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await answer(indexedDB.open(name));
  while ((await answer(database.transaction("outbox").objectStore("outbox").count())) < count);
  database.close();
}"""


def waits(page: Page, count: int) -> None:
    """Wait until this many changes are on the device, and not sent."""
    line = page.get_by_role("status").filter(has_text="wait")
    if count:
        expect(line).to_have_text(re.compile(rf"\b{count} changes? waits?"))
        page.evaluate(OUTBOX, count)
    else:
        expect(line).to_have_count(0, timeout=20_000)


@contextmanager
def without_network(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="Offline")).to_be_visible()
    yield
    page.context.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="Offline")).to_have_count(0, timeout=20_000)


def test_three_tasks_of_an_offline_hour_are_there_once(person: Person) -> None:
    page = person("Ada")
    with without_network(page):
        add_tasks(page, *THREE)
        waits(page, 3)
    waits(page, 0)
    eventually(lambda: titles_at_service(page) == sorted(THREE))
    for title in THREE:
        shown(page, title)


def test_the_app_opens_and_works_without_a_network(person: Person) -> None:
    page = person("Ada")
    add_tasks(page, "Buy bread")
    eventually(lambda: titles_at_service(page) == ["Buy bread"])
    await_installed(page)
    with without_network(page):
        page.reload()
        shown(page, "Buy bread")
        page.goto("/inbox")
        add_tasks(page, "Call Bob")
        waits(page, 1)
        page.reload()
        shown(page, "Call Bob")
    waits(page, 0)
    eventually(lambda: titles_at_service(page) == ["Buy bread", "Call Bob"])


def test_what_was_done_in_two_tabs_offline_arrives_once(person: Person) -> None:
    page = person("Ada")
    other = page.context.new_page()
    other.goto("/today")
    other.get_by_role("navigation").first.wait_for()
    with without_network(page):
        add_tasks(page, "Buy bread")
        shown(other, "Buy bread")
        add_tasks(other, "Call Bob")
        shown(page, "Call Bob")
    waits(page, 0)
    eventually(lambda: titles_at_service(page) == ["Buy bread", "Call Bob"])


def test_a_session_that_ends_while_offline_keeps_the_page_and_asks_to_sign_in(person: Person) -> None:
    page = person("Ada")
    add_tasks(page, "Buy bread")
    eventually(lambda: titles_at_service(page) == ["Buy bread"])
    email = page.context.request.get("/api/auth/get-session").json()["user"]["email"]
    await_installed(page)
    with without_network(page):
        page.context.clear_cookies()
        add_tasks(page, "Call Bob")
        waits(page, 1)
        page.reload()
        shown(page, "Call Bob")
    line = page.get_by_role("status").filter(has_text="Sign in to sync · 1 change waits")
    expect(line).to_be_visible()
    shown(page, "Buy bread")
    line.get_by_role("link").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    shown(page, "Call Bob")
    waits(page, 0)
    eventually(lambda: titles_at_service(page) == ["Buy bread", "Call Bob"])


def test_a_token_that_expires_while_offline_is_replaced(browser: Browser, module_address: Address) -> None:
    life = timedelta(seconds=2 - CLOCK_SKEW_SECONDS)  # Two seconds, with what the service adds for clocks that differ.
    program = f"from datetime import timedelta; from doable.core import accounts; accounts.TOKEN_LIFE = {life!r}"
    program = program.replace("datetime.timedelta", "timedelta") + "; from doable.cli import main; main()"
    with (
        Service(program=[DOABLE[0], "-c", program], DATABASE_URL=database_url(module_address)) as service,
        device(browser, service.url.replace("127.0.0.1", "localhost")) as context,
    ):
        sign_in(context, "expires@example.com", "Ada")
        page = context.new_page()
        page.goto("/today")
        add_tasks(page, "Buy bread")
        shown(page, "Buy bread")
        with without_network(page):
            add_tasks(page, "Call Bob")
            page.wait_for_timeout(2500)
            since = len(service.log.encode())
        waits(page, 0)
        eventually(lambda: titles_at_service(page) == ["Buy bread", "Call Bob"])
        statuses = {json.loads(line).get("status") for line in service.log_since(since).splitlines()}
        assert 401 in statuses


def test_the_service_is_killed_and_restarted_while_somebody_types(browser: Browser, module_address: Address) -> None:
    port = str(free_port())
    sentence = "Write a letter to the landlord about the broken window"
    with (
        Service("--port", port, DATABASE_URL=database_url(module_address)) as service,
        device(browser, f"http://localhost:{port}") as context,
    ):
        sign_in(context, "types@example.com", "Ada")
        page = context.new_page()
        page.goto("/today")
        field = page.get_by_role("textbox", name="Add task", exact=True)
        field.press_sequentially(sentence[:20])
        service.kill()
        field.press_sequentially(sentence[20:])
        field.press("Enter")
        shown(page, sentence)
        expect(page.get_by_role("status").filter(has_text="Offline · 1 change waits")).to_be_visible()
        with Service("--port", port, DATABASE_URL=database_url(module_address)):
            expect(page.get_by_role("status").filter(has_text="wait")).to_have_count(0, timeout=20_000)
            eventually(lambda: titles_at_service(page) == [sentence])


FORBIDDEN = "IDBFactory.prototype.open = () => { throw new DOMException('Forbidden', 'SecurityError') }"


def test_a_browser_that_forbids_storage_says_so_and_works(browser: Browser, web: Service) -> None:
    with device(browser, web.url) as context:
        context.add_init_script(FORBIDDEN)
        sign_in(context, "forbidden@example.com", "Ada")
        page = context.new_page()
        page.goto("/today")
        line = page.get_by_role("status").filter(has_text="keeps nothing on this device")
        expect(line).to_be_visible()
        add_tasks(page, "Buy bread")
        eventually(lambda: titles_at_service(page) == ["Buy bread"])
        line.get_by_role("button", name="OK").click()
        expect(line).to_have_count(0)
        page.reload()
        shown(page, "Buy bread")


FULL = """
for (const name of ["put", "add"]) {
  const own = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    if (globalThis.isFull) throw new DOMException("Full", "QuotaExceededError");
    return own.apply(this, given);
  };
}
"""


def test_a_device_without_room_says_what_was_not_stored(browser: Browser, web: Service) -> None:
    with device(browser, web.url) as context:
        context.add_init_script(FULL)
        sign_in(context, "full@example.com", "Ada")
        page = context.new_page()
        page.goto("/today")
        add_tasks(page, "Buy bread")
        shown(page, "Buy bread")
        page.evaluate("globalThis.isFull = true")
        add_tasks(page, "Call Bob")
        expect(page.get_by_role("status").filter(has_text="no room left")).to_be_visible()


def test_a_first_visit_says_that_it_loads_only_if_that_takes_its_time(person: Person) -> None:
    page = person("Ada")
    expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
    page.wait_for_timeout(500)
    expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)


def test_a_view_whose_styles_were_lost_on_the_way_comes_when_it_is_opened(person: Person) -> None:
    page = person("Grace", service_workers="block")
    styles = "**/assets/later-*.css"
    page.route(styles, lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "later-" in request.url):
        page.reload()
    page.unroute(styles)
    page.get_by_role("navigation").get_by_role("link", name="Upcoming").click()
    expect(page.get_by_role("heading", name="Upcoming", level=1)).to_be_visible()
