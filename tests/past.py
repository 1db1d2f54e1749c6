"""The log of changes, walked back from what is there."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

Row = dict[str, Any]


def walk_back(log: Sequence[Any], rows: Iterable[str]) -> dict[int, tuple[Row | None, Row | None]]:
    """What each change of a whole log found and left, by its revision; `rows` are there now, as JSON.

    What is in the trash is not there.

    An assertion fails where the log is not exactly what leads from nothing to these rows.
    """
    there = {row["id"]: row for row in map(msgspec.json.decode, rows)}
    found = {}
    for change in reversed(log):
        after, before = there.pop(change["object_id"], None), None
        undo = msgspec.json.decode(change["undo"] or "null")
        if change["kind"] == "deleted" and "id" in undo:
            before = undo
            assert after is None
        else:
            assert after is not None
            assert after["revision"] == change["revision"]
            if change["kind"] != "created":
                assert undo.items().isdisjoint(after.items()) if undo else False
                before = after | undo
                is_trashed = _living(before) is not None and _living(after) is None
                assert is_trashed is (change["kind"] == "deleted")
            else:
                assert undo is None
        if before is not None:
            assert before["revision"] < change["revision"]
            there[change["object_id"]] = before
        found[change["revision"]] = (_living(before), _living(after))
    assert there == {}
    return found


def _living(row: Row | None) -> Row | None:
    return None if row is None or row.get("deleted_at") else row


def name_of(before: Row | None, after: Row | None) -> str:
    """What happened to a task, as history and events tell it."""
    if before is None or after is None:
        return "created" if before is None else "deleted"
    if before["status"] == after["status"]:
        return "updated"
    return "completed" if after["status"] == "complete" else "reopened"
