"""What a filter means, as a tree. `core/filters.py` reads it from a text; docs/filters.md explains the language."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec
from dateutil.relativedelta import relativedelta

WEEKDAYS: Final = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".lower().split())
NEAR_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}


class Offset(msgspec.Struct, frozen=True):
    """A number of days, weeks or months after today; before it if `count` is negative. `unit` is a plural."""

    count: int
    unit: str


# A date, a weekday, or a key of `NEAR_DAYS`.
Day: TypeAlias = date | str | Offset


class Is(msgspec.Struct, frozen=True):
    """A term without a value, such as `overdue` or `no date`."""

    what: str


class Priority(msgspec.Struct, frozen=True):
    """A task with this priority: `high`, `medium` or `low`."""

    level: str


class Within(msgspec.Struct, frozen=True):
    """Due today or on one of the days after it, as many days in all."""

    days: int


class On(msgspec.Struct, frozen=True):
    """A date of the task in relation to a day.

    `field` is `due`, `start`, `created`, `completed` or `updated`; `relation` is `before`, `on` or `after`.
    """

    field: str
    relation: str
    day: Day


class InList(msgspec.Struct, frozen=True):
    name: str


class HasLabel(msgspec.Struct, frozen=True):
    name: str


class HasLabelFrom(msgspec.Struct, frozen=True):
    """A task with any label that begins so."""

    beginning: str


class Search(msgspec.Struct, frozen=True):
    words: str


class Not(msgspec.Struct, frozen=True):
    node: "Node"


class And(msgspec.Struct, frozen=True):
    """No node is an `And`, and none of an `Or` is an `Or`."""

    nodes: tuple["Node", ...]


class Or(msgspec.Struct, frozen=True):
    nodes: tuple["Node", ...]


Term: TypeAlias = Is | Priority | Within | On | InList | HasLabel | HasLabelFrom | Search
Node: TypeAlias = Term | Not | And | Or


class Clock(StrEnum):
    """What of the viewer's moment an answer depends on: nothing, the day in their zone, or the time of day."""

    NONE = "none"
    DAY = "day"
    TIME = "time"


class Names(msgspec.Struct, frozen=True):
    """The ids of lists, and labels in the user's spelling, by the names and beginnings in a tree.

    `hidden` has the archived lists that the tree does not name. Their tasks are left out.
    """

    lists: dict[str, list[int]]
    labels: dict[str, str]
    beginnings: dict[str, list[str]]
    hidden: list[int]


def terms(node: Node) -> Iterator[Term]:
    """Return the terms of a tree, in the order of the text."""
    match node:
        case And(nodes) | Or(nodes):
            for one in nodes:
                yield from terms(one)
        case Not(one):
            yield from terms(one)
        case term:
            yield term


def resolve(day: Day, today: date) -> date:
    """Return the day that the viewer means today. Months are clamped to their last day, and years to 1 … 9999."""
    match day:
        case date():
            return day
        case Offset(count, "months"):
            return _add(today, count, relativedelta(months=count))
        case Offset(count, unit):
            return _add(today, count, timedelta(**{unit: count}))
        case weekday if weekday in WEEKDAYS:
            ahead = (WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1
            return _add(today, ahead, timedelta(ahead))
        case name:
            ahead = NEAR_DAYS[name]
            return _add(today, ahead, timedelta(ahead))


def _add(today: date, count: int, delta: timedelta | relativedelta) -> date:
    try:
        return today + delta
    except (OverflowError, ValueError):
        return date.max if count > 0 else date.min
