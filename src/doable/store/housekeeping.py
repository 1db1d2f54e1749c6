"""Deletes rows whose retention period is over, a few at a time, and owner by owner (docs/citus.md)."""

from datetime import timedelta
from typing import Final, NamedTuple

from doable.store.database import Executor
from doable.store.tasks import lock_parents

# Any number that no other program uses in this database: the bytes of "prune".
ADVISORY_LOCK: Final = int.from_bytes(b"prune")

CLAIM = """
-- The lock belongs to the transaction, so it also works through a pooler.
select pg_try_advisory_xact_lock($1)
"""


async def claim(db: Executor) -> bool:
    """Whether this transaction is the only one that prunes, until it ends."""
    row = await db.write_one(CLAIM, ADVISORY_LOCK)
    return row is not None and bool(row[0])


class Expiring(NamedTuple):
    """The time from which the rows of a table are kept, and what tells a row of an owner."""

    since: str
    key: str


TRASH: Final = ("tasks", "lists")
EXPIRING: Final = {
    **dict.fromkeys(TRASH, Expiring("deleted_at", "id")),
    "idempotency_keys": Expiring("created_at", "key"),
    "event_tickets": Expiring("expires_at", "hash"),
    "sessions": Expiring("expires_at", "id"),
}

DUE = {
    table: f"""
-- The oldest that is due. Of what went to the trash together, the last ids come first: subtasks before their parents.
select user_id, {key} from doable.{table} where {since} < now() - $1::interval order by {since}, {key} desc limit $2
"""
    for table, (since, key) in EXPIRING.items()
}

PRUNE = {
    table: f"""
-- Not what was restored since it was found.
delete from doable.{table}
where user_id = $1 and {key} = any($2) and {since} < now() - $3::interval
returning {key}
"""
    for table, (since, key) in EXPIRING.items()
}

HAS_PARENTS = """
-- `tasks.PARENTS_LOCK`, if no other transaction holds it.
select pg_try_advisory_xact_lock(hashtextextended($1, 0)) from doable.users where id = $1
"""


async def prune(tx: Executor, table: str, retention: timedelta, limit: int) -> int:
    """The number of rows removed, at most `limit`, that were there for longer than the `retention`.

    An owner whose trash is in use waits for another call, and other owners don't wait for them.
    """
    due: dict[str, list[object]] = {}
    for owner, key in await tx.read(DUE[table], retention, limit):
        due.setdefault(owner, []).append(key)
    removed = 0
    for owner, keys in sorted(due.items()):
        if table not in TRASH or (await tx.read(HAS_PARENTS, owner))[0][0]:
            removed += len(await tx.write(PRUNE[table], owner, keys, retention))
    if due and not removed:
        owner, keys = min(due.items())
        await lock_parents(tx, owner)
        removed = len(await tx.write(PRUNE[table], owner, keys, retention))
    return removed


OWNERS_OF_LOG = """
-- Some owners of changes that are due, in the order in which they are locked.
select distinct user_id
from (select user_id from doable.changes where at < now() - $1::interval limit $2) as due
order by user_id
"""

LOCK = """
-- Owners are locked before their changes, as in the removal of a user.
select id from doable.users where id = $1 for no key update
"""

PRUNE_LOG = """
delete from doable.changes
where user_id = $1 and revision in (
  select revision from doable.changes where user_id = $1 and at < now() - $2::interval order by revision limit $3
)
returning revision
"""

RAISE_FLOOR = """
-- Up to the floor a user's log is incomplete, so older cursors are refused.
update doable.users set floor = greatest(floor, $2) where id = $1
"""


async def prune_log(tx: Executor, retention: timedelta, limit: int) -> int:
    """The number of changes removed, at most `limit`, that were there for longer than the `retention`."""
    removed = 0
    for row in await tx.read(OWNERS_OF_LOG, retention, limit):
        owner = row[0]
        await tx.write(LOCK, owner)
        gone = await tx.write(PRUNE_LOG, owner, retention, limit - removed)
        await tx.write(RAISE_FLOOR, owner, max((revision for (revision,) in gone), default=0))
        removed += len(gone)
        if removed == limit:
            break
    return removed


OWNER_OF_EXCESS = """
-- Revisions are dense, so a user has `revision - floor` changes.
select id from doable.users where revision - floor > $1 limit 1
"""

RAISE_FLOOR_OF_EXCESS = """
-- No row when another process was faster.
update doable.users set floor = least(floor + $3, revision - $2) where id = $1 and revision - floor > $2
returning floor
"""

PRUNE_EXCESS = """
delete from doable.changes where user_id = $1 and revision <= $2 returning revision
"""


async def prune_excess(tx: Executor, most: int, limit: int) -> int:
    """The number of changes removed, at most `limit`, of a user who has more than `most`."""
    owner = await tx.read_one(OWNER_OF_EXCESS, most)
    raised = await tx.write_one(RAISE_FLOOR_OF_EXCESS, owner[0], most, limit) if owner else None
    return len(await tx.write(PRUNE_EXCESS, owner[0], raised[0])) if owner and raised else 0
