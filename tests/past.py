"""The log of changes, walked back from what is there."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

Row = dict[str, Any]


def walk_back(log: Sequence[Any], rows: Iterable[str]) -> dict[int, tuple[Row | None, Row | None]]:
    """What each change of a whole log found and left, by its revision; `rows` are there now, as JSON.

    An assertion fails where the log is not exactly what leads from nothing to these rows.
    """
    there = {row["id"]: row for row in map(msgspec.json.decode, rows)}
    found = {}
    for change in reversed(log):
        after, before = there.pop(change["object_id"], None), None
        undo = msgspec.json.decode(change["undo"] or "null")
        if change["kind"] == "deleted":
            before = undo
            assert after is None
        else:
            assert after is not None
            assert after["revision"] == change["revision"]
            if change["kind"] == "updated":
                assert undo.items().isdisjoint(after.items()) if undo else False
                before = after | undo
            else:
                assert (change["kind"], undo) == ("created", None)
        if before is not None:
            assert before["revision"] < change["revision"]
            there[change["object_id"]] = before
        found[change["revision"]] = (before, after)
    assert there == {}
    return found


def name_of(before: Row | None, after: Row | None) -> str:
    """What happened to a task, as history and events tell it."""
    if before is None or after is None:
        return "created" if before is None else "deleted"
    if before["status"] == after["status"]:
        return "updated"
    return "completed" if after["status"] == "complete" else "reopened"
