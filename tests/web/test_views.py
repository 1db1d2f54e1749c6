"""The views of tasks: what each shows, in which order, and what it gives to a new task."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from browsing import Person, add_tasks, await_installed, call
from processes import eventually

# Whether the page has been at this position for a second.
STAYS = """(wanted) => {
  if (scrollY !== wanted) delete globalThis.since;
  else globalThis.since ??= performance.now();
  return performance.now() - globalThis.since > 1000;
}"""


def day(distance: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=distance))


def add(page: Page, title: str, **values: Any) -> Any:
    return call(page, "POST", "/tasks", {"title": title, **values})


def rows(page: Page | Locator) -> Locator:
    return page.get_by_role("checkbox")


def row(page: Page | Locator, title: str) -> Locator:
    return page.get_by_role("checkbox", name=title, exact=True)


def titles(page: Page, list_name: str) -> list[str | None]:
    boxes = page.get_by_role("list", name=list_name, exact=True).get_by_role("checkbox")
    return [box.get_attribute("aria-label") for box in boxes.all()]


def section(page: Page, heading: str | re.Pattern[str]) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name=heading))


def go(page: Page, view: str) -> None:
    page.get_by_role("navigation").first.get_by_role("link", name=view, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=view)).to_be_visible()


def add_field(page: Page) -> Locator:
    return page.get_by_role("main").get_by_label("Add task", exact=True)


def test_today_has_what_is_overdue_then_what_is_due_by_its_time(person: Person) -> None:
    page = person("Ada")
    add(page, "Any time", due={"date": day(0)})
    add(page, "Lunch", due={"date": day(0), "time": "12:00"})
    add(page, "Breakfast", due={"date": day(0), "time": "08:00"})
    add(page, "Urgent", due={"date": day(0)}, priority="high")
    add(page, "Forgotten", due={"date": day(-3)})
    add(page, "Not yet", due={"date": day(1)})
    expect(rows(page)).to_have_count(5)
    assert titles(page, "Overdue") == ["Forgotten"]
    assert titles(page, "Today") == ["Breakfast", "Lunch", "Urgent", "Any time"]


def test_a_row_does_not_say_the_day_that_is_its_heading(person: Person) -> None:
    page = person("Ada")
    call(page, "PATCH", "", {"time_zone": "UTC"})
    add(page, "Any time", due={"date": day(0)})
    add(page, "Lunch", due={"date": day(0), "time": "12:00"})
    add(page, "Breakfast in Tokyo", due={"date": day(1), "time": "08:30", "time_zone": "Asia/Tokyo"})
    add(page, "Forgotten", due={"date": day(-1)})
    add(page, "Weekly", due={"date": day(3)}, recurrence={"rule": "FREQ=WEEKLY"})
    expect(page.locator("li .meta")).to_have_text(["Overdue Yesterday", "12:00", "Tomorrow 8:30 (Tokyo)"])
    kinds = page.get_by_role("list", name="Today").get_by_role("listitem")
    heights = {kinds.nth(at).get_attribute("data-kind"): kinds.nth(at).bounding_box() for at in range(3)}
    assert {kind: box and box["height"] for kind, box in heights.items()} == {"plain": 40, "meta": 56}
    go(page, "Upcoming")
    weekly = row(page.locator(f"section[data-drop-day='{day(3)}']"), "Weekly")
    expect(weekly).to_have_accessible_description("Repeats")


def test_a_time_that_has_passed_is_overdue(person: Person) -> None:
    page = person("Ada", timezone_id="UTC")
    page.clock.install(time=f"{day(0)}T12:00:00Z")
    page.reload()
    add(page, "Breakfast", due={"date": day(0), "time": "08:00"})
    add(page, "Tea in Tokyo", due={"date": day(0), "time": "16:00", "time_zone": "Asia/Tokyo"})
    add(page, "Dinner", due={"date": day(0), "time": "19:00"})
    expect(rows(page)).to_have_count(3)
    assert [row.inner_text().startswith("Overdue") for row in page.locator("main li .due").all()] == [True, True, False]


def test_at_midnight_today_moves_on(person: Person) -> None:
    page = person("Ada", timezone_id="UTC")
    page.clock.install(time=f"{day(0)}T23:58:30Z")
    page.reload()
    add(page, "Tonight", due={"date": day(0)})
    add(page, "In the morning", due={"date": day(1)})
    expect(row(page.get_by_role("list", name="Today"), "Tonight")).to_be_visible()
    expect(rows(page)).to_have_count(1)
    page.clock.run_for("02:00")
    expect(row(page.get_by_role("list", name="Overdue"), "Tonight")).to_be_visible()
    expect(row(page.get_by_role("list", name="Today"), "In the morning")).to_be_visible()
    add_tasks(page, "Typed after midnight")
    expect(row(page.get_by_role("list", name="Today"), "Typed after midnight")).to_be_visible()


def test_one_button_moves_all_that_is_overdue_to_today_and_one_undo_takes_it_back(person: Person) -> None:
    page = person("Ada")
    add(page, "Call", due={"date": day(-1), "time": "07:30"})
    add(page, "Write", due={"date": day(-40)})
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="Move to today").click()
    expect(page.get_by_role("heading", name="Overdue")).to_have_count(0)
    expect(page.get_by_role("list", name="Today")).to_contain_text("7:30")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("list", name="Overdue").get_by_role("checkbox")).to_have_count(2)


def test_a_day_that_is_done_says_so_and_leads_on(person: Person) -> None:
    page = person("Ada")
    expect(page.get_by_text("All done for today.")).to_be_visible()
    page.get_by_role("link", name="See what comes next").click()
    expect(page).to_have_url(re.compile("/upcoming$"))


def test_upcoming_has_fourteen_days_then_months_and_nothing_overdue(person: Person) -> None:
    page = person("Ada")
    add(page, "Late", due={"date": day(-1)})
    add(page, "Soon", due={"date": day(3)})
    add(page, "Far", due={"date": day(80)})
    go(page, "Upcoming")
    expect(rows(page)).to_have_count(2)
    expect(page.locator("[data-drop-day]", has=page.get_by_role("heading"))).to_have_count(14)
    expect(row(page.locator(f"section[data-drop-day='{day(3)}']"), "Soon")).to_be_visible()
    month = datetime.fromisoformat(day(80)).strftime("%B %Y")
    expect(row(section(page, month), "Far")).to_be_visible()


def test_a_time_in_another_zone_is_upcoming_on_the_day_of_its_reader(person: Person) -> None:
    page = person("Ada")
    call(page, "PATCH", "", {"time_zone": "UTC"})
    add(page, "Night flight", due={"date": day(4), "time": "23:30", "time_zone": "America/New_York"})
    go(page, "Upcoming")
    expect(row(page.locator(f"section[data-drop-day='{day(5)}']"), "Night flight")).to_be_visible()


def test_a_list_folds_what_is_complete_at_its_end(person: Person) -> None:
    page = person("Ada")
    home: Any = call(page, "POST", "/lists", {"name": "Home", "uid": "home"})
    task = add(page, "Sweep", list_id=home["id"])
    add(page, "Dust", list_id=home["id"])
    call(page, "PATCH", f"/tasks/{task['id']}/complete")
    page.get_by_role("link", name="Home", exact=True).click()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Show 1 completed").click()
    expect(row(page, "Sweep")).to_be_checked()
    page.get_by_role("button", name="Hide completed").click()
    expect(row(page, "Sweep")).to_have_count(0)


def test_a_task_that_is_added_in_a_list_or_at_a_label_belongs_there(person: Person) -> None:
    page = person("Ada")
    for kind, title in (("list", "Rake"), ("label", "Dig")):
        call(page, "POST", f"/{kind}s", {"name": "garden", "uid": "garden"})
        page.goto(f"/{kind}s/garden")
        expect(page.get_by_role("heading", level=1, name="garden")).to_be_visible()
        add_tasks(page, title)
        expect(rows(page)).to_have_count(1)
    go(page, "Inbox")
    expect(row(page, "Dig")).to_be_visible()
    expect(row(page, "Rake")).to_have_count(0)


def test_a_label_has_its_tasks_from_all_lists(person: Person) -> None:
    page = person("Ada")
    home: Any = call(page, "POST", "/lists", {"name": "Home", "uid": "home"})
    add(page, "Buy soap", list_id=home["id"], labels=["errand"])
    add(page, "Post the letter", labels=["errand"])
    add(page, "Sleep")
    page.get_by_role("button", name="Labels", exact=True).click()
    page.get_by_role("link", name="errand", exact=True).click()
    expect(rows(page)).to_have_count(2)


def test_the_text_of_a_filter_is_changed_in_place_and_its_result_follows(person: Person) -> None:
    page = person("Ada")
    add(page, "Important", priority="high")
    add(page, "Less so", priority="low")
    saved: Any = call(page, "POST", "/filters", {"name": "Ranked", "filter": "p1", "uid": "ranked"})
    page.goto(f"/filters/{saved['uid']}")
    expect(row(page, "Important")).to_be_visible()
    field = page.get_by_role("textbox", name="Filter text")
    field.fill("p1 | p3")
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    eventually(lambda: call(page, "GET", f"/filters/{saved['id']}")["filter"] == "p1 | p3")  # type: ignore[index]
    page.reload()
    expect(field).to_have_value("p1 | p3")
    field.fill("p3")
    field.press("Escape")
    expect(field).to_have_value("p1 | p3")


def test_a_filter_that_makes_no_sense_is_marked_at_its_column_and_not_saved(person: Person) -> None:
    page = person("Ada")
    add(page, "Important", priority="high")
    saved: Any = call(page, "POST", "/filters", {"name": "Ranked", "filter": "p1", "uid": "ranked"})
    page.goto(f"/filters/{saved['uid']}")
    field = page.get_by_role("textbox", name="Filter text")
    field.fill("p1 & nonsense")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Column 6"))
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    field.press("Enter")
    expect(row(page, "Important")).to_be_visible()  # What it found before stays.
    page.get_by_role("button", name="Cancel").click()
    expect(field).to_have_value("p1")


def test_the_search_follows_the_typing_with_open_tasks_first(person: Person) -> None:
    page = person("Ada")
    done = add(page, "Order oat milk")
    call(page, "PATCH", f"/tasks/{done['id']}/complete")
    add(page, "Buy milk")
    add(page, "Buy bread")
    go(page, "Inbox")
    page.get_by_role("link", name="Search").click()
    field = page.get_by_role("searchbox", name="Search")
    field.press_sequentially("mil")
    expect(rows(page)).to_have_count(2)
    assert [box.get_attribute("aria-label") for box in rows(page).all()] == ["Buy milk", "Order oat milk"]
    expect(page).to_have_url(re.compile(r"/search\?q=mil$"))
    field.fill("butter")
    expect(page.get_by_text("No task has these words.")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/inbox$"))


def test_completed_tasks_are_by_day_and_the_view_grows_as_it_is_scrolled(person: Person) -> None:
    page = person("Ada")
    operations: list[object] = []
    for at in range(150):
        operations += [
            {"op": "create", "ref": f"t{at}", "task": {"title": f"Task {at}"}},
            {"op": "complete", "id": {"ref": f"t{at}"}},
        ]
    call(page, "POST", "/batch", {"operations": operations[:200]})
    call(page, "POST", "/batch", {"operations": operations[200:]})
    old = add(page, "Long ago")
    call(page, "PATCH", f"/tasks/{old['id']}/complete", {"completed_at": f"{day(-9)}T12:00:00Z"})
    page.goto("/completed")
    expect(section(page, "Today").get_by_role("checkbox").first).to_be_checked()
    expect(row(page, "Long ago")).to_have_count(0)
    page.wait_for_function("""() => {
      scrollTo(0, document.body.scrollHeight);
      return [...document.querySelectorAll("input")].some((one) => one.ariaLabel === "Long ago");
    }""")
    expect(row(page, "Long ago")).to_be_visible()


def test_the_address_of_a_task_opens_its_list_with_its_details(person: Person) -> None:
    page = person("Ada")
    home: Any = call(page, "POST", "/lists", {"name": "Home", "uid": "home"})
    task = add(page, "Sweep", list_id=home["id"], uid="sweep")
    page.goto(f"/tasks/{task['uid']}")
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    expect(page.get_by_role("complementary", name="Sweep")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/lists/{home['uid']}\?task={task['uid']}$"))


def test_an_address_that_leads_nowhere_says_so_and_offers_a_way(person: Person) -> None:
    page = person("Ada", path="/lists/nothing")
    expect(page.get_by_text("This page does not exist.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Today").click()
    expect(page).to_have_url(re.compile("/today$"))


def test_each_view_names_the_page_and_is_marked_where_people_choose(person: Person) -> None:
    page = person("Ada")
    for view in ("Upcoming", "Inbox", "Completed", "Trash", "Today"):
        go(page, view)
        expect(page).to_have_title(f"{view} · Doable")
        here = page.get_by_role("navigation").locator("[aria-current=page]")
        expect(here).to_have_accessible_name(view)


def test_the_page_is_where_it_was_after_back_and_after_a_reload(person: Person) -> None:
    page = person("Ada", viewport={"width": 1280, "height": 500})
    call(page, "POST", "/batch", {"operations": [{"op": "create", "task": {"title": f"Task {n}"}} for n in range(60)]})
    go(page, "Inbox")
    expect(rows(page)).to_have_count(60)
    page.mouse.move(700, 300)
    page.mouse.wheel(0, 700)
    page.wait_for_function("scrollY === 700")
    where = page.evaluate("scrollY")
    go(page, "Today")
    page.wait_for_function("scrollY === 0")
    page.go_back()
    eventually(lambda: page.evaluate("scrollY") == where, 10)
    page.reload()
    page.wait_for_function(STAYS, arg=where)


def test_a_view_opens_with_the_focus_on_its_tasks_and_not_in_its_field(person: Person) -> None:
    page = person("Ada")
    add(page, "Read")
    go(page, "Inbox")
    expect(row(page, "Read")).to_be_visible()
    page.wait_for_function("document.querySelector('#view').contains(document.activeElement)")
    expect(add_field(page)).not_to_be_focused()


def test_the_views_work_without_a_network(person: Person) -> None:
    page = person("Ada")
    add(page, "Read", due={"date": day(2)})
    go(page, "Upcoming")
    expect(row(page, "Read")).to_be_visible()
    await_installed(page)
    page.context.set_offline(True)
    go(page, "Inbox")
    expect(row(page, "Read")).to_be_visible()
    page.get_by_role("button", name="Add a list").click()
    page.get_by_role("textbox", name="Name").fill("Offline")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1, name="Offline")).to_be_visible()
    add_tasks(page, "Written on a train")
    expect(row(page, "Written on a train")).to_be_visible()
    page.context.set_offline(False)
    other = person("Ada")
    other.get_by_role("link", name="Offline", exact=True).click()
    expect(row(other, "Written on a train")).to_be_visible()
