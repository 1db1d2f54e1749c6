"""Batches: many operations in one transaction, with one statement per kind of work."""

from collections import Counter
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import nullcontext
from operator import itemgetter
from typing import Any, Final, TypeAlias

import msgspec

from doable.core import access, batch_forms, batch_steps
from doable.core.batch_forms import Batch, Create, Operation, Reference, Target, Uid, Write
from doable.core.batch_steps import Services, Step
from doable.core.owners import Owners
from doable.core.task_limit import TaskLimit
from doable.core.trash import TrashService
from doable.core.validation import Fields
from doable.errors import DoableError, Invalid, LimitReached, OperationSkipped, Stale, TaskNotFound, TooMuch
from doable.model import COMPLETE, ID_MAX, INCOMPLETE, Actor, Scope, Task
from doable.store import batch, users
from doable.store.batch import TaskWrite
from doable.store.columns import encoded
from doable.store.database import Executor

_STATUS: Final = {batch_forms.COMPLETE: COMPLETE, batch_forms.REOPEN: INCOMPLETE}


class Done(msgspec.Struct, frozen=True):
    """The object after an operation; None if the operation deleted it. `type` is the name of its type."""

    object: Any
    created: bool = False
    type: str = "task"


Result: TypeAlias = Done | DoableError


class BatchService:
    def __init__(
        self,
        db: Executor,
        *,
        owners: Owners,
        services: Services,
        has_trash: bool = True,
        limit: TaskLimit | None = None,
    ) -> None:
        """`services` are those of the single operations, by the type of their objects."""
        self._db = db
        self._limit = limit or TaskLimit(ID_MAX)
        self._owners = owners
        self._services = services
        self._trash = TrashService(db, owners=owners, limit=limit)
        self._has_trash = has_trash

    def in_transaction(self, tx: Executor) -> "BatchService":
        """The same service as a part of the transaction `tx`."""
        return BatchService(
            tx,
            owners=self._owners,
            services=self._services,
            has_trash=self._has_trash,
            limit=self._limit,
        )

    async def run(self, actor: Actor, owner: str, fields: Fields) -> list[Result]:
        """Run a batch, and return a result for each operation, in order.

        An atomic batch runs all operations or none. Any other batch runs those that it can. Raises Forbidden, Invalid,
        TooMuch. An atomic batch also raises the error of its first failing operation, with the operation's `index`.
        """
        access.require(actor, owner, Scope.WRITE)
        given = fields.get("operations")
        if isinstance(given, list) and batch_steps.is_needed(given, has_trash=self._has_trash):
            steps = batch_forms.batch(fields, batch_steps.parse)

            def run_steps() -> Awaitable[list[Result]]:
                return self._db.transact(lambda tx: self._run_steps(tx, actor, owner, steps), owner)

            return await self._owners.provisioned(self._db, actor, run_steps)
        wanted: Batch[Operation] = batch_forms.batch(fields, batch_forms.plain)

        async def work(db: Executor) -> list[Result]:
            run = _Run(db, actor, owner, wanted.operations, self._limit)
            if not await run.lock():
                await self._owners.require(db, actor)
            if run.recurs() or await run.deletes_subtasks():
                return await self._run_steps(db, actor, owner, batch_forms.batch(fields, batch_steps.parse))
            await run.create()
            await run.write()
            results = [run.results[index] for index in range(len(wanted.operations))]
            if wanted.atomic:
                _require_all(results)
            return results

        def act() -> Awaitable[list[Result]]:
            # A batch of creates is one statement, so it needs no transaction.
            is_one = all(type(one) is not Write and _uid(one) is None for one in wanted.operations)
            return work(self._db) if is_one else self._db.transact(work, owner)

        return await self._owners.provisioned(self._db, actor, act)

    async def _run_steps(self, tx: Executor, actor: Actor, owner: str, steps: Batch[Step]) -> list[Result]:
        """Run the operations one after another, in the transaction `tx`."""
        await batch_steps.lock(tx, owner, steps.operations)
        began = await users.revision(tx, owner)
        runner = batch_steps.Runner(actor, owner, self._services, self._trash, began)
        results: list[Result] = []
        for index, step in enumerate(steps.operations):
            try:
                if isinstance(step, Invalid):
                    raise step
                async with nullcontext(tx) if steps.atomic else tx.transaction() as part:
                    found, is_new = await runner.run(part, index, step)
                results.append(Done(found, is_new, step.type))
            except TooMuch:
                raise
            except DoableError as error:
                error.index = index if steps.atomic else None
                if steps.atomic:
                    raise
                results.append(error)
        return results


