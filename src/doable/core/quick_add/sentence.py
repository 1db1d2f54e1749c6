"""Reads one sentence as a task."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from doable.core.quick_add import names, phrases, rules
from doable.core.quick_add.english import ENGLISH
from doable.core.quick_add.language import CLOSING, OPENING
from doable.core.quick_add.meaning import Found, Meaning, Viewer
from doable.core.quick_add.title import is_missing, rest
from doable.errors import Fault, Invalid
from doable.fields import Name
from doable.model import TITLE_MAX
from doable.schedule import Due, Recurrence
from doable.text import folded

TEXT_MAX: Final = 1000
TEXT: Final = Name(TEXT_MAX, example="Pay rent every 1st at 9 #Home @bills p1")
_TITLE: Final = Name(TITLE_MAX, example="Pay rent")
_SILENT: Final = re.compile(rf"[\s{re.escape(OPENING + CLOSING)}-]*")  # what may follow the last word
_FIELDS: Final = {
    "day": "due",
    "clock": "due",
    "rule": "recurrence",
    "priority": "priority",
    "list_index": "list_id",
    "label": "labels",
}


class Span(msgspec.Struct, frozen=True):
    """A part of the text, in code points, and the field that it sets."""

    start: int
    end: int
    field: str


class QuickTask(msgspec.Struct, frozen=True):
    """What a sentence says. `list_index` is the index of a list, None without one."""

    title: str
    due: Due | None
    recurrence: Recurrence | None
    list_index: int | None
    labels: list[str]
    priority: str | None
    spans: list[Span]


def parse(text: str, viewer: Viewer, *, lists: Sequence[str] = (), labels: Iterable[str] = ()) -> QuickTask:
    """Read a sentence. `lists` and `labels` have the names that the user has, at least those that are `mentioned`.

    Raises Invalid if the text or the title is too long, blank, or not one that PostgreSQL can store.
    """
    _require(TEXT, "text", text)
    kept = names.kept(text, ENGLISH.words)
    found = [*names.find(kept.names, lists, labels), *phrases.find(kept.others, viewer, ENGLISH)]
    chosen = _chosen(sorted(found, key=lambda part: part.start), kept.others)
    title = rest(text, [(part.start, part.end) for part in chosen], kept.escapes)
    if is_missing(title):
        chosen, title = [], text.strip()
    _require(_TITLE, "title", title)
    return _task(title, chosen, viewer)


def _require(rule: Name, field: str, value: str) -> None:
    faults = list[Fault]()
    if rule.clean(field, value, faults) is None:
        faults.append(Fault(field, "required", f"{field.capitalize()} is required"))
    if faults:
        raise Invalid(*faults)


def _chosen(found: Sequence[Found], text: str) -> list[Found]:
    """Return the parts that count, in order. Of two that set the same, the last one does."""
    chosen, given, tail = list[Found](), set[str](), len(text)
    for part in reversed(found):
        is_last = _SILENT.fullmatch(text, part.end, tail) is not None
        if given.isdisjoint(part.meaning) and (is_last or not part.is_last_word):
            chosen.append(part)
            given |= part.meaning.keys() - {"label"}
            tail = part.start if is_last else tail
    return chosen[::-1]


def _task(title: str, chosen: Sequence[Found], viewer: Viewer) -> QuickTask:
    given = Meaning()
    for part in chosen:
        given.update(part.meaning)
    clock, rule, day = given.get("clock"), given.get("rule"), given.get("day")
    recurrence = None
    if rule:
        recurrence = rules.start(rule, day or viewer.today, lambda match: day is None and viewer.is_past(match, clock))
        day = recurrence.anchor
    elif clock and not day:
        day = viewer.next_day(clock)
    return QuickTask(
        title=title,
        due=Due(day, clock) if day else None,
        recurrence=recurrence,
        list_index=given.get("list_index"),
        labels=_labels(part.meaning["label"] for part in chosen if "label" in part.meaning),
        priority=given.get("priority"),
        spans=[Span(part.start, part.end, _FIELDS[min(part.meaning)]) for part in chosen],
    )


def _labels(names: Iterable[str]) -> list[str]:
    """Return the names without those that differ from an earlier one only in case."""
    different = dict[str, str]()
    for name in names:
        different.setdefault(folded(name), name)
    return list(different.values())
