"""Lists of tasks without a pointer."""

import pytest
from playwright.sync_api import Page, expect

from browsing import Person, call
from task_rows import add, expect_focus, expect_titles, row


@pytest.fixture
def page(person: Person) -> Page:
    """The Inbox with five tasks, the first of them focused."""
    page = person("Ada", "/inbox")
    add(page, "One", "Two", "Three", "Four", "Five")
    page.keyboard.press("Home")
    expect_focus(page, "One")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_list_is_one_stop_of_the_tab_key(page: Page) -> None:
    press(page, "ArrowDown")
    expect(page.get_by_role("list", name="Inbox").locator("[tabindex='0']")).to_have_count(1)
    press(page, "Shift+Tab", "Tab")
    expect_focus(page, "Two")


def test_keys_move_through_a_list(page: Page) -> None:
    for keys, title in (
        ("ArrowDown ArrowDown ArrowUp", "Two"),
        ("j j k", "Two"),
        ("End", "Five"),
        ("End Home", "One"),
        ("ArrowUp", "One"),
        ("End j", "Five"),
    ):
        press(page, "Home", *keys.split())
        expect_focus(page, title)


def test_enter_opens_and_escape_comes_back(page: Page) -> None:
    press(page, "j", "Enter")
    details = page.get_by_role("complementary", name="Two")
    expect(details).to_be_visible()
    press(page, "Escape")
    expect(details).to_have_count(0)
    press(page, "j")
    expect_focus(page, "Three")


@pytest.mark.parametrize("key", ["e", " "])
def test_completing_goes_to_the_next_row(page: Page, key: str) -> None:
    press(page, "j", key)
    expect_focus(page, "Three")
    expect_titles(page, "One", "Three", "Four", "Five")
    expect_focus(page, "Three")


def test_completing_the_last_row_goes_to_the_one_before(page: Page) -> None:
    press(page, "End", "e", "e")
    expect_focus(page, "Three")
    expect_titles(page, "One", "Two", "Three")


def test_m_moves_a_task_to_a_list_and_back_to_a_place(page: Page) -> None:
    call(page, "POST", "/lists", {"name": "Garden"})
    press(page, "j", "m")
    field = page.get_by_role("combobox", name="Find a place")
    expect(field).to_be_focused()
    field.fill("gard")
    field.press("Enter")
    expect(page.get_by_text("Moved to Garden").first).to_be_visible()
    expect_titles(page, "One", "Three", "Four", "Five")
    press(page, "z")
    expect_titles(page, "One", "Two", "Three", "Four", "Five")
    press(page, "Home", "m")
    page.get_by_role("option", name="Move to the bottom").click()
    expect_titles(page, "Two", "Three", "Four", "Five", "One")
    expect(page.get_by_role("combobox", name="Find a place")).to_have_count(0)


def test_delete_moves_to_the_trash_and_z_brings_back(page: Page) -> None:
    press(page, "j", "Delete")
    expect_titles(page, "One", "Three", "Four", "Five")
    expect_focus(page, "Three")
    press(page, "z")
    expect_titles(page, "One", "Two", "Three", "Four", "Five")


def test_digits_set_the_priority(page: Page) -> None:
    flag = row(page, "One").get_by_role("img")
    for key, name in (("1", "Priority 1"), ("2", "Priority 2"), ("3", "Priority 3")):
        press(page, key)
        expect(flag).to_have_accessible_name(name)
    press(page, "0")
    expect(flag).to_have_count(0)
    expect_focus(page, "One")


def test_keys_act_on_all_that_is_selected(page: Page) -> None:
    press(page, "j", "x", "Shift+ArrowDown", "Shift+ArrowDown")
    expect(page.get_by_text("3 selected").first).to_be_visible()
    press(page, "Shift+ArrowUp")
    expect(page.get_by_text("2 selected").first).to_be_visible()
    press(page, "e")
    expect_titles(page, "One", "Four", "Five")
    expect_focus(page, "Four")


