"""Filters as conditions of SQL. Each kind of term has one text, and every value is a parameter.

A condition may be null, where it compares what a task does not have. Null counts as false: `and`, `or` and `where`
treat it so, and `not` is written as `is not true`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from doable.filter_tree import (
    And,
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


class _Bound(NamedTuple):
    """The beginning of a day: as the text of a date, and as an instant."""

    day: str
    instant: datetime


_END: Final = _Bound("9999-99-99", datetime.max.replace(tzinfo=UTC))


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
        if only_incomplete:
            conditions.append(FLAGS["incomplete"])
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

    def _dated(self, term: On | Within | Is) -> str:
        today = self.viewer.today
        match term:
            case Within(days):
                return self._between("due", self._from(today), self._after(resolve(Offset(days - 1, "days"), today)))
            case On(field, relation, day):
                return self._related(field, relation, resolve(day, today))
            case _:
                return self._overdue()

    def _related(self, field: str, relation: str, day: date) -> str:
        match relation:
            case "before":
                return self._between(field, None, self._from(day))
            case "after":
                return self._between(field, self._after(day), _END)
            case _:
                return self._between(field, self._from(day), self._after(day))

    def _between(self, field: str, first: _Bound | None, end: _Bound) -> str:
        """A day of the task, from the first up to the end."""
        instants = self._limits(f"{field}_at", "timestamptz", first and first.instant, end.instant)
        if field not in {"due", "start"}:
            return instants
        days = self._limits(_member(field, "date"), "text", first and first.day, end.day)
        return f"{field}_at is null and {days} or {instants}"

    def _overdue(self) -> str:
        now = self._value(self.viewer.now, "timestamptz")
        today = self._value(self.viewer.today.isoformat(), "text")
        day, time = _member("due", "date"), _member("due", "time")
        times = " or ".join(self._limits(time, "text", first, end) for first, end in self.viewer.passed_times)
        return f"due_at < {now} or due_at is null and ({day} < {today} or {day} = {today} and ({times}))"

    def _limits(self, column: str, type: str, first: object, end: object) -> str:
        before = f"{column} < {self._value(end, type)}"
        return before if first is None else f"{column} >= {self._value(first, type)} and {before}"

    def _from(self, day: date) -> _Bound:
        return _Bound(day.isoformat(), self.viewer.start(day))

    def _after(self, day: date) -> _Bound:
        return _END if day == date.max else self._from(day + _DAY)

    def _value(self, value: object, type: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{type}"


def _member(field: str, name: str) -> str:
    return f"({field} ->> '{name}') collate \"C\""
