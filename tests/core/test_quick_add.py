"""Quick add: every sentence of the table, and what holds for all sentences."""

import json
import re
from calendar import monthrange
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from time import process_time
from typing import Final

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from doable.core.quick_add import TEXT_MAX, Mentions, QuickTask, Span, Viewer, mentioned, parse
from doable.errors import Invalid
from doable.model import TOP
from doable.schedule import Due, Recurrence
from doable.text import is_blank
from doable.zones import NAMES as ZONES
from quick_add_sentences import FRIDAY
from quick_add_settings import NAMES, OTHERS
from quick_add_titles import TITLES
from strategies import CHARACTERS

PROPERTY: Final = settings(max_examples=100, deadline=None, database=None)
VECTORS: Final = Path(__file__).parents[1] / "vectors/quick_add.json"
DOCUMENT: Final = Path(__file__).parents[2] / "docs/quick-add.md"
LISTS: Final = ["Home", "My list", "home", "C#"]
LABELS: Final = ["Bills", "Café", "two words"]
BERLIN: Final = ("2026-11-27T09:30:00Z", "Europe/Berlin", "dmy", "monday")
TABLE: Final = ((*BERLIN, FRIDAY + NAMES + TITLES), *OTHERS)
SETTINGS: Final = ("now", "time_zone", "date_order", "week_start")
PRIORITIES: Final = {"p1": "high", "p2": "medium", "p3": "low"}


def viewer(moment: str, zone: str, date_order: str, week_start: str) -> Viewer:
    return Viewer(datetime.fromisoformat(moment), zone, date_order, week_start)


def answer(row: str) -> tuple[str, QuickTask]:
    """The sentence of a row of the table, and the right answer."""
    marked, *rest = row.split(" | ")
    pieces = re.split(r"([{}])", marked)
    text, spans = "", list[Span]()
    for brace, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if brace == "{":
            spans.append(Span(len(text), len(text) + len(piece), field(piece)))
        text += piece
    parts = {span.field: text[span.start : span.end] for span in spans}
    title = rest.pop()[3:] if rest and rest[-1].startswith("=> ") else without(marked)
    due = Due(*read_due(rest[0])) if rest else None
    basis = "completion" if "!" in parts.get("recurrence", "") else "schedule"
    return text, QuickTask(
        title=title,
        due=due,
        recurrence=Recurrence(rest[1], basis, due.date) if due and len(rest) > 1 else None,
        list_index=known(LISTS, parts["list_id"]) if "list_id" in parts else None,
        labels=labels(text[span.start : span.end] for span in spans if span.field == "labels"),
        priority=PRIORITIES[parts["priority"].lower()] if "priority" in parts else None,
        spans=spans,
    )


def each(rows: str) -> list[str]:
    return list(filter(None, rows.splitlines()))


def field(part: str) -> str:
    if part.lower().startswith("every"):
        return "recurrence"
    return {"#": "list_id", "@": "labels"}.get(part[0], "priority" if part.lower() in PRIORITIES else "due")


def without(marked: str) -> str:
    """The title: each part in braces and the blanks around it become one blank."""
    return re.sub(r"\s*\{[^}]*\}(?:\s*\{[^}]*\})*\s*", " ", marked).strip()


def read_due(text: str) -> tuple[date, str | None]:
    day, _, clock = text.partition(" ")
    return date.fromisoformat(day), clock or None


def known(names: list[str], part: str) -> int:
    return [name.lower() for name in names].index(bare(part).lower())


def bare(part: str) -> str:
    """The name without its mark, quotation marks and backslashes."""
    return re.sub(r"\\(.)", r"\1", re.sub(r'\A["“](.*)["”]\Z', r"\1", part[1:]))


def labels(parts: Iterable[str]) -> list[str]:
    spelled = {label.lower(): label for label in LABELS}
    found = {name.lower(): name for name in map(bare, reversed(list(parts)))}
    return [spelled.get(name, found[name]) for name in reversed(found)]


ANSWERS: Final = {(viewer(*settings), row): answer(row) for *settings, rows in TABLE for row in each(rows)}


def test_a_sentence_becomes_the_task_that_it_says() -> None:
    assert len(ANSWERS) >= 600
    for (viewer, row), (text, right) in ANSWERS.items():
        assert parse(text, viewer, lists=LISTS, labels=LABELS) == right, row


def test_the_vectors_are_the_table() -> None:
    """If they differ, they are written anew. Then look at the difference, and commit it."""
    before, now = VECTORS.read_text("utf-8"), vectors()
    if now != before:
        VECTORS.write_text(now, "utf-8")
    assert now == before


