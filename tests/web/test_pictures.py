"""The main pages look as in `pictures/`, within what other fonts change.

After a wanted change, remove the files and run this twice: the first run writes them and fails.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browsing import Person, call
from pictures import difference, kept, reduced
from processes import eventually

PICTURES = Path(__file__).parent / "pictures"
MOST = 0.05  # of the cells
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 384, "height": 800}
# A Tuesday. With a clock that stands, the pictures are the same on every day.
NOON = "2026-12-01T12:00:00"
PAGES = ("sign-in", "today", "today-dark", "upcoming", "list", "details", "details-dark", "phone")


def fill(page: Page) -> tuple[int, int]:
    """Returns the id of a list, and of a task in it."""
    home: Any = call(page, "POST", "/lists", {"name": "Home", "color": "#2a5db8"})
    call(page, "POST", "/lists", {"name": "Work", "color": "#855200"})
    tasks: tuple[dict[str, Any], ...] = (
        {"title": "Return the books", "due": {"date": "2026-11-29"}, "labels": ["errand"]},
        {"title": "Pay rent", "due": {"date": "2026-12-01"}, "priority": "high", "list_id": home["id"]},
        {"title": "Call Bob", "due": {"date": "2026-12-01", "time": "18:00"}, "priority": "low"},
        {"title": "Plan the week", "due": {"date": "2026-12-02"}},
        {"title": "Water the plants", "due": {"date": "2026-12-04"}, "list_id": home["id"]},
    )
    made: list[Any] = [call(page, "POST", "/tasks", task) for task in tasks]
    return home["id"], made[1]["id"]


def opened(person: Person, name: str) -> Page:
    options = {"viewport": PHONE if name == "phone" else WIDE, "color_scheme": "dark" if "dark" in name else "light"}
    page = person("Ada", timezone_id="UTC", reduced_motion="reduce", service_workers="block", **options)
    page.clock.set_fixed_time(NOON)
    if name == "sign-in":
        page.context.clear_cookies()
        page.evaluate("localStorage.clear()")
        page.goto("/sign-in")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        return page
    home, task = fill(page)
    view = name.removesuffix("-dark")
    page.goto({"list": f"/lists/{home}", "details": f"/today?task=id:{task}", "phone": "/today"}.get(view, f"/{view}"))
    expect(page.get_by_role("checkbox", name="Pay rent", exact=True)).to_be_visible()
    if view == "details":
        expect(page.get_by_role("complementary", name="Pay rent").get_by_role("group", name="Add")).to_be_visible()
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_we_know_it(person: Person, name: str) -> None:
    page = opened(person, name)
    file = PICTURES / f"{name}.png"
    if not file.exists():
        page.wait_for_timeout(2000)
        reduced(page.screenshot()).save(file, optimize=True)
        pytest.fail(f"{file.name} is new: look at the page, and keep it")
    with suppress(AssertionError):  # Some parts come when the page is idle.
        eventually(lambda: difference(reduced(page.screenshot()), kept(file)) <= MOST, seconds=5)
    assert difference(reduced(page.screenshot()), kept(file)) <= MOST


# Rules for the page, and whether it should look as before.
CHANGES = {
    "another font": (":root { --font: serif; }", True),
    "a far wider font": (":root { --font: monospace; }", True),
    "larger letters": (":root { --row: 1rem / 1.25rem sans-serif; --meta: 0.875rem / 1.125rem sans-serif; }", True),
    "a column at the other side": (".house { flex-direction: row-reverse; }", False),
    "no sidebar": ("nav.sidebar { display: none !important; }", False),
    "no details": (".details { display: none !important; }", False),
    "another ground": (":root { --bg: #f6f6f3; }", False),
    "the ground of the sidebar": (":root { --side: #ffffff; }", False),
    "wider rows": (":root { --row-height: 56px; }", False),
}


def test_these_changes_would_be_noticed_and_fonts_are_not(person: Person) -> None:
    page = opened(person, "details")
    before = kept(PICTURES / "details.png")
    page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    page.wait_for_timeout(1000)
    found = {}
    for name, (rules, _) in CHANGES.items():
        page.evaluate("(rules) => document.adoptedStyleSheets[0].replace(rules)", rules)
        found[name] = difference(reduced(page.screenshot()), before)
    assert {name: share <= MOST for name, share in found.items()} == {name: same for name, (_, same) in CHANGES.items()}
