"""The types of objects that users own, and the statements that all of them share. A new type is one line of `OBJECTS`.

The trigger `count_change` sets times, revisions and the first position; these statements do not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from doable.errors import UserNotFound
from doable.fields import Values
from doable.store.columns import LABEL, LIST, TASK, Columns
from doable.store.database import Executor

IfMatch: TypeAlias = Sequence[int] | None


class ObjectType(NamedTuple):
    """The name of the type in the log (`functions.count`), in events and in `removed`; the table, and its columns."""

    name: str
    table: str
    columns: Columns[Any]

    @property
    def struct(self) -> type[msgspec.Struct]:
        return self.columns.struct


TASKS: Final = ObjectType("task", "tasks", TASK)
LISTS: Final = ObjectType("list", "lists", LIST)
LABELS: Final = ObjectType("label", "labels", LABEL)
OBJECTS: Final[Mapping[str, ObjectType]] = {kind.name: kind for kind in (TASKS, LISTS, LABELS)}

FIND = {
    kind.name: f"""
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1 and id = $2
"""
    for kind in OBJECTS.values()
}


async def find(db: Executor, kind: ObjectType, user_id: str, id: int) -> Any:
    """The object, or None."""
    row = await db.read_one(FIND[kind.name], user_id, id)
    return kind.columns.make(row) if row else None


LOCK = {
    kind.name: f"""
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1 and id = $2
for no key update
"""
    for kind in OBJECTS.values()
}


async def lock(tx: Executor, kind: ObjectType, user_id: str, id: int) -> Any:
    """The object, locked until the transaction ends, or None."""
    row = await tx.write_one(LOCK[kind.name], user_id, id)
    return kind.columns.make(row) if row else None


FIND_MANY = {
    kind.name: f"""
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1 and id = any($2)
"""
    for kind in OBJECTS.values()
}


async def find_many(db: Executor, kind: ObjectType, user_id: str, ids: Sequence[int]) -> list[Any]:
    """The objects that exist, in any order."""
    return [kind.columns.make(row) for row in await db.read(FIND_MANY[kind.name], user_id, ids)]


FIND_BY_UID = {
    kind.name: f"""
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1 and uid = $2
"""
    for kind in OBJECTS.values()
}


async def find_by_uid(db: Executor, kind: ObjectType, user_id: str, uid: object) -> Any:
    """The object, or None."""
    row = await db.read_one(FIND_BY_UID[kind.name], user_id, uid)
    return kind.columns.make(row) if row else None


ALL = {
    kind.name: f"""
-- All objects of a type, of which a user has at most some thousands, in their order.
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1
order by position, id
"""
    for kind in (LISTS, LABELS)
}


async def all_(db: Executor, kind: ObjectType, user_id: str) -> list[Any]:
    return [kind.columns.make(row) for row in await db.read(ALL[kind.name], user_id)]


CREATE = {
    kind.name: f"""
-- No row when the owner does not exist. An error instead would be in PostgreSQL's log.
insert into doable.{kind.table} (user_id, {kind.columns.new()})
select id, {kind.columns.new_parameters(first=2)} from doable.users where id = $1
returning {kind.columns.all()}
"""
    for kind in OBJECTS.values()
}


async def create(db: Executor, kind: ObjectType, user_id: str, values: Values) -> Any:
    """`values` of all fields that clients set. Raises UserNotFound when the owner does not exist (yet)."""
    row = await db.write_one(CREATE[kind.name], user_id, *kind.columns.new_arguments(values))
    if row is None:
        raise UserNotFound
    return kind.columns.make(row)


CREATE_ONCE = {
    kind.name: CREATE[kind.name].replace(
        "where id = $1",
        f"where id = $1 and not exists (select from doable.{kind.table} where user_id = $1"
        f" and uid = {kind.columns.new_parameter('uid', first=2)})",
    )
    for kind in OBJECTS.values()
}


async def create_once(db: Executor, kind: ObjectType, user_id: str, values: Values) -> tuple[Any, bool]:
    """The object, and whether it is new: with a `uid` that an object has, that one as it is.

    Raises UserNotFound when the owner does not exist (yet).
    """
    row = await db.write_one(CREATE_ONCE[kind.name], user_id, *kind.columns.new_arguments(values))
    if row is not None:
        return kind.columns.make(row), True
    found = await find_by_uid(db, kind, user_id, values["uid"])
    if found is None:
        raise UserNotFound
    return found, False


UPDATE = {
    kind.name: f"""
-- Every change of one object. $3 has a bit for each column that takes its value. If no value differs, the object is
-- returned unchanged, and the trigger counts nothing.
update doable.{kind.table}
set {kind.columns.assignments(mask=3, first=5)}
where user_id = $1 and id = $2 and ($4::bigint[] is null or revision = any($4))
returning {kind.columns.all()}
"""
    for kind in OBJECTS.values()
}


async def update(
    db: Executor, kind: ObjectType, user_id: str, id: int, values: Values, if_match: IfMatch = None
) -> Any:
    """The object, or None if there is none with one of these revisions."""
    columns = kind.columns
    mask, new = columns.change_mask(values), columns.change_arguments(values)
    row = await db.write_one(UPDATE[kind.name], user_id, id, mask, if_match, *new)
    return columns.make(row) if row else None


DELETE = {
    kind.name: f"""
delete from doable.{kind.table}
where user_id = $1 and id = $2 and ($3::bigint[] is null or revision = any($3))
returning id
"""
    for kind in OBJECTS.values()
}


async def delete(db: Executor, kind: ObjectType, user_id: str, id: int, if_match: IfMatch = None) -> bool:
    """Whether the object existed."""
    return await db.write_one(DELETE[kind.name], user_id, id, if_match) is not None


ACTION = """
-- What the next changes of this transaction are, where their columns can't tell. Each is an operation of its own.
select set_config('doable.action', $1, true), set_config('doable.operation', '', true)
"""


async def say(tx: Executor, action: str) -> None:
    """`action` is the kind that clients see, or empty; see `log_change`."""
    await tx.read(ACTION, action)


OPERATION = """
-- The next changes of this transaction are one operation, until `say`. The lock keeps its first revision free.
select
  clock_timestamp(), set_config('doable.action', $2, true), set_config('doable.operation', (revision + 1)::text, true)
from doable.users
where id = $1
for no key update
"""


async def begin(tx: Executor, user_id: str, action: str) -> datetime:
    """Begin an operation of several changes, and return the time. `action` as for `say`, which ends the operation."""
    moment: datetime = (await tx.read(OPERATION, user_id, action))[0][0]
    return moment
