"""The types of objects that users own, and the statements that all of them share. A new type is one line of `OBJECTS`.

The trigger `count_change` sets times, revisions and the first position; these statements do not.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias, cast

import msgspec

from doable.errors import Invalid, ListNotFound, UserNotFound, absent
from doable.fields import Values
from doable.store import users
from doable.store.columns import FILTER, LABEL, LIST, TASK, Columns
from doable.store.database import Executor, Transaction

IfMatch: TypeAlias = Sequence[int] | None


class ObjectType(NamedTuple):
    """The name of the type in the log (`functions.count`), in events and in `removed`; the table, and its columns."""

    name: str
    table: str
    columns: Columns[Any]

    @property
    def struct(self) -> type[msgspec.Struct]:
        return self.columns.struct

    @property
    def has_trash(self) -> bool:
        return "deleted_at" in self.struct.__struct_fields__

    @property
    def living(self) -> str:
        """The condition for objects that are not in the trash."""
        return "deleted_at is null" if self.has_trash else "true"


TASKS: Final = ObjectType("task", "tasks", TASK)
LISTS: Final = ObjectType("list", "lists", LIST)
LABELS: Final = ObjectType("label", "labels", LABEL)
FILTERS: Final = ObjectType("filter", "filters", FILTER)
OBJECTS: Final[Mapping[str, ObjectType]] = {kind.name: kind for kind in (TASKS, LISTS, LABELS, FILTERS)}

FIND = {
    kind.name: f"""
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1 and id = $2 and {kind.living}
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
where user_id = $1 and id = $2 and {kind.living}
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
where user_id = $1 and id = any($2) and {kind.living}
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
    """The object, which can be in the trash, or None."""
    row = await db.read_one(FIND_BY_UID[kind.name], user_id, uid)
    return kind.columns.make(row) if row else None


ALL = {
    kind.name: f"""
-- All objects of a type, of which a user has at most some thousands, in their order.
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1 and {kind.living}
order by position, id
"""
    for kind in (LISTS, LABELS, FILTERS)
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
    """`values` of all fields that clients set.

    Raises UserNotFound when the owner does not exist (yet), and Invalid when the list does not.
    """
    statement = CREATE[kind.name] if values.get("list_id") is None else CREATE_IN_LIST
    row = await db.write_one(statement, user_id, *kind.columns.new_arguments(values))
    return kind.columns.make(row) if row else await _refuse_create(db, user_id, values)


async def _refuse_create(db: Executor, user_id: str, values: Values) -> NoReturn:
    if values.get("list_id") is not None and await users.find(db, user_id) is not None:
        raise Invalid(absent("list_id", ListNotFound))
    raise UserNotFound


CREATE_ONCE = {
    kind.name: CREATE[kind.name].replace(
        "where id = $1",
        f"where id = $1 and not exists (select 1 from doable.{kind.table} where user_id = $1"
        f" and uid = {kind.columns.new_parameter('uid', first=2)})",
    )
    for kind in OBJECTS.values()
}


def _in_list(statement: str) -> str:
    """The same, if the list of the task is there. The lock makes the deletion of the list wait (`locks.LOCK`)."""
    list_id = TASK.new_parameter("list_id", first=2)
    is_there = f"select 1 from doable.lists where user_id = $1 and id = {list_id} and deleted_at is null for key share"
    return statement.replace("where id = $1", f"where id = $1 and exists ({is_there})")


CREATE_IN_LIST = _in_list(CREATE["task"])
CREATE_ONCE_IN_LIST = _in_list(CREATE_ONCE["task"])


async def create_once(db: Executor, kind: ObjectType, user_id: str, values: Values) -> tuple[Any, bool]:
    """The object, and whether it is new: with a `uid` that an object has, that one as it is.

    Raises UserNotFound when the owner does not exist (yet), and Invalid when the list does not.
    """
    statement = CREATE_ONCE[kind.name] if values.get("list_id") is None else CREATE_ONCE_IN_LIST
    row = await db.write_one(statement, user_id, *kind.columns.new_arguments(values))
    if row is not None:
        return kind.columns.make(row), True
    return await find_by_uid(db, kind, user_id, values["uid"]) or await _refuse_create(db, user_id, values), False


UPDATE = {
    kind.name: f"""
-- Every change of one object. $3 has a bit for each column that takes its value. If no value differs, the object is
-- returned unchanged, and the trigger counts nothing.
update doable.{kind.table}
set {kind.columns.assignments(mask=3, first=5)}
where user_id = $1 and id = $2 and {kind.living} and ($4::bigint[] is null or revision = any($4))
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


NOW = """
select clock_timestamp()
"""


async def now(tx: Executor) -> datetime:
    """The time of the database."""
    moment: datetime = (await tx.read(NOW))[0][0]
    return moment


@asynccontextmanager
async def operation(tx: Executor, action: str = "") -> AsyncIterator[None]:
    """Make one operation of the changes in this context, in a transaction.

    `action` is the kind that clients see, or empty; see `log_change`. An operation within another one is a part of it.
    After an error, the transaction must be rolled back.
    """
    transaction = cast(Transaction, tx)
    is_part = transaction.is_in_operation
    transaction.is_in_operation = True
    try:
        await transaction.tell(action=action) if is_part else await transaction.tell(operation="new", action=action)
        yield
        await transaction.tell(action="") if is_part else await transaction.tell(operation="", action="")
    finally:
        transaction.is_in_operation = is_part
