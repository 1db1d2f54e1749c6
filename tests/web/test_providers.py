"""Where another service signs people in: with an access token, and what is said when a setting is missing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from browsing import add_tasks, device
from doable.store.address import Address
from processes import Service, database_url, eventually, run
from tokens import SECRET

ISSUER = "http://127.0.0.1:9/jwks"  # It is never asked: an access token needs no issuer.


@pytest.fixture
def elsewhere(browser: Browser, module_address: Address) -> Iterator[BrowserContext]:
    """A browser before a service whose people another issuer signs in."""
    with (
        Service(DATABASE_URL=database_url(module_address), JWKS_URL=ISSUER) as service,
        device(browser, service.url.replace("127.0.0.1", "localhost")) as context,
    ):
        yield context


def test_a_token_of_another_issuer_s_person_stays_in_the_tab(
    elsewhere: BrowserContext, module_address: Address
) -> None:
    made = run("token", "create", "user-of-elsewhere", DATABASE_URL=database_url(module_address), JWKS_URL=ISSUER)
    token = made.stdout.strip()
    page = elsewhere.new_page()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign up")).to_have_count(0)
    field = page.get_by_label("Access token")
    field.fill("dbl_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(field).to_have_accessible_description("The service does not accept this token.")
    field.fill(token)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Today").wait_for()
    add_tasks(page, "From elsewhere today")
    expect(page.get_by_role("checkbox", name="From elsewhere", exact=True)).to_be_visible()
    headers = {"authorization": f"Bearer {token}"}
    eventually(lambda: len(elsewhere.request.get("/api/me/tasks", headers=headers).json()) == 1)
    page.reload()
    expect(page.get_by_role("checkbox", name="From elsewhere", exact=True)).to_be_visible()
    assert token not in page.evaluate("JSON.stringify(localStorage)")
    second = elsewhere.new_page()  # Another tab has the tasks, but not the token.
    second.goto("/settings/general")
    expect(second.get_by_role("link", name="Sign in to sync")).to_be_visible()
    expect(second.get_by_role("link", name="Access tokens")).to_have_count(0)
    expect(second.get_by_label("Time zone")).to_be_disabled()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    expect(second).to_have_url(re.compile("/sign-in$"))
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_a_service_that_does_not_say_where_better_auth_is_names_its_setting(
    browser: Browser, module_address: Address
) -> None:
    with (
        Service(DATABASE_URL=database_url(module_address), BETTER_AUTH_SECRET=SECRET) as one,
        device(browser, one.url.replace("127.0.0.1", "localhost")) as context,
    ):
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("Email").fill("ada@example.com")
        page.get_by_label("Password").fill("a long password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("BETTER_AUTH_URL")
