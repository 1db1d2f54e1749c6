"""Reads the text of a filter into a tree. docs/filters.md has the grammar."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Final, NamedTuple, NoReturn, cast

from doable.errors import ColumnFault, Invalid
from doable.filter_tree import (
    NEAR_DAYS,
    WEEKDAYS,
    And,
    Day,
    HasLabel,
    HasLabelFrom,
    InList,
    Is,
    Node,
    Not,
    Offset,
    On,
    Or,
    Priority,
    Search,
    Term,
    Within,
)
from doable.text import is_blank, text_fault

FIELD: Final = "filter"
LENGTH_MAX: Final = 1000  # code points
TERMS_MAX: Final = 100
LEVELS_MAX: Final = 32  # of parentheses and `!`
_SHOWN_MAX: Final = 40  # characters of a text in a message
COUNT_MAX: Final = 9999  # days, weeks or months
PRIORITIES: Final = {"p1": "high", "p2": "medium", "p3": "low"}
_FLAGS: Final = (
    *("overdue", "no date", "no time", "recurring", "subtask", "no labels", "no priority", "no list"),
    *("complete", "incomplete", "all"),
)
_FIXED: Final[dict[str, Term]] = {
    **{flag: Is(flag) for flag in _FLAGS},
    **{term: Priority(level) for term, level in PRIORITIES.items()},
    **{day: On("due", "on", day) for day in NEAR_DAYS},
}
_RESERVED: Final = "/+^~"
_SPACE: Final = re.compile(r"\s*")
_RUN: Final = re.compile(r"(?:[^|&!(),\\]|\\.)*", re.DOTALL)
_BARE: Final = re.compile(r"(?:[^\s|&!(),\\]|\\.)*", re.DOTALL)
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BEGINNING: Final = re.compile(r"((?:[^\\]|\\.)*)\*", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SEARCH: Final = re.compile(r"search\s*:(.*)", re.DOTALL | re.IGNORECASE | re.ASCII)
# These three are for text in lower case with single spaces.
_WITHIN: Final = re.compile(r"([0-9]+) days?")
_ON: Final = re.compile(r"(due|start|created|completed|updated)(?: (before|after|on))? ?: ?(.*)")
_OFFSET: Final = re.compile(r"([+-][0-9]+) (day|week|month)s?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_TERM: Final = Is("all")  # where a fault is


class Name(NamedTuple):
    """A list or label that a filter names. `text[start:end]` is the whole term."""

    mark: str  # `#` or `@`
    name: str
    start: int
    end: int


def parse(text: str) -> tuple[Node, list[Name]]:
    """Return the tree of a filter, and the names in it. Raises Invalid."""
    if fault := text_fault(FIELD, text):
        raise Invalid(fault)
    if len(text) > LENGTH_MAX:
        message = f"Filter must be {LENGTH_MAX} characters or less"
        raise Invalid(ColumnFault(FIELD, "too_long", message, LENGTH_MAX + 1))
    parser = _Parser(text)
    return parser.parse(), parser.names


class _Parser:
    """Collects the faults of terms. A fault between terms ends the reading."""

    def __init__(self, text: str) -> None:
        self.names: list[Name] = []
        self._text = text
        self._at = 0
        self._faults: list[ColumnFault] = []
        self._terms = 0
        self._level = 0

    def parse(self) -> Node:
        node = self._or()
        if self._at < len(self._text):
            self._stop_between()
        if self._faults:
            raise Invalid(*self._faults)
        return node

    def _or(self) -> Node:
        nodes = self._series("|", self._and)
        return nodes[0] if len(nodes) == 1 else Or(tuple(_flat(Or, nodes)))

    def _and(self) -> Node:
        nodes = self._series("&", self._not)
        return nodes[0] if len(nodes) == 1 else And(tuple(_flat(And, nodes)))

    def _series(self, operator: str, operand: Callable[[], Node]) -> list[Node]:
        nodes = [operand()]
        while self._next() == operator:
            self._at += 1
            nodes.append(operand())
        return nodes

    def _not(self) -> Node:
        character, start = self._next(), self._at
        if character not in {"!", "("}:
            return self._term(character)
        self._at += 1
        self._level += 1
        if self._level > LEVELS_MAX:
            self._stop(start, f"a filter has at most {LEVELS_MAX} levels of ( and !")
        node = Not(self._not()) if character == "!" else self._group(start)
        self._level -= 1
        return node

    def _group(self, start: int) -> Node:
        node = self._or()
        if self._at == len(self._text):
            self._stop(start, "this ( has no )")
        if self._next() != ")":
            self._stop_between()
        self._at += 1
        return node

    def _term(self, first: str) -> Term:
        """Read a term whose first character this is; "" at the end of the text."""
        if first == ",":
            self._stop_between()
        if not first or first in "|&)":
            self._stop(self._at, "a term is missing here" if self._text.strip() else "a filter has at least one term")
        self._terms += 1
        if self._terms > TERMS_MAX:
            self._stop(self._at, f"a filter has at most {TERMS_MAX} terms")
        return self._named(first) if first in "#@" else self._words()

    def _named(self, mark: str) -> Term:
        start = self._at
        self._at += 1
        is_quoted = self._text[self._at : self._at + 1] == '"'
        raw = self._quoted() if is_quoted else self._take(_BARE)
        if mark == "@" and not is_quoted and (beginning := _BEGINNING.fullmatch(raw)):
            return HasLabelFrom(_unescaped(beginning[1]))
        name = _unescaped(raw).strip()
        if is_blank(name):
            return self._fault(start, f"a name is missing after {mark}")
        self.names.append(Name(mark, name, start, self._at))
        return InList(name) if mark == "#" else HasLabel(name)

    def _quoted(self) -> str:
        match = _QUOTED.match(self._text, self._at)
        if match is None:
            self._stop(self._at, 'this " is not closed')
        self._at = match.end()
        return match[1]

    def _words(self) -> Term:
        start, raw = self._at, self._take(_RUN)
        if match := _SEARCH.fullmatch(raw):
            words = " ".join(_unescaped(match[1]).split())
            return self._fault(start, "words are missing after search:") if is_blank(words) else Search(words)
        if raw[0] in _RESERVED:
            return self._fault(start, f"terms that begin with {raw[0]} are reserved")
        words = " ".join(raw.lower().split())
        if words in _FIXED:
            return _FIXED[words]
        if match := _WITHIN.fullmatch(words):
            return self._within(int(match[1]), start)
        if match := _ON.fullmatch(words):
            after = raw.index(":") + 1
            day = self._day(match[3], start + after + len(raw[after:]) - len(raw[after:].lstrip()))
            return On(match[1], match[2] or "on", day) if day else _NO_TERM
        return self._fault(start, f"{_shown(words)} is not a term")

    def _within(self, days: int, start: int) -> Term:
        if 1 <= days <= COUNT_MAX:
            return Within(days)
        return self._fault(start, f"the number of days must be from 1 to {COUNT_MAX}")

    def _day(self, words: str, start: int) -> Day | None:
        """Return the day that the words name; None, and a fault where they start, if they name none."""
        if words in WEEKDAYS or words in NEAR_DAYS:
            return words
        if match := _OFFSET.fullmatch(words):
            if abs(int(match[1])) <= COUNT_MAX:
                return Offset(int(match[1]), f"{match[2]}s")
            self._fault(start, f"the number of {match[2]}s must be {COUNT_MAX} or less")
        elif _DATE.fullmatch(words):
            with suppress(ValueError):
                return date.fromisoformat(words)
            self._fault(start, f"{words} is not in the calendar")
        else:
            self._fault(start, f"{_shown(words)} is not a day" if words else "a day is missing here")
        return None

    def _next(self) -> str:
        """Skip white space, and return the next character; "" at the end."""
        self._take(_SPACE)
        return self._text[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Return what matches here. All patterns match at least nothing."""
        match = cast("re.Match[str]", pattern.match(self._text, self._at))
        self._at = match.end()
        if self._text[self._at :] == "\\":
            self._stop(self._at, "a character is missing after \\")
        return match[0]

    def _fault(self, at: int, message: str) -> Term:
        self._faults.append(_fault(at, message))
        return _NO_TERM

    def _stop(self, at: int, message: str) -> NoReturn:
        raise Invalid(*self._faults, _fault(at, message))

    def _stop_between(self) -> NoReturn:
        match self._text[self._at]:
            case ",":
                self._stop(self._at, "a comma is reserved; write | for or, & for and")
            case ")":
                self._stop(self._at, "this ) has no (")
            case _:
                self._stop(self._at, "& or | is missing here")


def _fault(at: int, message: str) -> ColumnFault:
    return ColumnFault(FIELD, "invalid_filter", f"Column {at + 1} of the filter: {message}", at + 1)


def _flat(kind: type[And | Or], nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, kind):
            yield from node.nodes
        else:
            yield node


def _unescaped(raw: str) -> str:
    return _ESCAPED.sub(r"\1", raw)


def _shown(words: str) -> str:
    return f'"{words}"' if len(words) <= _SHOWN_MAX else f'"{words[: _SHOWN_MAX - 1]}…"'
