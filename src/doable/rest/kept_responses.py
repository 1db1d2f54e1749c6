"""What is kept of an answer, for the time when its request is repeated.

A short answer is kept as it is. Of a long one, each task is kept once and without what it can do without, such as its
description, so that a short request does not fill the disk. The repeated answer has the tasks as they are then.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from doable.encoding import encode
from doable.fields import example, inputs
from doable.model import Task

KEPT_MAX: Final = 4096  # bytes of an answer that is kept as it is
_TASK: Final = example(Task).keys()  # what every task has
_CLEARED: Final = {field.name for field, _ in inputs(Task) if field.is_nullable}
_ID: Final = "$task"  # stands for a task; no response of ours has a member of this name
_OUTLINE: Final = b'{"$tasks":'
_Table = dict[str, dict[str, Any]]


class _Outline(msgspec.Struct, rename={"tasks": "$tasks"}):
    """`tasks` by their ids, and the answer with each task replaced by its id."""

    tasks: _Table
    response: Any


_decode: Final = msgspec.json.Decoder(_Outline).decode


def shortened(body: bytes) -> bytes:
    """What to keep of the body of an answer."""
    if len(body) <= KEPT_MAX:
        return body
    tasks: _Table = {}

    def put(task: dict[str, Any]) -> dict[str, Any]:
        tasks[str(task["id"])] = {**task, **dict.fromkeys(task.keys() & _CLEARED)}
        return {_ID: task["id"]}

    response = _replace(msgspec.json.decode(body), lambda found: put(found) if found.keys() >= _TASK else None)
    return encode(_Outline(tasks, response))


def ids(kept: bytes) -> list[int] | None:
    """The tasks that have to be read again for the whole answer; None for an answer that is kept as it is."""
    return [int(id) for id in _decode(kept).tasks] if kept.startswith(_OUTLINE) else None


def whole(kept: bytes, present: Iterable[Task]) -> bytes:
    """The answer with the tasks that are `present`. One that is gone is as it was kept."""
    outline = _decode(kept)
    tasks: Mapping[str, object] = {**outline.tasks, **{str(task.id): task for task in present}}
    return encode(_replace(outline.response, lambda found: tasks[str(found[_ID])] if _ID in found else None))


def _replace(value: Any, replacement: Callable[[dict[str, Any]], Any]) -> Any:
    """The value with each object in it replaced that has a replacement."""
    if isinstance(value, dict):
        return replacement(value) or {name: _replace(member, replacement) for name, member in value.items()}
    return [_replace(one, replacement) for one in value] if isinstance(value, list) else value
