"""Parses a batch into operations. Each fault names the place of its operation."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias, TypeGuard, TypeVar, cast

import msgspec

from doable.core import forms, validation
from doable.core.validation import Fields
from doable.errors import FAULTS_MAX, Fault, Invalid
from doable.fields import Values
from doable.model import ID_MAX

T = TypeVar("T")

OPERATIONS_MAX: Final = 500
REF_MAX: Final = 255
CREATE: Final = "create"
UPDATE: Final = "update"
COMPLETE: Final = "complete"
REOPEN: Final = "reopen"
DELETE: Final = "delete"
_OF_BATCH: Final = frozenset({"atomic", "operations"})
_ON_ONE: Final = frozenset({"op", "id", "if_match"})
_MEMBERS: Final = {
    CREATE: frozenset({"op", "ref", "task"}),
    UPDATE: _ON_ONE | {"task"},
    COMPLETE: _ON_ONE,
    REOPEN: _ON_ONE,
    DELETE: _ON_ONE,
}


class Create(msgspec.Struct, frozen=True):
    new: Values


class Reference(msgspec.Struct, frozen=True):
    """The task that the operation at index `place` of the same batch creates."""

    place: int


class Write(msgspec.Struct, frozen=True):
    """An operation on an existing task. Only an update has an `edit`."""

    op: str
    target: int | Reference
    edit: Values | None
    if_match: int | None


Operation: TypeAlias = Create | Write


class Batch(msgspec.Struct, frozen=True):
    """An Invalid takes the place of an operation that has faults."""

    atomic: bool
    operations: Sequence[Operation | Invalid]


def batch(fields: Fields) -> Batch:
    """Parse a batch. Raises Invalid for faults of the batch, and if it is atomic also for those of any operation."""
    atomic = fields.get("atomic", True)
    given = fields.get("operations")
    faults = validation.stray_faults(fields, _OF_BATCH, frozenset())
    if not isinstance(atomic, bool):
        faults.append(Fault("atomic", "wrong_type", "Atomic must be true or false"))
    if not isinstance(given, list) or not 1 <= len(given) <= OPERATIONS_MAX:
        sentence = f"Operations must be an array of 1 to {OPERATIONS_MAX} operations"
        raise Invalid(*faults, Fault("operations", "invalid_operations", sentence))
    places: dict[str, int] = {}
    operations = [_operation(said, place, places) for place, said in enumerate(given)]
    if faults or (atomic and any(isinstance(operation, Invalid) for operation in operations)):
        invalid = [(place, one) for place, one in enumerate(operations) if isinstance(one, Invalid)]
        error = Invalid(*faults, *(fault for _, one in invalid for fault in one.faults))
        error.index = None if faults else invalid[0][0]
        raise error
    return Batch(bool(atomic), _few_faults(operations))


def _few_faults(operations: Sequence[Operation | Invalid]) -> list[Operation | Invalid]:
    """Keep at most `FAULTS_MAX` faults in total, but at least one for each operation that has faults."""
    spare = FAULTS_MAX
    few: list[Operation | Invalid] = []
    for one in operations:
        if isinstance(one, Invalid):
            few.append(Invalid(*one.faults[: max(spare, 1)]))
            spare -= len(one.faults)
        else:
            few.append(one)
    return few


def _operation(said: object, place: int, places: dict[str, int]) -> Operation | Invalid:
    """Parse one operation. `places` maps the `ref` of each earlier create to its index."""
    try:
        return _understood(said, place, places)
    except Invalid as error:
        return Invalid(*_within(f"operations[{place}]", error))


def _understood(said: object, place: int, places: dict[str, int]) -> Operation:
    if not isinstance(said, dict):
        raise Invalid(Fault("", "not_an_object", "An operation must be an object"))
    op = said.get("op")
    if not isinstance(op, str) or op not in _MEMBERS:
        raise Invalid(Fault("op", "unknown_operation", f"Op must be one of {', '.join(_MEMBERS)}"))
    faults = validation.stray_faults(said, _MEMBERS[op], frozenset())
    operation: Operation
    if op == CREATE:
        if "ref" in said:
            _gather(faults, "ref", _name, said["ref"], place, places)
        new = _gather(faults, "task", _fields, said.get("task"), forms.TASK.new)
        operation = Create(cast(Values, new))
    else:
        target = _gather(faults, "id", _target, said.get("id"), places)
        edit = _gather(faults, "task", _fields, said.get("task"), forms.TASK.edit) if op == UPDATE else None
        if_match = _gather(faults, "if_match", _revision, said["if_match"]) if "if_match" in said else None
        operation = Write(op, cast(int | Reference, target), edit, if_match)
    if faults:
        raise Invalid(*faults)
    return operation


def _gather(faults: list[Fault], field: str, check: Callable[..., T], *values: object) -> T | None:
    """Return `check(*values)`. If it raises Invalid, add its faults to `faults` and return None."""
    try:
        return check(*values)
    except Invalid as error:
        faults += _within(field, error)
        return None


def _within(field: str, error: Invalid) -> list[Fault]:
    """The faults of `error`, with `field` in front of each field name."""
    return [
        msgspec.structs.replace(fault, field=f"{field}.{fault.field}" if fault.field else field)
        for fault in error.faults
    ]


def _name(ref: object, place: int, places: dict[str, int]) -> None:
    if not isinstance(ref, str) or not 1 <= len(ref) <= REF_MAX:
        raise Invalid(Fault("", "invalid_ref", f"Ref must be a string of 1 to {REF_MAX} characters"))
    if ref in places:
        raise Invalid(Fault("", "duplicate_ref", f"Two operations have the ref '{ref}'"))
    places[ref] = place


def _fields(task: object, check: Callable[[Fields], T]) -> T:
    if not isinstance(task, dict):
        raise Invalid(Fault("", "wrong_type", "Task must be an object"))
    return check(task)


def _target(id: object, places: dict[str, int]) -> int | Reference:
    if isinstance(id, dict):
        ref = id.get("ref")
        if len(id) != 1 or not isinstance(ref, str):
            raise Invalid(Fault("", "invalid_ref", 'A reference must be an object like {"ref": "a"}'))
        if ref not in places:
            raise Invalid(Fault("ref", "unknown_ref", f"No earlier operation has the ref '{ref}'"))
        return Reference(places[ref])
    id = validation.whole(id)
    if not _is_number(id):
        raise validation.bad_task_id("")
    return id


def _revision(if_match: object) -> int:
    if_match = validation.whole(if_match)
    if not _is_number(if_match):
        raise Invalid(Fault("", "invalid_revision", "If_match must be the revision of a task"))
    return if_match


def _is_number(value: object) -> TypeGuard[int]:
    return type(value) is int and 1 <= value <= ID_MAX
