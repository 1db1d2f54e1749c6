"""Filters as conditions of SQL. Each kind of term has one text, and every value is a parameter.

A condition may be null, where it compares what a task does not have. Null counts as false: `and`, `or` and `where`
treat it so, and `not` is written as `is not true`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from doable.filter_tree import (
    And,
    HasLabel,
    HasLabelFrom,
    InList,
    Is,
    Names,
    Node,
    Not,
    On,
    Or,
    Priority,
    Search,
    Within,
    resolve,
)
from doable.store.columns import instant_text
from doable.viewer import Viewer

FLAGS: Final = {
    "no date": "due is null",
    "no time": "(due is not null and due ->> 'time' is null)",
    "recurring": "recurrence is not null",
    "subtask": "parent_id is not null",
    "no labels": "coalesce(cardinality(labels), 0) = 0",
    "no priority": "priority is null",
    "no list": "list_id is null",
    "complete": "status = 'complete'",
    "incomplete": "status = 'incomplete'",
    "all": "true",
}
_DAY: Final = timedelta(days=1)
# How far the date of a task can be from the day of its instant: clocks differ by up to 26 hours.
_APART: Final = timedelta(days=2)


# From a day up to another, without that; None where there is no end.
Range: TypeAlias = tuple[date | None, date | None]


@dataclass(frozen=True)
class Compiler:
    """Makes conditions on a row of `doable.tasks`, and appends their values to `arguments`.

    `searches` has the condition for the words of each search.
    """

    viewer: Viewer
    names: Names
    searches: Mapping[str, str]
    arguments: list[object]

    def where(self, tree: Node, *, only_incomplete: bool) -> str:
        """Return the condition for a filter, which leaves out tasks of archived lists that the filter does not name."""
        conditions = [self.condition(tree)]
        if (dates := self.due_dates(tree)) is not None:
            conditions.append(
                f"due is not null and {self._limits(_member('due', 'date'), 'text', *map(_day_text, dates))}"
            )
        if only_incomplete:
            conditions.append(FLAGS["incomplete"])
        elif dates is not None:
            conditions.append("status in ('complete', 'incomplete')")  # For the index on status and date.
        if self.names.hidden:
            conditions.append(f"(list_id = any({self._value(self.names.hidden, 'bigint[]')})) is not true")
        return " and ".join(conditions)

    def condition(self, node: Node) -> str:
        match node:
            case And(nodes) | Or(nodes):
                operator = " and " if isinstance(node, And) else " or "
                return f"({operator.join(map(self.condition, nodes))})"
            case Not(one):
                return f"(({self.condition(one)}) is not true)"
            case On() | Within() | Is("overdue"):
                return f"({self._dated(node)})"
            case Is(what):
                return FLAGS[what]
            case _:
                return self._held(node)

    def _held(self, term: Priority | InList | HasLabel | HasLabelFrom | Search) -> str:
        match term:
            case Search(words):
                return f"({self.searches[words]})"
            case Priority(level):
                return f"priority = {self._value(level, 'text')}"
            case InList(name):
                return f"list_id = any({self._value(self.names.lists[name], 'bigint[]')})"
            case HasLabel(name):
                return f"labels @> array[{self._value(self.names.labels[name], 'text')}]"
            case _:
                return f"labels && {self._value(self.names.beginnings[term.beginning], 'text[]')}"

    def due_dates(self, node: Node) -> Range | None:
        """Return the range of `due.date` of the tasks that a filter can find; None if they need not be due.

        It adds nothing to the meaning of the filter, but an index can find this range.
        """
        match node:
            case And(nodes) | Or(nodes):
                found = [self.due_dates(one) for one in nodes]
                known = [one for one in found if one is not None]
                if not known or (isinstance(node, Or) and len(known) < len(found)):
                    return None
                return known[0] if isinstance(node, And) else _around(known)
            case Is("overdue"):
                return None, _moved(self.viewer.today, _DAY + _APART)
            case Within() | On("due"):
                first, end = self._days(node)
                return first and _moved(first, -_APART), end and _moved(end, _APART)
            case _:
                return None

    def _dated(self, term: On | Within | Is) -> str:
        if isinstance(term, Is):
            return self._overdue()
        field = term.field if isinstance(term, On) else "due"
        first, end = self._days(term)
        instants = [None if day is None else self.viewer.start(day) for day in (first, end)]
        if field not in {"due", "start"}:
            return self._limits(f"{field}_at", "timestamptz", *instants)
        days = self._limits(_member(field, "date"), "text", *map(_day_text, (first, end)))
        times = self._limits(_member(field, "at"), "text", *map(_instant_text, instants))
        return f"{_member(field, 'at')} is null and {days} or {times}"

    def _days(self, term: On | Within) -> Range:
        today = self.viewer.today
        if isinstance(term, Within):
            return today, _moved(today, timedelta(term.days))
        day = resolve(term.day, today)
        match term.relation:
            case "before":
                return None, day
            case "after":
                return (day + _DAY, None) if day < date.max else (day, day)
            case _:
                return day, _moved(day, _DAY)

    def _overdue(self) -> str:
        now = self._value(instant_text(self.viewer.now), "text")
        today = self._value(self.viewer.today.isoformat(), "text")
        at, day, time = (_member("due", name) for name in ("at", "date", "time"))
        times = " or ".join(self._limits(time, "text", first, end) for first, end in self.viewer.passed_times)
        return f"{at} < {now} or {at} is null and ({day} < {today} or {day} = {today} and ({times}))"

    def _limits(self, column: str, type: str, first: object, end: object) -> str:
        limits = {">=": first, "<": end}
        found = [f"{column} {sign} {self._value(one, type)}" for sign, one in limits.items() if one is not None]
        return " and ".join(found) or f"{column} is not null"

    def _value(self, value: object, type: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{type}"


def _moved(day: date, by: timedelta) -> date | None:
    """Return another day; None beyond the calendar."""
    try:
        return day + by
    except OverflowError:
        return None


def _around(ranges: Sequence[Range]) -> Range:
    firsts = [first for first, _ in ranges if first is not None]
    ends = [end for _, end in ranges if end is not None]
    return (
        min(firsts) if len(firsts) == len(ranges) else None,
        max(ends) if len(ends) == len(ranges) else None,
    )


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _instant_text(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)


def _member(field: str, name: str) -> str:
    return f"({field} ->> '{name}') collate \"C\""
