"""Descriptions in Markdown: what they show, and what they can't do."""

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Person, call

TASKS = """\
- [ ] buy *oats*
- [x] boil water
- [X] stir

1. [ ] eat

- [ ]
- [y] no box
- a [ ] within

[ ] in no list
"""
LINKS = "https://example.com/a?b=c", "http://example.com/", "mailto:ada@example.com"
HOSTILE = [
    "<script>document.title = 'taken'</script>",
    "<img src=x onerror=\"document.title = 'taken'\">",
    "<iframe src=https://example.com></iframe><svg onload=\"document.title = 'taken'\"></svg>",
    "![picture](https://example.com/picture.png)",
    "![picture](data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=)",
    "<style>* { display: none }</style>",
]
REFUSED = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](//example.com)",
    "[x](/settings/general)",
    "[x](blob:https://example.com/1)",
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "https://example.com/\u202egnp.exe",
    "[x](https://example.com/\u202egnp.exe)",
    "example.com and ada@example.com",
]


@pytest.fixture
def page(person: Person) -> Page:
    return person("Ada", "/inbox")


def described(page: Page, text: str) -> Locator:
    """The rendered description of a new task."""
    task = call(page, "POST", "/tasks", {"title": "Task", "description": text})
    assert isinstance(task, dict)
    page.goto(f"/inbox?task=id:{task['id']}")
    section = page.get_by_role("complementary").get_by_role("region", name="Description")
    section.locator("[dir=auto]").first.wait_for()
    return section.locator("div").first


def test_task_lists_have_boxes_to_read(page: Page) -> None:
    shown = described(page, TASKS)
    boxes = shown.get_by_role("checkbox")
    expect(boxes).to_have_count(4)
    assert [box.is_checked() for box in boxes.all()] == [False, True, True, False]
    for box in boxes.all():
        expect(box).to_be_disabled()
    items = shown.locator("li", has=page.get_by_role("checkbox"))
    expect(items).to_have_text(["buy oats", "boil water", "stir", "eat"])
    expect(items.first).to_have_css("list-style-type", "none")
    for text in ("[ ]", "[y] no box", "a [ ] within"):
        expect(shown.locator("li").get_by_text(text, exact=True)).to_be_visible()
    expect(shown.get_by_text("[ ] in no list")).to_be_visible()


def test_the_usual_marks_become_elements(page: Page) -> None:
    text = "# Plan\n\nA **bold** and *soft* line.\n\n- one\n- two\n\n3. three\n\n> said\n\n```\n<b>\n```\n\n---"
    shown = described(page, text)
    expect(shown.get_by_role("heading", name="Plan", level=3)).to_be_visible()
    expect(shown.locator("strong")).to_have_text("bold")
    expect(shown.locator("em")).to_have_text("soft")
    expect(shown.locator("ul > li")).to_have_text(["one", "two"])
    expect(shown.locator("ol[start='3'] > li")).to_have_text("three")
    expect(shown.locator("blockquote")).to_have_text("said")
    expect(shown.locator("pre code")).to_have_text("<b>\n")
    expect(shown.locator("hr")).to_have_count(1)


def test_links_of_the_web_and_of_mail_open_elsewhere_and_tell_nothing(page: Page) -> None:
    shown = described(page, "\n\n".join((*(f"[link]({one})" for one in LINKS), "see https://example.com/mint now")))
    links = shown.get_by_role("link")
    expect(links).to_have_count(len(LINKS) + 1)
    for link in links.all():
        assert link.get_attribute("target") == "_blank"
        assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert [link.get_attribute("href") for link in links.all()] == [*LINKS, "https://example.com/mint"]


def test_no_other_address_becomes_a_link(page: Page) -> None:
    shown = described(page, "\n\n".join(REFUSED))
    expect(shown).to_contain_text("javascript:alert(1)")
    expect(shown.get_by_role("link")).to_have_count(0)


def test_html_and_pictures_stay_text(page: Page) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    shown = described(page, "\n\n".join(HOSTILE))
    expect(shown).to_contain_text("<script>document.title = 'taken'</script>")
    expect(shown.locator("script, img, iframe, svg, style")).to_have_count(0)
    assert "taken" not in page.title()
    assert not [url for url in requests if "example.com" in url]


def test_each_paragraph_has_its_own_direction(page: Page) -> None:
    shown = described(page, "English\n\n\u05e2\u05d1\u05e8\u05d9\u05ea")
    expect(shown.locator("p").nth(1)).to_have_css("direction", "rtl")
    expect(shown.locator("p").nth(0)).to_have_css("direction", "ltr")


def test_a_title_of_markup_emoji_and_marks_of_direction_is_shown_as_it_is(page: Page) -> None:
    for title in ("<script>document.title = 'taken'</script>", "🎉" * 255, "\u202eelttil a \u2066x"):
        task = call(page, "POST", "/tasks", {"title": title})
        assert isinstance(task, dict)
        page.goto(f"/inbox?task=id:{task['id']}")
        expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value(title)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "taken" not in page.title()
