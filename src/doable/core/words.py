"""Checking the words: from what a client said to what the store may keep.

Every door hands over what it parsed as plain values; which fields there are and what they may hold is decided here,
and all faults are told at once.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from doable.errors import FAULTS_MAX, Fault, Invalid
from doable.model import COMPLETE, DESCRIPTION_MAX, ID_MAX, INCOMPLETE, TITLE_MAX, Task

Words: TypeAlias = Mapping[str, object]

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# What shows nothing, as the inside of a character class: white space, controls, and what Unicode calls "default
# ignorable"; also Braille without dots. Of the other planes only here: not every reader of a pattern knows them.
INVISIBLE: Final = (
    r"\s\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
_INVISIBLE: Final = re.compile(
    rf"[{INVISIBLE}\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)

FLOAT_MAX: Final = 2**53  # a larger float may stand for its neighbour
FIELDS: Final = frozenset({"title", "description"})
SERVERS_OWN: Final = frozenset(Task.__struct_fields__) - FIELDS


class NewTask(msgspec.Struct, frozen=True):
    title: str
    description: str | None


class TaskEdit(msgspec.Struct, frozen=True):
    """UNSET stays as it is."""

    title: str | UnsetType
    description: str | None | UnsetType


def new_task(words: Words) -> NewTask:
    """Title and, if there is one, description. Raises Invalid."""
    title, description = _trimmed(words.get("title")), words.get("description")
    _refuse(words, _title_fault(title, empty="Title is required"), _description_fault(description))
    return NewTask(title, description)  # type: ignore[arg-type]


def task_edit(words: Words) -> TaskEdit:
    """What is to change. Raises Invalid, also when nothing is."""
    if not words:
        raise Invalid(Fault("", "nothing_to_change", "At least one field (title or description) must be provided"))
    title, description = _trimmed(words.get("title", UNSET)), words.get("description", UNSET)
    of_title = None if title is UNSET else _title_fault(title, empty="Title cannot be empty")
    of_description = None if description is UNSET else _description_fault(description)
    _refuse(words, of_title, of_description)
    return TaskEdit(title, description)  # type: ignore[arg-type]


def task_id(text: str) -> int:
    """A task's number as people write it. Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise Invalid(Fault("id", "invalid_task_id", "Invalid task ID"))
    return number


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


def revision(text: str, field: str) -> int:
    """Raises Invalid."""
    number = _number(text, ID_MAX)
    if number is None:
        raise Invalid(Fault(field, "invalid_cursor", "The cursor is not one of ours"))
    return number


def whole(value: object) -> object:
    """A number without a fraction is an integer, also when it is written as 5.0 (JSON Schema, "integer")."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= FLOAT_MAX:
        return int(value)
    return value


def is_blank(text: str) -> bool:
    """Whether there is nothing in it that anybody could see."""
    return not text or _INVISIBLE.fullmatch(text) is not None


def visible(text: str) -> str:
    """What can be seen of it."""
    return _INVISIBLE.sub("", text)


def text_fault(field: str, value: str) -> Fault | None:
    """PostgreSQL can hold neither NUL nor lone surrogates in a text."""
    if "\0" in value:
        return Fault(field, "unsupported_text", f"{field.capitalize()} must not contain the NUL character")
    if not value.isascii() and _SURROGATE.search(value):
        return Fault(field, "unsupported_text", f"{field.capitalize()} must not contain lone surrogates")
    return None


def stray_faults(words: Iterable[str], fields: frozenset[str], servers_own: frozenset[str]) -> list[Fault]:
    """What is there besides `fields`, and no more of it than an answer names."""
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


def _trimmed(title: object) -> object:
    return title.strip() if isinstance(title, str) else title


def _title_fault(title: object, *, empty: str) -> Fault | None:
    """What is wrong with a trimmed title."""
    if not isinstance(title, str):
        return (
            Fault("title", "required", empty)
            if title is None
            else Fault("title", "wrong_type", "Title must be a string")
        )
    if is_blank(title):
        return Fault("title", "required", empty)
    if len(title) > TITLE_MAX:
        return Fault("title", "too_long", f"Title must be {TITLE_MAX} characters or less")
    return text_fault("title", title)


def _description_fault(description: object) -> Fault | None:
    if description is None:
        return None
    if not isinstance(description, str):
        return Fault("description", "wrong_type", "Description must be a string or null")
    if len(description) > DESCRIPTION_MAX:
        return Fault("description", "too_long", f"Description must be {DESCRIPTION_MAX} characters or less")
    return text_fault("description", description)


def _refuse(words: Words, *faults: Fault | None) -> None:
    """Raise Invalid with the faults that there are, and whatever else should not be there."""
    if any(faults) or not FIELDS.issuperset(words):
        raise Invalid(*filter(None, faults), *stray_faults(words, FIELDS, SERVERS_OWN))
