"""Two people in turn on one browser: none sees or sends what the other left.

Sessions end here, elsewhere and offline.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from browsing import PASSWORD, add_tasks, await_installed, call, device, sign_in
from processes import Service, eventually

SIGN_IN = re.compile("/sign-in$")


@pytest.fixture
def shared(browser: Browser, web: Service) -> Iterator[BrowserContext]:
    """The browser that both use."""
    with device(browser, web.url) as context:
        yield context


@pytest.fixture
def email(request: pytest.FixtureRequest) -> str:
    return f"{abs(hash(request.node.nodeid))}@example.com"


def enter(context: BrowserContext, email: str, name: str = "Ada") -> Page:
    sign_in(context, email, name)
    page = context.new_page()
    page.goto("/inbox")
    page.get_by_role("heading", name="Inbox").wait_for()
    await_installed(page)
    return page


def submit(page: Page, email: str, *, keep: bool = True) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    if not keep:
        page.get_by_label("Keep me signed in").uncheck()
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()


def inbox(page: Page) -> None:
    page.get_by_role("link", name="Inbox").first.click()
    page.get_by_role("heading", name="Inbox").wait_for()


def expect_task(page: Page, title: str) -> None:
    expect(page.get_by_role("checkbox", name=title, exact=True)).to_be_visible()


def kept(page: Page) -> list[object]:
    """What the browser keeps of a person."""
    found: list[object] = page.evaluate(
        """async () => [
            ...(await indexedDB.databases()).map(({ name }) => name),
            ...Object.keys(localStorage), ...Object.keys(sessionStorage),
            ...(await caches.keys()).filter((name) => !name.startsWith("doable-app-")),
        ]"""
    )
    return found


def end_elsewhere(browser: Browser, web: Service, context: BrowserContext) -> None:
    """End the session of this browser from another device."""
    with device(browser, web.url) as other:
        other.add_cookies(context.cookies())  # type: ignore[arg-type] # What Playwright gives, it takes.
        answer = other.request.post("/api/auth/revoke-sessions", headers={"origin": web.url})
        assert answer.ok, answer.text()


def titles(context: BrowserContext) -> list[str]:
    """The tasks that the service has of the person whose session this is."""
    page = context.new_page()
    tasks = call(page, "GET", "/tasks")
    page.close()
    assert isinstance(tasks, list)
    return sorted(task["title"] for task in tasks)


def test_who_signs_out_leaves_nothing_in_any_tab(shared: BrowserContext, email: str) -> None:
    page = enter(shared, email)
    add_tasks(page, "A secret of Ada")
    expect_task(page, "A secret of Ada")
    second = shared.new_page()
    second.goto("/inbox")
    expect_task(second, "A secret of Ada")
    # A text that the database has not taken yet is in the tab's own storage.
    second.evaluate("Object.getPrototypeOf(sessionStorage).removeItem = () => undefined")
    second.get_by_role("link", name="A secret of Ada").click()
    second.get_by_role("textbox", name="Title", exact=True).fill("Another secret")
    second.keyboard.press("Enter")
    expect_task(second, "Another secret")
    assert "doable.unsaved" in kept(second)
    sign_out(page)
    expect(page).to_have_url(SIGN_IN)
    expect(second).to_have_url(SIGN_IN)
    expect(second.get_by_text(re.compile("secret"))).to_have_count(0)
    assert kept(page) == []
    assert kept(second) == []
    assert shared.request.get("/api/auth/get-session").json() is None


def test_signing_out_asks_about_changes_that_are_not_sent(shared: BrowserContext, email: str) -> None:
    page = enter(shared, email)
    shared.route("**/api/me/batch", lambda route: route.abort())
    shared.set_offline(True)
    add_tasks(page, "Not sent yet")
    sign_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 change is not sent yet. Signing out loses it.")
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_have_count(0)
    expect_task(page, "Not sent yet")
    sign_out(page)
    dialog.get_by_role("button", name="Sign out and lose them").click()
    expect(page).to_have_url(SIGN_IN)
    eventually(lambda: kept(page) == ["doable.leaving"])
    shared.set_offline(False)


def test_a_session_that_was_left_offline_ends_before_anything_else_is_sent(
    shared: BrowserContext, email: str, browser: Browser, web: Service
) -> None:
    page = enter(shared, email)
    add_tasks(page, "A secret of Ada")
    expect_task(page, "A secret of Ada")
    page.evaluate("fetch('/api/auth/get-session')")
    cookies = shared.cookies()
    shared.set_offline(True)
    sign_out(page)
    choice = page.get_by_role("button", name="Sign out and lose them")
    expect(page.get_by_label("Email").or_(choice)).to_be_visible()
    if choice.is_visible():
        choice.click()
    expect(page).to_have_url(SIGN_IN)
    eventually(lambda: kept(page) == ["doable.leaving"])
    page.reload()  # The service worker opens the page, and the person is gone.
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    sent: list[str] = []

    def note(request: Request) -> None:
        if "/api/" in request.url:
            sent.append(request.url.split("/api/")[1])

    bob = f"bob-{email}"
    with device(browser, web.url) as context:
        sign_in(context, bob, "Bob")
    shared.on("request", note)
    shared.set_offline(False)
    submit(page, bob)
    inbox(page)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    assert sent[0] == "auth/sign-out"
    assert sent[1].startswith("auth/")
    with device(browser, web.url) as thief:
        thief.add_cookies(cookies)  # type: ignore[arg-type] # What Playwright gives, it takes.
        assert thief.request.get("/api/auth/get-session").json() is None


def test_without_keep_me_signed_in_nothing_is_kept_and_a_reload_works(shared: BrowserContext, email: str) -> None:
    sign_in(shared, email, "Ada")
    shared.clear_cookies()
    page = shared.new_page()
    page.goto("/sign-in")
    submit(page, email, keep=False)
    inbox(page)
    add_tasks(page, "Gone with the browser")
    expect_task(page, "Gone with the browser")
    await_installed(page)
    assert kept(page) == []
    eventually(lambda: titles(shared) == ["Gone with the browser"])
    page.reload()
    expect_task(page, "Gone with the browser")
    assert kept(page) == []


def test_a_session_that_ended_elsewhere_keeps_page_and_changes(
    shared: BrowserContext, email: str, browser: Browser, web: Service
) -> None:
    page = enter(shared, email)
    end_elsewhere(browser, web, shared)
    page.reload()
    expect(page.get_by_role("link", name="Sign in to sync")).to_be_visible()
    add_tasks(page, "Written without a session")
    expect_task(page, "Written without a session")
    page.get_by_role("link", name="Sign in to sync").click()
    expect(page.get_by_text("1 change waits to be sent.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/inbox$"))
    expect_task(page, "Written without a session")
    expect(page.get_by_role("link", name="Sign in to sync")).to_have_count(0)
    eventually(lambda: titles(shared) == ["Written without a session"])


def test_another_person_gets_their_own_copy_and_the_unsent_stays_for_its_author(
    shared: BrowserContext, email: str, browser: Browser, web: Service
) -> None:
    bob = f"bob-{email}"
    with device(browser, web.url) as context:
        sign_in(context, bob, "Bob")
    page = enter(shared, email)
    end_elsewhere(browser, web, shared)
    page.reload()
    page.get_by_role("link", name="Sign in to sync").wait_for()
    add_tasks(page, "A secret of Ada")
    expect_task(page, "A secret of Ada")
    page.get_by_role("link", name="Sign in to sync").click()
    submit(page, bob)
    inbox(page)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    add_tasks(page, "A task of Bob")
    eventually(lambda: titles(shared) == ["A task of Bob"])
    page.goto("/settings/data")
    expect(page.get_by_role("list", name="Copies of other people").get_by_role("listitem")).to_have_count(1)
    sign_out(page)
    submit(page, email)
    inbox(page)
    expect_task(page, "A secret of Ada")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    eventually(lambda: titles(shared) == ["A secret of Ada"])


def test_a_tab_follows_the_person_who_signs_in_in_another_tab(
    shared: BrowserContext, email: str, browser: Browser, web: Service
) -> None:
    bob = f"bob-{email}"
    with device(browser, web.url) as context:
        sign_in(context, bob, "Bob")
    page = enter(shared, email)
    add_tasks(page, "A secret of Ada")
    expect_task(page, "A secret of Ada")
    end_elsewhere(browser, web, shared)
    second = shared.new_page()
    second.goto("/today")
    second.get_by_role("link", name="Sign in to sync").click()
    submit(second, bob)
    inbox(second)
    expect(second.get_by_role("checkbox")).to_have_count(0)
    page.get_by_role("heading", name="Today").wait_for()
    inbox(page)
    expect(page.get_by_text("A secret of Ada")).to_have_count(0)
    add_tasks(page, "A task of Bob")
    expect_task(second, "A task of Bob")
