"""No page has a fault that axe can find, in either theme."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Person, axe, call, device
from processes import Service

TODAY = f"{datetime.now(UTC):%Y-%m-%d}"
VIEWS = ("today", "upcoming", "inbox", "browse", "completed", "trash", "search?q=rent")


def fill(page: Page) -> dict[str, Any]:
    """Some of everything. Returns a task."""
    home = call(page, "POST", "/lists", {"name": "Home"})
    assert isinstance(home, dict)
    call(page, "POST", "/labels", {"name": "errand", "color": "#3b82f6"})
    call(page, "POST", "/filters", {"name": "Soon", "filter": "today | p1"})
    call(page, "POST", "/tasks", {"title": "Water the plants", "due": {"date": "2026-01-01"}, "priority": "low"})
    done = call(page, "POST", "/tasks", {"title": "Buy bread", "labels": ["errand"]})
    assert isinstance(done, dict)
    call(page, "PATCH", f"/tasks/{done['id']}/complete")
    rent = {
        "title": "Pay the rent",
        "description": "To **Mrs. Lovelace**:\n\n- [the bank](https://example.com)",
        "due": {"date": TODAY, "time": "17:00"},
        "recurrence": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1"},
        "reminders": [{"minutes_before": 30}],
        "labels": ["errand"],
        "priority": "high",
        "list_id": home["id"],
    }
    task = call(page, "POST", "/tasks", rent)
    assert isinstance(task, dict)
    return task | {"list": home}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signed_in(person: Person, scheme: str) -> None:
    page = person("Ada", color_scheme=scheme, reduced_motion="reduce")
    task = fill(page)
    views = [*VIEWS, f"lists/{task['list']['id']}", f"today?task={task['id']}"]
    faults = {}
    for view in views:
        page.goto(f"/{view}")
        expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        faults[view] = axe(page)
    assert {view: found for view, found in faults.items() if found} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(person: Person, scheme: str) -> None:
    page = person("Ada", color_scheme=scheme, reduced_motion="reduce", viewport={"width": 360, "height": 740})
    task = fill(page)
    faults = {}
    for view in ("today", f"today?task={task['id']}"):
        page.goto(f"/{view}")
        expect(page.get_by_role("checkbox").first).to_be_visible()
        if "task=" in view:
            expect(page.get_by_role("main", name="Pay the rent").get_by_text("Mrs. Lovelace")).to_be_visible()
        faults[view] = axe(page)
    assert {view: found for view, found in faults.items() if found} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signed_out(browser: Browser, web: Service, scheme: str) -> None:
    with device(browser, web.url, color_scheme=scheme) as context:
        page = context.new_page()
        for path, button in (("/sign-in", "Sign in"), ("/sign-up", "Sign up")):
            page.goto(path)
            expect(page.get_by_role("button", name=button)).to_be_visible()
            assert axe(page) == []
