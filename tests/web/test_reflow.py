"""Text of twice the size, a window of 320 pixels: all is there, and nothing scrolls sideways (WCAG 1.4.4, 1.4.10)."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browsing import Person, call

LARGER = """percent => new MutationObserver(() => document.documentElement?.style.setProperty("font-size", percent))
  .observe(document, { childList: true })"""
# Texts that reach out of the window, or are cut off. Titles of rows end after two lines, and are whole in the details.
CUT = """() => {
  const styleOf = (element) => getComputedStyle(element);
  const isReachable = (element) =>
    element && (/auto|scroll/.test(styleOf(element).overflowX) || isReachable(element.parentElement));
  const texts = [...document.querySelectorAll("body *")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    && element.checkVisibility() && !element.closest(".visually-hidden, .skip, [aria-hidden=true]"));
  return texts.filter((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const { left, right } = range.getBoundingClientRect();
    const isCut = styleOf(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
    return !isReachable(element) && (left < -1 || right > innerWidth + 1 || isCut);
  }).map((element) => element.outerHTML.slice(0, 160));
}"""


def fill(page: Page) -> tuple[str, ...]:
    """Some of everything. Returns the paths of all views."""
    home: Any = call(page, "POST", "/lists", {"name": "Home improvement and garden", "uid": "home"})
    call(page, "POST", "/labels", {"name": "errand", "uid": "errand"})
    call(page, "POST", "/filters", {"name": "Soon", "filter": "(today | overdue) & (p1 | p2 | @errand)", "uid": "soon"})
    task: Any = {
        "title": "Ask Mrs. Lovelace about the Donaudampfschifffahrtsgesellschaft",
        "description": "- [ ] bring **the contract**\n\nhttps://example.com/" + "long/" * 20,
        "due": {"date": "2026-01-01", "time": "17:00", "time_zone": "America/New_York"},
        "recurrence": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1"},
        "reminders": [{"minutes_before": 30}],
        "labels": ["errand"],
        "priority": "high",
        "list_id": home["id"],
    }
    made: Any = call(page, "POST", "/tasks", task)
    done: Any = call(page, "POST", "/tasks", {"title": "Buy bread"})
    call(page, "PATCH", f"/tasks/{done['id']}/complete")
    gone: Any = call(page, "POST", "/tasks", {"title": "Not needed any more"})
    call(page, "DELETE", f"/tasks/{gone['id']}")
    views = ("today", "upcoming", "inbox", "browse", "completed", "trash", "search?q=lovelace")
    places = ("lists/home", "labels/errand", "filters/soon", f"today?task=id:{made['id']}")
    return (*views, *places, *(f"settings/{name}" for name in ("general", "account", "tokens", "data")))


@pytest.mark.parametrize(("width", "percent"), [(320, 100), (640, 200), (1280, 200)])
def test_nothing_is_lost_and_nothing_scrolls_sideways(person: Person, width: int, percent: int) -> None:
    page = person("Ada", viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page.add_init_script(f"({LARGER})('{percent}%')")
    faults = {}
    for path in fill(page):
        page.goto(f"/{path}")
        if "task=" in path:
            page.locator(".details").get_by_role("button", name="Repeat").wait_for()
        else:
            expect(page.get_by_role("heading").first).to_be_visible()
        assert page.evaluate("parseInt(getComputedStyle(document.documentElement).fontSize)") == 16 * percent // 100
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults[path] = [*([f"{wide} pixels too wide"] if wide > 0 else []), *page.evaluate(CUT)]
    assert {path: found for path, found in faults.items() if found} == {}
