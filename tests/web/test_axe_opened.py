"""What opens over a page has no fault that axe can find, in either theme."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Page, expect

from browsing import Person, axe, call

Open: TypeAlias = Callable[[Page], None]


def press(*keys: str) -> Open:
    def run(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return run


def click(role: Any, name: str, within: Any) -> Open:
    return lambda page: page.get_by_role(within).get_by_role(role, name=name, exact=True).first.click()


def menu_of_row(page: Page) -> None:
    page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name="Water", exact=True)).click(
        button="right"
    )


def priorities(page: Page) -> None:
    menu_of_row(page)
    page.get_by_role("menuitem", name="Priority").hover()
    page.get_by_role("menuitem", name="Priority 2").wait_for()


def suggest(page: Page) -> None:
    page.get_by_role("textbox", name="Add task", exact=True).press_sequentially("Rake #H")


# The role of what opens, and how. The page is the Inbox with one task and its details.
OPENED: dict[str, tuple[Any, Open]] = {
    "palette": ("dialog", press("Control+k")),
    "search": ("dialog", press("/")),
    "shortcuts": ("dialog", press("?")),
    "new list": ("dialog", click("button", "Add a list", "navigation")),
    "new label": ("dialog", click("button", "Add a label", "navigation")),
    "new filter": ("dialog", click("button", "Add a filter", "navigation")),
    "account": ("menu", click("button", "Account", "navigation")),
    "menu of a row": ("menu", menu_of_row),
    "priorities of a row": ("menu", priorities),
    "date": ("dialog", press("Home", "d")),
    "repetition": ("dialog", press("Home", "r")),
    "labels": ("dialog", press("Home", "l")),
    "place": ("dialog", press("Home", "m")),
    "start": ("dialog", click("button", "Start", "complementary")),
    "reminders": ("dialog", click("button", "Reminders", "complementary")),
    "priority": ("dialog", click("button", "Priority", "complementary")),
    "menu of the details": ("menu", click("button", "More actions", "complementary")),
    "selection": ("toolbar", press("Home", "Control+a")),
    "suggestions": ("listbox", suggest),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_over_the_tasks(person: Person, scheme: str) -> None:
    page = person("Ada", color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    call(page, "POST", "/lists", {"name": "Home", "color": "#855200"})
    call(page, "POST", "/labels", {"name": "garden"})
    task: Any = call(page, "POST", "/tasks", {"title": "Water"})
    faults = {}
    for name, (role, open_it) in OPENED.items():
        page.goto(f"/inbox?task=id:{task['id']}")
        page.get_by_role("complementary", name="Water").get_by_role("group", name="Add").wait_for()
        page.get_by_role("checkbox", name="Water", exact=True).focus()
        open_it(page)
        expect(page.get_by_role(role).last).to_be_visible()
        if role == "dialog":
            expect(page.locator("dialog:focus, dialog :focus")).to_have_count(1)
        # A menu belongs to its button, wherever it is in the page.
        faults[name] = axe(page, without="region" if role == "menu" else "")
    assert [(name, fault) for name, found in faults.items() for fault in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_settings_and_the_trash(person: Person, scheme: str) -> None:
    page = person("Ada", "/settings/tokens", color_scheme=scheme, reduced_motion="reduce")
    faults = {}
    page.get_by_label("Name", exact=True).fill("Backup")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    faults["password"] = axe(page)
    gone: Any = call(page, "POST", "/tasks", {"title": "Gone"})
    call(page, "DELETE", f"/tasks/{gone['id']}")
    page.goto("/trash")
    page.get_by_role("button", name="Delete Gone for ever").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    faults["question"] = axe(page)
    for path in ("general", "account", "tokens", "data"):
        page.goto(f"/settings/{path}")
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
        faults[path] = axe(page)
    assert {name: found for name, found in faults.items() if found} == {}
