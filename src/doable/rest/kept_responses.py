"""The form in which responses are stored, for repeated requests with an Idempotency-Key.

A short response is stored unchanged. In a long one, each task is stored once and without the fields that can be empty,
such as the description, so that a short request can't fill the disk. The repeated response has the current tasks, and
the completed occurrences of that time.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from doable.encoding import encode
from doable.fields import example, inputs
from doable.model import Task

KEPT_MAX: Final = 4096  # bytes of a response that is stored unchanged
_TASK: Final = example(Task).keys()  # what every task has
_CLEARED: Final = {field.name for field, _ in inputs(Task) if field.is_nullable and not field.is_optional}
_ONLY_HERE: Final = {"completed_occurrence", "parsed"}  # not fields of the task: no later response has it
_ID: Final = "$task"  # stands for a task; no response of ours has a member of this name
_OUTLINE: Final = b'{"$tasks":'
_Table = dict[str, dict[str, Any]]


class _Outline(msgspec.Struct, rename={"tasks": "$tasks", "response": "answer"}):
    """`tasks` by their ids, and the response with each task replaced by its id.

    These names are stored: another release, or the one before, reads what this one writes.
    """

    tasks: _Table
    response: Any


_decode: Final = msgspec.json.Decoder(_Outline).decode


def shortened(body: bytes) -> bytes:
    """Return the stored form of the body of a response."""
    if len(body) <= KEPT_MAX:
        return body
    tasks: _Table = {}

    def put(task: dict[str, Any]) -> dict[str, Any]:
        tasks[str(task["id"])] = {name: task[name] for name in _TASK} | dict.fromkeys(_CLEARED)
        return {_ID: task["id"], **{name: task[name] for name in _ONLY_HERE & task.keys()}}

    response = _replace(msgspec.json.decode(body), lambda found: put(found) if found.keys() >= _TASK else None)
    return encode(_Outline(tasks, response))


def ids(kept: bytes) -> list[int] | None:
    """Return the ids of the tasks to read for the whole response; None if the response is stored unchanged."""
    return [int(id) for id in _decode(kept).tasks] if kept.startswith(_OUTLINE) else None


def whole(kept: bytes, present: Iterable[Task]) -> bytes:
    """Return the response with the tasks that are `present`. A deleted task appears in its stored form."""
    outline = _decode(kept)
    tasks: Mapping[str, Any] = {**outline.tasks, **{str(task.id): task for task in present}}

    def put(stands: dict[str, Any]) -> Any:
        task = tasks[str(stands.pop(_ID))]
        return {**msgspec.to_builtins(task, builtin_types=[datetime]), **stands} if stands else task

    return encode(_replace(outline.response, lambda found: put(found) if _ID in found else None))


def _replace(value: Any, replacement: Callable[[dict[str, Any]], Any]) -> Any:
    """The value, with every object replaced that has a replacement."""
    if isinstance(value, dict):
        return replacement(value) or {name: _replace(member, replacement) for name, member in value.items()}
    return [_replace(one, replacement) for one in value] if isinstance(value, list) else value
