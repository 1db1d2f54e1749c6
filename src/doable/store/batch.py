"""Writes many tasks together: one statement per kind of work, for any number of tasks."""

from collections.abc import Sequence
from itertools import accumulate

import msgspec

from doable.errors import UserNotFound
from doable.fields import Values
from doable.model import Task
from doable.store.columns import TASK, encoded_rows
from doable.store.database import Executor


class TaskWrite(msgspec.Struct, frozen=True):
    """A change to one task: set the members of the `patch`, a JSON object, or move it to the trash if that is None.

    With `if_match`, only if the task has this revision.
    """

    place: int
    id: int
    if_match: int | None
    patch: str | None


LOCK = f"""
-- As `locks.take`, in one statement.
with turn as materialized (select pg_advisory_xact_lock(hashtextextended($1, 0)))
select {TASK.all("tasks")}
from doable.tasks cross join turn
where user_id = $1 and id = any(
  $2::bigint[] || array(select id from doable.tasks where user_id = $1 and uid = any($3::text[]))
)
order by id
for no key update
"""


async def lock(db: Executor, user_id: str, ids: Sequence[int], uids: Sequence[str]) -> list[Task]:
    """The tasks that exist with these ids or uids, locked until the transaction ends."""
    return [TASK.make(row) for row in await db.write(LOCK, user_id, ids, uids)]


HAVE_SUBTASKS = """
select exists (select 1 from doable.tasks where user_id = $1 and parent_id = any($2) and deleted_at is null)
"""


async def have_subtasks(tx: Executor, user_id: str, ids: Sequence[int]) -> bool:
    """Whether one of the tasks, which are locked, has subtasks. It stays so until the transaction ends."""
    rows = await tx.read(HAVE_SUBTASKS, user_id, ids)
    return bool(rows[0][0])


CREATE = f"""
-- Rows get ids and revisions in their order. No rows when the owner does not exist.
insert into doable.tasks (user_id, {TASK.new()})
select users.id, {TASK.new("new")}
from doable.users, jsonb_populate_recordset(null::doable.tasks, $2::text::jsonb) with ordinality as new
where users.id = $1
order by new.ordinality
returning {TASK.all()}
"""


async def create(db: Executor, user_id: str, new: Sequence[Values]) -> list[Task]:
    """The new tasks, in the order of `new`. Raises UserNotFound when the owner does not exist (yet)."""
    rows = await db.write(CREATE, user_id, encoded_rows(new))
    if not rows:
        raise UserNotFound
    return sorted((TASK.make(row) for row in rows), key=lambda task: task.id)


CHANGE = f"""
-- The function applies the layers one by one, so that hundreds of changes to one task are one statement.
select place, {TASK.all("(task)")}
from doable.change_tasks($1, $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::text[]::jsonb[])
"""


async def change(db: Executor, user_id: str, layers: Sequence[Sequence[TaskWrite]]) -> dict[int, Task]:
    """The task after each change, by its place. A change that found no task is left out.

    The layers take effect one after another. One layer may change each task only once.
    """
    ends = list(accumulate(map(len, layers)))
    columns = zip(*(msgspec.structs.astuple(change) for layer in layers for change in layer), strict=True)
    rows = await db.write(CHANGE, user_id, ends, *columns)
    return {row[0]: TASK.make(row[1:]) for row in rows}
