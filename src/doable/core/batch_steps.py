"""Batches whose operations depend on more than one object: they run one after another, in one transaction.

Other batches, which create and change plain tasks, run with one statement per kind of work (`core/batch.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from doable.core import batch_forms, moves, occurrences, places, task_labels, validation
from doable.core.batch_forms import Earlier, Reference, Target, Uid, gather, within
from doable.core.collections import FilterService, LabelService, ListService
from doable.core.objects import ObjectService
from doable.core.tasks import TaskService
from doable.core.trash import CHANGES_MAX, TrashService
from doable.core.validation import Fields
from doable.errors import Fault, Invalid, OperationSkipped, TooMuch, absent
from doable.model import Actor
from doable.store import locks, objects, users
from doable.store.database import Executor

MOVE: Final = "move"
RESTORE: Final = "restore"
_COMPLETING: Final = {batch_forms.COMPLETE, batch_forms.SKIP}
KINDS: Final = {service.kind.name: service.kind for service in (TaskService, ListService, LabelService, FilterService)}
_CHANGE_MANY: Final = frozenset({batch_forms.UPDATE, batch_forms.DELETE, MOVE, RESTORE, *_COMPLETING})
_OPS: Final = (batch_forms.CREATE, batch_forms.UPDATE, batch_forms.DELETE, MOVE)
_MORE_OPS: Final = {
    "task": (RESTORE, batch_forms.COMPLETE, batch_forms.REOPEN, batch_forms.SKIP),
    "list": (RESTORE,),
}
# The fields that name another object, and its type; None: of the same type.
_NAMES: Final[Mapping[str, str | None]] = {"list_id": "list", "parent_id": "task", "before": None, "after": None}
_DEPENDENT: Final = {"list_id", "parent_id", "labels", "add_labels", "remove_labels", "recurrence"}
# The members beside `op` that are arguments.
_ARGUMENTS: Final = moves.WHERE | places.FIELDS | occurrences.MEMBERS
# Members that a plain operation does not have.
_SAID: Final = occurrences.MEMBERS | {"type"}

Services: TypeAlias = Mapping[str, ObjectService[Any]]


class Step(msgspec.Struct, frozen=True):
    """An operation. `named` are those of its fields that name an object by a reference or a `uid`."""

    type: str
    op: str
    target: Target | None
    fields: Fields
    named: Mapping[str, Target]
    if_match: Sequence[int] | None


def is_needed(operations: Sequence[object], *, has_trash: bool) -> bool:
    """Whether an operation is about another type, or depends on other objects."""
    alone = (MOVE, RESTORE, batch_forms.SKIP, *(() if has_trash else (batch_forms.DELETE,)))
    return any(isinstance(one, dict) and _is_step(one, alone) for one in operations)


def _is_step(said: Fields, alone: Sequence[str]) -> bool:
    fields = said.get("task")
    return (
        not _SAID.isdisjoint(said)
        or said.get("op") in alone
        or (isinstance(fields, dict) and not _DEPENDENT.isdisjoint(fields))
    )


def parse(operations: Sequence[object]) -> list[Step | Invalid]:
    """Parse the operations of a batch."""
    earlier = {type: Earlier({}, {}) for type in KINDS}
    return [_operation(said, place, earlier) for place, said in enumerate(operations)]


def _operation(said: object, place: int, earlier: Mapping[str, Earlier]) -> Step | Invalid:
    """Parse one operation. `earlier` are the creates before it, by their type."""
    try:
        return _parsed(said, place, earlier)
    except Invalid as error:
        return Invalid(*within(f"operations[{place}]", error))


def _parsed(said: object, place: int, earlier: Mapping[str, Earlier]) -> Step:
    if not isinstance(said, dict):
        raise Invalid(batch_forms.NO_OBJECT)
    type, op = said.get("type", "task"), said.get("op")
    if not isinstance(type, str) or type not in KINDS:
        raise Invalid(Fault("type", "unknown_type", f"Type must be one of {', '.join(KINDS)}"))
    ops = (*_OPS, *_MORE_OPS.get(type, ()))
    if not isinstance(op, str) or op not in ops:
        raise Invalid(Fault("op", "unknown_operation", f"Op must be one of {', '.join(ops)}"))
    faults = validation.stray_faults(said, _members(type, op))
    target = if_match = None
    if op == batch_forms.CREATE:
        if "ref" in said:
            gather(faults, "ref", batch_forms.name, said["ref"], place, earlier[type].refs)
    else:
        target = gather(faults, "id", batch_forms.target, said.get("id"), earlier[type])
        if_match = gather(faults, "if_match", batch_forms.revision, said["if_match"]) if "if_match" in said else None
    fields, named = _fields(type, op, said, earlier, faults)
    if faults:
        raise Invalid(*faults)
    uid = fields.get("uid")
    if op == batch_forms.CREATE and isinstance(uid, str):
        earlier[type].uids.setdefault(uid, place)
    return Step(type, op, target, fields, named, None if if_match is None else [if_match])


def _members(type: str, op: str) -> frozenset[str]:
    members = {"op", "type", *(("ref",) if op == batch_forms.CREATE else ("id", "if_match"))}
    if op in {batch_forms.CREATE, batch_forms.UPDATE}:
        members.add(type)
    elif op == MOVE:
        members |= moves.WHERE | (places.FIELDS if type == "task" else frozenset())
    elif op in _COMPLETING:
        members |= occurrences.MEMBERS
    return frozenset(members)


def _fields(
    type: str, op: str, said: Fields, earlier: Mapping[str, Earlier], faults: list[Fault]
) -> tuple[Fields, Mapping[str, Target]]:
    """The fields of an operation, checked as far as they can be before it runs, and those that name an object."""
    if op in {batch_forms.CREATE, batch_forms.UPDATE}:
        given, within_ = said.get(type), f"{type}."
        if not isinstance(given, dict):
            faults.append(Fault(type, "wrong_type", f"{type.capitalize()} must be an object"))
            return {}, {}
    else:
        given, within_ = {name: said[name] for name in said if name in _ARGUMENTS}, ""
    named: dict[str, Target] = {}
    for name, noun in _NAMES.items():
        if isinstance(given.get(name), dict):
            found = gather(faults, within_ + name, batch_forms.target, given[name], earlier[noun or type])
            named[name] = found if found is not None else 1
    plain = given | dict.fromkeys(named, 1)  # any id, to check the rest
    if check := _check(type, op):
        gather(faults, within_.removesuffix("."), check, plain)
    return given, named


def _check(type: str, op: str) -> Callable[[Fields], object] | None:
    form = KINDS[type].form
    if op == batch_forms.CREATE:
        return form.new
    if op == batch_forms.UPDATE:
        return task_labels.patch if type == "task" else form.patch
    if op in _COMPLETING:
        return occurrences.read
    return (lambda fields: moves.read(fields, *places.FIELDS)) if op == MOVE else None


async def lock(tx: Executor, owner: str, steps: Sequence[Step | Invalid]) -> None:
    """Lock what the steps can change, before the first one runs."""
    valid = [step for step in steps if isinstance(step, Step)]
    ids = {type: {one.target for one in valid if one.type == type and isinstance(one.target, int)} for type in KINDS}
    uids = {
        type: {one.target.uid for one in valid if one.type == type and isinstance(one.target, Uid)} for type in KINDS
    }
    names = task_labels.keys(*(one.fields.get(name) for one in valid for name in ("labels", "add_labels")))
    await locks.take(tx, owner, ids, uids, names=names)


class Runner:
    """Runs the steps of a batch; `made` are the ids of the objects of the creates, by the index of the operation."""

    def __init__(self, actor: Actor, owner: str, services: Services, trash: TrashService, began: int) -> None:
        """`began` is the owner's revision before the first step."""
        self._actor = actor
        self._owner = owner
        self._services = services
        self._trash = trash
        self._began = began
        self._made: dict[int, int] = {}

    async def run(self, tx: Executor, index: int, step: Step) -> tuple[object, bool]:
        """Run one step. Returns the object afterwards (None: it is deleted), and whether it is new.

        Raises TooMuch when all steps together have changed too many objects.
        """
        done = await self._run(tx, index, step)
        if step.op in _CHANGE_MANY and await users.revision(tx, self._owner) - self._began > CHANGES_MAX:
            raise TooMuch
        return done

    async def _run(self, tx: Executor, index: int, step: Step) -> tuple[object, bool]:
        service: Any = self._services[step.type].in_transaction(tx)
        actor, owner = self._actor, self._owner
        try:
            ids = {name: await self._id(tx, _NAMES[name] or step.type, one, name) for name, one in step.named.items()}
            fields = {**step.fields, **ids}
            if step.op == batch_forms.CREATE:
                made, is_new = await service.create(actor, owner, fields)
                self._made[index] = made.id
                return made, is_new
            id = await self._id(tx, step.type, step.target or 0, None, in_trash=step.op == RESTORE)
            if step.op == RESTORE:
                service = self._trash.in_transaction(tx)
                return await service.restore(actor, owner, KINDS[step.type], id, if_match=step.if_match), False
            if step.op == batch_forms.DELETE:
                await service.delete(actor, owner, id, if_match=step.if_match)
                return None, False
            return await self._change(service, step, id, fields), False
        except Invalid as error:
            inside = step.type if step.op in {batch_forms.CREATE, batch_forms.UPDATE} else ""
            raise Invalid(*within(f"operations[{index}]", Invalid(*within(inside, error)))) from None

    async def _change(self, service: Any, step: Step, id: int, fields: Fields) -> object:
        who, if_match = (self._actor, self._owner), step.if_match
        if step.op == batch_forms.UPDATE:
            return await service.patch(*who, id, fields, if_match=if_match)
        if step.op == MOVE:
            return await service.move(*who, id, fields, if_match=if_match)
        if step.op == batch_forms.REOPEN:
            return await service.reopen(*who, id, if_match=if_match)
        act = service.complete if step.op == batch_forms.COMPLETE else service.skip
        return await act(*who, id, fields, if_match=if_match)

    async def _id(self, tx: Executor, type: str, target: Target, field: str | None, *, in_trash: bool = False) -> int:
        """The id of an object. Raises OperationSkipped, and NotFound, or Invalid where a `field` names it."""
        if isinstance(target, Reference):
            if target.place not in self._made:
                raise OperationSkipped
            return self._made[target.place]
        if isinstance(target, Uid):
            kind = KINDS[type]
            found = await objects.find_by_uid(tx, kind.stored, self._owner, target.uid)
            if found is None or (not in_trash and getattr(found, "deleted_at", None) is not None):
                raise kind.not_found if field is None else Invalid(absent(field, kind.not_found))
            return int(found.id)
        return target