class _Run:
    """A running batch: the current state of its tasks, and the result of each operation by its index.

    The batch locks its existing tasks before the first operation, so no other request changes them.
    """

    def __init__(
        self, db: Executor, actor: Actor, owner: str, operations: Sequence[Operation | Invalid], limit: TaskLimit
    ) -> None:
        self._db = db
        self._actor = actor
        self._owner = owner
        self._limit = limit
        self._tasks: dict[int, Task] = {}
        # `isinstance` takes five times as long: for a Struct, it calls a method that is written in Python.
        self.creates = [(index, one) for index, one in enumerate(operations) if type(one) is Create]
        self._writes = [(index, one) for index, one in enumerate(operations) if type(one) is Write]
        self._ids: dict[str | None, int] = {}  # of the existing tasks, by `uid`
        self._made: dict[int, int] = {}  # of the tasks of the creates, by the index of the operation
        self.results: dict[int, Result] = {
            index: one for index, one in enumerate(operations) if isinstance(one, Invalid)
        }

    async def deletes_subtasks(self) -> bool:
        """Whether a deletion takes subtasks along. Then operations depend on those before them."""
        deleted = [
            id
            for _, one in self._writes
            if one.op == batch_forms.DELETE and (id := self._existing(one.target)) is not None
        ]
        return bool(deleted) and await batch.have_subtasks(self._db, self._owner, deleted)

    async def lock(self) -> bool:
        """Lock the existing tasks that the batch names. Returns False if it names some and none exists."""
        targets = {write.target for _, write in self._writes}
        ids = {target for target in targets if isinstance(target, int)}
        uids = {target.uid for target in targets if isinstance(target, Uid)}
        created = {uid for _, create in self.creates if (uid := _uid(create)) is not None}
        if ids or uids or created:
            tasks = await batch.lock(self._db, self._owner, sorted(ids), sorted(uids | created))
            self._tasks = {task.id: task for task in tasks}
            self._ids = {task.uid: task.id for task in tasks if task.uid is not None}
            self._recall()
        return bool(self._tasks) or not (ids or uids)

    def recurs(self) -> bool:
        """Whether one of the existing tasks recurs, so that the operations must run one after another."""
        return any(task.recurrence for task in self._tasks.values())

    def _recall(self) -> None:
        """A create whose `uid` exists creates nothing: it changes no field of that task."""
        found = {index: self._ids[uid] for index, create in self.creates if (uid := _uid(create)) in self._ids}
        self.creates = [(index, create) for index, create in self.creates if index not in found]
        recalls = [(index, Write(batch_forms.CREATE, id, {}, None)) for index, id in found.items()]
        self._writes = sorted([*self._writes, *recalls], key=itemgetter(0))

    async def create(self) -> None:
        """Run the creates. Raises UserNotFound if the owner does not exist (yet)."""
        if not self.creates:
            return
        try:
            reserved = await self._limit.reserve(self._db, self._owner, len(self.creates))
        except LimitReached as error:
            self.results |= {index: error for index, _ in self.creates}
            return
        try:
            await self._create()
        finally:
            self._limit.done(self._owner, reserved)

    async def _create(self) -> None:
        tasks = await batch.create(self._db, self._owner, [create.new for _, create in self.creates])
        for (index, _), task in zip(self.creates, tasks, strict=True):
            self._tasks[task.id] = task
            self._made[index] = task.id
            self.results[index] = Done(task, created=True)
        self._limit.saw(self._owner, tasks[-1].revision)

    async def write(self) -> None:
        layers = self._layers()
        if not layers:
            return
        left = await batch.change(self._db, self._owner, layers)
        for layer in layers:
            for change in layer:
                if change.place in left:
                    self._leave(change, left[change.place])
                else:
                    self.results[change.place] = self._missed(change)

    def _layers(self) -> list[list[TaskWrite]]:
        """Group the writes into layers, so that a layer has at most one write per task.

        A write to a task that does not exist gets its error here, and is in no layer.
        """
        layers: list[list[TaskWrite]] = []
        depth: Counter[int] = Counter()
        for index, write in self._writes:
            try:
                id = self._id(write)
            except DoableError as error:
                self.results[index] = error
                continue
            if depth[id] == len(layers):
                layers.append([])
            if write.op == batch_forms.CREATE:
                self._made[index] = id
            layers[depth[id]].append(TaskWrite(index, id, write.if_match, _patch(write)))
            depth[id] += 1
        return layers

    def _id(self, write: Write) -> int:
        """Raises OperationSkipped, TaskNotFound."""
        target = write.target
        if isinstance(target, Reference):
            if target.place not in self._made:
                raise OperationSkipped
            return self._made[target.place]
        id = self._existing(target)
        if id is None or (self._tasks[id].deleted_at is not None and write.op != batch_forms.CREATE):
            raise TaskNotFound
        return id

    def _existing(self, target: Target) -> int | None:
        """The id of a task that is there before the batch, or None."""
        if isinstance(target, Reference):
            return None
        id = self._ids.get(target.uid) if isinstance(target, Uid) else target
        return id if id in self._tasks else None

    def _leave(self, change: TaskWrite, task: Task) -> None:
        self.results[change.place] = Done(task if change.patch is not None else None)
        self._tasks[change.id] = task

    def _missed(self, change: TaskWrite) -> DoableError:
        """Why a write changed no row: an earlier write deleted the task, or its revision is not the expected one."""
        task = self._tasks[change.id]
        return Stale(access.readable(self._actor, task)) if task.deleted_at is None else TaskNotFound()


def _uid(operation: Operation | Invalid) -> str | None:
    uid = operation.new.get("uid") if type(operation) is Create else None
    return uid if isinstance(uid, str) else None


def _patch(write: Write) -> str | None:
    if write.op == batch_forms.DELETE:
        return None
    return encoded({"status": _STATUS[write.op]} if write.edit is None else write.edit)


def _require_all(results: Iterable[Result]) -> None:
    for index, outcome in enumerate(results):
        if isinstance(outcome, DoableError):
            outcome.index = index
            raise outcome
