"""Where things stand on a page, and that they can be seen there."""

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Person, call


def edges(locator: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    box = locator.bounding_box()
    assert box
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def words_of(page: Page, selector: str) -> tuple[float, float]:
    """Where the words of an element begin and end: the element can be wider."""
    script = """(selector) => {
        const range = document.createRange();
        range.selectNodeContents(document.querySelector(selector));
        const { left, right } = range.getBoundingClientRect();
        return [left, right];
    }"""
    left, right = page.evaluate(script, selector)
    return left, right


def test_a_task_is_right_below_the_field_that_added_it(person: Person) -> None:
    page = person("Ada", "/inbox")
    call(page, "POST", "/tasks", {"title": "Water"})
    field = page.get_by_role("textbox", name="Add task", exact=True)
    row = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name="Water", exact=True))
    expect(row).to_be_visible()
    before = edges(row)[1]
    assert before - edges(field)[3] <= 24
    field.fill("Pay rent every 1st p1")
    expect(page.get_by_text("Every month on the 1st")).to_be_visible()
    assert edges(row)[1] == before


def test_names_stand_at_the_start_of_a_page_from_right_to_left(person: Person) -> None:
    page = person("Ada", viewport={"width": 1280, "height": 800})
    call(page, "POST", "/lists", {"name": "Home"})
    page.evaluate("localStorage.setItem('doable.language', 'en-XR')")
    page.reload()
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()
    assert words_of(page, "h1")[1] == pytest.approx(edges(page.locator("h1"))[2], abs=2)
    name = "[data-drop-list]:not([data-drop-list='inbox']) .name"
    assert words_of(page, name)[1] == pytest.approx(edges(page.locator(name))[2], abs=2)


def test_a_long_name_takes_two_lines_of_the_sidebar(person: Person) -> None:
    page = person("Ada", viewport={"width": 1280, "height": 800})
    for name in ("Home", "A place for all that nobody knows where to put or whom to give " * 3):
        call(page, "POST", "/lists", {"name": name})
    short, long = (page.get_by_role("navigation").get_by_role("link", name=name) for name in ("Home", "A place"))
    expect(long).to_be_visible()
    expect(short).to_be_visible()
    (_, top, _, bottom), (_, above, _, below) = edges(long), edges(short)
    assert bottom - top < 2 * (below - above)


@pytest.mark.parametrize("colour", ["#1d2125", "#2a5db8", "#855200", "#0f766e"])
def test_a_dark_colour_can_be_seen_in_the_dark_theme(person: Person, colour: str) -> None:
    page = person("Ada", color_scheme="dark", viewport={"width": 1280, "height": 800})
    made = call(page, "POST", "/lists", {"name": "Home", "color": colour})
    assert isinstance(made, dict)
    page.goto(f"/lists/{made['id']}")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    # A canvas turns every notation of a colour into bytes.
    script = """() => {
        const context = document.createElement("canvas").getContext("2d");
        const light = (colour) => {
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
            const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
                .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const of = (selector) => light(getComputedStyle(document.querySelector(selector)).backgroundColor);
        return (of("main header > span") + 0.05) / (of("body") + 0.05);
    }"""
    assert page.evaluate(script) >= 3
