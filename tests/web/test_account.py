"""Signing in and up, and the settings."""

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from browsing import PASSWORD, Person, call, device, sign_in
from doable.store.address import Address
from doable.store.connection import connect
from processes import Service, database_url, run

NEW_PASSWORD = "another correct horse"


def fill(page: Page, **fields: str) -> None:
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)


def sign_up(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/sign-up")
    fill(page, Name="Ada", Email=email, Password=password)
    page.get_by_role("button", name="Sign up").click()


def submit_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    fill(page, Email=email, Password=password)
    page.get_by_role("button", name="Sign in").click()


def settings(page: Page, name: str) -> None:
    page.goto(f"/settings/{name}")
    page.get_by_role("heading", name="Settings").wait_for()


def confirm(page: Page, password: str = PASSWORD) -> None:
    """Give the password in the dialog that asks for it again."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password", exact=True).fill(password)
    dialog.get_by_role("button").last.click()


def me(page: Page) -> dict[str, object]:
    return cast("dict[str, object]", call(page, "GET", ""))


def expect_error(field: Locator, text: str) -> None:
    """Beside the field, for the eyes and for screen readers, and with the focus in it."""
    expect(field).to_have_accessible_description(text)
    expect(field).to_be_focused()


@pytest.fixture
def visitor(browser: Browser, web: Service) -> Iterator[BrowserContext]:
    with device(browser, web.url, timezone_id="America/New_York") as context:
        yield context


def test_a_fault_of_the_sign_up_is_beside_its_field(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    sign_up(page, "weak@example.com", "password")
    expect_error(page.get_by_label("Password"), "This password is easy to guess. Choose another one.")
    fill(page, Password="short")
    page.keyboard.press("Enter")
    expect_error(page.get_by_label("Password"), "A password has at least 8 characters.")
    fill(page, Password=PASSWORD, Email="weak@")
    page.keyboard.press("Enter")
    expect_error(page.get_by_label("Email"), "This is not an email address.")
    fill(page, Name=" ", Email="weak@example.com")
    page.keyboard.press("Enter")
    expect_error(page.get_by_label("Name"), "Fill this in.")


def test_a_taken_address_can_not_sign_up_again(visitor: BrowserContext) -> None:
    sign_in(visitor, "taken@example.com", "Ada")
    visitor.clear_cookies()
    page = visitor.new_page()
    sign_up(page, "taken@example.com")
    expect_error(page.get_by_label("Email"), "This address has an account already. Sign in instead.")


def test_a_new_person_gets_the_zone_of_the_browser(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    sign_up(page, "new-york@example.com")
    page.get_by_role("navigation").first.wait_for()
    settings(page, "general")
    expect(page.get_by_label("Time zone")).to_have_value("America/New_York")
    assert me(page)["time_zone"] == "America/New_York"


def test_a_wrong_password_is_said_and_too_many_make_one_wait(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/sign-in")
    submit_sign_in(page, "guessed@example.com", "a wrong one")
    expect_error(page.get_by_label("Password"), "The email address or the password is wrong.")
    button = page.get_by_role("button", name="Sign in")
    for _ in range(10):  # The wait grows with each attempt, and a slow machine waits by itself at first.
        with page.expect_response("**/sign-in/email") as answer:
            button.click()
        if answer.value.status == 429:
            break
    expect(page.get_by_role("alert").filter(has_text="Too many attempts.")).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"Try again in 0:\d\d\."))
    expect(button).to_be_disabled()
    expect(button).to_be_enabled(timeout=20_000)
    expect(page.get_by_role("timer")).to_have_count(0)


def test_the_sign_in_leads_to_the_page_that_was_asked_for(visitor: BrowserContext) -> None:
    sign_in(visitor, "direct@example.com", "Ada")
    visitor.clear_cookies()
    page = visitor.new_page()
    page.goto("/inbox")
    expect(page).to_have_url(re.compile("/sign-in$"))
    submit_sign_in(page, "direct@example.com")
    expect(page).to_have_url(re.compile("/inbox$"))


def test_a_disabled_account_is_said(visitor: BrowserContext, module_address: Address) -> None:
    sign_in(visitor, "disabled@example.com", "Ada")
    visitor.clear_cookies()
    done = run("user", "disable", "disabled@example.com", DATABASE_URL=database_url(module_address))
    assert done.returncode == 0, done.stderr
    page = visitor.new_page()
    page.goto("/sign-in")
    submit_sign_in(page, "disabled@example.com")
    expect(page.get_by_role("alert")).to_have_text("This account is disabled. Ask whoever runs the service.")


def test_without_a_network_the_sign_in_says_so(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/sign-in")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.set_offline(True)
    expect(page.get_by_role("alert")).to_have_text("You are offline. Signing in needs a network.")
    submit_sign_in(page, "ada@example.com")
    expect(page.get_by_role("alert")).to_have_text("You are offline. Signing in needs a network.")
    visitor.set_offline(False)


def test_a_closed_sign_up_says_so_and_is_not_offered(browser: Browser, module_address: Address) -> None:
    with (
        Service(DATABASE_URL=database_url(module_address), DOABLE_SIGN_UP="closed") as service,
        device(browser, service.url) as context,
    ):
        page = context.new_page()
        page.goto("/sign-in")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.get_by_role("button", name="Sign up")).to_have_count(0)
        page.goto("/sign-up")
        expect(page.get_by_role("status").filter(has_text="Sign-up is closed here.")).to_be_visible()
        expect(page.get_by_role("button", name="Sign up")).to_have_count(0)


def test_the_account_menu_opens_with_the_keyboard_and_gives_the_focus_back(person: Person) -> None:
    page = person("Ada")
    button = page.get_by_role("button", name="Account")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Settings")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(button).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Settings")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_the_account_menu_opens_with_the_first_click_and_closes_with_the_second(person: Person) -> None:
    page = person("Ada")
    button = page.get_by_role("button", name="Account")
    button.click()
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    expect(page.get_by_role("menu")).to_contain_text("Ada")
    button.click()
    expect(page.get_by_role("menu")).to_have_count(0)
    button.click()
    page.get_by_role("menuitem", name="Settings").click()
    expect(page).to_have_url(re.compile("/settings/general$"))


def test_a_finger_signs_out(person: Person) -> None:
    page = person("Ada", has_touch=True, viewport={"width": 1024, "height": 768})
    page.get_by_role("button", name="Account").tap()
    page.get_by_role("menuitem", name="Sign out").tap()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_theme_changes_at_the_click_and_stays(person: Person) -> None:
    page = person("Ada", "/settings/general", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("radio", name="Dark").check(force=True)
    dark = page.evaluate(ground)
    assert light != dark
    page.reload()
    assert page.evaluate(ground) == dark
    page.get_by_role("radio", name="System").check(force=True)
    assert page.evaluate(ground) == light


def test_settings_of_the_person_reach_their_other_devices(person: Person) -> None:
    page, phone = person("Ada", "/settings/general"), person("Ada", "/settings/general")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("The week begins on").select_option("Sunday")
    page.get_by_label("The day begins at").fill("07:30")
    page.get_by_label("The day begins at").blur()
    page.get_by_role("radio", name="March 4").check(force=True)
    expect(phone.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(phone.get_by_label("The week begins on")).to_have_value("sunday")
    expect(phone.get_by_label("The day begins at")).to_have_value("07:30")
    expect(phone.get_by_role("radio", name="March 4")).to_be_checked()


def test_the_page_speaks_the_language_that_is_chosen(person: Person) -> None:
    page = person("Ada", "/settings/general")
    page.get_by_label("Language").select_option("Deutsch")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_reminders_are_shown_by_this_device_when_it_is_asked_to(person: Person) -> None:
    page = person("Ada", "/settings/general", permissions=["notifications"])
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("This device shows them as notifications while Doable is open.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Turn on")).to_be_visible()


def test_single_letters_can_be_switched_off(person: Person) -> None:
    page = person("Ada", "/settings/general")
    page.get_by_label("Single-letter shortcuts").uncheck()
    page.goto("/today")
    page.get_by_role("heading", name="Today").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.get_by_role("link", name="Upcoming").wait_for()
    expect(page).to_have_url(re.compile("/today$"))
    settings(page, "general")
    page.get_by_label("Single-letter shortcuts").check()
    page.get_by_role("heading", name="Settings").click()
    page.keyboard.press("Tab")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page).to_have_url(re.compile("/inbox$"))


def test_a_name_saves_by_itself_and_is_in_the_menu(person: Person) -> None:
    page = person("Ada", "/settings/account")
    page.get_by_label("Name", exact=True).fill("Augusta Ada")
    page.get_by_label("Name", exact=True).press("Tab")
    page.get_by_role("button", name="Account").click()
    expect(page.get_by_role("menu")).to_contain_text("Augusta Ada")
    assert me(page)["name"] == "Augusta Ada"


def test_a_new_password_ends_the_other_sessions(person: Person) -> None:
    page, phone = person("Ada", "/settings/account"), person("Ada")
    fill(page, **{"Current password": "a wrong one", "New password": NEW_PASSWORD})
    button = page.get_by_role("button", name="Change password")
    button.click()
    expect(page.get_by_label("Current password")).to_have_accessible_description("This is not your password.")
    fill(page, **{"Current password": PASSWORD, "New password": "password"})
    button.click()
    expect(page.get_by_label("New password")).to_have_accessible_description(
        "This password is easy to guess. Choose another one."
    )
    fill(page, **{"New password": NEW_PASSWORD})
    button.click()
    expect(page.get_by_text("The password is changed").first).to_be_visible()
    assert phone.request.get("/api/auth/get-session").json() is None
    assert page.request.get("/api/auth/get-session").json()["user"]["name"] == "Ada"


def test_a_session_of_another_device_can_be_ended(person: Person) -> None:
    page, phone = person("Ada"), person("Ada", user_agent="Mozilla/5.0 (iPhone) CriOS/140.0 Mobile Safari/604.1")
    settings(page, "account")
    page.get_by_role("button", name="End the session of Chrome on iPhone").click()
    expect(page.get_by_role("list", name="Sessions").get_by_role("listitem")).to_have_count(1)
    assert phone.request.get("/api/auth/get-session").json() is None


def test_an_old_session_gives_the_password_again_before_it_sees_the_others(
    person: Person, module_address: Address
) -> None:
    page = person("Ada")
    before = page.request.get("/api/auth/get-session").json()["session"]
    age_session(module_address, before["id"])
    settings(page, "account")
    page.get_by_role("button", name="Show sessions").click()
    confirm(page, "a wrong one")
    expect_error(page.get_by_role("dialog").get_by_label("Password", exact=True), "This is not your password.")
    confirm(page)
    sessions = page.get_by_role("list", name="Sessions").get_by_role("listitem")
    expect(sessions).to_have_count(1)  # The new session has taken the place of the old one.
    expect(sessions).to_contain_text("This device")


def test_a_token_needs_the_password_is_shown_once_and_can_be_revoked(person: Person, web: Service) -> None:
    page = person("Ada", "/settings/tokens", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Name", exact=True).fill("Backup")
    page.get_by_role("button", name="Create token").click()
    confirm(page, "a wrong one")
    expect_error(page.get_by_role("dialog").get_by_label("Password", exact=True), "This is not your password.")
    assert call(page, "GET", "/tokens") == []
    confirm(page)
    secret = page.get_by_role("textbox", name="Backup").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    headers = {"authorization": f"Bearer {secret}"}
    assert httpx.get(f"{web.url}/api/me", headers=headers).status_code == 200
    assert httpx.post(f"{web.url}/api/me/tasks", headers=headers, json={"title": "No"}).status_code == 403
    page.reload()
    token = page.get_by_role("list", name="Your access tokens").get_by_role("listitem")
    expect(token).to_contain_text("read tasks")
    expect(page.get_by_text(secret)).to_have_count(0)
    token.get_by_role("button", name="Revoke Backup").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(token).to_have_count(0)
    assert httpx.get(f"{web.url}/api/me", headers=headers).status_code == 401


def test_an_export_has_everything(person: Person) -> None:
    page = person("Ada")
    call(page, "POST", "/tasks", {"title": "Kept"})
    gone = cast("dict[str, object]", call(page, "POST", "/tasks", {"title": "Thrown away"}))
    call(page, "DELETE", f"/tasks/{gone['id']}")
    call(page, "POST", "/lists", {"name": "Home"})
    settings(page, "data")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    found = json.loads(download.value.path().read_text())
    assert [task["title"] for task in found["tasks"]] == ["Kept"]
    assert [one["name"] for one in found["lists"]] == ["Home"]
    assert "Thrown away" in json.dumps(found["trash"])
    assert found["user"]["name"] == "Ada"


def test_an_account_is_deleted_only_with_its_password(person: Person) -> None:
    page = person("Ada", "/settings/account")
    email = page.request.get("/api/auth/get-session").json()["user"]["email"]
    page.get_by_role("button", name="Delete everything").click()
    confirm(page, "a wrong one")
    expect_error(page.get_by_role("dialog").get_by_label("Password", exact=True), "This is not your password.")
    assert me(page)["email"] == email
    confirm(page)
    expect(page).to_have_url(re.compile("/sign-in$"))
    assert page.evaluate("indexedDB.databases()") == []
    submit_sign_in(page, email)
    expect_error(page.get_by_label("Password"), "The email address or the password is wrong.")


def test_without_a_network_only_the_settings_of_the_device_can_change(person: Person) -> None:
    page = person("Ada", "/settings/general")
    expect(page.get_by_label("Time zone")).to_be_enabled()
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. These settings need a network.")).to_be_visible(timeout=20_000)
    expect(page.get_by_label("Time zone")).to_be_disabled()
    page.get_by_role("radio", name="Dark").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.context.set_offline(False)


def age_session(address: Address, id: str) -> None:
    """Let two days pass since this session began."""

    async def age() -> None:
        connection = await connect(address)
        await connection.execute(
            "update doable.sessions set created_at = created_at - interval '2 days' where id = $1", int(id)
        )
        await connection.close()

    with ThreadPoolExecutor() as threads:  # The browser's loop runs in this one.
        threads.submit(asyncio.run, age()).result()