def vectors() -> str:
    """The table as JSON, with a sentence on each line."""
    viewers = [
        f'{as_json(dict(zip(SETTINGS, settings, strict=True)))[:-1]}, "sentences": {lines(map(sentence, each(rows)))}}}'
        for *settings, rows in TABLE
    ]
    return f'{{"lists": {as_json(LISTS)}, "labels": {as_json(LABELS)}, "viewers": {lines(viewers)}}}\n'


def lines(values: Iterable[str]) -> str:
    return "[\n" + ",\n".join(values) + "\n]"


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def sentence(row: str) -> str:
    """The text, and what is not empty of the answer."""
    text, right = answer(row)
    return as_json(
        {"text": text, **{name: value for name, value in to_builtins(right).items() if value not in (None, [])}}
    )


WORDS: Final = (
    *("every", "every!", "day", "weeks", "other", "mon", "friday", "and", "last", "1st", "31st", "the", "of", "month"),
    *(
        "today",
        "tomorrow",
        "next",
        "this",
        "in",
        "3",
        "days",
        "on",
        "by",
        "due",
        "before",
        "to",
        "dec",
        "may",
        "24",
        "2027",
    ),
    *(
        "24.12.",
        "12/24",
        "2026-12-24",
        "30.2.",
        "9999-12-31",
        "at",
        "5",
        "5pm",
        "17:00",
        "noon",
        "25:00",
        "p1",
        "#Home",
    ),
    *(
        "#",
        "@bills",
        "@",
        '@"a b"',
        "#none",
        '"',
        "'",
        "\\",
        "(",
        ")",
        ",",
        ".",
        "!",
        "-",
        "Buy",
        "milk",
        "\u200f",
        "İ",
        "🎂",
    ),
)
TEXTS: Final = st.lists(
    st.sampled_from(WORDS) | st.sampled_from([" ", " ", "  ", "\n"]) | st.text(CHARACTERS, max_size=5), max_size=30
).map(lambda parts: " ".join(parts) if len(parts) % 2 else "".join(parts))
VIEWERS: Final = st.builds(
    Viewer,
    now=st.datetimes(timezones=st.just(UTC)) | st.sampled_from([datetime(1, 1, 1, tzinfo=UTC), TOP.created_at]),
    zone=st.sampled_from(sorted(ZONES)),
    date_order=st.sampled_from(["dmy", "mdy"]),
    week_start=st.sampled_from(["monday", "sunday", "saturday"]),
)
HERE: Final = viewer(*BERLIN)


@given(TEXTS.filter(lambda text: not is_blank(text)), VIEWERS)
@PROPERTY
def test_any_text_becomes_a_task_whose_title_is_what_is_not_understood(text: str, viewer: Viewer) -> None:
    task = parse(text, viewer, lists=LISTS, labels=LABELS)
    edges = [0, *(edge for span in task.spans for edge in (span.start, span.end)), len(text)]
    assert edges == sorted(edges)
    assert all(text[span.start : span.end].strip() for span in task.spans)
    rest = iter("".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)))
    assert all(letter in rest for letter in task.title if letter != " "), "in the same order"
    assert task.title == task.title.strip()
    assert not is_blank(task.title)
    assert {span.field for span in task.spans} == given_fields(task)
    assert (task.recurrence is None) or (task.due is not None and task.recurrence.anchor == task.due.date)


def given_fields(task: QuickTask) -> set[str]:
    values = {
        "recurrence": task.recurrence,
        "priority": task.priority,
        "list_id": task.list_index,
        "labels": task.labels,
    }
    fields = {field for field, value in values.items() if value not in (None, [])}
    is_due = any(span.field == "due" for span in task.spans)
    assert is_due <= (task.due is not None)
    assert (task.due is not None) <= (is_due or task.recurrence is not None)
    return fields | ({"due"} if is_due else set())


@given(TEXTS.map(lambda text: text.replace('"', "").strip()).filter(lambda text: not is_blank(text)), VIEWERS)
@PROPERTY
def test_a_text_in_quotes_stays_as_it_is(text: str, viewer: Viewer) -> None:
    task = parse(f'"{text}"', viewer, lists=LISTS)
    assert (task.title, task.spans) == (f'"{text}"', [])


@given(st.lists(st.sampled_from([word for word in WORDS if word[0].isalnum()]), min_size=1, max_size=20))
@PROPERTY
def test_words_after_a_backslash_stay_as_they_are(words: list[str]) -> None:
    task = parse(" ".join(f"\\{word}" for word in words), HERE)
    assert task.spans == []
    assert task.title.replace("\\", "") == " ".join(words)


@given(st.times(), VIEWERS)
@PROPERTY
def test_a_time_alone_means_the_next_one_where_the_viewer_is(clock: time, viewer: Viewer) -> None:
    due = parse(f"Call {clock:%H:%M}", viewer).due
    assert due is not None
    assert due.time == f"{clock:%H:%M}"
    has_come = viewer.is_past(viewer.today, due.time)
    assert due.date == viewer.today + timedelta(has_come and viewer.today < date.max)
    assert viewer.today == date.max or not viewer.is_past(due.date, due.time)


