"""The rows of a list of tasks, as a person sees them."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from browsing import call


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name=title, exact=True))


def titles(page: Page) -> list[str]:
    """Of the rows in the page, in order."""
    return [box.get_attribute("aria-label") or "" for box in page.get_by_role("listitem").get_by_role("checkbox").all()]


def expect_titles(page: Page, *expected: str) -> None:
    """Wait for exactly these rows, in this order."""
    boxes = page.get_by_role("listitem").get_by_role("checkbox")
    expect(boxes).to_have_count(len(expected))
    for place, title in enumerate(expected):
        expect(boxes.nth(place)).to_have_accessible_name(title)


def expect_focus(page: Page, title: str) -> None:
    expect(page.get_by_role("checkbox", name=title, exact=True)).to_be_focused()


def add(page: Page, *tasks: str | dict[str, Any]) -> list[dict[str, Any]]:
    """Prepare tasks by the API, in the Inbox or where they say."""
    values = [{"title": task} if isinstance(task, str) else task for task in tasks]
    answer: Any = call(page, "POST", "/batch", {"operations": [{"op": "create", "task": value} for value in values]})
    for value in values:
        expect(page.get_by_role("checkbox", name=value["title"], exact=True)).to_be_visible()
    return [result["task"] for result in answer["results"]]


def add_many(page: Page, count: int) -> None:
    """`Task 0` and so on, in the Inbox."""
    for start in range(0, count, 500):
        some = range(start, min(start + 500, count))
        call(page, "POST", "/batch", {"operations": [{"op": "create", "task": {"title": f"Task {n}"}} for n in some]})
