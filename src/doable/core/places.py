"""Where a task is: its list, its parent and its place among its siblings."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from doable.core import moves
from doable.core.moves import FIRST, LAST, Move, Placed
from doable.errors import CycleOfParents, Fault, Invalid, ListNotFound, TaskNotFound, absent
from doable.fields import Values
from doable.model import Place, Sibling, Task
from doable.store import objects, tasks
from doable.store.database import Executor

LEVELS_MAX: Final = 8
FIELDS: Final = frozenset({"list_id", "parent_id"})
_AT_END: Final = ("~", 0)  # after every key
_AT_START: Final = ("", 0)


async def settle(tx: Executor, owner: str, present: Task | None, wanted: Values) -> Place:
    """Return the place of a task that gets the `wanted` list and parent, those of them that are given.

    `present` is the task as it is, or None for a new one. If its place changes, no other transaction changes where the
    owner's tasks are, from here to the end of this one. Raises Invalid, CycleOfParents.
    """
    here = Place(present.list_id, present.parent_id) if present else Place(None, None)
    place = _merged(here, wanted)
    if place == here or (present is None and place.parent_id is None):
        return place
    await tasks.lock_parents(tx, owner)
    if place.parent_id is None:
        if place.list_id is not None and await objects.find(tx, objects.LISTS, owner, place.list_id) is None:
            raise Invalid(absent("list_id", ListNotFound))
        return place
    parent = await objects.find(tx, objects.TASKS, owner, place.parent_id)
    if parent is None:
        raise Invalid(absent("parent_id", TaskNotFound))
    if "list_id" in wanted and wanted["list_id"] != parent.list_id:
        raise Invalid(Fault("list_id", "other_list", "A subtask is in the same list as its parent"))
    await _require_room(tx, owner, present, parent)
    return Place(parent.list_id, parent.id)


def _merged(here: Place, wanted: Mapping[str, Any]) -> Place:
    """A subtask whose list alone changes becomes a task of its own there."""
    place = Place(*(wanted.get(name, value) for name, value in here._asdict().items()))
    return place._replace(parent_id=None) if "parent_id" not in wanted and place.list_id != here.list_id else place


async def _require_room(tx: Executor, owner: str, present: Task | None, parent: Task) -> None:
    above = await tasks.ancestors(tx, owner, parent.id)
    below = await tasks.subtree(tx, owner, present.id) if present else [(0, 1)]
    if present and present.id in above:
        raise CycleOfParents
    if len(above) + below[-1][1] > LEVELS_MAX:
        sentence = f"Subtasks can have at most {LEVELS_MAX} levels, with the task at the top"
        raise Invalid(Fault("parent_id", "too_deep", sentence))


async def carry(tx: Executor, owner: str, task: Task, list_id: int | None) -> None:
    """Put the subtasks of a task, at all levels, into its new list."""
    ids = [id for id, _ in await tasks.subtree(tx, owner, task.id) if id != task.id]
    if ids:
        await tasks.put_into_list(tx, owner, ids, list_id)


async def put(tx: Executor, owner: str, task: Task, place: Place, move: Move) -> Placed:
    """Return the key of a task in a place, and the new keys of its neighbours there. Raises Invalid."""
    anchor = None
    if move.anchor is not None:
        anchor = await objects.find(tx, objects.TASKS, owner, move.anchor)
        if anchor is None or anchor.id == task.id or Place(anchor.list_id, anchor.parent_id) != place:
            if move.end is None:
                raise Invalid(absent("before" if move.before else "after", TaskNotFound))
            anchor = None
    if anchor is not None:
        at = anchor.position, anchor.id + (not move.before)
    else:
        at = _AT_START if move.end == FIRST else _AT_END

    async def window(reach: int) -> tuple[Sequence[Sibling], Sequence[Sibling]]:
        return await tasks.around(tx, owner, place, task.id, at, reach)

    is_here = place == Place(task.list_id, task.parent_id)
    return await moves.place(task.position if is_here else None, window)


AT_THE_END: Final = Move(None, before=False, end=LAST)
