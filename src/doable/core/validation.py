"""Validates ids, statuses, limits and the names of fields, the same for every interface.

`core/forms.py` validates the objects that clients send.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, TypeAlias

from doable.errors import FAULTS_MAX, Fault, Invalid
from doable.model import COMPLETE, ID_MAX, INCOMPLETE

Fields: TypeAlias = Mapping[str, object]

FLOAT_MAX: Final = 2**53  # beyond, a float can't represent every integer


def task_id(text: str) -> int:
    """Parse the id of a task. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise bad_task_id("id")
    return number


def bad_task_id(field: str) -> Invalid:
    return Invalid(Fault(field, "invalid_task_id", "Invalid task ID"))


def token_id(text: str) -> int:
    """Parse the id of a token. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise Invalid(Fault("id", "invalid_token_id", "Invalid token ID"))
    return number


def status(text: str) -> str:
    """Return a status. Raises Invalid for any other text."""
    if text in {INCOMPLETE, COMPLETE}:
        return text
    raise Invalid(
        Fault("status", "invalid_status", "Invalid status value. Must be 'incomplete' or 'complete'"),
    )


def limit(text: str | None, most: int) -> int | None:
    """Parse the limit of a page, 1 to `most`; None if there is none. Raises Invalid."""
    number = None if text is None else _number(text, most)
    if number is None and text is not None:
        raise Invalid(Fault("limit", "invalid_limit", f"The limit must be an integer from 1 to {most}"))
    return number


def whole(value: object) -> object:
    """Return an integer for a number such as 5.0, which has no fraction (JSON Schema, "integer"), else `value`."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= FLOAT_MAX:
        return int(value)
    return value


def stray_faults(given: Iterable[str], known: frozenset[str], servers_own: frozenset[str]) -> list[Fault]:
    """The faults of the names that are not in `known`, at most `FAULTS_MAX`."""
    if known.issuperset(given):
        return []
    strays = islice((name for name in given if name not in known), FAULTS_MAX)
    return [
        Fault(name, "read_only", f"Field '{name}' is set by the server")
        if name in servers_own
        else Fault(name, "unknown_field", f"Unknown field '{name}'")
        for name in strays
    ]


def _number(text: str, most: int) -> int | None:
    """Parse a decimal number from 1 to `most`; None for any other text."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= (number := int(text)) <= most:
        return number
    return None
