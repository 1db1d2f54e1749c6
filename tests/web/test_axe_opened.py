"""What opens over a page has no fault that axe can find, in either theme."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Page, expect

from browsing import Person, await_installed, axe, call

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


def repetition_of_ones_own(page: Page) -> None:
    press("Home", "r")(page)
    page.get_by_role("menuitem", name="Custom …").click()
    page.get_by_label("Unit", exact=True).select_option("WEEKLY")


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
    "repetition of one's own": ("dialog", repetition_of_ones_own),
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_over_a_place(person: Person, scheme: str) -> None:
    page = person("Ada", color_scheme=scheme, reduced_motion="reduce")
    faults = {}
    for kind, place in (("lists", {}), ("labels", {}), ("filters", {"filter": "p1"})):
        made: Any = call(page, "POST", f"/{kind}", {"name": "Garden", **place})
        page.goto(f"/{kind}/id:{made['id']}")
        page.get_by_role("main").get_by_role("button", name="More for Garden").click()
        expect(page.get_by_role("menu")).to_be_visible()
        faults[kind] = axe(page, without="region")
        page.get_by_role("menuitem", name="Edit").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        faults[f"editor of {kind}"] = axe(page)
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_over_changes_that_are_not_sent(person: Person, scheme: str) -> None:
    page = person(
        "Ada", "/inbox", color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1280, "height": 900}
    )
    task: Any = call(page, "POST", "/tasks", {"title": "Buy bread"})
    box = page.get_by_role("checkbox", name="Buy bread", exact=True)
    expect(box).to_be_visible()
    await_installed(page)
    page.context.set_offline(True)
    box.click()
    expect(page.get_by_role("status").filter(has_text="1 change waits")).to_be_visible()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    faults = {"question": axe(page)}
    page.get_by_role("dialog").get_by_role("button", name="Stay signed in").click()
    call(page, "DELETE", f"/tasks/{task['id']}")
    page.context.set_offline(False)
    page.get_by_role("button", name="1 conflict").click()
    expect(page.get_by_role("list", name="Conflicts").get_by_role("listitem")).to_be_visible()
    faults["conflicts"] = axe(page)
    assert {name: found for name, found in faults.items() if found} == {}


# How a part of a phone's page opens: of a task in its details, or with one of the page's buttons.
SHEETS: dict[str, tuple[str, Open]] = {
    "add": ("dialog", lambda page: page.get_by_role("button", name="Add", exact=True).click()),
    **{
        name: ("dialog", click("button", name, "main"))
        for name in ("Date", "Start", "Repeat", "Reminders", "Priority", "Labels", "Move to: Inbox")
    },
    "menu of the details": ("menu", click("button", "More actions", "main")),
    "account": ("menu", lambda page: page.get_by_role("button", name="Account").click()),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_over_the_page_of_a_phone(person: Person, scheme: str) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    page = person("Ada", color_scheme=scheme, reduced_motion="reduce", **phone)
    task: Any = call(page, "POST", "/tasks", {"title": "Water"})
    paths = {"add": "/inbox", "account": "/browse"}
    faults = {}
    for name, (role, open_it) in SHEETS.items():
        page.goto(paths.get(name, f"/inbox?task=id:{task['id']}"))
        open_it(page)
        opened: Any = role
        expect(page.get_by_role(opened)).to_be_visible()
        faults[name] = axe(page, without="region" if role == "menu" else "")
    assert {name: found for name, found in faults.items() if found} == {}