def test_all_are_selected_and_none_again(page: Page) -> None:
    press(page, "Control+a")
    expect(page.get_by_text("5 selected").first).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("toolbar")).to_have_count(0)


def test_alt_and_arrows_order_and_nest(page: Page) -> None:
    press(page, "j", "Alt+ArrowUp")
    expect_titles(page, "Two", "One", "Three", "Four", "Five")
    expect_focus(page, "Two")
    press(page, "Alt+ArrowDown", "Alt+ArrowDown")
    expect_titles(page, "One", "Three", "Two", "Four", "Five")
    press(page, "Alt+ArrowRight")
    expect(row(page, "Two")).to_have_attribute("aria-level", "2")
    expect_focus(page, "Two")
    press(page, "Alt+ArrowLeft")
    expect(row(page, "Two")).not_to_have_attribute("aria-level", "2")
    expect_titles(page, "One", "Three", "Two", "Four", "Five")


def test_selected_rows_move_together_and_keep_their_order(page: Page) -> None:
    press(page, "j", "x", "Shift+ArrowDown", "Alt+ArrowDown")
    expect_titles(page, "One", "Four", "Two", "Three", "Five")
    press(page, "Alt+ArrowUp")
    expect_titles(page, "One", "Two", "Three", "Four", "Five")


def test_what_has_no_place_to_go_says_why(page: Page) -> None:
    press(page, "Alt+ArrowUp")
    expect(page.get_by_text("It is the first one already.").first).to_be_visible()
    press(page, "Alt+ArrowRight")
    expect(page.get_by_text("There is no task above it that it could be part of.").first).to_be_visible()


def test_arrows_fold_subtasks(page: Page) -> None:
    press(page, "j", "Alt+ArrowRight", "k")
    expect(row(page, "Two")).to_have_attribute("aria-level", "2")
    press(page, "ArrowLeft")
    expect_titles(page, "One", "Three", "Four", "Five")
    press(page, "ArrowRight")
    expect_titles(page, "One", "Two", "Three", "Four", "Five")


def test_from_right_to_left_the_arrows_are_mirrored(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "One", "Two")
    page.evaluate("() => localStorage.setItem('doable.language', 'en-XR')")
    page.reload()
    expect(row(page, "Two")).to_be_visible()
    press(page, "End", "Alt+ArrowLeft")
    expect(row(page, "Two")).to_have_attribute("aria-level", "2")
    one, two = row(page, "One").get_by_role("checkbox"), row(page, "Two").get_by_role("checkbox")
    first, second = one.bounding_box(), two.bounding_box()
    assert first
    assert second
    assert second["x"] < first["x"]
    press(page, "Alt+ArrowRight")
    expect(row(page, "Two")).not_to_have_attribute("aria-level", "2")


def test_keys_go_from_one_list_of_a_view_into_the_next(person: Person) -> None:
    page = person("Ada", "/today")
    call(page, "POST", "/tasks", {"title": "Late", "due": {"date": "2020-01-31"}})
    call(page, "POST", "/tasks/quick", {"text": "Now today"})
    expect(row(page, "Late")).to_be_visible()
    expect(row(page, "Now")).to_be_visible()
    press(page, "Home", "ArrowDown")
    expect_focus(page, "Now")
    press(page, "ArrowUp")
    expect_focus(page, "Late")


def test_a_view_with_its_own_order_says_so(person: Person) -> None:
    page = person("Ada", "/today")
    call(page, "POST", "/tasks/quick", {"text": "Now today"})
    expect(row(page, "Now")).to_be_visible()
    press(page, "Home", "Alt+ArrowUp")
    expect(page.get_by_text("This view has an order of its own.").first).to_be_visible()


def test_single_keys_can_be_switched_off(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "One", "Two")
    page.evaluate("() => localStorage.setItem('doable.shortcuts', 'off')")
    press(page, "Home", "e", "x", "1")
    expect(page.get_by_role("toolbar")).to_have_count(0)
    expect(row(page, "One").get_by_role("img")).to_have_count(0)
    press(page, "ArrowDown")
    expect_focus(page, "Two")
    expect_titles(page, "One", "Two")
