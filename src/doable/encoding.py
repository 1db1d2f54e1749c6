"""Encodes values as JSON. Times are in UTC, always with six digits of fraction."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec

from doable.fields import declared
from doable.model import Task
from doable.schedule import format_instant

_INSTANTS: Final = [field.name for field in declared(Task) if datetime in field.types]
_encode: Final = msgspec.json.Encoder().encode
# A time at a whole second in the encoder's output. The encoder leaves out a fraction of zero, and has no option for it.
_find_whole_second: Final = re.compile(rb'T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"').search


def encode(value: object) -> bytes:
    body = _encode(value)
    # For a task, checking its times is faster than searching the text.
    lacks_digits = _has_whole_second(value) if type(value) is Task else _find_whole_second(body)
    return _encode_in_full(value) if lacks_digits else body


def encode_tasks(tasks: Iterable[Task]) -> bytes:
    """Encode tasks as a JSON array, as `encode`."""
    return _encode_in_full(tasks) if any(map(_has_whole_second, tasks)) else _encode(tasks)


def _has_whole_second(task: Task) -> bool:
    for name in _INSTANTS:
        instant = getattr(task, name)
        if instant is not None and not instant.microsecond:
            return True
    return False


def _encode_in_full(value: object) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> Any:
    """Convert a value that the standard library can't encode."""
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, msgspec.Raw):
        return msgspec.json.decode(value)
    return msgspec.to_builtins(value, builtin_types=[datetime])
