"""Take the pictures of the web app for the documents: docs/pictures/*.png. The app must be built."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright
from web_service import call, launched, serving, sign_up

FOLDER: Final = Path(__file__).parents[1] / "docs/pictures"
LARGEST: Final = 120_000  # bytes of a picture
# A Tuesday, so that the pictures are the same on every day of the year.
TODAY: Final = date(2026, 12, 1)
NOON: Final = f"{TODAY}T11:20:00"
LISTS: Final = {"Home": "#2a5db8", "Work": "#855200", "Garden": "#0f766e"}
DESCRIPTION: Final = (
    "Ask about **the new address**, and bring:\n\n- the contract\n- the two keys\n- a photo of the meter"
)


def tasks(lists: dict[str, int]) -> list[dict[str, Any]]:
    def day(distance: int, time: str | None = None) -> dict[str, str]:
        return {"date": str(TODAY + timedelta(distance)), **({"time": time} if time else {})}

    return [
        {"title": "Return the library books", "due": day(-2), "list_id": lists["Home"], "labels": ["errand"]},
        {
            "title": "Pay rent",
            "due": day(0),
            "priority": "high",
            "list_id": lists["Home"],
            "recurrence": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1"},
        },
        {"title": "Send Grace the draft", "due": day(0, "10:30"), "priority": "medium", "list_id": lists["Work"]},
        {
            "title": "Hand over the old flat",
            "description": DESCRIPTION,
            "due": day(0, "14:00"),
            "list_id": lists["Home"],
            "reminders": [{"minutes_before": 30}],
            "labels": ["errand"],
        },
        {"title": "Water the plants", "due": day(0), "recurrence": {"rule": "FREQ=WEEKLY;BYDAY=TU,FR"}},
        {"title": "Call Bob about Saturday", "due": day(0, "18:00")},
        {"title": "Plan the week", "due": day(1), "list_id": lists["Work"]},
        {"title": "Prune the apple tree", "due": day(3), "list_id": lists["Garden"]},
        {"title": "Book the train to Berlin", "due": day(4), "priority": "low", "labels": ["travel"]},
        {"title": "Read the chapter about indexes"},
        {"title": "A present for Ada"},
    ]


def fill(page: Page) -> None:
    context = page.context
    for label, colour in (("errand", "#2a5db8"), ("travel", "#855200")):
        call(context, "POST", "/labels", {"name": label, "color": colour})
    lists = {}
    for name, colour in LISTS.items():
        lists[name] = call(context, "POST", "/lists", {"name": name, "color": colour})["id"]
    for task in tasks(lists):
        call(context, "POST", "/tasks", task)


def take(browser: Browser, url: str, name: str, path: str, open_task: str | None = None, **options: Any) -> None:
    """One picture, in a browser of its own."""
    context = browser.new_context(
        base_url=url, locale="en-GB", timezone_id="UTC", reduced_motion="reduce", service_workers="block", **options
    )
    sign_up(context, "Ada")
    page = context.new_page()
    page.clock.set_fixed_time(NOON)
    if not call(context, "GET", "/lists"):
        fill(page)
    page.goto(path)
    row = page.get_by_role("checkbox", name="Pay rent", exact=True)
    row.wait_for()
    if open_task:
        page.get_by_role("link", name=open_task).first.click()
        page.get_by_role("complementary", name=open_task).wait_for()
    page.wait_for_timeout(1000)  # What fades in is there.
    page.mouse.move(0, 0)
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    context.close()
    size = file.stat().st_size
    print(f"{file.name}: {size / 1000:.0f} KB")
    if size > LARGEST:
        raise RuntimeError(f"{file.name} is larger than {LARGEST / 1000:.0f} KB")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    wide, phone = {"width": 1280, "height": 760}, {"width": 390, "height": 780}
    with serving() as url, sync_playwright() as playwright:
        browser = launched(playwright)
        task = "Hand over the old flat"
        take(browser, url, "today", "/today", task, viewport=wide, color_scheme="light")
        take(browser, url, "today-dark", "/today", viewport=wide, color_scheme="dark")
        take(browser, url, "upcoming", "/upcoming", viewport=wide, color_scheme="light")
        take(browser, url, "phone", "/today", viewport=phone, color_scheme="light", has_touch=True, is_mobile=True)
        browser.close()


if __name__ == "__main__":
    main()
