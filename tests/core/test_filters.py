"""The language of filters: what a text means, where it is wrong, and how it is written."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doable.core.filters import find_names, parse, rename
from doable.errors import ColumnFault, Invalid
from doable.filter_tree import (
    And,
    Clock,
    HasLabel,
    HasLabelFrom,
    InList,
    Is,
    Names,
    Node,
    Not,
    Offset,
    On,
    Or,
    Priority,
    Search,
    Within,
    resolve,
)
from doable.schedule import Due
from doable.text import folded
from doable.viewer import Viewer
from filter_oracle import Record, select
from filter_trees import days, trees
from vector_files import hold

PAGE = Path(__file__).parents[2] / "docs/filters.md"
TODAY, OVERDUE = On("due", "on", "today"), Is("overdue")

# text, canonical, tree
MEANINGS: list[tuple[str, str, Node]] = [
    ("today", "today", TODAY),
    (" ToDay\t", "today", TODAY),
    ("due: today", "today", TODAY),
    ("due on:today", "today", TODAY),
    ("start: today", "start: today", On("start", "on", "today")),
    ("due before: today", "due before: today", On("due", "before", "today")),
    ("Completed  After : -2 Weeks", "completed after: -2 weeks", On("completed", "after", Offset(-2, "weeks"))),
    ("updated: +1 months", "updated: +1 month", On("updated", "on", Offset(1, "months"))),
    ("due: +0 day", "due: +0 days", On("due", "on", Offset(0, "days"))),
    ("created on: 2026-02-28", "created: 2026-02-28", On("created", "on", date(2026, 2, 28))),
    ("due: SUNDAY", "due: sunday", On("due", "on", "sunday")),
    ("1 days", "1 day", Within(1)),
    ("007 days", "7 days", Within(7)),
    ("P1", "p1", Priority("high")),
    ("p2", "p2", Priority("medium")),
    ("p3", "p3", Priority("low")),
    ("NO  labels", "no labels", Is("no labels")),
    ("#Home", "#Home", InList("Home")),
    ('#"Home"', "#Home", InList("Home")),
    ('#" Home \\& \\"garden\\" "', '#"Home & \\"garden\\""', InList('Home & "garden"')),
    (r"#a\|b\\c", r'#"a|b\\c"', InList("a|b\\c")),
    (r"#my\ list", '#"my list"', InList("my list")),
    (r'#\"x\"', r'#"\"x\""', InList('"x"')),
    ("#a*", "#a*", InList("a*")),
    ("#p1&@#x", "#p1 & @#x", And((InList("p1"), HasLabel("#x")))),
    ("@über", "@über", HasLabel("über")),
    (r"@a\*", '@"a*"', HasLabel("a*")),
    ('@"a*"', '@"a*"', HasLabel("a*")),
    ("@a*b", "@a*b", HasLabel("a*b")),
    ("@a*", "@a*", HasLabelFrom("a")),
    (r"@a\ \*\\*", r"@a\ *\\*", HasLabelFrom("a *\\")),
    ("@*", "@*", HasLabelFrom("")),
    ("search:milk", "search: milk", Search("milk")),
    ("SEARCH :  Oat \n milk ", "search: Oat milk", Search("Oat milk")),
    (r"search: a\, b\&c \\ ", r"search: a\, b\&c \\", Search("a, b&c \\")),
    (r"search: a\ ", "search: a", Search("a")),
    ('search: "x #y', 'search: "x #y', Search('"x #y')),
    ("!today", "!today", Not(TODAY)),
    ("! ! (today)", "!!today", Not(Not(TODAY))),
    ("!(today|p1)", "!(today | p1)", Not(Or((TODAY, Priority("high"))))),
    ("!today & overdue", "!today & overdue", And((Not(TODAY), OVERDUE))),
    ("today|p1&overdue", "today | p1 & overdue", Or((TODAY, And((Priority("high"), OVERDUE))))),
    ("(today|p1)&overdue", "(today | p1) & overdue", And((Or((TODAY, Priority("high"))), OVERDUE))),
    ("today|(p1|(overdue))", "today | p1 | overdue", Or((TODAY, Priority("high"), OVERDUE))),
    ("(today&p1)&overdue", "today & p1 & overdue", And((TODAY, Priority("high"), OVERDUE))),
    ("today&(p1|(p2&(p3|all)))", "today & (p1 | p2 & (p3 | all))",
     And((TODAY, Or((Priority("high"), And((Priority("medium"), Or((Priority("low"), Is("all")))))))))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "canonical", "tree"), MEANINGS, ids=[text for text, _, _ in MEANINGS])
def test_a_text_has_one_meaning_and_one_canonical_form(text: str, canonical: str, tree: Node) -> None:
    filter = parse(text)
    assert filter.tree == tree
    assert filter.canonical == canonical
    assert parse(canonical) == filter._replace(text=canonical, names=parse(canonical).names)


WRONG: list[tuple[str, int, str]] = [
    ("", 1, "a filter has at least one term"),
    (" \t ", 4, "a filter has at least one term"),
    ("today |", 8, "a term is missing here"),
    ("today || p1", 8, "a term is missing here"),
    ("& today", 1, "a term is missing here"),
    ("()", 2, "a term is missing here"),
    ("!", 2, "a term is missing here"),
    ("#a @b", 4, "& or | is missing here"),
    ("today (p1)", 7, "& or | is missing here"),
    ("(#a #b)", 5, "& or | is missing here"),
    ('#"a"b', 5, "& or | is missing here"),
    ("wow!", 1, '"wow" is not a term'),
    ("𝄞 & Foo  bar", 1, '"𝄞" is not a term'),
    ("𝄞 & Foo  bar", 5, '"foo bar" is not a term'),
    ("no day", 1, '"no day" is not a term'),
    (r"to\day", 1, '"to\\day" is not a term'),
    ("x" * 50, 1, f'"{"x" * 39}…" is not a term'),
    ("(today", 1, "this ( has no )"),
    ("p1 & (p2 | (p3)", 6, "this ( has no )"),
    ("today)", 6, "this ) has no ("),
    ("p1, p2", 3, "a comma is reserved; write | for or, & for and"),
    (", p2", 1, "a comma is reserved; write | for or, & for and"),
    ("#a,b", 3, "a comma is reserved; write | for or, & for and"),
    ("search: a, b", 10, "a comma is reserved; write | for or, & for and"),
    ("p1 & /x", 6, "terms that begin with / are reserved"),
    ("+3 days", 1, "terms that begin with + are reserved"),
    ("^x", 1, "terms that begin with ^ are reserved"),
    ("~x", 1, "terms that begin with ~ are reserved"),
    ("#", 1, "a name is missing after #"),
    ('p1 | @" "', 6, "a name is missing after @"),
    ("# home", 1, "a name is missing after #"),
    ('#"home', 2, 'this " is not closed'),
    (r'#"home\"', 2, 'this " is not closed'),
    ("search: ", 1, "words are missing after search:"),
    ("search:\u200b", 1, "words are missing after search:"),
    ("\\", 1, "a character is missing after \\"),
    ("#home\\", 6, "a character is missing after \\"),
    ("0 days", 1, "the number of days must be from 1 to 9999"),
    ("10000 days", 1, "the number of days must be from 1 to 9999"),
    ("due:", 5, "a day is missing here"),
    ("due before:  foo", 14, '"foo" is not a day'),
    ("due: 3 days", 6, '"3 days" is not a day'),
    ("due: +3 years", 6, '"+3 years" is not a day'),
    ("due: -10000 weeks", 6, "the number of weeks must be 9999 or less"),
    ("due: 2026-02-30", 6, "2026-02-30 is not in the calendar"),
    ("due: 0000-01-01", 6, "0000-01-01 is not in the calendar"),
    ("(" * 33, 33, "a filter has at most 32 levels of ( and !"),
    ("!(" * 16 + "!p1" + ")" * 16, 33, "a filter has at most 32 levels of ( and !"),
    ("p1|" * 100 + "p1", 301, "a filter has at most 100 terms"),
]


@pytest.mark.parametrize(("text", "column", "message"), WRONG)
def test_a_wrong_text_says_where(text: str, column: int, message: str) -> None:
    sentence = f"Column {column} of the filter: {message}"
    assert ColumnFault("filter", "invalid_filter", sentence, column) in faults(lambda: parse(text))


def test_every_wrong_term_is_named() -> None:
    found = faults(lambda: parse("foo | bar & (baz |"))
    assert [fault.column for fault in found] == [1, 7, 14, 19]


def test_texts_that_can_not_be_filters() -> None:
    assert faults(lambda: parse("x" * 1001))[0].code == "too_long"
    with pytest.raises(Invalid, match="must not contain the NUL character"):
        parse("search: \0")


NASTY = [
    "(",
    "!",
    "#",
    "@",
    '"',
    "\\",
    "@\\*",
    '#"\\"',
    " ",
    "p1|",
    "foo|",
    "@a*&",
    "due:+1 day&",
    "(p1|",
    "search:a ",
    "9",
    "due\t",
]


@pytest.mark.parametrize("piece", NASTY)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (1000 // len(piece))

    def seconds() -> float:
        started = time.thread_time()
        with suppress(Invalid):
            parse(text)
        return time.thread_time() - started

    # Python may collect its garbage meanwhile, and that of all other tests.
    assert min(seconds() for _ in range(3)) < 0.05


def test_the_limits_can_be_reached() -> None:
    assert parse("|".join(["p1"] * 100)).canonical == " | ".join(["p1"] * 100)
    assert parse("!(" * 16 + "p1" + ")" * 16)
    assert parse("(((p1)))|" * 30 + "(p1)").canonical == " | ".join(["p1"] * 31)


def faults(attempt: Callable[[], object]) -> list[ColumnFault]:
    with pytest.raises(Invalid) as refused:
        attempt()
    assert all(isinstance(fault, ColumnFault) for fault in refused.value.faults)
    return [fault for fault in refused.value.faults if isinstance(fault, ColumnFault)]


PIECES = ["today", "no date", "7 days", "due before:", "+1 month", "2026-12-01", "search:", "#", "@", "a*", '"', "\\"]
PIECES += ["|", "&", "!", "(", ")", ",", " ", "p1", "é", "ß", "𝄞", "\u2003", "x"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_columns(text: str) -> None:
    try:
        filter = parse(text)
    except Invalid as refused:
        assert all(1 <= getattr(fault, "column", 1) <= len(text) + 1 for fault in refused.faults)  # noqa: PT017
    else:
        assert parse(filter.canonical).tree == filter.tree
        assert parse(filter.canonical).canonical == filter.canonical


NAMES = st.text(st.sampled_from('aÄß |&!(),\\"*#@\u2003'), min_size=1, max_size=8).map(str.strip).filter(bool)
TREES = trees(days(st.dates(), 9999), NAMES, NAMES, NAMES.map(lambda words: " ".join(words.split())))


@given(TREES)
def test_every_tree_can_be_written_and_read(tree: Node) -> None:
    text = parse("all")._replace(tree=tree).canonical
    assert parse(text).tree == tree


def test_a_canonical_form_that_would_be_too_long_is_the_text() -> None:
    text = "|".join(["@" + "x" * 18] * 50)
    assert len(text) < 1000
    assert parse(text).canonical == text


@pytest.mark.parametrize(
    ("text", "clock", "decides"),
    [
        ("p1 & #Home", Clock.NONE, False),
        ("no date | !no time", Clock.NONE, False),
        ("!(p1 | 7 days)", Clock.DAY, False),
        ("created: 2026-12-01", Clock.DAY, False),  # the zone decides on the day
        ("completed: today", Clock.DAY, True),
        ("today | !overdue", Clock.TIME, False),
        ("p1 & (p2 | !complete)", Clock.NONE, True),
        ("incomplete", Clock.NONE, True),
        ("all", Clock.NONE, True),
    ],
)
def test_what_a_filter_depends_on(text: str, clock: Clock, *, decides: bool) -> None:
    assert (parse(text).clock, parse(text).decides_status) == (clock, decides)


LISTS = [(1, "Home", False), (2, "HOME", False), (3, "Work", True), (4, "Straße", True)]
LABELS = ["Urgent", "errand", "Err", "Caf\u00e9"]


def test_names_are_found_ignoring_case() -> None:
    filter = parse('#home | #STRASSE | @"CAFE\u0301" & @er* & @x* & @urgent')
    assert find_names(filter, LISTS, LABELS) == Names(
        lists={"home": [1, 2], "STRASSE": [4]},
        labels={"CAFE\u0301": "Café", "urgent": "Urgent"},
        beginnings={"er": ["errand", "Err"], "x": []},
        hidden=[3],
    )


def test_unknown_names_have_columns() -> None:
    found = faults(lambda: find_names(parse("#home & (#House | !@urgen)"), LISTS, LABELS))
    assert found == [
        ColumnFault("filter", "list_not_found", 'Column 10 of the filter: no list "House"', 10),
        ColumnFault("filter", "label_not_found", 'Column 20 of the filter: no label "urgen"', 20),
    ]


@pytest.mark.parametrize(
    ("text", "mark", "old", "new", "renamed"),
    [
        ("P1|( #HOME &@home )", "#", "home", "My house", 'P1|( #"My house" &@home )'),
        ("P1|( #HOME &@home )", "@", "Home", "x*", 'P1|( #HOME &@"x*" )'),
        (r'#"a b"|#a\ b|@a*', "#", "a b", "ab", "#ab|#ab|@a*"),
        ("#a & @b*", "@", "b", "c", "#a & @b*"),
        ("#a", "#", "b", "c", "#a"),
    ],
)
def test_renaming_changes_only_the_name(text: str, mark: str, old: str, new: str, renamed: str) -> None:
    assert rename(text, mark, old, new) == renamed


@given(TREES, NAMES)
def test_after_a_rename_the_filter_means_the_new_name(tree: Node, new: str) -> None:
    text = parse("all")._replace(tree=tree).canonical
    for name in parse(text).names:
        after = parse(rename(text, name.mark, name.name, new))
        before = parse(text)
        assert [one.name for one in after.names] == [
            new if (one.mark, folded(one.name)) == (name.mark, folded(name.name)) else one.name for one in before.names
        ]


# today, what the viewer writes, the day
RESOLVED = [
    ("2026-11-27", "today", "2026-11-27"),
    ("2026-12-31", "tomorrow", "2027-01-01"),
    ("2028-03-01", "yesterday", "2028-02-29"),
    ("2026-11-27", "friday", "2026-12-04"),  # a Friday
    ("2026-11-27", "saturday", "2026-11-28"),
    ("2026-11-27", "thursday", "2026-12-03"),
    ("2026-01-31", "+1 month", "2026-02-28"),
    ("2027-12-31", "+2 months", "2028-02-29"),
    ("2026-03-31", "-1 month", "2026-02-28"),
    ("2026-11-27", "-2 weeks", "2026-11-13"),
    ("2026-11-27", "+3 days", "2026-11-30"),
    ("2026-11-27", "0001-01-01", "0001-01-01"),
    ("9999-12-30", "+1 month", "9999-12-31"),
    ("9999-12-31", "tomorrow", "9999-12-31"),
    ("9999-12-31", "monday", "9999-12-31"),
    ("0001-01-01", "yesterday", "0001-01-01"),
    ("0001-01-01", "-9999 weeks", "0001-01-01"),
]


@pytest.mark.parametrize(("today", "day", "expected"), RESOLVED)
def test_days(today: str, day: str, expected: str) -> None:
    tree = parse(f"start: {day}").tree
    assert isinstance(tree, On)
    assert resolve(tree.day, date.fromisoformat(today)) == date.fromisoformat(expected)


@given(st.dates(date(1, 2, 1), date(9999, 11, 30)))
def test_a_weekday_is_one_of_the_next_seven_days(today: date) -> None:
    found = [
        resolve(day, today) for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    ]
    assert sorted(found) == [today + timedelta(ahead) for ahead in range(1, 8)]
    assert [day.weekday() for day in found] == list(range(7))


ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Niue")  # UTC+1, UTC+14, UTC-11 in winter
NOW = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)  # a Friday; the 28th in Kiritimati
TASKS = [
    Record(1, "Plain"),
    Record(2, "Milk", due=Due(date(2026, 11, 27)), list_name="Home", labels=["errand", "Café"], priority="high"),
    Record(3, "Oat milk", due=Due(date(2026, 11, 27), "17:00"), labels=["Errand run"], priority="medium"),
    Record(4, "Later", due=Due(date(2026, 11, 27), "18:00"), start=Due(date(2026, 11, 20))),
    Record(5, "A call", due=Due(date(2026, 11, 27), "11:15", "America/New_York"), description="Größe fragen"),
    Record(6, "Another", due=Due(date(2026, 11, 28), "00:15", "Europe/Berlin"), is_recurring=True),
    Record(7, "Before", due=Due(date(2026, 11, 26)), parent=1, priority="low"),
    Record(8, "Done", due=Due(date(2026, 11, 26)), completed=datetime(2026, 11, 27, 23, 30, tzinfo=UTC)),
    Record(9, "Next", due=Due(date(2026, 12, 3)), created=datetime(2026, 11, 27, 8, tzinfo=UTC), list_name="HOME"),
    Record(10, "After a week", due=Due(date(2026, 12, 4)), updated=datetime(2026, 11, 27, 23, 30, tzinfo=UTC)),
    Record(11, "Old milk", list_name="Archive", is_archived=True, labels=["errand"], due=Due(date(2026, 11, 27))),
    Record(12, "牛乳を買う", start=Due(date(2026, 11, 28), "09:00", "Asia/Tokyo")),
]
# The ids, as seen from Berlin at 17:30 on Friday the 27th.
FOUND: list[tuple[str, list[int]]] = [
    ("today", [2, 3, 4, 5]),
    ("tomorrow", [6]),
    ("yesterday", [7]),
    ("yesterday & all", [7, 8]),
    ("overdue", [3, 5, 7]),
    ("!overdue", [1, 2, 4, 6, 9, 10, 12]),
    ("1 day", [2, 3, 4, 5]),
    ("7 days", [2, 3, 4, 5, 6, 9]),
    ("8 days", [2, 3, 4, 5, 6, 9, 10]),
    ("no date", [1, 12]),
    ("!no date", [2, 3, 4, 5, 6, 7, 9, 10]),
    ("no time", [2, 7, 9, 10]),
    ("!today", [1, 6, 7, 9, 10, 12]),
    ("recurring | subtask", [6, 7]),
    ("no labels & no priority & no list & no date", [1, 12]),
    ("complete", [8]),
    ("incomplete & yesterday", [7]),
    ("all & !incomplete", [8]),
    ("p1 | p2", [2, 3]),
    ("!(p1 | p2 | p3)", [1, 4, 5, 6, 9, 10, 12]),
    ("#home", [2, 9]),
    ('#"HOME" & today', [2]),
    ("!#home & today", [3, 4, 5]),
    ("#archive", [11]),
    ("#archive | p1", [2, 11]),
    ("!#archive & today", [2, 3, 4, 5]),
    ("@errand", [2]),
    ("@ERRAND* & !@errand", [3]),
    ('@"errand run" | @café', [2, 3]),
    ("@x*", []),
    ("@*", [2, 3]),
    ("due before: today", [7]),
    ("due before: +1 day", [2, 3, 4, 5, 7]),
    ("due after: saturday", [9, 10]),
    ("due on: friday", [10]),
    ("due: +1 week", [10]),
    ("due after: 2026-11-26 & due before: 2026-11-28", [2, 3, 4, 5]),
    ("start: -1 week | start: tomorrow", [4, 12]),
    ("created: today", [9]),
    ("!created: today & p1", [2]),
    ("created before: -1 week & p1", [2]),
    ("updated: tomorrow", [10]),
    ("completed: tomorrow", [8]),
    ("!completed: tomorrow & p1", [2]),
    ("search: milk", [2, 3]),
    ("search: MIL", [2, 3]),
    ("search: mi", [2, 3]),  # no word: a part of words
    ("search: milk oat", [3]),
    ("search: oa milk", [3]),
    ("search: cafe", [2]),
    ("search: grosse frag", [5]),
    ("search: 牛乳を", [12]),
    ("search: 買", [12]),
    ("search: ++", []),
    ("search: a | search: bef", [5, 7, 10]),
    ("p1 | p2 & overdue", [2, 3]),
    ("(p1 | p2) & overdue", [3]),
]


def test_every_example_of_the_documents_is_a_filter() -> None:
    examples = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE)
    assert len(examples) > 50
    for text in examples:
        assert parse(text.replace("\\|", "|")).tree


@pytest.mark.parametrize(("text", "ids"), FOUND, ids=[text for text, _ in FOUND])
def test_what_a_filter_finds(text: str, ids: list[int]) -> None:
    assert select(parse(text).tree, TASKS, Viewer(NOW, "Europe/Berlin")) == ids


def test_an_overdue_time_is_the_viewers() -> None:
    tree = parse("overdue").tree
    assert select(tree, TASKS, Viewer(NOW, "Pacific/Kiritimati")) == [2, 3, 4, 5, 7]
    assert select(tree, TASKS, Viewer(NOW, "Pacific/Niue")) == [5, 7]
    at_five = datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert select(tree, TASKS, Viewer(at_five, "Europe/Berlin")) == [7]
    assert select(tree, TASKS, Viewer(at_five + timedelta(microseconds=1), "Europe/Berlin")) == [3, 7]


def test_the_vectors_hold() -> None:
    filters = [parse(text) for text, _, _ in MEANINGS] + [parse(text) for text, _ in FOUND]
    hold(
        "filters",
        {
            "read": [
                {
                    "text": filter.text,
                    "canonical": filter.canonical,
                    "clock": filter.clock,
                    "decides_status": filter.decides_status,
                    "names": [name._asdict() for name in filter.names],
                }
                for filter in filters
            ],
            "refused": [
                {"text": text, "faults": [[fault.column, fault.message] for fault in faults(lambda: parse(text))]}  # noqa: B023
                for text, _, _ in WRONG
            ],
            "days": [{"today": today, "day": day, "means": expected} for today, day, expected in RESOLVED],
            "tasks": [msgspec.to_builtins(task) for task in TASKS],
            "found": [
                {"text": text, "now": NOW, "time_zone": zone, "ids": select(parse(text).tree, TASKS, Viewer(NOW, zone))}
                for text, _ in FOUND
                for zone in ZONES
            ],
        },
    )
