"""What happened, as the trigger `log_change` wrote it, and what it left behind.

Why it says `(select $2)` at times is told in `tasks`.
"""

from datetime import UTC
from typing import Final

import msgspec

from doable.model import Change, Counter, Entry, Removed, Task
from doable.store.columns import TASK
from doable.store.database import Executor

_decode: Final = msgspec.json.Decoder(Task).decode


SYNC = f"""
-- What changed after $2, in the order of the changes: tasks as they are now, and what was removed after $3. One
-- statement is one snapshot, so the counters that stand in every row belong to exactly these rows.
select
  installation.epoch, users.created_at as born,
  coalesce(users.revision, 0) as counter, coalesce(users.floor, 0) as floor,
  found.removed, {TASK.all("found")}
from doable.installation
left join doable.users on users.id = $1
left join (
  (
    select null as removed, {TASK.all()}
    from doable.tasks
    where user_id = $1 and revision > (select $2::bigint)
    order by revision
    limit (select $4::bigint)
  )
  union all
  (
    select type, {TASK.padded(id="object_id", user_id="user_id", revision="revision")}
    from doable.changes
    where user_id = $1 and kind = 'deleted' and revision > (select $3::bigint)
    order by revision
    limit (select $4::bigint)
  )
  order by revision
  limit (select $4::bigint)
) as found on true
order by found.revision
"""


async def sync(
    db: Executor, user_id: str, after: int, removed_after: int, limit: int
) -> tuple[Counter, list[tuple[int, Task | Removed]]]:
    """Where the counters stand, and at most `limit` objects, each with the revision of its last change."""
    rows = await db.read(SYNC, user_id, after, removed_after, limit)
    found = [
        (row["revision"], Task(*row[5:]) if row["removed"] is None else Removed(row["removed"], row["id"]))
        for row in rows
        if row["revision"] is not None  # The one row that tells of nothing but the counters.
    ]
    return Counter(*rows[0][:4]), found


HISTORY = """
-- What happened to one task before a revision, newest first.
select revision, kind, at, actor, before::text, after::text
from doable.changes
where user_id = $1 and type = 'task' and object_id = $2 and revision < $3
order by revision desc
limit $4
"""


async def history(db: Executor, user_id: str, task_id: int, before: int, limit: int) -> list[Entry]:
    rows = await db.read(HISTORY, user_id, task_id, before, limit)
    return [
        Entry(row["revision"], row["kind"], row["at"], row["actor"], task_of(row["before"]), task_of(row["after"]))
        for row in rows
    ]


def task_of(text: str | None) -> Task | None:
    """A task as the trigger kept it: JSON, with times in whatever zone its session had."""
    if text is None:
        return None
    task = _decode(text)
    return msgspec.structs.replace(
        task, created_at=task.created_at.astimezone(UTC), updated_at=task.updated_at.astimezone(UTC)
    )


COUNTER = """
-- Where a user's changes stand, also for one who is not there yet.
select installation.epoch, users.created_at, coalesce(users.revision, 0), coalesce(users.floor, 0)
from doable.installation
left join doable.users on users.id = $1
"""


async def counter(db: Executor, user_id: str) -> Counter:
    rows = await db.read(COUNTER, user_id)
    return Counter(*rows[0])


AFTER = """
-- The log after a revision, and in every row where the counters stand.
select
  installation.epoch, users.created_at, users.revision as counter, users.floor,
  changes.revision, changes.type, changes.object_id, changes.kind
from doable.changes
join doable.users on users.id = changes.user_id
cross join doable.installation
where changes.user_id = $1 and changes.revision > (select $2::bigint)
order by changes.revision
limit (select $3::bigint)
"""


async def after(db: Executor, user_id: str, revision: int, limit: int) -> tuple[Counter, list[Change]] | None:
    rows = await db.read(AFTER, user_id, revision, limit)
    return (Counter(*rows[0][:4]), [Change(*row[4:]) for row in rows]) if rows else None


SNAPSHOT = """
-- Which transactions are visible: as long as this stays the same, so does everything that can be read. Null where
-- others do the writing and this server's own transactions tell nothing (Citus).
select case
  when not exists (select from pg_catalog.pg_extension where extname = 'citus') then pg_current_snapshot()::text
end
"""


async def snapshot(db: Executor) -> str | None:
    rows = await db.read(SNAPSHOT)
    value: str | None = rows[0][0]
    return value


REVISIONS = """
select id, revision from doable.users where id = any($1)
"""


async def revisions(db: Executor, user_ids: list[str]) -> dict[str, int]:
    """Of those who are there."""
    return {row["id"]: row["revision"] for row in await db.read(REVISIONS, user_ids)}
