"""Validates ids, statuses, limits and the names of fields, the same for every interface.

`core/forms.py` validates the objects that clients send.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import TypeAlias

from doable.errors import FAULTS_MAX, Fault, Invalid
from doable.model import ID_MAX, STATUS
from doable.schedule import parse_day
from doable.text import label
from doable.zones import NAMES

Fields: TypeAlias = Mapping[str, object]


def task_id(text: str) -> int:
    """Parse the id of a task. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise bad_task_id("id")
    return number


def bad_task_id(field: str) -> Invalid:
    return Invalid(Fault(field, "invalid_task_id", "Invalid task ID"))


def object_id(text: str, noun: str) -> int:
    """Parse the id of a list or a label in a path. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise Invalid(Fault("id", "invalid_id", f"Invalid {noun} ID"))
    return number


def reference(field: str, text: str) -> int:
    """Parse an id in a query. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise Invalid(Fault(field, "invalid_id", f"Invalid {field} ID"))
    return number


def token_id(text: str) -> int:
    """Parse the id of a token. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise Invalid(Fault("id", "invalid_token_id", "Invalid token ID"))
    return number


def status(text: str) -> str:
    """Return a status. Raises Invalid for any other text."""
    faults: list[Fault] = []
    STATUS.clean("status", text, faults)
    if faults:
        raise Invalid(*faults)
    return text


def day(field: str, text: str) -> date:
    """Parse a day in a query. Raises Invalid."""
    found = parse_day(text)
    if found is None:
        raise Invalid(Fault(field, "invalid_date", f"{label(field)} must be a date such as 2026-12-01"))
    return found


def time_zone(text: str) -> str:
    """Return the name of a time zone. Raises Invalid."""
    if text not in NAMES:
        sentence = "Parameter 'time_zone' must be the exact name of a time zone, such as Europe/Berlin"
        raise Invalid(Fault("time_zone", "unknown_time_zone", sentence))
    return text


def limit(text: str | None, most: int) -> int | None:
    """Parse the limit of a page, 1 to `most`; None if there is none. Raises Invalid."""
    number = None if text is None else _number(text, most)
    if number is None and text is not None:
        raise Invalid(Fault("limit", "invalid_limit", f"The limit must be an integer from 1 to {most}"))
    return number


def stray_faults(
    given: Iterable[str],
    known: frozenset[str],
    servers_own: frozenset[str] = frozenset(),
    fixed: frozenset[str] = frozenset(),
) -> list[Fault]:
    """The faults of the names that are not in `known`, at most `FAULTS_MAX`.

    Only the server sets the fields in `servers_own`. A field in `fixed` is set when the object is created.
    """
    if known.issuperset(given):
        return []
    strays = islice((name for name in given if name not in known), FAULTS_MAX)
    return [_stray_fault(name, servers_own, fixed) for name in strays]


def _stray_fault(name: str, servers_own: frozenset[str], fixed: frozenset[str]) -> Fault:
    if name in servers_own:
        return Fault(name, "read_only", f"Field '{name}' is set by the server")
    if name in fixed:
        return Fault(name, "read_only", f"Field '{name}' never changes after the creation")
    return Fault(name, "unknown_field", f"Unknown field '{name}'")


def _number(text: str, most: int) -> int | None:
    """Parse a decimal number from 1 to `most`; None for any other text."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= (number := int(text)) <= most:
        return number
    return None
