"""The trash: deleted tasks and lists that can come back.

`deleted_with` is the object whose deletion took an object along: that object itself, or one above it. What an object
takes along when it goes or comes back is called its group.
"""

from collections.abc import Sequence
from typing import Any, Final

from doable.model import Place, Position, Trashed
from doable.store import objects
from doable.store.database import Executor
from doable.store.objects import LISTS, TASKS, ObjectType

KINDS: Final = {kind.name: kind for kind in (TASKS, LISTS)}

ROOTS = {
    kind.name: f"""
-- What was deleted on its own, newest first after a position, with the size of its group.
select {kind.columns.all("root")}, (
    select count(*) from doable.tasks where user_id = $1 and deleted_with = root.id
  ) + {int(kind is LISTS)}
from doable.{kind.table} as root
where user_id = $1 and deleted_with = id and (deleted_at, id) < ($2, $3)
order by deleted_at desc, id desc
limit $4
"""
    for kind in KINDS.values()
}


async def roots(db: Executor, user_id: str, after: Position, limit: int) -> list[Trashed]:
    """At most `limit` of what the user deleted, newest first."""
    found = [
        Trashed(kind.name, one.deleted_at, row[-1], one)
        for kind in KINDS.values()
        for row in await db.read(ROOTS[kind.name], user_id, *after, limit)
        for one in [kind.columns.make(row[:-1])]
    ]
    return sorted(found, key=lambda one: (one.deleted_at, one.object.id), reverse=True)[:limit]


LOCK = {
    kind.name: f"""
select {kind.columns.all()}
from doable.{kind.table}
where user_id = $1 and id = $2 and deleted_at is not null
for no key update
"""
    for kind in KINDS.values()
}


async def lock(tx: Executor, kind: ObjectType, user_id: str, id: int) -> Any:
    """The object in the trash, locked until the transaction ends, or None."""
    row = await tx.write_one(LOCK[kind.name], user_id, id)
    return kind.columns.make(row) if row else None


GROUP = {
    "task": """
-- A task in the trash and the tasks below it that went there with it, each with its level.
with recursive below as (
  select id, deleted_with, 1 as level from doable.tasks where user_id = $1 and id = $2
  union all
  select tasks.id, tasks.deleted_with, below.level + 1
  from below join doable.tasks
    on tasks.user_id = $1 and tasks.parent_id = below.id and tasks.deleted_with = below.deleted_with
  where below.level < 100
)
select id, level from below order by level
""",
    "list": """
-- The tasks that went to the trash with a list.
select id, 1 from doable.tasks where user_id = $1 and deleted_with = $2
""",
}


async def group(tx: Executor, kind: ObjectType, user_id: str, id: int) -> list[tuple[int, int]]:
    """The ids of the tasks of a group, each with its level below the task that is the root."""
    return [(row[0], row[1]) for row in await tx.read(GROUP[kind.name], user_id, id)]


TRASH_TASK = """
select doable.trash_task($1, $2, $3)
"""


async def trash_task(db: Executor, user_id: str, id: int, if_match: Sequence[int] | None = None) -> int | None:
    """The revision of the task in the trash, or None if there is none with one of these revisions."""
    row = await db.write_one(TRASH_TASK, user_id, id, if_match)
    return row[0] if row else None


TRASH_TASKS_OF_LIST = """
update doable.tasks set deleted_at = $3, deleted_with = $2
where user_id = $1 and id in (
  select id from doable.tasks where user_id = $1 and list_id = $2 and deleted_at is null limit 20001
)
"""

TRASH_LIST = """
update doable.lists set deleted_at = $3, deleted_with = id where user_id = $1 and id = $2
"""


async def trash_list(tx: Executor, user_id: str, id: int) -> None:
    """Move a list, which is locked, and its tasks to the trash."""
    moment = await objects.now(tx)
    await tx.write(TRASH_TASKS_OF_LIST, user_id, id, moment)
    await tx.write(TRASH_LIST, user_id, id, moment)


RESTORE_TASKS = """
-- $3 are the tasks of a group. The root, $2, has the last three values.
update doable.tasks
set
  deleted_at = null,
  deleted_with = null,
  list_id = $4,
  parent_id = case when id = $2 then $5 else parent_id end,
  position = case when id = $2 then $6 else position end
where user_id = $1 and id = any($3)
"""


async def restore_tasks(
    tx: Executor, user_id: str, id: int, ids: Sequence[int], place: Place, position: str | None
) -> None:
    await tx.write(RESTORE_TASKS, user_id, id, ids, place.list_id, place.parent_id, position)


RESTORE_LIST = """
update doable.lists set deleted_at = null, deleted_with = null where user_id = $1 and id = $2
"""


async def restore_list(tx: Executor, user_id: str, id: int) -> None:
    await tx.write(RESTORE_LIST, user_id, id)


DETACH = """
-- What was deleted earlier on its own stays in the trash, and has no parent or list any more.
update doable.tasks
set
  parent_id = case when parent_id = any($2) then null else parent_id end,
  list_id = case when list_id = $3 then null else list_id end
where user_id = $1 and (parent_id = any($2) or list_id = $3) and not id = any($2)
"""

DELETE_TASKS = """
delete from doable.tasks where user_id = $1 and id = any($2)
"""

DELETE_LIST = """
delete from doable.lists where user_id = $1 and id = $2
"""


async def delete_tasks(tx: Executor, user_id: str, ids: Sequence[int], list_id: int | None = None) -> None:
    """Delete tasks permanently, and with a `list_id` their list."""
    await tx.write(DETACH, user_id, ids, list_id)
    await tx.write(DELETE_TASKS, user_id, ids)
    if list_id is not None:
        await tx.write(DELETE_LIST, user_id, list_id)


EMPTY_TASKS = """
-- Tasks without subtasks: a task takes along what is below it, however many these are.
delete from doable.tasks where user_id = $1 and id in (
  select id
  from doable.tasks as task
  where user_id = $1 and deleted_with is not null
    and not exists (select id from doable.tasks where user_id = $1 and parent_id = task.id)
  limit $2
)
returning id
"""

EMPTY_LISTS = """
delete from doable.lists where user_id = $1 and id in (
  select id from doable.lists where user_id = $1 and deleted_with is not null limit $2
)
returning id
"""


async def empty(tx: Executor, user_id: str, limit: int) -> int:
    """Delete at most `limit` objects in the trash permanently, and return how many.

    No living task is below one, or in a list, in the trash.
    """
    gone = 0
    while removed := len(await tx.write(EMPTY_TASKS, user_id, limit - gone)):
        gone += removed
    # No list has a task any more, or the limit leaves none.
    return gone + len(await tx.write(EMPTY_LISTS, user_id, limit - gone))
