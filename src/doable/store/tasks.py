"""Tasks, as rows. The trigger `count_change` sets times and revisions; these statements do not.

`(select $4)` hides the value from PostgreSQL's planner. Where one user owns nearly all rows, a plan for known values
looks so much cheaper than a generic one that PostgreSQL would plan every execution (docs/performance.md).
"""

from collections.abc import Sequence
from typing import TypeAlias

from doable.errors import UserNotFound
from doable.fields import Values
from doable.model import Position, Task
from doable.store.columns import TASK
from doable.store.database import Executor
from doable.store.users import ABSENT

IfMatch: TypeAlias = Sequence[int] | None


LIST = f"""
-- Tasks after a position, newest first, each with the owner's version as the last column. An owner without tasks there
-- has one row, with only the version. The owner is one row at most, so the join keeps the order of the tasks.
-- `offset 0` makes PostgreSQL compute the version once, and not for each task.
select {TASK.all("found")}, owner.version
from (
  select to_hex(revision) || '-' || to_hex((extract(epoch from created_at) * 1000000)::bigint) as version
  from doable.users
  where id = $1
  offset 0
) as owner
left join (
  select {TASK.all()}
  from doable.tasks
  where user_id = $1 and (created_at, id) < ((select $2::timestamptz), (select $3::bigint))
  order by created_at desc, id desc
  limit (select $4::bigint)
) as found on true
"""

# A separate statement, so that each uses its index: with an optional filter neither would.
LIST_BY_STATUS = LIST.replace("user_id = $1 and", "user_id = $1 and status = (select $5::text) and")


async def list_(db: Executor, user_id: str, status: str | None, after: Position, limit: int) -> tuple[list[Task], str]:
    """At most `limit` tasks and the owner's version, both as of the same moment."""
    rows = await (
        db.read(LIST, user_id, *after, limit)
        if status is None
        else db.read(LIST_BY_STATUS, user_id, *after, limit, status)
    )
    if not rows:
        return [], ABSENT
    return ([] if rows[0][0] is None else [TASK.make(row[:-1]) for row in rows]), rows[0][-1]


FIND = f"""
select {TASK.all()}
from doable.tasks
where user_id = $1 and id = $2
"""


async def find(db: Executor, user_id: str, id: int) -> Task | None:
    row = await db.read_one(FIND, user_id, id)
    return TASK.make(row) if row else None


FIND_MANY = f"""
select {TASK.all()}
from doable.tasks
where user_id = $1 and id = any($2)
"""


async def find_many(db: Executor, user_id: str, ids: Sequence[int]) -> list[Task]:
    """The tasks that exist, in any order."""
    return [TASK.make(row) for row in await db.read(FIND_MANY, user_id, ids)]


COUNT = """
-- The number of the owner's tasks, counted up to $2.
select count(*) from (select from doable.tasks where user_id = $1 limit $2) as counted
"""


async def count(db: Executor, user_id: str, most: int) -> int:
    row = await db.read_one(COUNT, user_id, most)
    return int(row[0]) if row else 0


CREATE = f"""
-- No row when the owner does not exist. An error instead would be in PostgreSQL's log.
insert into doable.tasks (user_id, {TASK.new()})
select id, {TASK.new_parameters(first=2)} from doable.users where id = $1
returning {TASK.all()}
"""


async def create(db: Executor, user_id: str, values: Values) -> Task:
    """`values` of all fields that clients set. Raises UserNotFound when the owner does not exist (yet)."""
    row = await db.write_one(CREATE, user_id, *TASK.new_arguments(values))
    if row is None:
        raise UserNotFound
    return TASK.make(row)


CREATE_ONCE = CREATE.replace(
    "where id = $1",
    "where id = $1 and not exists (select from doable.tasks where user_id = $1"
    f" and uid = {TASK.new_parameter('uid', first=2)})",
)


async def create_once(db: Executor, user_id: str, values: Values) -> tuple[Task, bool]:
    """The task, and whether it is new: with a `uid` that a task has, that task as it is.

    Raises UserNotFound when the owner does not exist (yet).
    """
    row = await db.write_one(CREATE_ONCE, user_id, *TASK.new_arguments(values))
    if row is not None:
        return TASK.make(row), True
    found = await find_by_uid(db, user_id, values["uid"])
    if found is None:
        raise UserNotFound
    return found, False


FIND_BY_UID = f"""
select {TASK.all()}
from doable.tasks
where user_id = $1 and uid = $2
"""


async def find_by_uid(db: Executor, user_id: str, uid: object) -> Task | None:
    row = await db.read_one(FIND_BY_UID, user_id, uid)
    return TASK.make(row) if row else None


UPDATE = f"""
-- Every change of one task. $3 has a bit for each column that takes its value. If no value differs, the task is
-- returned unchanged, and the trigger counts nothing.
update doable.tasks
set {TASK.assignments(mask=3, first=5)}
where user_id = $1 and id = $2 and ($4::bigint[] is null or revision = any($4))
returning {TASK.all()}
"""


async def update(db: Executor, user_id: str, id: int, values: Values, if_match: IfMatch) -> Task | None:
    mask, new = TASK.change_mask(values), TASK.change_arguments(values)
    row = await db.write_one(UPDATE, user_id, id, mask, if_match, *new)
    return TASK.make(row) if row else None


DELETE = """
delete from doable.tasks
where user_id = $1 and id = $2 and ($3::bigint[] is null or revision = any($3))
returning id
"""


async def delete(db: Executor, user_id: str, id: int, if_match: IfMatch) -> bool:
    """Whether the task existed."""
    return await db.write_one(DELETE, user_id, id, if_match) is not None
