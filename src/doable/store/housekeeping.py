"""Deletes rows whose retention period is over, a few at a time, and owner by owner (docs/citus.md)."""

from datetime import timedelta
from typing import Final, NamedTuple

from doable.store.database import Executor

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
    """The time from which the rows of a table are kept, what tells a row of an owner, and which rows go first."""

    since: str
    key: str
    order: str


LOG: Final = "changes"
EXPIRING: Final = {
    # Of the trash, the last ids go first: subtasks before the tasks above them.
    "tasks": Expiring("deleted_at", "id", "id desc"),
    "lists": Expiring("deleted_at", "id", "id desc"),
    LOG: Expiring("at", "revision", "revision"),
    "idempotency_keys": Expiring("created_at", "key", "created_at"),
    "event_tickets": Expiring("expires_at", "hash", "expires_at"),
    "sessions": Expiring("expires_at", "id", "expires_at"),
}

OWNERS = {
    table: f"""
-- Some owners of rows that are due, in the order in which they are locked.
select distinct user_id
from (select user_id from doable.{table} where {since} < now() - $1::interval limit $2) as due
order by user_id
"""
    for table, (since, *_) in EXPIRING.items()
}

PRUNE = {
    table: f"""
delete from doable.{table}
where user_id = $1 and {key} in (
  select {key} from doable.{table} where user_id = $1 and {since} < now() - $2::interval order by {order} limit $3
) and {since} < now() - $2::interval  -- Also if it was restored while this statement waited for it.
returning {key}
"""
    for table, (since, key, order) in EXPIRING.items()
}

LOCK = """
-- Owners are locked before their changes, as in the removal of a user.
select id from doable.users where id = $1 for no key update
"""

RAISE_FLOOR = """
-- Up to the floor a user's log is incomplete, so older cursors are refused.
update doable.users set floor = greatest(floor, $2) where id = $1
"""


async def prune(tx: Executor, table: str, retention: timedelta, limit: int) -> int:
    """The number of rows removed, at most `limit`, that were there for longer than the `retention`."""
    removed = 0
    for row in await tx.read(OWNERS[table], retention, limit):
        owner = row[0]
        if table == LOG:
            await tx.write(LOCK, owner)
        gone = await tx.write(PRUNE[table], owner, retention, limit - removed)
        if table == LOG and gone:
            await tx.write(RAISE_FLOOR, owner, max(revision for (revision,) in gone))
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
