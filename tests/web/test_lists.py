"""Rows of tasks: what they say, and what a pointer does with them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from browsing import Person, add_tasks, call, stop_the_clock
from task_rows import add, add_many, expect_focus, expect_titles, row, titles


def test_a_completed_row_stays_a_moment_and_the_next_click_does_not_wait(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "One", "Two", "Three", "Four")
    stop_the_clock(page)
    for title in ("One", "Two", "Three"):
        row(page, title).get_by_role("checkbox").click()
    assert titles(page) == ["One", "Two", "Three", "Four"]
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)
    page.clock.resume()
    expect_titles(page, "Four")


def test_a_click_on_a_row_that_is_leaving_brings_it_back(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "One", "Two")
    stop_the_clock(page)
    row(page, "One").get_by_role("checkbox").click()
    row(page, "One").get_by_role("checkbox").click()
    page.clock.run_for(800)
    assert titles(page) == ["One", "Two"]
    expect(row(page, "One").get_by_role("checkbox")).not_to_be_checked()


def test_undo_in_the_toast_brings_a_task_back(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "One", "Two")
    row(page, "One").get_by_role("checkbox").click()
    expect_titles(page, "Two")
    page.get_by_role("button", name="Undo").click()
    expect_titles(page, "One", "Two")


def test_a_recurring_task_moves_on_and_shows_its_next_date(person: Person) -> None:
    page = person("Ada", "/inbox")
    rule = {"rule": "FREQ=YEARLY", "basis": "schedule"}
    add(page, {"title": "Renew", "due": {"date": "2031-03-01"}, "recurrence": rule})
    box = row(page, "Renew").get_by_role("checkbox")
    box.click()
    expect(box).to_be_checked()
    expect(row(page, "Renew")).to_contain_text("2032")
    expect(page.get_by_text("Completed. Next: 1 Mar 2032").first).to_be_visible()
    expect(box).not_to_be_checked()


def test_a_row_says_to_a_screen_reader_what_others_see(person: Person) -> None:
    page = person("Ada", "/inbox")
    task = {"title": "Pay", "due": {"date": "2020-01-31"}, "priority": "high", "labels": ["money"]}
    (made,) = add(page, task)
    child = call(page, "POST", "/tasks", {"title": "Part", "parent_id": made["id"]})
    call(page, "PATCH", f"/tasks/{child['id']}/complete")  # type: ignore[index]
    add(page, {"title": "Other part", "parent_id": made["id"]})
    expect(row(page, "Pay")).to_contain_text("1/2")
    about = "Priority 1 Overdue 31 Jan 2020 1 of 2 subtasks done @money"
    expect(page.get_by_role("checkbox", name="Pay", exact=True)).to_have_accessible_description(about)


def test_a_long_title_takes_two_lines_and_never_more_than_the_row(person: Person) -> None:
    page = person("Ada", "/inbox", viewport={"width": 600, "height": 640})
    long = "👩‍👩‍👧" + "Donaudampfschifffahrtsgesellschaft" * 7
    add(page, long)
    box = row(page, long).bounding_box()
    assert box
    assert box["height"] < 80
    assert row(page, long).evaluate("(row) => row.scrollWidth <= row.clientWidth")


def test_subtasks_fold(person: Person) -> None:
    page = person("Ada", "/inbox")
    (trip,) = add(page, "Trip")
    add(page, {"title": "Hotel", "parent_id": trip["id"]}, "Other")
    expect_titles(page, "Trip", "Hotel", "Other")
    row(page, "Trip").get_by_role("button", name="Hide subtasks").click()
    expect_titles(page, "Trip", "Other")
    row(page, "Trip").get_by_role("button", name="Show subtasks").click()
    expect_titles(page, "Trip", "Hotel", "Other")


def test_several_rows_are_selected_and_completed_together(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "One", "Two", "Three", "Four", "Five")
    row(page, "Two").click(modifiers=["Control"])
    row(page, "Four").click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected").first).to_be_visible()
    expect(page.get_by_role("checkbox", name="Three", exact=True)).to_have_accessible_description("Selected")
    row(page, "Three").click(modifiers=["Control"])
    page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name="Complete").click()
    expect_titles(page, "One", "Three", "Five")
    expect(page.get_by_role("toolbar")).to_have_count(0)
    page.keyboard.press("z")
    expect_titles(page, "One", "Two", "Three", "Four", "Five")


def test_more_tasks_than_fit_into_one_change_are_deleted_and_come_back(person: Person) -> None:
    page = person("Ada", "/inbox")
    add_many(page, 600)
    expect(page.get_by_role("checkbox", name="Task 0", exact=True)).to_be_visible()
    expect(page.locator("[aria-setsize='600']").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Control+a")
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    expect_titles(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[aria-setsize='600']").first).to_be_visible()


def test_one_key_undoes_all_of_an_act_on_many_tasks(person: Person) -> None:
    page = person("Ada", "/inbox")
    add_many(page, 600)
    expect(page.locator("[aria-setsize='600']").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Control+a")
    page.keyboard.press("d")
    page.get_by_role("dialog").get_by_role("menuitem", name="Today").click()
    today = page.get_by_role("navigation").get_by_role("link", name="Today", exact=True)
    expect(today).to_have_accessible_description("600 open tasks")
    page.keyboard.press("z")
    expect(today).to_have_accessible_description("")


def test_the_menu_of_a_row_opens_by_button_pointer_and_key(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "One", "Two")
    row(page, "One").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect_titles(page, "One", "One", "Two")
    row(page, "Two").click(button="right")
    page.get_by_role("menuitem", name="Priority").hover()
    page.get_by_role("menuitem", name="Priority 2").click()
    expect(row(page, "Two").get_by_role("img", name="Priority 2")).to_be_visible()
    expect_focus(page, "Two")
    page.keyboard.press("ContextMenu")
    page.get_by_role("menuitem", name="Delete").press("Enter")
    expect_titles(page, "One", "One")
    expect(page.get_by_role("menu")).to_have_count(0)


def test_the_menu_skips_an_occurrence(person: Person) -> None:
    page = person("Ada", "/inbox")
    rule = {"rule": "FREQ=YEARLY", "basis": "schedule"}
    add(page, {"title": "Renew", "due": {"date": "2031-03-01"}, "recurrence": rule})
    row(page, "Renew").click(button="right")
    page.get_by_role("menuitem", name="Skip this one").click()
    expect(row(page, "Renew")).to_contain_text("2032")


def test_what_is_not_sent_is_marked_after_two_seconds(person: Person) -> None:
    page = person("Ada", "/inbox")
    add(page, "Sent")
    page.context.set_offline(True)
    add_tasks(page, "Not sent")
    mark = row(page, "Not sent").get_by_role("img", name="Not sent yet")
    expect(row(page, "Not sent")).to_be_visible()
    expect(row(page, "Not sent").locator(".pending")).to_have_css("animation-delay", "2s")
    expect(mark).to_be_visible()
    expect(row(page, "Sent").get_by_role("img", name="Not sent yet")).to_have_count(0)
    page.context.set_offline(False)
    expect(mark).to_have_count(0)


def test_a_task_that_another_device_completes_leaves(person: Person) -> None:
    page = person("Ada", "/inbox")
    (one, _) = add(page, "One", "Two")
    call(page, "PATCH", f"/tasks/{one['id']}/complete")
    expect_titles(page, "Two")


def test_a_finger_swipes_to_complete_and_holds_to_select(person: Person) -> None:
    page = person("Ada", "/inbox", has_touch=True, is_mobile=True, viewport={"width": 820, "height": 1180})
    add(page, "One", "Two", "Three")
    finger(page, "One", to=40)
    assert titles(page) == ["One", "Two", "Three"]
    finger(page, "One", to=160)
    expect_titles(page, "Two", "Three")
    finger(page, "Two", hold=700)
    expect(page.get_by_text("1 selected").first).to_be_visible()
    finger(page, "Three")
    expect(page.get_by_text("2 selected").first).to_be_visible()
    assert "task=" not in page.url


def test_a_finger_swipes_back_to_schedule(person: Person) -> None:
    page = person("Ada", "/inbox", has_touch=True, is_mobile=True, viewport={"width": 820, "height": 1180})
    add(page, "One")
    finger(page, "One", start=300, to=-40)
    expect(page.get_by_role("dialog")).to_have_count(0)
    finger(page, "One", start=300, to=-160)
    page.get_by_role("dialog", name="Date").get_by_role("menuitem", name="Tomorrow").click()
    expect(row(page, "One")).to_contain_text("Tomorrow")


def test_a_finger_drags_a_row_by_its_handle(person: Person) -> None:
    page = person("Ada", "/inbox", has_touch=True, is_mobile=True, viewport={"width": 820, "height": 1180})
    add(page, "One", "Two", "Three")
    handle, target = row(page, "Three").locator(".handle").bounding_box(), row(page, "One").bounding_box()
    assert handle
    assert target
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    send = touches(page)
    send("touchStart", x, y)
    for _ in range(40):  # The part of the app that drags comes with the first touch.
        send("touchMove", x, y - 10)
        send("touchMove", x, y - 20)
        if page.locator("[data-dragging]").count():
            break
    send("touchMove", x, target["y"] + 4)
    expect(page.locator("[data-dragging]")).to_have_count(1)
    send("touchEnd")
    expect_titles(page, "Three", "One", "Two")
    assert "task=" not in page.url


def touches(page: Page) -> Callable[..., None]:
    session = page.context.new_cdp_session(page)

    def send(kind: str, *place: float) -> None:
        points = [dict(zip("xy", place, strict=True))] if place else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return send


def finger(page: Page, title: str, *, start: int = 60, to: int = 0, hold: int = 0) -> None:
    """Touch a row: tap it, swipe it by so many pixels, or hold it for so many milliseconds."""
    box = row(page, title).bounding_box()
    assert box
    x, y = box["x"] + start, box["y"] + box["height"] / 2
    send = touches(page)
    send("touchStart", x, y)
    for way in range(10, abs(to) + 1, 10):
        send("touchMove", x + (way if to > 0 else -way), y)
    page.wait_for_timeout(hold)
    send("touchEnd")
