"""Writes a tree as the text of a filter: the opposite of `filter_parser.py`."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from doable.filter_parser import PRIORITIES
from doable.filter_tree import (
    NEAR_DAYS,
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
    Within,
)

_PRIORITY_TERMS: Final = {level: term for term, level in PRIORITIES.items()}
_PLAIN: Final = re.compile(r"[^\s|&!(),\\\"]+")  # a name that needs no quotation marks
_ENDS_NAME: Final = re.compile(r"[\s|&!(),\\\"]")
_ENDS_WORDS: Final = re.compile(r"[|&!(),\\]")
_ENDS_QUOTED: Final = re.compile(r"[\\\"]")


def write(node: Node) -> str:
    match node:
        case Or(nodes):
            return " | ".join(map(write, nodes))
        case And(nodes):
            return " & ".join(_in_parentheses(one) if isinstance(one, Or) else write(one) for one in nodes)
        case Not(one):
            return f"!{_in_parentheses(one) if isinstance(one, And | Or) else write(one)}"
        case term:
            return _TERMS[type(term)](term)


def write_name(mark: str, name: str) -> str:
    """Return the term for a list (mark `#`) or a label (`@`)."""
    if _PLAIN.fullmatch(name) and not (mark == "@" and name.endswith("*")):
        return mark + name
    return f'{mark}"{_escaped(_ENDS_QUOTED, name)}"'


def _in_parentheses(node: Node) -> str:
    return f"({write(node)})"


def _on(term: On) -> str:
    if term.field == "due" and term.relation == "on" and term.day in NEAR_DAYS:
        return str(term.day)
    relation = "" if term.relation == "on" else f" {term.relation}"
    return f"{term.field}{relation}: {_day(term.day)}"


def _day(day: Day) -> str:
    match day:
        case date():
            return day.isoformat()
        case Offset(count, unit):
            return _counted(f"{count:+d}", count, unit)
        case name:
            return name


def _counted(text: str, count: int, unit: str) -> str:
    return f"{text} {unit.removesuffix('s') if abs(count) == 1 else unit}"


def _escaped(ends: re.Pattern[str], text: str) -> str:
    return ends.sub(r"\\\g<0>", text)


_TERMS: Final[dict[type, Callable[[Any], str]]] = {
    Is: lambda term: term.what,
    Priority: lambda term: _PRIORITY_TERMS[term.level],
    Within: lambda term: _counted(str(term.days), term.days, "days"),
    On: _on,
    InList: lambda term: write_name("#", term.name),
    HasLabel: lambda term: write_name("@", term.name),
    HasLabelFrom: lambda term: f"@{_escaped(_ENDS_NAME, term.beginning)}*",
    Search: lambda term: f"search: {_escaped(_ENDS_WORDS, term.words)}",
}
