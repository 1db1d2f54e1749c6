"""What a screen reader finds on the main pages: the same tree as in `trees/`, to the letter.

After a wanted change, remove the files and run this twice: the first run writes them and fails.
"""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browsing import Person, call
from processes import eventually

TREES = Path(__file__).parent / "trees"


def tree_of(page: Page) -> str:
    """The tree, without the ids."""
    return re.sub(r"id%3A\d+", "id", page.locator("body").aria_snapshot()) + "\n"


@pytest.mark.parametrize(("name", "width"), [("today", 1280), ("inbox", 1280), ("today", 360)])
def test_the_tree_of_a_page_is_the_one_that_we_know(person: Person, name: str, width: int) -> None:
    page = person("Ada", timezone_id="UTC", viewport={"width": width, "height": 800})
    call(page, "POST", "/lists", {"name": "Home"})
    call(page, "POST", "/tasks", {"title": "Read the chapter about indexes", "priority": "high"})
    call(page, "POST", "/tasks", {"title": "Buy bread", "due": {"date": "2026-01-01"}})
    page.goto(f"/{name}")
    expect(page.get_by_role("checkbox", name="Buy bread", exact=True)).to_be_visible()
    if width > 900:
        expect(page.get_by_role("link", name="Home")).to_be_visible()
    file = TREES / f"{name}-{width}.yml"
    if not file.exists():
        file.write_text(tree_of(page))
        pytest.fail(f"{file.name} is new: look at it, and keep it")
    with suppress(AssertionError):
        eventually(lambda: tree_of(page) == file.read_text(), seconds=5)  # Some parts come when the page is idle.
    assert tree_of(page) == file.read_text()
