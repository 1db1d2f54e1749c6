"""A German page says in German what the service says in English."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from browsing import Person, call

# A filter for each reason that the grammar has.
FAULTS = {
    " ": "ein Filter hat mindestens einen Begriff",
    "p1 &": "hier fehlt ein Begriff",
    "(p1) p2": "hier fehlt & oder |",
    "#": "nach # fehlt ein Name",
    "search:": "nach search: fehlen Wörter",
    "due:": "hier fehlt ein Tag",
    "p1 & a\\": "nach \\ fehlt ein Zeichen",
    "nonsense": '"nonsense" ist kein Begriff',
    "due: someday": '"someday" ist kein Tag',
    "due: 2026-02-31": "2026-02-31 steht nicht im Kalender",
    "^x": "Begriffe, die mit ^ beginnen, sind reserviert",
    "p1, p2": "ein Komma ist reserviert; | heißt oder, & heißt und",
    "p1)": "zu dieser ) gehört keine (",
    "(p1": "zu dieser ( gehört keine )",
    '#"a': 'dieses " wird nicht geschlossen',
    "p1" + "&p1" * 100: "ein Filter hat höchstens 100 Begriffe",
    "!" * 40 + "p1": "ein Filter hat höchstens 32 Ebenen aus ( und !",
    "0 days": "die Zahl der Tage liegt zwischen 1 und 9999",
    "due: +99999 weeks": "die Zahl der Wochen ist höchstens 9999",
    "\0": "Der Filter ist zu lang oder enthält ein Zeichen, das der Dienst nicht annimmt.",
}


def german(person: Person, path: str = "/today") -> Page:
    return person("Ada", path, locale="de-DE")


def test_what_is_wrong_with_a_filter(person: Person) -> None:
    page = german(person)
    saved: Any = call(page, "POST", "/filters", {"name": "Wichtig", "filter": "p1", "uid": "wichtig"})
    page.goto(f"/filters/{saved['uid']}")
    field = page.get_by_role("textbox", name="Filtertext")
    for text, said in FAULTS.items():
        field.fill(text)
        expect(field).to_have_accessible_description(re.compile(rf"^(Spalte \d+ des Filters: )?{re.escape(said)}$"))


def test_what_is_wrong_with_a_search(person: Person) -> None:
    page = german(person, "/search?q=%00")
    expect(page.get_by_role("searchbox")).to_have_accessible_description(re.compile("^Die Suche ist zu lang"))


def test_why_the_service_refuses(person: Person) -> None:
    page = german(person)
    task: Any = call(page, "POST", "/tasks", {"title": "Brot kaufen"})
    call(page, "DELETE", f"/tasks/{task['id']}")
    page.goto("/trash")
    restore = page.get_by_role("button", name="Brot kaufen wiederherstellen")
    expect(restore).to_be_visible()
    call(page, "DELETE", f"/trash/task/{task['id']}")
    restore.click()
    expect(page.get_by_text("Die Aufgabe gibt es nicht mehr.").first).to_be_visible()
