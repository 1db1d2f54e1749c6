"""Batches: many operations in one transaction, with one statement per kind of work."""

from collections import Counter
from collections.abc import Awaitable, Iterable, Sequence
from typing import Final, TypeAlias

import msgspec

from doable.core import access, batch_forms
from doable.core.batch_forms import Create, Operation, Reference, Write
from doable.core.owners import Owners
from doable.core.task_limit import TaskLimit
from doable.core.validation import Fields
from doable.errors import DoableError, Invalid, LimitReached, OperationSkipped, Stale, TaskNotFound
from doable.model import COMPLETE, ID_MAX, INCOMPLETE, Actor, Scope, Task
from doable.store import batch
from doable.store.batch import TaskWrite
from doable.store.database import Executor

_STATUS: Final = {batch_forms.COMPLETE: COMPLETE, batch_forms.REOPEN: INCOMPLETE}


class Done(msgspec.Struct, frozen=True):
    """The task after an operation; None if the operation deleted it."""

    task: Task | None
    created: bool = False


Result: TypeAlias = Done | DoableError


class BatchService:
    def __init__(self, db: Executor, *, owners: Owners, limit: TaskLimit | None = None) -> None:
        self._db = db
        self._limit = limit or TaskLimit(ID_MAX)
        self._owners = owners

    def in_transaction(self, tx: Executor) -> "BatchService":
        """The same service as a part of the transaction `tx`."""
        return BatchService(tx, owners=self._owners, limit=self._limit)

    async def run(self, actor: Actor, owner: str, fields: Fields) -> list[Result]:
        """Run a batch, and return a result for each operation, in order.

        An atomic batch runs all operations or none. Any other batch runs those that it can. Raises Forbidden, Invalid.
        An atomic batch also raises the error of its first failing operation, with the operation's `index`.
        """
        access.require(actor, owner, Scope.WRITE)
        wanted = batch_forms.batch(fields)

        async def work(db: Executor) -> list[Result]:
            run = _Run(db, actor, owner, wanted.operations, self._limit)
            if not await run.lock():
                await self._owners.require(db, actor)
            await run.create()
            await run.write()
            results = [run.results[index] for index in range(len(wanted.operations))]
            if wanted.atomic:
                _require_all(results)
            return results

        def act() -> Awaitable[list[Result]]:
            # A batch of creates is one statement, so it needs no transaction.
            writes = any(type(one) is Write for one in wanted.operations)
            return self._db.transact(work, owner) if writes else work(self._db)

        return await self._owners.provisioned(self._db, actor, act)


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
        self.results: dict[int, Result] = {
            index: one for index, one in enumerate(operations) if isinstance(one, Invalid)
        }

    async def lock(self) -> bool:
        """Lock the existing tasks that the batch names. Returns False if it names some and none exists."""
        ids = {write.target for _, write in self._writes if isinstance(write.target, int)}
        if ids:
            self._tasks = {task.id: task for task in await batch.lock(self._db, self._owner, sorted(ids))}
        return bool(self._tasks) or not ids

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
            id = write.target
            if isinstance(id, Reference):
                made = self.results[id.place]
                if not isinstance(made, Done) or made.task is None:
                    self.results[index] = OperationSkipped()
                    continue
                id = made.task.id
            if id not in self._tasks:
                self.results[index] = TaskNotFound()
                continue
            if depth[id] == len(layers):
                layers.append([])
            layers[depth[id]].append(TaskWrite(index, id, write.if_match, _patch(write)))
            depth[id] += 1
        return layers

    def _leave(self, change: TaskWrite, task: Task | None) -> None:
        self.results[change.place] = Done(task)
        if task is None:
            del self._tasks[change.id]
        else:
            self._tasks[change.id] = task

    def _missed(self, change: TaskWrite) -> DoableError:
        """Why a write changed no row: an earlier write deleted the task, or its revision is not the expected one."""
        task = self._tasks.get(change.id)
        return TaskNotFound() if task is None else Stale(access.readable(self._actor, task))


def _patch(write: Write) -> str | None:
    if write.op == batch_forms.DELETE:
        return None
    return msgspec.json.encode(write.edit or {"status": _STATUS[write.op]}).decode()


def _require_all(results: Iterable[Result]) -> None:
    for index, outcome in enumerate(results):
        if isinstance(outcome, DoableError):
            outcome.index = index
            raise outcome
