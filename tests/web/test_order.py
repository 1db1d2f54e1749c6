"""The order of tasks by hand, by dragging, and in lists of any length."""

from playwright.sync_api import Locator, Page, expect

from browsing import Person, call
from task_rows import add, add_many, expect_focus, expect_titles, row

MANY = 10_000


def drag(page: Page, title: str, onto: str, *, below: bool = True, right: int = 0) -> None:
    """Drag a row to the edge of another one, and so many pixels to the right. The button stays down."""
    source, target = row(page, title).bounding_box(), row(page, onto).bounding_box()
    assert source
    assert target
    x, y = source["x"] + 200, source["y"] + source["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    label = page.locator("[data-dragging]")
    for _ in range(40):  # The part of the app that drags comes with the first press.
        page.mouse.move(x + 8, y + 3)
        page.mouse.move(x + 3, y + 8)
        if label.count():
            break
    page.mouse.move(x + right, target["y"] + (target["height"] - 4 if below else 4), steps=5)
    expect(label).to_have_count(1)


def drop(page: Page, target: Locator) -> None:
    box = target.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=5)
    expect(page.locator("[data-drop-over]")).to_have_count(1)
    page.mouse.up()


def test_a_row_is_dragged_between_others(person: Person) -> None:
    page, phone = person("Ada", "/inbox", reduced_motion="reduce"), person("Ada", "/inbox", reduced_motion="reduce")
    add(page, "One", "Two", "Three")
    drag(page, "Three", "One", below=False)
    page.mouse.up()
    expect_titles(page, "Three", "One", "Two")
    assert "task=" not in page.url  # It is no click.
    expect_titles(phone, "Three", "One", "Two")
    page.get_by_role("button", name="Undo").click()
    expect_titles(page, "One", "Two", "Three")


def test_a_row_is_dragged_into_another_and_out_again(person: Person) -> None:
    page = person("Ada", "/inbox", reduced_motion="reduce")
    add(page, "One", "Two", "Three")
    drag(page, "Three", "One", right=24)
    page.mouse.up()
    expect_titles(page, "One", "Three", "Two")
    expect(row(page, "Three")).to_have_attribute("aria-level", "2")
    drag(page, "Three", "Two", right=-24)
    page.mouse.up()
    expect_titles(page, "One", "Two", "Three")
    expect(row(page, "Three")).not_to_have_attribute("aria-level", "2")


def test_a_task_takes_its_subtasks_with_it(person: Person) -> None:
    page = person("Ada", "/inbox", reduced_motion="reduce")
    (one, _, _) = add(page, "One", "Two", "Three")
    add(page, {"title": "Part", "parent_id": one["id"]})
    expect_titles(page, "One", "Part", "Two", "Three")
    drag(page, "One", "Two")
    page.mouse.up()
    expect_titles(page, "Two", "One", "Part", "Three")


def test_escape_ends_a_drag_and_nothing_moves(person: Person) -> None:
    page = person("Ada", "/inbox", reduced_motion="reduce")
    add(page, "One", "Two", "Three")
    drag(page, "Three", "One", below=False)
    page.keyboard.press("Escape")
    expect(page.locator("[data-dragging]")).to_have_count(0)
    page.mouse.up()
    expect_titles(page, "One", "Two", "Three")


def test_tasks_go_to_a_list_and_to_a_day_by_dragging_them_there(person: Person) -> None:
    page = person("Ada", "/inbox", reduced_motion="reduce")
    call(page, "POST", "/lists", {"name": "Garden"})
    add(page, "One", "Two", "Three")
    row(page, "Two").click(modifiers=["Control"])
    row(page, "Three").click(modifiers=["Control"])
    drag(page, "Two", "One")
    drop(page, page.get_by_role("navigation").get_by_role("link", name="Garden"))
    expect(page.get_by_text("2 tasks moved to Garden").first).to_be_visible()
    expect_titles(page, "One")
    page.keyboard.press("z")
    expect_titles(page, "One", "Two", "Three")
    drag(page, "Two", "One")
    drop(page, page.get_by_role("navigation").get_by_role("link", name="Today"))
    expect(row(page, "Two")).to_contain_text("Today")


def test_ten_thousand_tasks_are_one_list_with_few_rows_in_the_page(person: Person) -> None:
    page = person("Ada", "/inbox", reduced_motion="reduce")
    add_many(page, MANY)
    expect(page.locator(f"[aria-setsize='{MANY}']").first).to_be_visible(timeout=60_000)
    rows = page.locator("li[aria-posinset]")
    assert rows.count() < 80
    page.keyboard.press("End")
    expect_focus(page, f"Task {MANY - 1}")
    expect(row(page, f"Task {MANY - 1}")).to_have_attribute("aria-posinset", str(MANY))
    expect(page.get_by_role("checkbox", name=f"Task {MANY - 1}", exact=True)).to_be_in_viewport()
    assert rows.count() < 80
    page.keyboard.press("Alt+ArrowUp")
    expect(row(page, f"Task {MANY - 1}")).to_have_attribute("aria-posinset", str(MANY - 1))
    expect_focus(page, f"Task {MANY - 1}")
    page.keyboard.press("Home")
    expect_focus(page, "Task 0")
    expect(page.get_by_role("checkbox", name="Task 0", exact=True)).to_be_in_viewport()

    # By its scroll bar, the page shows what belongs there.
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight / 2)")
    expect(page.get_by_role("checkbox", name="Task 5000", exact=True)).to_be_attached()
    assert rows.count() < 80
