"""Tasks, as rows. `objects` has the statements that all types of objects share.

`(select $4)` hides the value from PostgreSQL's planner. Where one user owns nearly all rows, a plan for known values
looks so much cheaper than a generic one that PostgreSQL would plan every execution (docs/performance.md).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from doable.fields import Values
from doable.model import Place, Position, Sibling, Task
from doable.store import objects
from doable.store.columns import SIBLINGS, TASK
from doable.store.database import Executor
from doable.store.objects import IfMatch
from doable.store.users import ABSENT

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
  where user_id = $1 and deleted_at is null and (created_at, id) < ((select $2::timestamptz), (select $3::bigint))
  order by created_at desc, id desc
  limit (select $4::bigint)
) as found on true
"""

# What a list of tasks can be narrowed by, with the type of the value.
CONDITIONS: Final = {
    "status": ("status = {}", "text"),
    "list": (f"{SIBLINGS[0]} = {{}}", "bigint"),
    "parent": ("parent_id = {}", "bigint"),
    "label": ("labels is not null and labels @> array[{}]", "text"),
}


def _narrowed(names: Sequence[str]) -> str:
    wanted = ((*CONDITIONS[name], number) for number, name in enumerate(names, 5))
    conditions = (condition.format(f"(select ${number}::{type})") for condition, type, number in wanted)
    return LIST.replace("user_id = $1 and", f"user_id = $1 and {' and '.join(conditions)} and")


# A statement for each combination, so that each uses its index: with optional conditions none would.
NARROWED = {
    "+".join(names): _narrowed(names)
    for count in range(1, len(CONDITIONS) + 1)
    for names in combinations(CONDITIONS, count)
}


async def list_(
    db: Executor, user_id: str, by: Mapping[str, object], after: Position, limit: int
) -> tuple[list[Task], str]:
    """At most `limit` tasks and the owner's version, both as of the same moment.

    `by` has the values of a `status`, a `list` (0: the Inbox), a `parent` and the name of a `label`, in this order.
    """
    statement = NARROWED["+".join(by)] if by else LIST
    rows = await db.read(statement, user_id, *after, limit, *by.values())
    if not rows:
        return [], ABSENT
    return ([] if rows[0][0] is None else [TASK.make(row[:-1]) for row in rows]), rows[0][-1]


COUNT = """
-- The number of the owner's tasks, counted up to $2.
select count(*) from (select 1 from doable.tasks where user_id = $1 and deleted_at is null limit $2) as counted
"""


async def count(db: Executor, user_id: str, most: int) -> int:
    row = await db.read_one(COUNT, user_id, most)
    return int(row[0]) if row else 0


UPDATE_PLAIN = objects.UPDATE["task"].replace("where ", "where recurrence is null and ")


async def update_plain(db: Executor, user_id: str, id: int, values: Values, if_match: IfMatch) -> Task | None:
    """Set columns of a task that does not recur; None if there is none with one of these revisions."""
    row = await db.write_one(
        UPDATE_PLAIN, user_id, id, TASK.change_mask(values), if_match, *TASK.change_arguments(values)
    )
    return TASK.make(row) if row else None


PARENTS_LOCK = """
-- A transaction that moves tasks, creates a subtask or changes several objects holds this lock until it ends (`locks`).
-- So two of them can't make a cycle together, and they can't leave a subtask in another list than its parent.
select pg_advisory_xact_lock(hashtextextended($1, 0)) from doable.users where id = $1
"""


async def lock_parents(tx: Executor, user_id: str) -> None:
    await tx.read(PARENTS_LOCK, user_id)


ANCESTORS = """
-- A task and those above it, from the task upwards.
with recursive above as (
  select id, parent_id, 1 as level from doable.tasks where user_id = $1 and id = $2
  union all
  select tasks.id, tasks.parent_id, above.level + 1
  from above join doable.tasks on tasks.user_id = $1 and tasks.id = above.parent_id
)
select id from above order by level
"""


async def ancestors(tx: Executor, user_id: str, id: int) -> list[int]:
    return [row[0] for row in await tx.read(ANCESTORS, user_id, id)]


SUBTREE = """
-- A task and those below it, from the task downwards, each with its level.
with recursive below as (
  select id, 1 as level from doable.tasks where user_id = $1 and id = $2
  union all
  select tasks.id, below.level + 1
  from below join doable.tasks on tasks.user_id = $1 and tasks.parent_id = below.id and tasks.deleted_at is null
)
select id, level from below order by level
"""


async def subtree(tx: Executor, user_id: str, id: int) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in await tx.read(SUBTREE, user_id, id)]


PUT_INTO_LIST = """
update doable.tasks set list_id = $3 where user_id = $1 and id = any($2)
"""


async def put_into_list(tx: Executor, user_id: str, ids: Sequence[int], list_id: int | None) -> None:
    await tx.write(PUT_INTO_LIST, user_id, ids, list_id)


BEFORE = f"""
-- The keys of siblings before a place, from the nearest on; $4 is the task that moves.
select id, position
from doable.tasks
where user_id = $1 and {SIBLINGS[0]} = $2 and {SIBLINGS[1]} = $3 and deleted_at is null
  and id <> $4 and (position, id) < ($5, $6)
order by position desc, id desc
limit $7
"""

FROM = f"""
-- Those from the place on.
select id, position
from doable.tasks
where user_id = $1 and {SIBLINGS[0]} = $2 and {SIBLINGS[1]} = $3 and deleted_at is null
  and id <> $4 and (position, id) >= ($5, $6)
order by position, id
limit $7
"""


async def around(
    tx: Executor, user_id: str, place: Place, moved: int, at: tuple[str, int], limit: int
) -> tuple[list[Sibling], list[Sibling]]:
    """At most `limit` siblings before and from a position and id, each side from the nearest on."""
    args = (user_id, place.list_id or 0, place.parent_id or 0, moved, *at, limit)
    before = [Sibling(*row) for row in await tx.read(BEFORE, *args)]
    return before, [Sibling(*row) for row in await tx.read(FROM, *args)]
