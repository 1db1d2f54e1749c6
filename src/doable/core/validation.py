"""Checking the words: from what a client said to what the store may keep.

Every door hands over what it parsed as plain values; which fields there are and what they may hold is decided here,
and all faults are reported together.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, TypeAlias

from doable.errors import FAULTS_MAX, Fault, Invalid
from doable.model import COMPLETE, ID_MAX, INCOMPLETE

Fields: TypeAlias = Mapping[str, object]

FLOAT_MAX: Final = 2**53  # a larger float may stand for its neighbour


def task_id(text: str) -> int:
    """A task's number as people write it. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise bad_task_id("id")
    return number


def bad_task_id(field: str) -> Invalid:
    return Invalid(Fault(field, "invalid_task_id", "Invalid task ID"))


def token_id(text: str) -> int:
    """Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise Invalid(Fault("id", "invalid_token_id", "Invalid token ID"))
    return number


def status(text: str) -> str:
    """Raises Invalid for what is no status."""
    if text in {INCOMPLETE, COMPLETE}:
        return text
    raise Invalid(
        Fault("status", "invalid_status", "Invalid status value. Must be 'incomplete' or 'complete'"),
    )


def limit(text: str | None, most: int) -> int | None:
    """How much at a time; None when nothing was said. Raises Invalid."""
    number = None if text is None else _number(text, most)
    if number is None and text is not None:
        raise Invalid(Fault("limit", "invalid_limit", f"The limit must be an integer from 1 to {most}"))
    return number


def whole(value: object) -> object:
    """A number without a fraction is an integer, also when it is written as 5.0 (JSON Schema, "integer")."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= FLOAT_MAX:
        return int(value)
    return value


def stray_faults(words: Iterable[str], fields: frozenset[str], servers_own: frozenset[str]) -> list[Fault]:
    """What is there in addition to `fields`, but no more of it than a response names."""
    if fields.issuperset(words):
        return []
    strays = islice((name for name in words if name not in fields), FAULTS_MAX)
    return [
        Fault(name, "read_only", f"Field '{name}' is set by the server")
        if name in servers_own
        else Fault(name, "unknown_field", f"Unknown field '{name}'")
        for name in strays
    ]


def _number(text: str, most: int) -> int | None:
    """A number from 1 to `most` as people write it; None for everything else."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= (number := int(text)) <= most:
        return number
    return None
