"""The field that reads a sentence while somebody types it."""

from playwright.sync_api import Locator, Page, expect

from browsing import Person, add_tasks, call, titles_at_service
from processes import eventually

PASTE = """(field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def field_of(page: Page) -> Locator:
    """When the rules are there, which come after the page."""
    field = page.get_by_role("textbox", name="Add task", exact=True)
    field.fill("x p1")
    expect(marks(page)).to_have_count(1)
    field.fill("")
    return field


def marks(page: Page) -> Locator:
    return page.get_by_role("main").locator("mark")


def made(page: Page, title: str) -> dict[str, object]:
    """The task as the service has it."""
    row = page.get_by_role("checkbox", name=title, exact=True)
    expect(row).to_be_visible()
    eventually(lambda: title in titles_at_service(page))
    return next(task for task in call(page, "GET", "/tasks") if task["title"] == title)  # type: ignore[attr-defined]


def test_what_is_understood_is_marked_and_said(person: Person) -> None:
    page = person("Ada", path="/inbox")
    call(page, "POST", "/lists", {"name": "Home"})
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    field = field_of(page)
    field.fill("Pay rent every 1st at 9 #Home @bills p1")
    assert marks(page).all_inner_texts() == ["every 1st", "at 9", "#Home", "@bills", "p1"]
    described = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(described).to_contain_text("Every month on the 1st · #Home · @bills · Priority 1")
    expect(page.locator("[aria-live=polite]")).to_contain_text("Understood: ")
    field.press("Enter")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    page.get_by_role("link", name="Home").click()
    task = made(page, "Pay rent")
    assert (task["priority"], task["labels"]) == ("high", ["bills"])
    assert task["recurrence"]["rule"] == "FREQ=MONTHLY;BYMONTHDAY=1"  # type: ignore[index]


def test_a_click_on_a_mark_makes_it_plain_text(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = field_of(page)
    field.fill("Read next friday p2")
    assert marks(page).all_inner_texts() == ["next friday", "p2"]
    box = marks(page).first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(marks(page)).to_have_text(["p2"])
    field.press("Enter")
    task = made(page, "Read next friday")
    assert (task.get("due"), task["priority"]) == (None, "medium")


def test_backspace_after_a_mark_keeps_the_word_until_it_is_edited(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = field_of(page)
    field.fill("Read tomorrow")
    field.press("Backspace")
    expect(field).to_have_value("Read tomorrow")
    expect(marks(page)).to_have_count(0)
    field.press("Home")
    field.press_sequentially("p1 ")  # What is written elsewhere leaves it plain.
    assert marks(page).all_inner_texts() == ["p1"]
    field.press("End")
    field.press("Backspace")
    field.press_sequentially("w")
    assert marks(page).all_inner_texts() == ["p1", "tomorrow"]


def test_lists_and_labels_are_offered_and_taken_by_keys(person: Person) -> None:
    page = person("Ada", path="/inbox")
    for name in ("Garden", "My list", "Guests"):
        call(page, "POST", "/lists", {"name": name})
    expect(page.get_by_role("link", name="Guests")).to_be_visible()
    field = field_of(page)
    options = page.get_by_role("option")

    field.press_sequentially("Water #g")
    expect(options).to_have_text(["Garden", "Guests"])
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    field.press("Tab")
    expect(field).to_have_value("Water #Guests ")
    expect(options).to_have_count(0)

    field.fill("Water #li")
    field.press("Enter")
    expect(field).to_have_value('Water #"My list" ')
    assert marks(page).all_inner_texts() == ['#"My list"']

    field.fill("Water #g")
    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_be_focused()


def test_a_name_that_is_whole_is_added_by_one_enter(person: Person) -> None:
    page = person("Ada", path="/inbox")
    for name in ("Home", "Homework"):
        call(page, "POST", "/lists", {"name": name})
    expect(page.get_by_role("link", name="Homework")).to_be_visible()
    field_of(page)
    add_tasks(page, "Sweep #Home", "Keep the word #Unknown")
    expect(page.get_by_role("checkbox", name="Keep the word #Unknown", exact=True)).to_be_visible()
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("checkbox", name="Sweep", exact=True)).to_be_visible()


def test_a_list_that_does_not_exist_is_named_until_it_is_made(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = field_of(page)
    field.fill("Answer issue #12 ")
    expect(page.get_by_text("There is no list")).to_have_count(0)
    field.fill('Sow #"Back garden" tomorrow')
    expect(page.get_by_text("There is no list “Back garden”.")).to_be_visible()
    page.get_by_role("button", name="Create it").click()
    expect(page.get_by_text("There is no list")).to_have_count(0)
    assert marks(page).all_inner_texts() == ['#"Back garden"', "tomorrow"]
    field.press("Enter")
    expect(page.get_by_role("checkbox", name="Sow", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Back garden", exact=True).click()
    expect(page.get_by_role("checkbox", name="Sow", exact=True)).to_be_visible()


def test_a_list_that_is_missing_can_be_made(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = field_of(page)
    field.press_sequentially("Sow #Garden")
    page.get_by_role("option", name="Create the list “Garden”").click()
    assert marks(page).all_inner_texts() == ["#Garden"]
    field.press("Enter")
    page.get_by_role("link", name="Garden").click()
    expect(page.get_by_role("checkbox", name="Sow", exact=True)).to_be_visible()


def test_pasted_lines_become_tasks_that_one_undo_takes_back(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = field_of(page)
    field.evaluate(PASTE, "- Milk p1\n\n2. Bread\n[ ] " + "very " * 60 + "long")
    page.get_by_role("button", name="Add 3 tasks").click()
    rows = page.get_by_role("main").get_by_role("checkbox")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("checkbox", name="Milk", exact=True)).to_be_visible()
    long = made(page, ("very " * 60)[:254].strip())
    assert str(long["description"]).endswith("very long")
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(0)
    field.evaluate(PASTE, "Milk\nBread")
    page.get_by_role("button", name="Keep as one line").click()
    expect(field).to_have_value("Milk Bread")


def test_a_text_that_is_too_long_stays_and_says_so(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = field_of(page)
    field.fill("x" * 300)
    expect(page.get_by_role("alert")).to_contain_text("too long for a title")
    field.press("Enter")
    expect(field).to_have_value("x" * 300)


def test_what_the_view_says_counts_where_the_sentence_says_nothing(person: Person) -> None:
    page = person("Ada", path="/today")
    field_of(page)
    add_tasks(page, "Stretch", "Sleep tomorrow")
    assert made(page, "Stretch").get("due")
    expect(page.get_by_role("checkbox", name="Sleep", exact=True)).to_have_count(0)


def test_q_begins_and_escape_leaves(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = field_of(page)
    page.get_by_role("link", name="Inbox").focus()
    page.keyboard.press("q")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    field.press("Escape")
    expect(field).not_to_be_focused()


def test_on_a_phone_a_round_button_opens_the_field(person: Person) -> None:
    page = person("Ada", path="/inbox", viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("button", name="Add", exact=True).click()
    field = page.get_by_role("textbox", name="Add task", exact=True)
    expect(field).to_be_focused()
    add_tasks(page, "Buy soap", "Buy tea")
    field.press("Escape")
    expect(field).to_have_count(0)
    for title in ("Buy soap", "Buy tea"):
        expect(page.get_by_role("checkbox", name=title, exact=True)).to_be_visible()


def test_the_german_page_says_that_it_reads_english(person: Person) -> None:
    page = person("Ada", path="/inbox", locale="de-DE")
    field = page.get_by_role("textbox", name="Aufgabe hinzufügen", exact=True)
    field.click()
    expect(page.get_by_text("Versteht Englisch")).to_be_visible()
