"""The details of a task: what they show, what they save, and what they never lose."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from browsing import Person, add_tasks, call, stop_the_clock


def panel(page: Page) -> Locator:
    return page.locator(".details")


def opened(page: Page, **fields: object) -> Locator:
    """The details of a new task in the Inbox."""
    task = call(page, "POST", "/tasks", {"title": "Water", **fields})
    assert isinstance(task, dict)
    page.goto(f"/inbox?task=id:{task['id']}")
    title(page).wait_for()
    return panel(page)


def title(page: Page) -> Locator:
    return panel(page).get_by_role("textbox", name="Title", exact=True)


def day(after: int = 0) -> str:
    return str((datetime.now(UTC) + timedelta(days=after)).date())


def stored(page: Page) -> dict[str, object]:
    tasks = call(page, "GET", "/tasks")
    assert isinstance(tasks, list)
    found: dict[str, object] = tasks[0]
    return found


def test_the_title_saves_itself_on_enter_and_after_a_pause(person: Person) -> None:
    page = person("Ada", "/inbox")
    opened(page)
    title(page).fill("Water the plants")
    title(page).press("Enter")
    expect(page.get_by_role("checkbox", name="Water the plants", exact=True)).to_be_visible()
    title(page).press("End")
    title(page).press_sequentially(" today")
    expect(page.get_by_role("checkbox", name="Water the plants today", exact=True)).to_be_visible()
    expect(title(page)).to_be_focused()


def test_an_empty_title_comes_back_and_a_long_one_is_not_saved(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    title(page).fill("  ")
    title(page).press("Enter")
    expect(title(page)).to_have_value("Water")
    title(page).fill("x" * 256)
    expect(details.get_by_role("alert")).to_contain_text("At most 255 characters")
    assert stored(page)["title"] == "Water"


def test_another_device_changes_the_title_without_moving_the_caret(person: Person) -> None:
    page = person("Ada", "/inbox")
    opened(page)
    title(page).click()
    title(page).press("Home")
    title(page).press("ArrowRight")
    call(page, "PATCH", f"/tasks/{stored(page)['id']}", {"title": "Water them"})
    expect(title(page)).to_have_value("Water them")
    assert title(page).evaluate("area => area.selectionStart") == 1


def test_a_text_that_changes_elsewhere_while_it_is_typed_is_shown_beside_it(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    details.get_by_role("button", name="Add a description").click()
    area = details.get_by_role("textbox", name="Description")
    stop_the_clock(page)  # A pause would save the text.
    area.press("m")
    call(page, "PATCH", f"/tasks/{stored(page)['id']}", {"description": "theirs"})
    expect(details.get_by_role("alert")).to_contain_text("theirs")
    area.press_sequentially("m" * 20)
    page.clock.run_for(2000)
    expect(area).to_have_value("m" * 21)
    assert stored(page)["description"] == "theirs"
    details.get_by_role("button", name="Keep mine").click()
    expect(details.get_by_role("alert")).to_have_count(0)
    area.press("Control+Enter")
    expect(details.locator("p", has_text="mmm")).to_be_visible()


def test_a_description_is_written_as_text_and_read_as_markdown(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    details.get_by_role("button", name="Add a description").click()
    details.get_by_role("textbox", name="Description").fill("some **rain**")
    page.keyboard.press("Escape")
    expect(details.locator("strong")).to_have_text("rain")
    expect(details.get_by_role("button", name="Edit the description")).to_be_focused()
    page.keyboard.press("Enter")
    expect(details.get_by_role("textbox", name="Description")).to_have_value("some **rain**")
    page.keyboard.press("Escape")
    details.locator("strong").click()
    expect(details.get_by_role("textbox", name="Description")).to_be_focused()


def test_what_is_typed_survives_the_way_to_another_view_a_reload_and_another_site(person: Person) -> None:
    page, phone = person("Ada", "/inbox"), person("Ada", "/inbox")
    details = opened(page)
    details.get_by_role("button", name="Add a description").click()
    details.get_by_role("textbox", name="Description").fill("before leaving")
    page.get_by_role("link", name="Today").evaluate("link => link.click()")
    expect(panel(page)).to_have_count(0)
    page.go_back()
    expect(details.get_by_text("before leaving")).to_be_visible()
    title(page).fill("Water before reloading")
    page.reload()
    expect(title(page)).to_have_value("Water before reloading")
    title(page).fill("Water before closing")
    page.goto("about:blank")
    page.goto("/today")
    expect(phone.get_by_role("checkbox", name="Water before closing")).to_be_visible(timeout=15_000)


def test_only_the_fields_that_are_set_are_shown_and_the_rest_can_be_added(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, due={"date": day()}, priority="high")
    expect(details.get_by_role("button", name="Date: Today")).to_be_visible()
    expect(details.get_by_role("button", name="Priority: Priority 1")).to_be_visible()
    expect(details.get_by_role("button", name="Move to: Inbox")).to_be_visible()
    rest = details.get_by_role("group", name="Add").get_by_role("button")
    expect(rest).to_have_text(["Start", "Repeat", "Reminders", "Labels"])


def test_a_task_that_recurs_says_when_it_comes_again_and_can_be_skipped(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, due={"date": day()}, recurrence={"rule": "FREQ=DAILY;COUNT=3"})
    expect(details.get_by_role("button", name="Repeat: Every day, 3 times")).to_be_visible()
    expect(details.get_by_text("Completed now, it moves to: Tomorrow, then")).to_be_visible()
    details.get_by_role("button", name="Skip this one").click()
    expect(details.get_by_role("button", name="Date: Tomorrow")).to_be_visible()
    expect(details.get_by_role("button", name="Repeat: Every day, 2 times")).to_be_visible()
    details.get_by_role("button", name="Skip this one").click()
    expect(details.get_by_text("This is the last time.")).to_be_visible()


def test_subtasks_are_added_counted_and_opened(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    field = details.get_by_role("textbox", name="Add a subtask")
    for words in ("Fill the can tomorrow", "Check the soil"):
        field.fill(words)
        field.press("Enter")
    details.get_by_role("checkbox", name="Fill the can").check()
    expect(details.get_by_text("1/2")).to_be_visible()
    details.get_by_role("link", name="Check the soil").click()
    expect(title(page)).to_have_value("Check the soil")
    panel(page).get_by_role("link", name="Subtask of: Water").click()
    expect(title(page)).to_have_value("Water")


def test_history_tells_each_change_undoes_the_newest_and_restores_an_older_one(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page, labels=["garden"])
    path = f"/tasks/{stored(page)['id']}"
    call(page, "PATCH", path, {"title": "Water them", "priority": "low", "labels": ["balcony"]})
    call(page, "PATCH", path, {"due": {"date": day()}, "description": "x"})
    details.get_by_text("History").click()
    entries = details.get_by_role("group").get_by_role("listitem")
    expect(entries).to_have_count(3)
    expect(entries.nth(0)).to_contain_text("Date: Today")
    expect(entries.nth(0)).to_contain_text("Description changed")
    for sentence in ("Title: “Water” → “Water them”", "Priority: Priority 3", "added: balcony", "removed: garden"):
        expect(entries.nth(1)).to_contain_text(sentence)
    entries.nth(2).get_by_role("button", name="Restore this version").click()
    expect(title(page)).to_have_value("Water")
    expect(entries.nth(0)).to_contain_text("Title: “Water them” → “Water”")
    entries.nth(0).get_by_role("button", name="Undo this change").click()
    expect(title(page)).to_have_value("Water them")


def test_history_says_that_it_needs_a_network(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    page.context.set_offline(True)
    details.get_by_text("History").click()
    expect(details.get_by_text("The history needs a network.")).to_be_visible()


def test_escape_closes_the_details_and_a_deleted_task_says_so(person: Person) -> None:
    page = person("Ada", "/inbox")
    details = opened(page)
    call(page, "DELETE", f"/tasks/{stored(page)['id']}")
    expect(details.get_by_text("This task is not here any more.")).to_be_visible()
    details.press("Escape")
    expect(details).to_have_count(0)


def test_the_menu_deletes_with_an_undo(person: Person) -> None:
    page = person("Ada", "/inbox")
    add_tasks(page, "Water")
    page.get_by_role("link", name="Water").click()
    panel(page).get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(panel(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("checkbox", name="Water", exact=True)).to_be_visible()


def test_all_of_a_long_task_can_be_read_on_a_small_screen(person: Person) -> None:
    page = person("Ada", "/inbox", viewport={"width": 320, "height": 480})
    opened(page, title="Water all the plants of the balcony", description="line\n\n" * 40)
    height = title(page).evaluate("area => [area.clientHeight, area.scrollHeight]")
    assert height[0] >= height[1] > 0
    panel(page).get_by_text("History").scroll_into_view_if_needed()
    expect(panel(page).get_by_text("History")).to_be_in_viewport()
