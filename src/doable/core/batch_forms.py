"""Parses a batch into operations. Each fault names the place of its operation."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, NamedTuple, TypeAlias, TypeGuard, TypeVar, cast

import msgspec

from doable.core import forms, validation
from doable.core.validation import Fields
from doable.errors import FAULTS_MAX, Fault, Invalid
from doable.fields import Values, whole
from doable.model import ID_MAX, UID_MAX
from doable.text import text_fault

T = TypeVar("T")
Parsed = TypeVar("Parsed")

OPERATIONS_MAX: Final = 500
NO_OBJECT: Final = Fault("", "not_an_object", "An operation must be an object")
REF_MAX: Final = 255
CREATE: Final = "create"
UPDATE: Final = "update"
COMPLETE: Final = "complete"
REOPEN: Final = "reopen"
DELETE: Final = "delete"
SKIP: Final = "skip"
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


class Uid(msgspec.Struct, frozen=True):
    """The existing task with this `uid`."""

    uid: str


Target: TypeAlias = int | Reference | Uid


class Write(msgspec.Struct, frozen=True):
    """An operation on an existing task. Only an update has an `edit`."""

    op: str
    target: Target
    edit: Values | None
    if_match: int | None


Operation: TypeAlias = Create | Write


class Batch(NamedTuple, Generic[Parsed]):
    """An Invalid takes the place of an operation that has faults."""

    atomic: bool
    operations: Sequence[Parsed | Invalid]


def batch(fields: Fields, parser: "Callable[[Sequence[object]], Sequence[Parsed | Invalid]]") -> Batch[Parsed]:
    """Parse a batch, its operations by `parser`.

    Raises Invalid for faults of the batch, and if it is atomic also for those of any operation.
    """
    atomic = fields.get("atomic", True)
    given = fields.get("operations")
    faults = validation.stray_faults(fields, _OF_BATCH)
    if not isinstance(atomic, bool):
        faults.append(Fault("atomic", "wrong_type", "Atomic must be true or false"))
    if not isinstance(given, list) or not 1 <= len(given) <= OPERATIONS_MAX:
        sentence = f"Operations must be an array of 1 to {OPERATIONS_MAX} operations"
        raise Invalid(*faults, Fault("operations", "invalid_operations", sentence))
    operations = parser(given)
    if faults or (atomic and any(isinstance(operation, Invalid) for operation in operations)):
        invalid = [(place, one) for place, one in enumerate(operations) if isinstance(one, Invalid)]
        error = Invalid(*faults, *(fault for _, one in invalid for fault in one.faults))
        error.index = None if faults else invalid[0][0]
        raise error
    return Batch(bool(atomic), _few_faults(operations))


def _few_faults(operations: Sequence[Parsed | Invalid]) -> list[Parsed | Invalid]:
    """Keep at most `FAULTS_MAX` faults in total, but at least one for each operation that has faults."""
    spare = FAULTS_MAX
    few: list[Parsed | Invalid] = []
    for one in operations:
        if isinstance(one, Invalid):
            few.append(Invalid(*one.faults[: max(spare, 1)]))
            spare -= len(one.faults)
        else:
            few.append(one)
    return few


class Earlier(NamedTuple):
    """The index of each earlier `create`, by its `ref` and by its `uid`."""

    refs: dict[str, int]
    uids: dict[str, int]


def plain(given: Sequence[object]) -> list[Operation | Invalid]:
    """Parse operations on plain tasks."""
    earlier = Earlier({}, {})
    return [_operation(said, place, earlier) for place, said in enumerate(given)]


def _operation(said: object, place: int, earlier: Earlier) -> Operation | Invalid:
    """Parse one operation."""
    try:
        return _understood(said, place, earlier)
    except Invalid as error:
        return Invalid(*within(f"operations[{place}]", error))


def _understood(said: object, place: int, earlier: Earlier) -> Operation:
    if not isinstance(said, dict):
        raise Invalid(NO_OBJECT)
    op = said.get("op")
    if not isinstance(op, str) or op not in _MEMBERS:
        raise Invalid(Fault("op", "unknown_operation", f"Op must be one of {', '.join(_MEMBERS)}"))
    faults = validation.stray_faults(said, _MEMBERS[op])
    operation: Operation
    if op == CREATE:
        if "ref" in said:
            gather(faults, "ref", name, said["ref"], place, earlier.refs)
        new = gather(faults, "task", _fields, said.get("task"), forms.TASK.new)
        operation = _create(new or {}, place, earlier)
    else:
        aim = gather(faults, "id", target, said.get("id"), earlier)
        edit = gather(faults, "task", _fields, said.get("task"), forms.TASK.patch) if op == UPDATE else None
        if_match = gather(faults, "if_match", revision, said["if_match"]) if "if_match" in said else None
        operation = Write(op, cast(Target, aim), edit, if_match)
    if faults:
        raise Invalid(*faults)
    return operation


def _create(new: Values, place: int, earlier: Earlier) -> Operation:
    """A create with the `uid` of an earlier one creates nothing: it changes no field of that task."""
    uid = new.get("uid")
    if not isinstance(uid, str):
        return Create(new)
    first = earlier.uids.setdefault(uid, place)
    return Create(new) if first == place else Write(CREATE, Reference(first), {}, None)


def gather(faults: list[Fault], field: str, check: Callable[..., T], *values: object) -> T | None:
    """Return `check(*values)`. If it raises Invalid, add its faults to `faults` and return None."""
    try:
        return check(*values)
    except Invalid as error:
        faults += within(field, error)
        return None


def within(field: str, error: Invalid) -> list[Fault]:
    """The faults of `error`, with `field` in front of each field name."""
    if not field:
        return [*error.faults]
    return [
        msgspec.structs.replace(fault, field=f"{field}.{fault.field}" if fault.field else field)
        for fault in error.faults
    ]


def name(ref: object, place: int, places: dict[str, int]) -> None:
    """Note the `ref` of a create. Raises Invalid."""
    if not isinstance(ref, str) or not 1 <= len(ref) <= REF_MAX:
        raise Invalid(Fault("", "invalid_ref", f"Ref must be a string of 1 to {REF_MAX} characters"))
    if ref in places:
        raise Invalid(Fault("", "duplicate_ref", f"Two operations have the ref '{ref}'"))
    places[ref] = place


def _fields(task: object, check: Callable[[Fields], T]) -> T:
    if not isinstance(task, dict):
        raise Invalid(Fault("", "wrong_type", "Task must be an object"))
    return check(task)


def target(id: object, earlier: Earlier) -> Target:
    """Parse what names an object. Raises Invalid."""
    if isinstance(id, dict):
        return _named(id, earlier)
    id = whole(id)
    if not _is_number(id):
        raise validation.bad_task_id("")
    return id


def _named(name: Fields, earlier: Earlier) -> Target:
    match name:
        case {"ref": str(ref)} if len(name) == 1:
            if ref not in earlier.refs:
                raise Invalid(Fault("ref", "unknown_ref", f"No earlier operation has the ref '{ref}'"))
            return Reference(earlier.refs[ref])
        case {"uid": str(uid)} if len(name) == 1 and 1 <= len(uid) <= UID_MAX and text_fault("uid", uid) is None:
            return Reference(earlier.uids[uid]) if uid in earlier.uids else Uid(uid)
    raise Invalid(Fault("", "invalid_ref", 'A reference must be an object like {"ref": "a"} or {"uid": "…"}'))


def revision(if_match: object) -> int:
    """Parse an `if_match`. Raises Invalid."""
    if_match = whole(if_match)
    if not _is_number(if_match):
        raise Invalid(Fault("", "invalid_revision", "If_match must be the revision of a task"))
    return if_match


def _is_number(value: object) -> TypeGuard[int]:
    return type(value) is int and 1 <= value <= ID_MAX
