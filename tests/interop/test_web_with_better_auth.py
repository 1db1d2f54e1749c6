"""The web app where a real Better Auth signs people in, on the same site and another origin."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from peers import better_auth
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from browsing import PASSWORD, add_tasks
from doable.store.address import Address
from doable.web.build import BUILT
from needs import miss
from processes import Service, database_url, free_port
from tokens import SECRET

TASK = "Of Better Auth's person"


@contextmanager
def visit(node: str, chromium: str, address: Address, *, is_trusted: bool) -> Iterator[tuple[BrowserContext, str]]:
    """A browser before the app, and the address of its Better Auth."""
    if not (BUILT / "index.html").is_file():
        miss("The web app is not built: run make web")
    port = free_port()
    origin = f"http://localhost:{port}"
    with better_auth(node, "jwks", SECRET, origin if is_trusted else "") as url:
        settings = {"BETTER_AUTH_URL": url, "JWT_ISSUER": url, "JWT_AUDIENCE": url}
        with (
            Service("--port", str(port), DATABASE_URL=database_url(address), **settings),
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            context = browser.new_context(base_url=origin, locale="en-GB")
            yield context, url
            browser.close()


def sign_up(page: Page) -> None:
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()


def test_a_person_of_better_auth_signs_up_and_finds_their_tasks_again(
    node: str, chromium: str, module_address: Address
) -> None:
    with visit(node, chromium, module_address, is_trusted=True) as (context, _):
        page = context.new_page()
        sign_up(page)
        page.get_by_role("heading", name="Today").wait_for()
        add_tasks(page, f"{TASK} today")
        expect(page.get_by_role("checkbox", name=TASK)).to_be_visible()
        page.goto("/settings/account")
        expect(page.get_by_role("list", name="Sessions").get_by_role("listitem")).to_have_count(1)
        page.get_by_role("button", name="Account").click()
        page.get_by_role("menuitem", name="Sign out").click()
        page.get_by_label("Email").fill("ada@example.com")
        page.get_by_label("Password").fill("a wrong one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_label("Password")).to_have_accessible_description(
            "The email address or the password is wrong."
        )
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile("/today$"))
        expect(page.get_by_role("checkbox", name=TASK)).to_be_visible()


def test_a_better_auth_that_does_not_trust_the_page_is_told_which_setting_is_missing(
    node: str, chromium: str, module_address: Address
) -> None:
    with visit(node, chromium, module_address, is_trusted=False) as (context, url):
        page = context.new_page()
        sign_up(page)
        expect(page.get_by_role("alert")).to_contain_text(f"{url} does not let this page in.")
        expect(page.get_by_role("alert")).to_contain_text("trustedOrigins")
