"""What a user can take back: any operation that is still in the log of changes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from doable.core import access, places, saved_filters, task_labels, validation
from doable.core.batch_steps import KINDS
from doable.core.owners import Owners
from doable.core.trash import TrashService
from doable.core.validation import Fields
from doable.errors import ChangedSince, ChangeExpired, ChangeNotFound, Fault, Invalid, LimitReached
from doable.fields import whole
from doable.model import ID_MAX, Actor, Removed, Scope
from doable.store import completions, labels, locks, objects, undo, users
from doable.store.database import Executor
from doable.store.undo import Span, Step

_FIELDS: Final = frozenset({"revision"})


class Undone(msgspec.Struct, frozen=True):
    """The objects that were changed back, and the revision of the last of these changes."""

    undone: Sequence[Removed]
    revision: int


class UndoService:
    def __init__(self, db: Executor, *, owners: Owners, services: Mapping[str, Any], trash: TrashService) -> None:
        self._db = db
        self._owners = owners
        self._services = services
        self._trash = trash

    def in_transaction(self, tx: Executor) -> "UndoService":
        """The same service as a part of the transaction `tx`."""
        return UndoService(tx, owners=self._owners, services=self._services, trash=self._trash)

    async def undo(self, actor: Actor, owner: str, fields: Fields) -> Undone:
        """Undo the operation that made the change with a `revision`, with all its changes.

        Raises Forbidden, Invalid, ChangeNotFound, ChangedSince, ChangeExpired, LimitReached, TooMuch.
        """
        access.require(actor, owner, Scope.WRITE)
        revision = _revision(fields)
        return await self._db.transact(lambda tx: self._undo(tx, actor, owner, revision), owner)

    async def _undo(self, tx: Executor, actor: Actor, owner: str, revision: int) -> Undone:
        span = await undo.span(tx, owner, revision)
        if span is None:
            await self._owners.require(tx, actor)
        if span is None or revision > span.revision:
            raise ChangeNotFound
        if span.began is None or span.began <= span.floor:
            raise ChangeExpired
        steps = await undo.steps(tx, owner, span)
        await locks.take(tx, owner, {type: {one.id for one in steps if one.type == type} for type in KINDS})
        await _require_possible(tx, owner, span, steps)
        # Labels that are gone come back before the operation: they are no part of it, as where a task names a new one.
        names = await undo.names(tx, owner, span)
        spelled = await task_labels.known(tx, owner, names) or []
        async with objects.operation(tx):
            await self._take_back(tx, actor, owner, span, steps)
            for old, new in zip(names, spelled, strict=True):
                if old != new:
                    await labels.rename(tx, owner, old, new)
        return Undone(
            [Removed(*one) for one in dict.fromkeys(step[:2] for step in steps)], await users.revision(tx, owner)
        )

    async def _take_back(self, tx: Executor, actor: Actor, owner: str, span: Span, steps: Sequence[Step]) -> None:
        happened = {step.what for step in steps}
        if undo.DELETED in happened:
            async with objects.operation(tx, "restored"):
                await undo.insert(tx, owner, span)
            await self._require_room(tx, owner, steps)
        if undo.TRASH in happened:
            await self._restore(tx, actor, owner, span)
        if undo.CHANGED in happened:
            await _change_back(tx, owner, span, steps)
        for type, id in await _to_delete(tx, owner, steps):
            await self._services[type].in_transaction(tx).delete(actor, owner, id)

    async def _require_room(self, tx: Executor, owner: str, steps: Sequence[Step]) -> None:
        """Raises LimitReached if there are too many objects of a type of which some came back."""
        for type in {step.type for step in steps if step.what == undo.DELETED}:
            kind, most = KINDS[type].stored, self._services[type].most
            if len(await objects.all_(tx, kind, owner)) > most:
                raise LimitReached(most, kind.table)

    async def _restore(self, tx: Executor, actor: Actor, owner: str, span: Span) -> None:
        for kind in (KINDS["list"], KINDS["task"]):
            for id in await undo.roots(tx, kind.stored, owner, span):
                await self._trash.in_transaction(tx).restore(actor, owner, kind, id)


def _revision(fields: Fields) -> int:
    revision = whole(fields.get("revision"))
    faults = validation.stray_faults(fields, _FIELDS)
    if type(revision) is int and 1 <= revision <= ID_MAX and not faults:
        return revision
    raise Invalid(*faults, Fault("revision", "invalid_revision", "Send the revision of a change, and nothing else"))


async def _require_possible(tx: Executor, owner: str, span: Span, steps: Sequence[Step]) -> None:
    """Raises ChangedSince, and ChangeExpired for a permanent deletion of what has a trash."""
    for step in steps:
        if step.type not in KINDS:
            raise ChangedSince(
                Fault(step.type, "not_undoable", "A change of settings can't be undone: change them again")
            )
        if step.what == undo.DELETED and KINDS[step.type].stored.has_trash:
            raise ChangeExpired
    changed = [
        Fault(field, "changed_since", f"The field '{field}' of {type} {id} has changed since")
        for type, id, field in await undo.changed_since(tx, owner, span)
        if field in KINDS[type].stored.struct.__struct_fields__
    ]
    if changed:
        raise ChangedSince(*changed)
    trashed = await undo.in_trash(tx, owner, span)
    if trashed is not None:
        raise ChangedSince(Fault("parent_id", "changed_since", f"Task {trashed} is in the trash: restore it first"))
    if await undo.is_taken(tx, owner, span):
        raise ChangedSince(Fault("name", "changed_since", "Another object has this name or uid now"))


async def _change_back(tx: Executor, owner: str, span: Span, steps: Sequence[Step]) -> None:
    """Give the objects their old values. Raises ChangedSince if a task can't be where it was."""
    ids = [step.id for step in steps if step.type == "task" and step.what == undo.CHANGED]
    # What has got the new name since is no part of the operation.
    for mark, new, old in await undo.renamed(tx, owner, span):
        await saved_filters.rename(tx, owner, mark, new, old)
        if mark == "@":
            await labels.rename(tx, owner, new, old)
    try:
        await undo.update(tx, owner, span)
    except Invalid as error:
        raise ChangedSince(*error.faults) from None
    await completions.take_back(tx, owner, span.began or 0, span.ended, await users.revision(tx, owner))
    await undo.carry(tx, owner, ids)
    misplaced = await undo.misplaced(tx, owner, ids, places.LEVELS_MAX)
    if misplaced is not None:
        sentence = f"Task {misplaced} can't be where it was: its list, its parent or their places have changed since"
        raise ChangedSince(Fault("parent_id", "changed_since", sentence))


async def _to_delete(tx: Executor, owner: str, steps: Sequence[Step]) -> list[tuple[str, int]]:
    """What the operation made or restored, without what is deleted with another object of these."""
    made = [(step.type, step.id) for step in steps if step.what in {undo.CREATED, undo.RESTORED}]
    lists = [one for one in made if one[0] != "task"]
    if any(type == "list" for type, _ in lists):
        return lists
    ids = {id for type, id in made if type == "task"}
    found = await objects.find_many(tx, objects.TASKS, owner, [*ids]) if ids else []
    return [*lists, *(("task", one.id) for one in found if one.parent_id not in ids)]
