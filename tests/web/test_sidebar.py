"""Where people go: the sidebar, the rail, the bottom bar, and the lists, labels and filters in them."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Person, add_tasks, await_installed, call
from processes import eventually

PHONE = {"width": 390, "height": 800}
TABLET = {"width": 768, "height": 900}


def lists(page: Page) -> list[str]:
    return [str(name) for name in page.get_by_role("list", name="Lists").locator("li .name").all_text_contents()]


def add_lists(page: Page, *names: str) -> None:
    for name in names:
        call(page, "POST", "/lists", {"name": name})
    expect(link(page, names[-1])).to_be_visible()


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("link", name=name, exact=True)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_counts_say_what_is_open_and_follow_each_change(person: Person) -> None:
    page = person("Ada", path="/inbox")
    home: Any = call(page, "POST", "/lists", {"name": "Home", "uid": "home"})
    call(page, "POST", "/tasks", {"title": "Sweep", "list_id": home["id"]})
    add_tasks(page, "One", "Two today")
    expect(link(page, "Inbox")).to_have_accessible_description("2 open tasks")
    expect(link(page, "Today")).to_have_accessible_description("1 open task")
    expect(link(page, "Home")).to_have_accessible_description("1 open task")
    page.get_by_role("checkbox", name="One", exact=True).click()
    expect(link(page, "Inbox")).to_have_accessible_description("1 open task")
    link(page, "Home").click()
    add_tasks(page, "Dust")
    expect(link(page, "Home")).to_have_accessible_description("2 open tasks")


def test_a_list_that_the_service_does_not_know_yet_has_its_count(person: Person) -> None:
    page = person("Ada")
    page.get_by_role("button", name="Add a list").click()
    dialog(page).get_by_role("textbox", name="Name").fill("Train")
    await_installed(page)
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    add_tasks(page, "Read", "Sleep")
    expect(link(page, "Train")).to_have_accessible_description("2 open tasks")
    page.context.set_offline(False)


def test_the_sidebar_can_be_hidden_and_stays_so(person: Person) -> None:
    page = person("Ada")
    link(page, "Today").wait_for()
    page.keyboard.press("[")
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.goto("/inbox")
    expect(page.get_by_role("heading", level=1, name="Inbox")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.get_by_role("button", name="Show or hide the sidebar").click()
    expect(link(page, "Today")).to_be_visible()


def test_a_middle_page_has_a_rail_and_a_phone_a_bar_and_both_lead_everywhere(person: Person) -> None:
    page = person("Ada", viewport=TABLET)
    add_lists_named = call(page, "POST", "/lists", {"name": "Home", "uid": "home"})
    assert add_lists_named
    for view in ("Today", "Upcoming", "Inbox", "Trash", "Completed", "Search", "Browse"):
        expect(link(page, view)).to_be_visible()
    expect(page.get_by_role("button", name="Account")).to_be_visible()
    box = page.get_by_role("navigation").bounding_box()
    assert box
    assert box["width"] == 56
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    expect(link(page, "Trash")).to_have_count(0)
    link(page, "Browse").click()
    for view in ("Trash", "Completed", "Search", "Home"):
        expect(link(page, view)).to_be_visible()
    expect(page.get_by_role("button", name="Account")).to_be_visible()
    link(page, "Home").click()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_is_wider_than_its_window(person: Person, width: int) -> None:
    page = person("Ada", viewport={"width": width, "height": 700})
    call(page, "POST", "/lists", {"name": "A" * 120})
    call(page, "POST", "/tasks", {"title": "B" * 200})
    for path in ("/today", "/inbox", "/upcoming", "/browse", "/search?q=B", "/completed", "/trash"):
        page.goto(path)
        page.get_by_role("heading", level=1).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_new_list_has_a_name_and_a_colour_and_is_opened(person: Person) -> None:
    page = person("Ada")
    page.get_by_role("button", name="Add a list").click()
    name = dialog(page).get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    page.keyboard.press("Enter")
    expect(name).to_have_accessible_description("Give it a name.")
    name.fill("Garden")
    dialog(page).get_by_role("radio", name="Green").check(force=True)
    dialog(page).get_by_role("button", name="Create").click()
    expect(dialog(page)).to_have_count(0)
    expect(page).to_have_title("Garden · Doable")
    expect(link(page, "Garden")).to_have_attribute("aria-current", "page")
    other = person("Ada")
    link(other, "Garden").click()
    expect(other.get_by_role("heading", level=1, name="Garden")).to_be_visible()
    made: Any = call(page, "GET", "/lists")
    assert [(one["name"], one["color"]) for one in made] == [("Garden", "#4f8f2f")]


def test_a_list_is_renamed_and_removed_with_an_undo(person: Person) -> None:
    page = person("Ada")
    add_lists(page, "Home")
    link(page, "Home").click()
    more = page.get_by_role("main").get_by_role("button", name="More for Home")
    more.click()
    page.get_by_role("menuitem", name="Edit …").click()
    dialog(page).get_by_role("textbox", name="Name").fill("House")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="House")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="More for House").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(link(page, "House")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(link(page, "House")).to_be_visible()


def test_lists_are_ordered_by_keys_menu_and_mouse_and_other_devices_follow(person: Person) -> None:
    page = person("Ada")
    add_lists(page, "Red", "Green", "Blue")
    link(page, "Red").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("list", name="Lists")).to_have_text(re.compile("Green.*Red.*Blue", re.DOTALL))
    expect(link(page, "Red")).to_be_focused()
    link(page, "Blue").hover()
    page.get_by_role("button", name="More for Blue").click()
    page.get_by_role("menuitem", name="Move up").click()
    expect(page.get_by_role("list", name="Lists")).to_have_text(re.compile("Green.*Blue.*Red", re.DOTALL))
    link(page, "Red").hover()
    page.mouse.down()
    target = link(page, "Green").bounding_box()
    assert target
    page.mouse.move(target["x"] + 40, target["y"] + 20, steps=4)
    page.mouse.move(target["x"] + 40, target["y"] + 4)
    page.mouse.up()
    expect(page.get_by_role("list", name="Lists")).to_have_text(re.compile("Red.*Green.*Blue", re.DOTALL))
    expect(page).to_have_url(re.compile("/today$"))  # A drag is no click.
    other = person("Ada")
    link(other, "Blue").wait_for()
    eventually(lambda: lists(other) == ["Red", "Green", "Blue"])


def test_labels_and_filters_are_folded_until_somebody_opens_them_for_good(person: Person) -> None:
    page = person("Ada")
    call(page, "POST", "/labels", {"name": "errand"})
    call(page, "POST", "/filters", {"name": "Urgent", "filter": "p1"})
    link(page, "Today").wait_for()
    expect(link(page, "errand")).to_have_count(0)
    page.get_by_role("button", name="Labels", exact=True).click()
    expect(link(page, "errand")).to_be_visible()
    page.reload()
    expect(link(page, "errand")).to_be_visible()
    expect(link(page, "Urgent")).to_have_count(0)


def test_a_second_label_of_the_same_name_is_refused_beside_its_field(person: Person) -> None:
    page = person("Ada")
    call(page, "POST", "/labels", {"name": "errand"})
    page.get_by_role("button", name="Labels", exact=True).click()
    link(page, "errand").wait_for()
    page.get_by_role("button", name="Add a label").click()
    name = dialog(page).get_by_role("textbox", name="Name")
    name.fill("Errand")
    page.keyboard.press("Enter")
    expect(name).to_have_accessible_description("Another label has this name.")
    name.fill("Errands")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Errands")).to_be_visible()


def test_a_new_filter_is_checked_before_it_is_saved(person: Person) -> None:
    page = person("Ada")
    call(page, "POST", "/tasks", {"title": "Important", "priority": "high"})
    page.get_by_role("button", name="Add a filter").click()
    dialog(page).get_by_role("textbox", name="Name").fill("Urgent")
    text = dialog(page).get_by_role("textbox", name="Filter text")
    text.fill("(p1")
    page.keyboard.press("Enter")
    expect(text).to_have_accessible_description(re.compile("Column 1"))
    text.fill("p1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Urgent")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Important")).to_be_visible()


def test_an_archived_list_leaves_the_lists_and_comes_back(person: Person) -> None:
    page = person("Ada")
    add_lists(page, "Home")
    link(page, "Home").hover()
    page.get_by_role("button", name="More for Home").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(link(page, "Home")).to_have_count(0)
    page.get_by_role("button", name="Archived", exact=True).click()
    link(page, "Home").click()
    page.get_by_role("main").get_by_role("button", name="More for Home").click()
    page.get_by_role("menuitem", name="Take out of the archive").click()
    expect(page.get_by_role("button", name="Archived", exact=True)).to_have_count(0)
    expect(link(page, "Home")).to_be_visible()


def test_tasks_can_be_dropped_on_the_inbox_on_lists_and_on_days(person: Person) -> None:
    page = person("Ada")
    home: Any = call(page, "POST", "/lists", {"name": "Home", "uid": "home"})
    expect(link(page, "Home")).to_have_attribute("data-drop-list", home["uid"])
    expect(link(page, "Inbox")).to_have_attribute("data-drop-list", "inbox")
    expect(link(page, "Today")).to_have_attribute("data-drop-day", re.compile(r"^\d{4}-\d\d-\d\d$"))


def test_keys_lead_to_the_views_and_to_the_first_list(person: Person) -> None:
    page = person("Ada")
    add_lists(page, "Home")
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile("/upcoming$"))
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(link(page, "Home")).to_be_focused()
