"""What the service refuses: both values, in plain words, until the person has decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import Person, add_tasks, call, device, sign_in
from doable.store.address import Address
from processes import Service, database_url, eventually


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="Offline")).to_be_visible()
    yield
    page.context.set_offline(False)


def opened(page: Page) -> Locator:
    """The conflicts of the status line."""
    page.get_by_role("button", name="1 conflict").click()
    return page.get_by_role("list", name="Conflicts").get_by_role("listitem")


def tasks(page: Page, query: str = "") -> list[dict[str, Any]]:
    """Those that the service has."""
    found = call(page, "GET", f"/tasks{query}")
    assert isinstance(found, list)
    return found


def titles(page: Page, query: str = "") -> list[str]:
    return sorted(task["title"] for task in tasks(page, query))


def complete(page: Page, title: str) -> None:
    page.get_by_role("checkbox", name=title, exact=True).click()
    expect(page.get_by_role("status").filter(has_text="1 change waits")).to_be_visible()


@pytest.mark.parametrize("choice", ["Keep mine", "Keep theirs"])
def test_what_is_completed_here_and_deleted_there_is_asked_about(person: Person, choice: str) -> None:
    page = person("Ada")
    add_tasks(page, "Buy bread")
    eventually(lambda: titles(page) == ["Buy bread"])
    with offline(page):
        complete(page, "Buy bread")
        [task] = tasks(page)
        call(page, "DELETE", f"/tasks/{task['id']}")
    conflict = opened(page)
    expect(conflict).to_contain_text("Deleted on another device")
    conflict.get_by_role("button", name=choice).click()
    expect(page.get_by_role("button", name="1 conflict")).to_have_count(0)
    wanted = ["Buy bread"] if choice == "Keep mine" else []
    eventually(lambda: titles(page, "?status=complete") == wanted)


@pytest.mark.parametrize("choice", ["Keep mine", "Keep theirs"])
@pytest.mark.parametrize("field", ["title", "description"])
def test_a_text_that_two_devices_changed_is_asked_about(person: Person, field: str, choice: str) -> None:
    page = person("Ada", "/inbox")
    task: Any = call(page, "POST", "/tasks", {"title": "Buy bread", "description": "Buy bread"})
    page.get_by_role("link", name="Buy bread").click()
    details = page.get_by_role("complementary")
    if field == "description":
        details.get_by_role("button", name="Edit the description").click()
    area = details.get_by_role("textbox", name=field.capitalize(), exact=True)
    expect(area).to_have_value("Buy bread")
    with offline(page):
        area.fill("Buy dark bread")
        area.blur()
        expect(page.get_by_role("status").filter(has_text="1 change waits")).to_be_visible()
        call(page, "PATCH", f"/tasks/{task['id']}", {field: "Buy white bread"})
    conflict = opened(page)
    expect(conflict).to_contain_text("Changed on another device")
    expect(conflict.locator("dd")).to_have_text(["Buy dark bread", "Buy white bread"])
    expect(conflict.locator("mark")).to_have_text(["dark", "white"])
    conflict.get_by_role("button", name=choice).click()
    expect(page.get_by_role("button", name="1 conflict")).to_have_count(0)
    kept = "Buy dark bread" if choice == "Keep mine" else "Buy white bread"
    eventually(lambda: tasks(page)[0][field] == kept)


@pytest.fixture
def full(browser: Browser, module_address: Address, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The app of somebody who has as many tasks as one may have, and one more than the service counts at first."""
    with (
        Service(DATABASE_URL=database_url(module_address), DOABLE_USER_MAX_TASKS="2") as service,
        device(browser, service.url.replace("127.0.0.1", "localhost")) as context,
    ):
        sign_in(context, f"full-{abs(hash(request.node.nodeid))}@example.com", "Ada")
        page = context.new_page()
        for title in ("One", "Two", "Three"):
            call(page, "POST", "/tasks", {"title": title})
        page.goto("/inbox")
        expect(page.get_by_role("checkbox")).to_have_count(3)
        yield page


def test_a_task_beyond_the_limit_is_explained_and_sent_when_there_is_room(full: Page) -> None:
    add_tasks(full, "Four")
    conflict = opened(full)
    expect(conflict).to_contain_text("The service did not accept this change")
    expect(conflict).to_contain_text("You have as many tasks as the operator allows.")
    expect(conflict).to_contain_text("You can have at most 2 tasks")
    expect(conflict).to_contain_text("Four")
    for task in tasks(full):
        if task["title"] in {"One", "Two"}:
            call(full, "DELETE", f"/tasks/{task['id']}")
    conflict.get_by_role("button", name="Try again").click()
    expect(full.get_by_role("button", name="1 conflict")).to_have_count(0)
    eventually(lambda: titles(full) == ["Four", "Three"])


def test_a_task_beyond_the_limit_can_be_dropped(full: Page) -> None:
    add_tasks(full, "Four")
    opened(full).get_by_role("button", name="Drop my change").click()
    expect(full.get_by_role("checkbox", name="Four", exact=True)).to_have_count(0)
    expect(full.get_by_role("button", name="1 conflict")).to_have_count(0)
    assert "Four" not in titles(full)
