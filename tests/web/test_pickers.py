"""The pickers: dates in words and in a calendar, repetition, reminders, priority, labels."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Person, call


def opened(page: Page, **fields: object) -> Locator:
    """The details of a new task in the Inbox."""
    task = call(page, "POST", "/tasks", {"title": "Water", **fields})
    assert isinstance(task, dict)
    page.goto(f"/inbox?task=id:{task['id']}")
    details = page.locator(".details")
    details.get_by_role("textbox", name="Title", exact=True).wait_for()
    return details


def picker(page: Page, button: str) -> Locator:
    """It is loaded when it is needed, and then has the focus."""
    page.locator(".details").get_by_role("button", name=button).first.click()
    dialog = page.get_by_role("dialog")
    expect(page.locator("dialog:focus, dialog :focus")).to_have_count(1)
    return dialog


def day(after: int = 0) -> str:
    return str((datetime.now(UTC) + timedelta(days=after)).date())


def test_a_date_in_words_says_what_it_means_and_the_focus_returns(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    dialog = picker(page, "Date")
    words = dialog.get_by_role("textbox", name="Date in words")
    expect(words).to_be_focused()
    words.fill("some day")
    expect(dialog.get_by_text("This is no date that Doable knows.")).to_be_visible()
    words.fill("tomorrow at 17:00")
    expect(dialog.get_by_text("Tomorrow 17:00")).to_be_visible()
    words.press("Enter")
    expect(dialog).to_have_count(0)
    expect(details.get_by_role("button", name="Date: Tomorrow 17:00")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(details.get_by_role("button", name="Date: ")).to_have_count(0)


def test_words_that_repeat_set_the_date_and_the_rule(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    picker(page, "Date").get_by_role("textbox", name="Date in words").fill("every day at 9")
    page.keyboard.press("Enter")
    expect(details.get_by_role("button", name="Repeat: Every day")).to_be_visible()
    expect(details.get_by_role("button", name="Date: ")).to_contain_text("9:00")


def test_a_choice_keeps_the_time_and_no_date_takes_the_rule_with_it(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, due={"date": day(3), "time": "17:00"}, recurrence={"rule": "FREQ=DAILY"})
    dialog = picker(page, "Date:")
    expect(dialog.get_by_text("Moves this time only.")).to_be_visible()
    dialog.get_by_role("menuitem", name="Tomorrow").click()
    expect(details.get_by_role("button", name="Date: Tomorrow 17:00")).to_be_focused()
    picker(page, "Date:").get_by_role("menuitem", name="No date").click()
    expect(details.get_by_role("button", name="Date: ")).to_have_count(0)
    expect(details.get_by_role("button", name="Repeat: ")).to_have_count(0)
    expect(page.get_by_text("Date and repetition removed").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(details.get_by_role("button", name="Repeat: Every day")).to_be_visible()


def test_the_calendar_begins_weeks_as_the_person_does_and_takes_arrow_keys(person: Person) -> None:
    page = person("Ada", "/inbox")
    call(page, "PATCH", "", {"week_start": "sunday"})
    details = opened(page, due={"date": "2027-03-10"})
    dialog = picker(page, "Date:")
    expect(dialog.locator("th").first).to_have_text("S")
    expect(dialog.locator("th").nth(1)).to_have_text("M")
    dialog.get_by_role("button", name="Wednesday, 10 March 2027").press("ArrowDown")
    page.keyboard.press("Enter")
    expect(details.get_by_role("button", name="Date: 17 Mar 2027")).to_be_visible()


def test_the_time_is_set_and_removed(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, due={"date": day()})
    dialog = picker(page, "Date:")
    dialog.get_by_label("Time").fill("08:30")
    dialog.get_by_label("Time").press("Enter")
    expect(details.get_by_role("button", name=re.compile("Date: Today 0?8:30"))).to_be_visible()
    picker(page, "Date:").get_by_role("button", name="Remove the time").click()
    expect(details.get_by_role("button", name="Date: Today", exact=True)).to_be_attached()


def test_the_time_of_another_zone_names_its_place(person: Person) -> None:
    page = person("Ada", "/inbox")
    call(page, "PATCH", "", {"time_zone": "Europe/Berlin"})
    details = opened(page, due={"date": "2027-03-10", "time": "17:00", "time_zone": "America/New_York"})
    expect(details.get_by_role("button", name="Date: 10 Mar 2027 17:00 (New York)")).to_be_visible()
    expect(picker(page, "Date:").get_by_text("in New York")).to_be_visible()


def test_a_start_is_a_date_of_its_own(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    dialog = picker(page, "Start")
    expect(dialog.get_by_role("button", name="Repeat")).to_have_count(0)
    dialog.get_by_role("menuitem", name="Tomorrow").click()
    expect(details.get_by_role("button", name="Start: Tomorrow")).to_be_visible()
    expect(details.get_by_role("button", name="Date: ")).to_have_count(0)


def test_a_usual_repetition_gives_a_task_its_first_day(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    picker(page, "Repeat").get_by_role("menuitemradio", name="Every day").click()
    expect(details.get_by_role("button", name="Repeat: Every day")).to_be_visible()
    expect(details.get_by_role("button", name="Date: Today")).to_be_visible()
    dialog = picker(page, "Repeat:")
    expect(dialog.get_by_role("menuitemradio", name="Every day", exact=True)).to_be_checked()
    dialog.get_by_role("menuitem", name="Does not repeat").click()
    expect(details.get_by_role("button", name="Repeat: ")).to_have_count(0)


def test_the_usual_repetitions_are_about_the_day_of_the_task(person: Person) -> None:
    page = person("Ada", "/inbox")
    opened(page, due={"date": "2027-01-30"})
    expect(picker(page, "Repeat").get_by_role("menuitemradio")).to_have_text(
        [
            "Every day",
            "Every weekday",
            "Every Saturday",
            "Every month on the 30th, or the last day of a shorter month",
            "Every month on the last day",
            "Every month on the last Saturday",
            "Every year on 30 January",
        ]
    )


def test_a_repetition_of_ones_own_says_what_it_does_before_it_is_saved(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, due={"date": "2027-03-10"})
    dialog = picker(page, "Repeat")
    dialog.get_by_role("menuitem", name="Custom").click()
    dialog.get_by_label("How many").fill("2")
    dialog.get_by_label("Unit").select_option("weeks")
    dialog.get_by_role("button", name="Friday").click()
    dialog.get_by_label("Counts from").select_option("completion")
    dialog.get_by_label("Ends").select_option("after")
    dialog.get_by_label("Times").fill("5")
    words = "Every 2 weeks on Wednesday and Friday, counted from completion, 5 times"
    expect(dialog.get_by_text(words)).to_be_visible()
    expect(dialog.get_by_text("Next: 10 Mar 2027, 12 Mar 2027 and 24 Mar 2027")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(details.get_by_role("button", name=f"Repeat: {words}")).to_be_visible()


@pytest.mark.parametrize(
    ("rule", "words", "then"),
    [
        ("FREQ=YEARLY;BYYEARDAY=100", "Every year on the 100th day of the year", "Every Saturday"),
        ("FREQ=YEARLY;BYWEEKNO=14;BYDAY=SA", "Every year on Saturday in week 14", "Every Saturday"),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=10,20",
            "Every 2 months on the 10th and the 20th",
            "Every 2 weeks on Saturday",
        ),
    ],
)
def test_days_that_the_form_has_no_fields_for_stay_until_others_are_chosen(
    person: Person, rule: str, words: str, then: str
) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, due={"date": "2027-04-10"}, recurrence={"rule": rule})
    dialog = picker(page, "Repeat")
    dialog.get_by_role("menuitem", name="Custom").click()
    expect(dialog.get_by_label("Unit").locator("option:checked")).to_have_text(words)
    dialog.get_by_label("Ends").select_option("after")
    dialog.get_by_label("Times").fill("5")
    dialog.get_by_role("button", name="Save").click()
    expect(details.get_by_role("button", name=f"Repeat: {words}, 5 times")).to_be_visible()
    dialog = picker(page, "Repeat")
    dialog.get_by_role("menuitem", name="Custom").click()
    dialog.get_by_label("Unit").select_option("WEEKLY")
    dialog.get_by_role("button", name="Save").click()
    expect(details.get_by_role("button", name=f"Repeat: {then}, 5 times")).to_be_visible()


def test_reminders_before_the_date_and_at_a_moment(person: Person) -> None:
    page = person("Ada", "/inbox")
    call(page, "PATCH", "", {"time_zone": "Europe/Berlin"})
    details = opened(page, due={"date": "2027-03-10"})
    dialog = picker(page, "Reminders")
    expect(dialog.get_by_text("Without a time, they count from 09:00.")).to_be_visible()
    dialog.get_by_role("menuitem", name="1 hour before").click()
    dialog.get_by_label("How long before").fill("2")
    dialog.get_by_label("Unit").select_option("days")
    dialog.get_by_role("button", name="Add before").click()
    dialog.get_by_label("Date and time").fill("2027-03-09T18:00")
    dialog.get_by_role("button", name="Add at this time").click()
    expect(dialog.get_by_role("listitem")).to_have_text(["1 hour before", "2 days before", "9 Mar 2027 18:00"])
    dialog.get_by_role("button", name="Remove “1 hour before”").click()
    page.keyboard.press("Escape")
    expect(details.get_by_role("button", name="Reminders: 2 days before and 9 Mar 2027 18:00")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(details.get_by_role("button", name="Reminders: 1 hour before")).to_be_visible()


def test_a_number_chooses_the_priority(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    picker(page, "Priority")
    page.keyboard.press("2")
    expect(details.get_by_role("button", name="Priority: Priority 2")).to_be_visible()


def test_labels_are_found_made_and_taken_away(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, labels=["garden"])
    dialog = picker(page, "Labels:")
    field = dialog.get_by_role("combobox")
    field.fill("Balcony")
    expect(dialog.get_by_role("option", name="Create “Balcony”")).to_be_visible()
    field.press("Enter")
    field.fill("gard")
    field.press("Enter")
    page.keyboard.press("Escape")
    expect(details.get_by_role("button", name="Labels: Balcony")).to_be_visible()
    field = picker(page, "Labels:").get_by_role("combobox")
    field.fill("balcony")
    expect(page.get_by_role("option")).to_have_text(["Balcony"])
    expect(page.get_by_role("option", name="Balcony")).to_have_attribute("aria-selected", "true")


def test_the_keys_of_a_row_work_in_the_details_and_escape_closes_one_thing_at_a_time(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    details.press("1")
    expect(details.get_by_role("button", name="Priority: Priority 1")).to_be_visible()
    details.press("d")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(details).to_be_visible()
    page.keyboard.press("Escape")
    expect(details).to_have_count(0)


def test_pickers_work_without_a_network(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    picker(page, "Date")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    picker(page, "Date").get_by_role("menuitem", name="Tomorrow").click()
    expect(details.get_by_role("button", name="Date: Tomorrow")).to_be_visible()
    page.context.set_offline(False)
    phone = person("Ada", "/inbox")
    phone.get_by_role("link", name="Water").click()
    expect(phone.get_by_role("button", name="Date: Tomorrow")).to_be_visible(timeout=15_000)


def test_a_picker_is_a_sheet_on_a_phone(person: Person) -> None:
    page = person("Ada", "/inbox", viewport={"width": 375, "height": 740}, has_touch=True, is_mobile=True)
    opened(page)
    box = picker(page, "Date").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 375, 740)


def test_a_picker_changes_all_selected_tasks_with_one_undo(person: Person) -> None:
    page = person("Ada", "/inbox")
    for title in ("Water", "Weed"):
        call(page, "POST", "/tasks", {"title": title, "labels": ["garden"] if title == "Weed" else []})
    page.get_by_role("link", name="Weed").wait_for()
    page.get_by_role("main").get_by_role("listitem").first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("option", name="garden")).to_contain_text("on some")
    dialog.get_by_role("option", name="garden").click()
    expect(dialog.get_by_role("option", name="garden")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Water").click()
    expect(page.get_by_role("group", name="Add").get_by_role("button", name="Labels")).to_be_visible()
