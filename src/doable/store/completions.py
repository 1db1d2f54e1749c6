"""What was done: occurrences of recurring tasks, and the tasks that are complete."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

import msgspec

from doable.model import Completion, Position, Task
from doable.schedule import Due
from doable.store import tasks
from doable.store.database import Executor, Transaction

_due = msgspec.json.Decoder(Due).decode

RECORD = """
insert into doable.completions (user_id, task_id, title, due, occurrence, completed_at, actor, revision)
values ($1, $2, $3, $4::text::jsonb, $5, $6, coalesce(nullif(current_setting('doable.actor', true), ''), $1), $7)
returning id
"""


async def record(tx: Executor, done: Task, completed_at: datetime, revision: int) -> int:
    """Record that the occurrence of this task was done, by the change with this revision. Returns the id."""
    due = msgspec.json.encode(done.due).decode()
    occurrence = done.recurrence and done.recurrence.anchor
    row = await tx.write(RECORD, done.user_id, done.id, done.title, due, occurrence, completed_at, revision)
    return int(row[0][0])


DONE = """
select occurrence from doable.completions where user_id = $1 and task_id = $2 and undone is null and occurrence >= $3
"""


async def done(tx: Executor, user_id: str, task_id: int, since: date) -> set[date]:
    """The anchors of a task's occurrences that are done, from a day on."""
    return {row[0] for row in await tx.read(DONE, user_id, task_id, since)}


TAKE_BACK = """
-- What the changes from $2 to $3 recorded is undone by change $4, and what they undid is there again.
update doable.completions
set
  undone = case when undone is null then $4::bigint end,
  revision = case when undone is null then revision else $4 end
where user_id = $1 and (undone between $2 and $3 or undone is null and revision between $2 and $3)
"""


async def take_back(tx: Executor, user_id: str, began: int, ended: int, revision: int) -> None:
    """Undo the part that these changes had in what was done."""
    await tx.write(TAKE_BACK, user_id, began, ended, revision)


ACTOR = """(
  select actor from doable.changes
  where user_id = $1 and type = 'task' and object_id = done.id and undo ? 'status'
  order by changes.revision desc
  limit 1
)"""

REOPEN = """
update doable.tasks set status = 'incomplete'
where user_id = $1 and id = any($2) and status = 'complete'
returning revision
"""

RECORD_REOPENED = """
-- What the changes from $2 to $3, which reopened tasks, say of when each was completed. That stays done.
insert into doable.completions (user_id, task_id, title, due, occurrence, completed_at, actor, revision)
select $1, done.id, done.title, done.due, (done.recurrence ->> 'anchor')::date,
  (reopening.undo ->> 'completed_at')::timestamptz,
  coalesce(
    (
      select earlier.actor from doable.changes as earlier
      where earlier.user_id = reopening.user_id and earlier.type = 'task' and earlier.object_id = done.id
        and earlier.revision < $2 and earlier.undo ? 'status'
      order by earlier.revision desc
      limit 1
    ),
    $1
  ),
  reopening.revision
from doable.changes as reopening
join doable.tasks as done on done.user_id = reopening.user_id and done.id = reopening.object_id
where reopening.user_id = $1 and reopening.revision between $2 and $3 and reopening.undo ->> 'completed_at' is not null
"""


async def reopen_subtasks(tx: Executor, user_id: str, id: int) -> None:
    """Reopen the complete subtasks of a task, on all levels, and record when each was completed."""
    below = [one for one, level in await tasks.subtree(tx, user_id, id) if level > 1]
    if not below:
        return
    await cast(Transaction, tx).tell(action="")  # These changes have the kind that their columns tell.
    revisions = [row[0] for row in await tx.write(REOPEN, user_id, below)]
    if revisions:
        await tx.write(RECORD_REOPENED, user_id, min(revisions), max(revisions))


COMPLETED = f"""
-- What was done from $4 on and before the place ($2, $3), newest first. Who completed a plain task is in the log, as
-- long as that is kept.
select task_id, title, completed_at, coalesce(actor, $1), due, occurrence, id
from (
  (
    select id, id as task_id, title, completed_at, due, (recurrence ->> 'anchor')::date as occurrence,
      {ACTOR} as actor
    from doable.tasks as done
    where user_id = $1 and completed_at is not null and completed_at >= $4
      and (completed_at, id) < ((select $2::timestamptz), (select $3::bigint))
    order by completed_at desc, id desc
    limit (select $5::bigint)
  )
  union all
  (
    select id, task_id, title, completed_at, due, occurrence, actor
    from doable.completions
    where user_id = $1 and undone is null and completed_at >= $4
      and (completed_at, id) < ((select $2::timestamptz), (select $3::bigint))
    order by completed_at desc, id desc
    limit (select $5::bigint)
  )
) as found
order by completed_at desc, id desc
limit (select $5::bigint)
"""


async def completed(
    db: Executor, user_id: str, before: Position, since: datetime, limit: int
) -> Sequence[tuple[Completion, int]]:
    """At most `limit` entries, each with the id of its place among those of the same time."""
    rows = await db.read(COMPLETED, user_id, *before, since, limit)
    return [(_completion(*row[:6]), row["id"]) for row in rows]


def _completion(
    task_id: int, title: str, completed_at: datetime, actor: str, due: str | None, occurrence: date | None
) -> Completion:
    return Completion(task_id, title, completed_at, actor, due=_due(due) if due else None, occurrence=occurrence)
