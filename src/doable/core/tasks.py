"""What a user can do with tasks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from doable.core import access, completed, cursors, forms, moves, occurrences, places, task_labels, validation
from doable.core.objects import Created, IfMatch, Kind, ObjectService
from doable.core.occurrences import USUAL
from doable.core.owners import Owners
from doable.core.task_labels import LabelChange
from doable.core.task_limit import TaskLimit
from doable.core.validation import Fields
from doable.errors import Invalid, LabelNotFound, LimitReached, ListNotFound, TaskNotFound, absent
from doable.fields import Values
from doable.model import COMPLETE, ID_MAX, INCOMPLETE, TOP, Actor, Completion, Position, Scope, Task
from doable.schedule import Due
from doable.store import labels as label_store
from doable.store import locks, objects, tasks, trash, users
from doable.store.database import Executor
from doable.store.objects import ObjectType
from doable.store.replica import Replica
from doable.text import folded, text_fault

PAGE_MAX: Final = 1000
COMPLETED_USUAL: Final = 100
OCCURRENCES_MAX: Final = 1000
OCCURRENCES_USUAL: Final = 100
INBOX: Final = "inbox"
# A change of these fields depends on other objects, or on other fields.
_AMONG_OTHERS: Final = frozenset({"list_id", "parent_id", "labels", "recurrence"})
# A change of these can change the subtasks too.
_ALONG: Final = places.FIELDS | {"status"}
NO_FIELDS: Final[Fields] = {}


class Page(msgspec.Struct, frozen=True):
    """Tasks, the version of the list when they were read, and the cursor of the next page (None on the last page)."""

    tasks: list[Task]
    version: str
    next: str | None


class TaskService(ObjectService[Task]):
    kind = Kind(objects.TASKS, forms.TASK, TaskNotFound)

    def __init__(
        self,
        db: Executor,
        *,
        owners: Owners,
        has_trash: bool = True,
        limit: TaskLimit | None = None,
        replica: Replica | None = None,
    ) -> None:
        super().__init__(db, owners=owners, has_trash=has_trash)
        self._limit = limit or TaskLimit(ID_MAX)
        self._replica = replica

    def in_transaction(self, tx: Executor) -> "TaskService":
        """The same service as a part of the transaction `tx`."""
        return TaskService(tx, owners=self._owners, has_trash=self._has_trash, limit=self._limit)

    async def list(
        self,
        actor: Actor,
        owner: str,
        *,
        by: Mapping[str, object] | None = None,
        cursor: str | None = None,
        limit: int = PAGE_MAX,
    ) -> Page:
        """Return tasks, newest first, after the cursor of the previous page; `by` is of `narrow`.

        Raises Forbidden, Invalid.
        """
        access.require(actor, owner, Scope.READ)
        after = TOP if cursor is None else cursors.LIST.read(cursor, owner).position
        wanted = by or {}
        page = None
        if self._replica is not None:
            page = await self._replica.read(owner, lambda there: _page(there, owner, wanted, after, limit))
        page = page or await _page(self._db, owner, wanted, after, limit)
        self._require_version(actor, page.version)
        return page

    async def narrow(self, actor: Actor, owner: str, query: Mapping[str, str]) -> Mapping[str, object]:
        """Return what to narrow a list by: `status`, `list` (an id or `inbox`), `parent` (an id) and `label` (a name).

        Raises Forbidden, and Invalid for a value that can't be or that names nothing.
        """
        access.require(actor, owner, Scope.READ)
        by: dict[str, object] = {}
        if "status" in query:
            by["status"] = validation.status(query["status"])
        if "list" in query:
            by["list"] = 0 if query["list"] == INBOX else await self._named(objects.LISTS, owner, "list", query)
        if "parent" in query:
            by["parent"] = await self._named(objects.TASKS, owner, "parent", query)
        if "label" in query:
            name = query["label"].strip()
            if fault := text_fault("label", name):
                raise Invalid(fault)
            found = await label_store.named(self._db, owner, [folded(name)])
            if not found:
                raise Invalid(absent("label", LabelNotFound))
            by["label"] = found[0].name
        return by

    async def _named(self, kind: ObjectType, owner: str, field: str, query: Mapping[str, str]) -> int:
        id = validation.reference(field, query[field])
        if await objects.find(self._db, kind, owner, id) is None:
            raise Invalid(absent(field, ListNotFound if kind is objects.LISTS else TaskNotFound))
        return id

    async def version(self, actor: Actor, owner: str) -> str:
        """Return the opaque version of the owner's list without reading the list. Every change gives a new version.

        Raises Forbidden.
        """
        access.require(actor, owner, Scope.READ)
        version = await users.version(self._db, owner)
        self._require_version(actor, version)
        return version

    async def written(self, actor: Actor, ids: Sequence[int]) -> Sequence[Task]:
        """Return those of the actor's tasks that exist, for the response to their write. Raises Forbidden."""
        access.require(actor, actor.user_id, Scope.WRITE)
        return await objects.find_many(self._db, objects.TASKS, actor.user_id, ids)

    async def create(self, actor: Actor, owner: str, fields: Fields) -> Created:
        """Create an incomplete task, as the last one of its place.

        With a `uid` that a task of the owner has, return that task unchanged. Raises Forbidden, Invalid, LimitReached.
        """
        access.require(actor, owner, Scope.WRITE)
        new = occurrences.settled(forms.TASK.new(fields))
        try:
            reserved = await self._limit.reserve(self._db, owner, 1) if self._limit.watches(owner) else 0
        except LimitReached:
            found = await objects.find_by_uid(self._db, objects.TASKS, owner, new["uid"]) if new["uid"] else None
            if found is None:
                raise
            return Created(found, is_new=False)
        try:
            created = await self._owners.provisioned(self._db, actor, lambda: self._create(owner, new))
        finally:
            self._limit.done(owner, reserved)
        self._limit.saw(owner, created.object.revision)
        return created

    async def _create(self, owner: str, new: Values) -> Created:
        if new["parent_id"] is not None or new["labels"] is not None:
            return await self._db.transact(lambda tx: self._create_among_others(tx, owner, new), owner)
        if new["uid"] is None:
            return Created(await objects.create(self._db, objects.TASKS, owner, new))
        return Created(*await objects.create_once(self._db, objects.TASKS, owner, new))

    async def _create_among_others(self, tx: Executor, owner: str, new: Values) -> Created:
        """Create a task whose parent and labels must be looked up."""
        if new["uid"] is not None:
            found = await objects.find_by_uid(tx, objects.TASKS, owner, new["uid"])
            if found is not None:
                return Created(found, is_new=False)
        wanted = {name: new[name] for name in places.FIELDS if new[name] is not None}
        place = await places.settle(tx, owner, None, wanted)
        labels = await task_labels.known(tx, owner, new["labels"])
        return Created(
            await objects.create(tx, objects.TASKS, owner, {**new, **place._asdict(), "labels": labels or None})
        )

    async def update(self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: IfMatch = None) -> Task:
        """Change the given fields, and leave the others as they are. Raises Forbidden, Invalid, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        values = forms.TASK.edit(fields)
        return await self._edit(actor, owner, id, values, if_match)

    async def patch(self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: IfMatch = None) -> Task:
        """As `update`; the fields can also change the status, and add and remove labels.

        Raises Forbidden, Invalid, NotFound, Stale.
        """
        access.require(actor, owner, Scope.WRITE)
        values, labels = task_labels.patch(fields)
        return await self._edit(actor, owner, id, values, if_match, labels)

    async def _edit(
        self,
        actor: Actor,
        owner: str,
        id: int,
        values: Values,
        if_match: IfMatch,
        labels: LabelChange | None = None,
    ) -> Task:
        if labels is None and _AMONG_OTHERS.isdisjoint(values):
            plain = await tasks.update_plain(self._db, owner, id, values, if_match)
            if plain is not None:
                return plain

        async def work(tx: Executor) -> Task:
            part = self.in_transaction(tx)
            names = task_labels.keys(values.get("labels"), labels and labels.add)
            if not _ALONG.isdisjoint(values):
                await locks.take(tx, owner, {"task": [id]}, names=names)
            elif names:
                await label_store.lock(tx, owner, names)
            task = await part.lock(actor, id, if_match)
            new = dict(occurrences.settled(values, task))
            wanted = {name: values[name] for name in places.FIELDS & values.keys()}
            place = await places.settle(tx, owner, task, wanted)
            if place != (task.list_id, task.parent_id):
                placed = await places.put(tx, owner, task, place, places.AT_THE_END)
                new |= {**place._asdict(), "position": placed.key}
            if labels is not None:
                new["labels"] = await task_labels.changed(tx, owner, task.labels or [], labels)
            elif "labels" in values:
                new["labels"] = await task_labels.known(tx, owner, values["labels"])
            if place.list_id == task.list_id:
                return await occurrences.write(tx, task, new)
            async with objects.operation(tx):
                changed = await occurrences.write(tx, task, new)
                await places.carry(tx, owner, task, place.list_id)
            return changed

        return await self._db.transact(work, owner)

    async def move(self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: IfMatch = None) -> Task:
        """Move a task, with its subtasks, to another place. Raises Forbidden, Invalid, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        move = moves.read(fields, *places.FIELDS)
        given = {name: fields[name] for name in places.FIELDS & fields.keys()}
        wanted = forms.TASK.edit(given) if given else {}

        async def work(tx: Executor) -> Task:
            part = self.in_transaction(tx)
            await locks.take(tx, owner, {"task": [id]})
            task = await part.lock(actor, id, if_match)
            place = await places.settle(tx, owner, task, wanted)
            placed = await places.put(tx, owner, task, place, move)
            if placed.others:
                await locks.take(tx, owner, {"task": placed.others})
            new = {**place._asdict(), "position": placed.key}
            async with objects.operation(tx, "moved"):
                moved: Task = await objects.update(tx, objects.TASKS, owner, id, new)
                if place.list_id != task.list_id:
                    await places.carry(tx, owner, task, place.list_id)
                for other, key in placed.others.items():
                    await objects.update(tx, objects.TASKS, owner, other, {"position": key})
            return moved

        return await self._db.transact(work, owner)

    async def delete(
        self, actor: Actor, owner: str, id: int, *, permanent: bool = False, if_match: IfMatch = None
    ) -> int:
        """Move a task and its subtasks to the trash, or delete them permanently. Returns the revision of the change.

        Raises Forbidden, NotFound, Stale, TooMuch.
        """
        access.require(actor, owner, Scope.WRITE)
        if permanent or not self._has_trash:
            return await self._db.transact(lambda tx: self._remove(tx, actor, owner, id, if_match), owner)
        revision = await trash.trash_task(self._db, owner, id, if_match)
        return revision if revision is not None else await self._missed(actor, id, if_match)

    async def _remove(self, tx: Executor, actor: Actor, owner: str, id: int, if_match: IfMatch) -> int:
        await locks.take(tx, owner, {"task": [id]})
        await self.in_transaction(tx).lock(actor, id, if_match)
        ids = [one for one, _ in await tasks.subtree(tx, owner, id)]
        async with objects.operation(tx):
            await trash.delete_tasks(tx, owner, ids)
        return await users.revision(tx, owner)

    async def complete(
        self, actor: Actor, owner: str, id: int, fields: Fields = NO_FIELDS, *, if_match: IfMatch = None
    ) -> Task:
        """Mark a task complete, or move one that recurs to its next occurrence. A complete task stays unchanged.

        `fields` are of `occurrences.read`. Raises Forbidden, Invalid, NotFound, Stale.
        """
        access.require(actor, owner, Scope.WRITE)
        said = occurrences.read(fields) if fields else USUAL
        if said == USUAL:
            plain = await tasks.update_plain(self._db, owner, id, {"status": COMPLETE}, if_match)
            if plain is not None:
                return plain
        return await self._step(actor, id, if_match, lambda tx, task: occurrences.complete(tx, task, said, {}))

    async def skip(
        self, actor: Actor, owner: str, id: int, fields: Fields = NO_FIELDS, *, if_match: IfMatch = None
    ) -> Task:
        """Move a task to its next occurrence without counting as done; `fields` as for `complete`.

        Raises Forbidden, Invalid, NotFound, NotRecurring, Stale.
        """
        access.require(actor, owner, Scope.WRITE)
        said = occurrences.read(fields)
        return await self._step(actor, id, if_match, lambda tx, task: occurrences.skip(tx, task, said))

    async def _step(
        self, actor: Actor, id: int, if_match: IfMatch, step: Callable[[Executor, Task], Awaitable[Task]]
    ) -> Task:
        async def work(tx: Executor) -> Task:
            await locks.take(tx, actor.user_id, {"task": [id]})
            return await step(tx, await self.in_transaction(tx).lock(actor, id, if_match))

        return await self._db.transact(work, actor.user_id)

    async def occurrences(
        self, actor: Actor, owner: str, id: int, first: date, last: date, limit: int
    ) -> Sequence[Due]:
        """Return the days on which a task is due, from the day `first` to `last`. Raises Forbidden, NotFound."""
        return occurrences.ahead(await self.get(actor, owner, id), first, last, limit)

    async def completed(
        self, actor: Actor, owner: str, query: Mapping[str, str], limit: int = COMPLETED_USUAL
    ) -> tuple[Sequence[Completion], str | None]:
        """Return what was done, newest first, and the cursor of the next page; `query` is of `completed.page`.

        Raises Forbidden, Invalid.
        """
        access.require(actor, owner, Scope.READ)
        entries, following = await completed.page(self._db, owner, query, limit)
        if not entries:
            await self._owners.require(self._db, actor)
        return entries, following

    async def reopen(self, actor: Actor, owner: str, id: int, *, if_match: IfMatch = None) -> Task:
        """Mark a task incomplete. An incomplete task stays unchanged. Raises Forbidden, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        return await self.write(actor, owner, id, {"status": INCOMPLETE}, if_match)

    def _require_version(self, actor: Actor, version: str) -> None:
        if version == users.ABSENT:
            self._owners.refuse_gone(actor)


async def _page(db: Executor, owner: str, by: Mapping[str, object], after: Position, limit: int) -> Page:
    # One task above the limit shows that there is a next page.
    found, version = await tasks.list_(db, owner, by, after, limit + 1)
    if len(found) <= limit:
        return Page(found, version, None)
    last = found[limit - 1]
    return Page(found[:limit], version, cursors.LIST.write(cursors.Place.of(Position(last.created_at, last.id)), owner))