@pytest.mark.parametrize("day", range(1, 32))
def test_a_day_of_the_month_comes_in_every_month_also_in_february(day: int) -> None:
    for text in (f"Pay every {day}th", f"Pay every month {day}.1.", f"Pay every {day}th and 14th"):
        recurrence = parse(text, HERE).recurrence
        assert recurrence is not None
        start = datetime.combine(recurrence.anchor, time())
        matches = {match.date() for match in rrulestr(f"{recurrence.rule};UNTIL=20301231", dtstart=start)}
        for year, month in product(range(2028, 2031), range(1, 13)):
            last = min(day, monthrange(year, month)[1])
            days = {match.day for match in matches if (match.year, match.month) == (year, month)}
            assert days == ({last, 14} if "14th" in text else {last})


def test_the_examples_of_the_documents_are_right() -> None:
    rows = re.findall(r"^\| `(.+)` \| `(.+)` \| ?(.*?) ?\| ?(.*?) ?\|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 70
    for text, title, due, rule in rows:
        task = parse(text, HERE, lists=LISTS)
        shown = f"{task.due.date} {task.due.time or ''}".strip() if task.due else ""
        assert (task.title, shown, f"`{task.recurrence.rule}`" if task.recurrence else "") == (title, due, rule), text


def test_a_rule_starts_at_its_first_match() -> None:
    for recurrence in (task.recurrence for _, task in ANSWERS.values() if task.recurrence):
        start = datetime.combine(recurrence.anchor, time())
        assert rrulestr(recurrence.rule, dtstart=start)[0] == start, recurrence


def test_names_are_looked_up_by_what_is_equal_in_every_spelling() -> None:
    text = 'Buy #Home, @"Two Words" @CAFE\u0301. #a\\ b! "#quoted" \\#kept x#y'
    assert mentioned(text) == Mentions(
        frozenset({"home,", "home", "a b!", "a b"}), frozenset({"two words", "café.", "café"})
    )


def test_a_name_may_end_in_punctuation() -> None:
    task = parse("Buy #Now! @hm... @wow!", HERE, lists=["now", "Now!"], labels=["hm..."])
    assert (task.title, task.list_index, task.labels) == ("Buy!", 1, ["hm...", "wow"])


def test_labels_that_a_task_can_not_have_stay_in_the_title() -> None:
    long = "x" * 61
    assert parse(f"Buy @{long} @{long[1:]}", HERE).title == f"Buy @{long}"
    many = parse(f"Buy {' '.join(f'@{number}' for number in range(52))} @0 @1", HERE)
    assert (many.title, many.labels) == ("Buy @50 @51", [str(number) for number in range(50)])


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "required", "Text is required"),
        (" \u200b", "required", "Text is required"),
        ("x" * (TEXT_MAX + 1), "too_long", "Text must be 1000 characters or less"),
        ("x" * 256 + " tomorrow", "too_long", "Title must be 255 characters or less"),
        ("@a " * 99, "too_long", "Title must be 255 characters or less"),
        ("a\0b", "unsupported_text", "Text must not contain the NUL character"),
        ("a\ud800b", "unsupported_text", "Text must not contain lone surrogates"),
    ],
)
def test_a_text_that_makes_no_task_is_refused(text: str, code: str, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(text, HERE, lists=LISTS)
    assert [(fault.code, fault.message) for fault in refusal.value.faults] == [(code, message)]


def test_a_title_as_long_as_it_may_be_can_have_words_around_it() -> None:
    assert parse(f"{'x' * 255} every weekday at 9 #Home @bills p1", HERE, lists=LISTS).title == "x" * 255


@pytest.mark.parametrize(
    "part",
    [
        *(
            "every ",
            "every first and ",
            "every mon and ",
            "every 1st, ",
            "every 2 weeks on ",
            "due by ",
            "the 1 of ",
            "in 3 ",
        ),
        *(
            "on ",
            "5pm ",
            "tomorrow ",
            "mon ",
            "before ",
            "@a ",
            "#a ",
            " 'a",
            ' "a',
            "“",
            "(",
            "\\",
            "\\\\ ",
            "12:",
            "1/",
            "- ",
        ),
        *("every mon" + " " * 900, "tomorrow" + "." * 900, " \u2003", "İ", "tomorrow , "),
    ],
)
def test_no_text_takes_long(part: str) -> None:
    text = (part * TEXT_MAX)[: TEXT_MAX - 2] + " x"
    start = process_time()
    with suppress(Invalid):
        parse(text, HERE, lists=LISTS)
    assert process_time() - start < 0.1  # A few milliseconds. Where it is not linear, it is seconds.
