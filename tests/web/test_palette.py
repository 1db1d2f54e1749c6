"""The command palette, the search, and the keys."""

from playwright.sync_api import Locator, Page, expect

from browsing import Person, add_tasks, call

KEY = """({ key, code, altGraph = false, composing = false, ...others }) => {
    const event = new KeyboardEvent("keydown", {
        key, code, bubbles: true, cancelable: true, isComposing: composing, modifierAltGraph: altGraph, ...others,
    });
    document.activeElement.dispatchEvent(event);
}"""


def palette_of(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search tasks, or type a command")


def press(page: Page, key: str, code: str, **others: object) -> None:
    """A key of another layout of the keyboard."""
    page.evaluate(KEY, {"key": key, "code": code, **others})


def test_the_palette_finds_commands_views_lists_and_tasks(person: Person) -> None:
    page = person("Ada", path="/inbox")
    call(page, "POST", "/lists", {"name": "Plans"})
    expect(page.get_by_role("link", name="Plans")).to_be_visible()
    add_tasks(page, "Plant a tree")
    expect(page.get_by_role("checkbox", name="Plant a tree", exact=True)).to_be_visible()
    options = page.get_by_role("option")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Show keyboard shortcuts")).to_contain_text("?")
    page.keyboard.type("plan")
    expect(options.filter(has_text="Plans")).to_be_visible()
    expect(options.filter(has_text="Plant a tree")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Plans")).to_be_visible()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Recent").get_by_role("option")).to_have_text(["Plans"])
    page.keyboard.type("upcoming")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/upcoming")


def test_it_gives_the_focus_back_before_a_command_runs(person: Person) -> None:
    page = person("Ada", path="/inbox")
    link = page.get_by_role("link", name="Trash")
    link.focus()
    page.keyboard.press("Control+k")
    expect(palette_of(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(palette_of(page)).to_have_count(0)
    expect(link).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("add task")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Add task", exact=True)).to_be_focused()


def test_a_slash_searches_tasks_only(person: Person) -> None:
    page = person("Ada", path="/inbox")
    add_tasks(page, "Write to Zoë", "Empty the inbox")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.get_by_role("link", name="Trash").focus()
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search tasks", exact=True)
    expect(field).to_have_value("")
    field.fill("ZOE")
    options = page.get_by_role("option")
    expect(options).to_have_text(["Write to Zoë", "Show all tasks with “ZOE”"])
    field.fill("inbox")
    expect(options).to_have_text(["Empty the inbox", "Show all tasks with “inbox”"])
    field.press("ArrowUp")
    field.press("Enter")
    expect(page).to_have_url("/search?q=inbox")


def test_the_palette_finds_one_task_in_thousands(person: Person) -> None:
    page = person("Ada", path="/today")
    for start in range(0, 3000, 500):
        operations = [
            {"op": "create", "type": "task", "task": {"title": f"Task {number} of many"}}
            for number in range(start, start + 500)
        ]
        call(page, "POST", "/batch", {"operations": operations})
    inbox = page.get_by_role("navigation").get_by_role("link", name="Inbox", exact=True)
    expect(inbox).to_have_accessible_description("3000 open tasks", timeout=60_000)
    page.keyboard.press("Control+k")
    page.keyboard.type("task 2999")
    expect(page.get_by_role("option").first).to_have_text("Task 2999 of many")
    palette_of(page).fill("many")
    expect(page.get_by_role("option")).to_have_count(21)


def test_the_shortcuts_are_those_that_work_here(person: Person) -> None:
    page = person("Ada", path="/inbox")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    row = dialog.get_by_role("term").filter(has_text="Upcoming")
    expect(row.locator("xpath=..")).to_contain_text("G")
    page.keyboard.press("g")
    page.keyboard.press("u")  # The dialog is open, and has no such keys.
    expect(page).to_have_url("/inbox")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page).to_have_url("/upcoming")


def test_single_keys_can_be_switched_off(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = page.get_by_role("textbox", name="Add task", exact=True)
    page.keyboard.press("?")
    page.get_by_role("switch", name="Shortcuts of one key").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    expect(field).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(palette_of(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("navigation").first.wait_for()
    page.keyboard.press("q")
    expect(field).not_to_be_focused()


def test_keys_work_on_other_layouts_and_leave_input_methods_alone(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = page.get_by_role("textbox", name="Add task", exact=True)

    def is_begun() -> bool:
        begun = field.evaluate("field => field === document.activeElement")
        page.evaluate("document.activeElement.blur()")
        return bool(begun)

    press(page, "й", "KeyQ")
    assert is_begun()
    press(page, "€", "KeyQ", altGraph=True, ctrlKey=True, altKey=True)
    assert not is_begun()
    press(page, "q", "KeyQ", composing=True)
    assert not is_begun()
    press(page, "q", "KeyQ", ctrlKey=True)
    assert not is_begun()
    press(page, "/", "Digit7", altGraph=True, ctrlKey=True, altKey=True)
    expect(page.get_by_role("combobox", name="Search tasks", exact=True)).to_be_focused()


def test_buttons_name_their_keys(person: Person) -> None:
    page = person("Ada", path="/inbox", viewport={"width": 1200, "height": 700})
    search = page.get_by_role("link", name="Search", exact=True)
    expect(search).to_have_attribute("title", "Search tasks (/)")
    expect(search).to_have_attribute("aria-keyshortcuts", "/")


def test_letters_in_a_field_and_in_a_menu_are_letters(person: Person) -> None:
    page = person("Ada", path="/inbox")
    field = page.get_by_role("textbox", name="Add task", exact=True)
    field.press_sequentially("qgt?/")
    expect(field).to_have_value("qgt?/")
    expect(page).to_have_url("/inbox")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").wait_for()
    page.keyboard.press("q")
    expect(field).not_to_be_focused()
