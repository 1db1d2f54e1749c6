"""The trash: what was deleted comes back, or is gone for ever after one question."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from browsing import Person, call


def delete_task(page: Page, title: str) -> None:
    task: Any = call(page, "POST", "/tasks", {"title": title})
    call(page, "DELETE", f"/tasks/{task['id']}")


def entry(page: Page, name: str) -> Any:
    return page.get_by_role("list", name="Trash").get_by_role("listitem").filter(has_text=name)


def test_what_is_restored_is_back_where_it_was(person: Person) -> None:
    page = person("Ada")
    delete_task(page, "Water the plants")
    page.goto("/trash")
    page.get_by_role("button", name="Restore Water the plants").click()
    expect(page.get_by_text("The trash is empty.")).to_be_visible()
    page.get_by_role("link", name="Inbox", exact=True).click()
    expect(page.get_by_role("checkbox", name="Water the plants")).to_be_visible()


def test_a_list_is_there_with_the_number_of_its_tasks(person: Person) -> None:
    page = person("Ada")
    home: Any = call(page, "POST", "/lists", {"name": "Home", "uid": "home"})
    for title in ("Sweep", "Dust"):
        call(page, "POST", "/tasks", {"title": title, "list_id": home["id"]})
    page.goto(f"/lists/{home['uid']}")
    page.get_by_role("main").get_by_role("button", name="More for Home").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page).to_have_url(re.compile("/inbox$"))
    page.get_by_role("link", name="Trash", exact=True).click()
    expect(entry(page, "Home")).to_contain_text("List")
    expect(entry(page, "Home")).to_contain_text("2 tasks in it")
    page.get_by_role("button", name="Restore Home").click()
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("checkbox")).to_have_count(2)


def test_deleting_for_ever_asks_once_and_can_be_cancelled(person: Person) -> None:
    page = person("Ada")
    delete_task(page, "A secret")
    delete_task(page, "Another")
    page.goto("/trash")
    page.get_by_role("button", name="Delete A secret for ever").click()
    question = page.get_by_role("dialog", name="Delete for ever?")
    expect(question).to_contain_text("“A secret” can't come back.")
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(page.get_by_role("button", name="Delete A secret for ever")).to_be_focused()
    page.keyboard.press("Enter")
    question.get_by_role("button", name="Delete for ever").click()
    expect(entry(page, "A secret")).to_have_count(0)
    expect(entry(page, "Another")).to_be_visible()
    assert [one["object"]["title"] for one in call(page, "GET", "/trash")] == ["Another"]  # type: ignore[attr-defined]


def test_the_trash_can_be_emptied(person: Person) -> None:
    page = person("Ada")
    delete_task(page, "One")
    delete_task(page, "Two")
    page.goto("/trash")
    expect(entry(page, "")).to_have_count(2)
    page.get_by_role("button", name="Empty the trash").click()
    page.get_by_role("dialog").get_by_role("button", name="Empty the trash").click()
    expect(page.get_by_text("The trash is empty.", exact=True)).to_be_visible()
    assert call(page, "GET", "/trash") == []


def test_a_long_trash_shows_more_on_demand(person: Person) -> None:
    page = person("Ada")
    uids = [f"task-{n}" for n in range(101)]
    create = [{"op": "create", "task": {"title": uid, "uid": uid}} for uid in uids]
    call(page, "POST", "/batch", {"operations": create[:60]})
    call(page, "POST", "/batch", {"operations": create[60:]})
    delete = [{"op": "delete", "id": {"uid": uid}} for uid in uids]
    call(page, "POST", "/batch", {"operations": delete[:60]})
    call(page, "POST", "/batch", {"operations": delete[60:]})
    page.goto("/trash")
    expect(entry(page, "")).to_have_count(100)
    page.get_by_role("button", name="Show more").click()
    expect(entry(page, "")).to_have_count(101)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


def test_the_trash_says_that_it_needs_the_network_and_comes_by_itself(person: Person) -> None:
    page = person("Ada")
    delete_task(page, "Water the plants")
    page.get_by_role("link", name="Upcoming", exact=True).click()  # The views are loaded now.
    expect(page.get_by_role("heading", level=1, name="Upcoming")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("link", name="Trash", exact=True).click()
    expect(page.get_by_text("The trash needs the network.")).to_be_visible()
    page.context.set_offline(False)
    expect(entry(page, "Water the plants")).to_be_visible(timeout=20_000)
