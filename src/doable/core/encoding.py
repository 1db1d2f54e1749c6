"""Values as JSON, with times as the contract has them: in UTC, always with six digits of fraction."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from doable.model import Task

_encode: Final = msgspec.json.Encoder().encode
# How the encoder ends a time at a whole second: it leaves out a fraction of zero, and has no option for it.
_find_whole_second: Final = re.compile(rb'T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"').search


def encode(value: object) -> bytes:
    body = _encode(value)
    return body if _find_whole_second(body) is None else _encode_in_full(value)


def encode_tasks(tasks: Iterable[Task]) -> bytes:
    """The same for many: to look at their times takes half as long as to look through the text."""
    for task in tasks:
        if not (task.created_at.microsecond and task.updated_at.microsecond):
            return _encode_in_full(tasks)
    return _encode(tasks)


def _encode_in_full(value: object) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> Any:
    """What the standard library can't write."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    if isinstance(value, msgspec.Raw):
        return msgspec.json.decode(value)
    return msgspec.to_builtins(value, builtin_types=[datetime])
