"""Reminders while a tab is open, with a clock that the tests move."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browsing import Person, await_installed, call
from processes import eventually

# Noon, so that what is due in an hour is due today.
NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
CLOCK = int(NOW.timestamp() * 1000)
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, body, data }) => ({ title, body, data }));
}"""


def due(minutes: int) -> dict[str, Any]:
    moment = NOW + timedelta(minutes=minutes)
    return {"date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}", "time_zone": "UTC"}


def ready(person: Person, *, permissions: tuple[str, ...] = ("notifications",)) -> Page:
    """The app of somebody who wants reminders, with a clock that stands still."""
    page = person("Ada", permissions=list(permissions), timezone_id="UTC")
    await_installed(page)
    whose = call(page, "GET", "")
    assert isinstance(whose, dict)
    memory = json.dumps({"person": whose["id"], "until": CLOCK, "shown": {}})
    page.evaluate("memory => localStorage.setItem('doable.reminders', memory)", memory)
    page.clock.install(time=NOW)
    page.reload()
    page.get_by_role("navigation").first.wait_for()
    return page


def remind(page: Page, title: str, **task: object) -> None:
    """Another device adds a task with a reminder, and this one has it."""
    call(page, "POST", "/tasks", {"title": title, **task})
    page.clock.run_for(2000)
    expect(page.get_by_role("checkbox", name=title, exact=True)).to_be_visible()
    page.clock.run_for(2000)


def shown(page: Page) -> list[dict[str, str]]:
    """The notifications, when there are some."""
    eventually(lambda: page.evaluate(SHOWN))
    found: list[dict[str, str]] = page.evaluate(SHOWN)
    return found


def test_a_reminder_is_a_notification_once(person: Person) -> None:
    page = ready(person)
    remind(page, "Call Bob", due=due(12), reminders=[{"minutes_before": 10}])
    assert page.evaluate(SHOWN) == []
    page.clock.run_for("02:30")
    [notification] = shown(page)
    assert notification["title"] == "Call Bob"
    assert notification["data"].startswith("/today?task=")
    page.evaluate("navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) => all[0].close())")
    page.reload()
    page.get_by_role("navigation").first.wait_for()
    page.clock.run_for("05:00")
    assert page.evaluate(SHOWN) == []


CLICK = """async () => {
  const [notification] = await registration.getNotifications();
  dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


def test_a_click_on_a_notification_opens_its_task(person: Person) -> None:
    page = ready(person)
    remind(page, "Call Bob", due=due(12), reminders=[{"minutes_before": 10}])
    page.get_by_role("link", name="Inbox").click()
    page.clock.run_for("02:30")
    shown(page)
    page.context.service_workers[0].evaluate(CLICK)
    expect(page.get_by_role("complementary", name="Call Bob")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    eventually(lambda: page.evaluate(SHOWN) == [])


def test_the_reminders_of_a_sleep_are_one_notification(person: Person) -> None:
    page = ready(person)
    remind(page, "Call Bob", due=due(60), reminders=[{"minutes_before": 30}])
    remind(page, "Pay the rent", due=due(60), reminders=[{"at": (NOW + timedelta(minutes=40)).isoformat()}])
    page.clock.fast_forward("02:00:00")
    page.clock.run_for(1000)
    [notification] = shown(page)
    assert notification["title"] == "2 reminders"
    assert set(notification["body"].split("\n")) == {"Call Bob", "Pay the rent"}


def test_without_permission_the_page_itself_reminds(person: Person) -> None:
    page = ready(person, permissions=())
    remind(page, "Call Bob", due=due(12), reminders=[{"minutes_before": 10}])
    page.clock.run_for("01:50")
    button = page.get_by_role("button", name="Open")
    for _ in range(10):
        page.clock.run_for(2000)
        if button.is_visible():
            break
    button.click()
    expect(page.get_by_role("complementary", name="Call Bob")).to_be_visible()


@pytest.mark.parametrize("seconds", [90])
def test_of_two_tabs_one_reminds(person: Person, seconds: int) -> None:
    page = ready(person)
    other = page.context.new_page()
    other.clock.install(time=NOW)
    other.goto("/today")
    remind(page, "Call Bob", due=due(11), reminders=[{"minutes_before": 10}])
    for one in (page, other):
        one.clock.run_for(seconds * 1000)
    assert len(shown(page)) == 1
