"""What a user can do with tasks."""

from collections.abc import Sequence
from typing import Final, NamedTuple, NoReturn

import msgspec

from doable.core import access, cursors, forms, validation
from doable.core.owners import Owners
from doable.core.task_limit import TaskLimit
from doable.core.validation import Fields
from doable.errors import LimitReached, Stale, TaskNotFound
from doable.fields import Values
from doable.model import COMPLETE, ID_MAX, INCOMPLETE, TOP, Actor, Position, Scope, Task
from doable.store import tasks, users
from doable.store.database import Executor
from doable.store.replica import Replica

PAGE_MAX: Final = 1000
NO_REVISION: Final = (
    'If-Match must hold the ETag of the task as the service sent it, such as "7";'
    ' a proxy that compresses responses changes it, for example to W/"7"'
)


class Page(msgspec.Struct, frozen=True):
    """Tasks, the version of the list when they were read, and the cursor of the next page (None on the last page)."""

    tasks: list[Task]
    version: str
    next: str | None


class Created(NamedTuple):
    """A task after a `create`, and whether it is new."""

    task: Task
    is_new: bool = True


class TaskService:
    """Each method is one transaction. `if_match` holds the revisions that a write may change; None allows any.

    An empty `if_match` allows none: no ETag of the client can be a revision.
    """

    def __init__(
        self, db: Executor, *, owners: Owners, limit: TaskLimit | None = None, replica: Replica | None = None
    ) -> None:
        self._db = db
        self._limit = limit or TaskLimit(ID_MAX)
        self._replica = replica
        self._owners = owners

    def in_transaction(self, tx: Executor) -> "TaskService":
        """The same service as a part of the transaction `tx`."""
        return TaskService(tx, owners=self._owners, limit=self._limit)

    async def list(
        self, actor: Actor, owner: str, *, status: str | None = None, cursor: str | None = None, limit: int = PAGE_MAX
    ) -> Page:
        """Return tasks, newest first, after the cursor of the previous page. Raises Forbidden, Invalid."""
        access.require(actor, owner, Scope.READ)
        after = TOP if cursor is None else cursors.LIST.read(cursor, owner).position
        wanted = None if status is None else validation.status(status)
        page = None
        if self._replica is not None:
            page = await self._replica.read(owner, lambda there: _page(there, owner, wanted, after, limit))
        page = page or await _page(self._db, owner, wanted, after, limit)
        self._require_version(actor, page.version)
        return page

    async def version(self, actor: Actor, owner: str) -> str:
        """Return the opaque version of the owner's list without reading the list. Every change gives a new version.

        Raises Forbidden.
        """
        access.require(actor, owner, Scope.READ)
        version = await users.version(self._db, owner)
        self._require_version(actor, version)
        return version

    async def get(self, actor: Actor, owner: str, id: int) -> Task:
        """Return a task. Raises Forbidden, NotFound."""
        access.require(actor, owner, Scope.READ)
        return await tasks.find(self._db, owner, id) or await self._refuse_absent(actor)

    async def written(self, actor: Actor, ids: Sequence[int]) -> Sequence[Task]:
        """Return those of the actor's tasks that exist, for the response to their write. Raises Forbidden."""
        access.require(actor, actor.user_id, Scope.WRITE)
        return await tasks.find_many(self._db, actor.user_id, ids)

    async def get_to_write(self, actor: Actor, owner: str, id: int) -> Task:
        """Return a task for the preconditions of a write. The actor may lack the right to see it.

        Raises Forbidden, NotFound.
        """
        access.require(actor, owner, Scope.WRITE)
        return await self._find(actor, id)

    async def create(self, actor: Actor, owner: str, fields: Fields) -> Created:
        """Create an incomplete task. With a `uid` that a task of the owner has, return that task unchanged.

        Raises Forbidden, Invalid, LimitReached.
        """
        access.require(actor, owner, Scope.WRITE)
        new = forms.TASK.new(fields)
        try:
            reserved = await self._limit.reserve(self._db, owner, 1) if self._limit.watches(owner) else 0
        except LimitReached:
            found = await tasks.find_by_uid(self._db, owner, new["uid"]) if new["uid"] else None
            if found is None:
                raise
            return Created(found, is_new=False)
        try:
            created = await self._owners.provisioned(self._db, actor, lambda: self._create(owner, new))
        finally:
            self._limit.done(owner, reserved)
        self._limit.saw(owner, created.task.revision)
        return created

    async def _create(self, owner: str, new: Values) -> Created:
        if new["uid"] is None:
            return Created(await tasks.create(self._db, owner, new))
        return Created(*await tasks.create_once(self._db, owner, new))

    async def update(
        self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: Sequence[int] | None = None
    ) -> Task:
        """Change the given fields, and leave the others as they are. Raises Forbidden, Invalid, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        return await self._change(actor, owner, id, forms.TASK.edit(fields), if_match)

    async def patch(
        self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: Sequence[int] | None = None
    ) -> Task:
        """As `update`; the fields can also change the status. Raises Forbidden, Invalid, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        return await self._change(actor, owner, id, forms.TASK.patch(fields), if_match)

    async def delete(self, actor: Actor, owner: str, id: int, *, if_match: Sequence[int] | None = None) -> None:
        """Remove a task permanently. Raises Forbidden, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        if not await tasks.delete(self._db, owner, id, if_match):
            await self._missed(actor, id, if_match)

    async def complete(self, actor: Actor, owner: str, id: int, *, if_match: Sequence[int] | None = None) -> Task:
        """Mark a task complete. A complete task stays unchanged. Raises Forbidden, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        return await self._change(actor, owner, id, {"status": COMPLETE}, if_match)

    async def reopen(self, actor: Actor, owner: str, id: int, *, if_match: Sequence[int] | None = None) -> Task:
        """Mark a task incomplete. An incomplete task stays unchanged. Raises Forbidden, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        return await self._change(actor, owner, id, {"status": INCOMPLETE}, if_match)

    async def _change(self, actor: Actor, owner: str, id: int, values: Values, if_match: Sequence[int] | None) -> Task:
        task = await tasks.update(self._db, owner, id, values, if_match)
        return task or await self._missed(actor, id, if_match)

    async def _missed(self, actor: Actor, id: int, if_match: Sequence[int] | None) -> Task:
        """A write changed no row: raise TaskNotFound if the task does not exist, else Stale."""
        if if_match is None:
            await self._refuse_absent(actor)
        current = await self._find(actor, id)
        raise Stale(access.readable(actor, current), None if if_match else NO_REVISION)

    async def _find(self, actor: Actor, id: int) -> Task:
        return await tasks.find(self._db, actor.user_id, id) or await self._refuse_absent(actor)

    async def _refuse_absent(self, actor: Actor) -> NoReturn:
        await self._owners.require(self._db, actor)
        raise TaskNotFound

    def _require_version(self, actor: Actor, version: str) -> None:
        if version == users.ABSENT:
            self._owners.refuse_gone(actor)


async def _page(db: Executor, owner: str, status: str | None, after: Position, limit: int) -> Page:
    # One task above the limit shows that there is a next page.
    found, version = await tasks.list_(db, owner, status, after, limit + 1)
    if len(found) <= limit:
        return Page(found, version, None)
    last = found[limit - 1]
    return Page(found[:limit], version, cursors.LIST.write(cursors.Place.of(Position(last.created_at, last.id)), owner))
