"""What a user can do with the trash, where deleted tasks and lists are until they come back or expire."""

from collections.abc import Sequence
from typing import Any, Final

from doable.core import access, cursors, places
from doable.core.collections import ListService
from doable.core.objects import IfMatch, Kind
from doable.core.owners import Owners
from doable.core.task_limit import TaskLimit
from doable.core.tasks import TaskService
from doable.errors import Fault, Invalid, LimitReached, Stale
from doable.model import ID_MAX, TOP, Actor, Place, Position, Scope, Task, Trashed
from doable.store import locks, objects, tasks, trash
from doable.store.database import Executor

CHANGES_MAX: Final = 20_000  # objects, as `log_change` allows for one operation
KINDS: Final = {service.kind.name: service.kind for service in (TaskService, ListService)}


def kind(type: str) -> Kind:
    """Return the type of this name. Raises Invalid unless its objects go to the trash."""
    if type not in KINDS:
        raise Invalid(Fault("type", "unknown_type", f"The type must be one of {', '.join(KINDS)}"))
    return KINDS[type]


class TrashService:
    def __init__(self, db: Executor, *, owners: Owners, limit: TaskLimit | None = None) -> None:
        self._db = db
        self._owners = owners
        self._limit = limit or TaskLimit(ID_MAX)

    def in_transaction(self, tx: Executor) -> "TrashService":
        """The same service as a part of the transaction `tx`."""
        return TrashService(tx, owners=self._owners, limit=self._limit)

    async def list(
        self, actor: Actor, owner: str, *, cursor: str | None = None, limit: int
    ) -> tuple[Sequence[Trashed], str | None]:
        """Return what was deleted, newest first, and the cursor of the next page (None on the last page).

        What went to the trash with another object is not in it. Raises Forbidden, Invalid.
        """
        access.require(actor, owner, Scope.READ)
        after = TOP if cursor is None else cursors.TRASH.read(cursor, owner).position
        found = await trash.roots(self._db, owner, after, limit + 1)
        if not found:
            await self._owners.require(self._db, actor)
        if len(found) <= limit:
            return found, None
        last = found[limit - 1]
        return found[:limit], cursors.TRASH.write(cursors.Place.of(Position(last.deleted_at, last.object.id)), owner)

    async def restore(self, actor: Actor, owner: str, kind: Kind, id: int, *, if_match: IfMatch = None) -> Any:
        """Move an object back to where it was, with what went to the trash with it, and return it.

        Where its list or its parent is gone, it comes last in the Inbox or at the top level. Raises Forbidden,
        NotFound, Stale, LimitReached, TooMuch.
        """
        access.require(actor, owner, Scope.WRITE)

        async def work(tx: Executor) -> Any:
            found, members = await self._open(tx, actor, kind, id, if_match)
            reserved = await self._limit.reserve(tx, owner, len(members)) if members else 0
            try:
                async with objects.operation(tx):
                    if kind is KINDS["list"]:
                        await _restore_list(tx, owner, id, [one for one, _ in members])
                    else:
                        await _restore_task(tx, owner, found, members)
            finally:
                self._limit.done(owner, reserved)
            return await objects.find(tx, kind.stored, owner, id)

        return await self._db.transact(work, owner)

    async def delete(self, actor: Actor, owner: str, kind: Kind, id: int) -> None:
        """Delete an object in the trash permanently, with what went there with it. Raises Forbidden, NotFound."""
        access.require(actor, owner, Scope.WRITE)

        async def work(tx: Executor) -> None:
            _, members = await self._open(tx, actor, kind, id, None)
            async with objects.operation(tx):
                list_id = id if kind is KINDS["list"] else None
                await trash.delete_tasks(tx, owner, [one for one, _ in members], list_id)

        await self._db.transact(work, owner)

    async def empty(self, actor: Actor, owner: str) -> bool:
        """Delete everything in the trash permanently, or as much as one request can. Returns whether there is more.

        Raises Forbidden.
        """
        access.require(actor, owner, Scope.WRITE)

        async def work(tx: Executor) -> bool:
            await self._owners.require(tx, actor)
            await tasks.lock_parents(tx, owner)
            async with objects.operation(tx):
                gone = await trash.empty(tx, owner, CHANGES_MAX)
            return gone == CHANGES_MAX and bool(await trash.roots(tx, owner, TOP, 1))

        return await self._db.transact(work, owner)

    async def _open(
        self, tx: Executor, actor: Actor, kind: Kind, id: int, if_match: IfMatch
    ) -> tuple[Any, Sequence[tuple[int, int]]]:
        """The object in the trash, locked, and the tasks of its group. Raises NotFound, Stale."""
        await locks.take(tx, actor.user_id, {kind.name: [id]})
        found = await trash.lock(tx, kind.stored, actor.user_id, id)
        if found is None:
            await self._owners.require(tx, actor)
            raise kind.not_found
        if if_match is not None and found.revision not in if_match:
            raise Stale(access.readable(actor, found), noun=kind.name)
        return found, await trash.group(tx, kind.stored, actor.user_id, id)


async def _restore_list(tx: Executor, owner: str, id: int, ids: Sequence[int]) -> None:
    if len(await objects.all_(tx, objects.LISTS, owner)) >= ListService.most:
        raise LimitReached(ListService.most, objects.LISTS.table)
    await trash.restore_list(tx, owner, id)
    await trash.restore_tasks(tx, owner, 0, ids, Place(id, None), None)


async def _restore_task(tx: Executor, owner: str, task: Task, members: Sequence[tuple[int, int]]) -> None:
    place = await _place(tx, owner, task, members[-1][1])
    position = task.position
    if place != (task.list_id, task.parent_id):
        position = (await places.put(tx, owner, task, place, places.AT_THE_END)).key
    await trash.restore_tasks(tx, owner, task.id, [one for one, _ in members], place, position)


async def _place(tx: Executor, owner: str, task: Task, levels: int) -> Place:
    """Where a task comes back. It has these `levels`, itself included."""
    if task.parent_id is not None:
        parent = await objects.find(tx, objects.TASKS, owner, task.parent_id)
        if parent and len(await tasks.ancestors(tx, owner, parent.id)) + levels <= places.LEVELS_MAX:
            return Place(parent.list_id, parent.id)
    if task.list_id is not None and await objects.find(tx, objects.LISTS, owner, task.list_id) is None:
        return Place(None, None)
    return Place(task.list_id, None)
