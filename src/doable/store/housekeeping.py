"""Deletes rows whose retention period is over, a few at a time."""

from datetime import timedelta
from typing import Final

from doable.store.database import Executor
from doable.store.idempotency import IDEMPOTENCY_KEY_LIFETIME

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


LOCK_OWNERS_OF_OLD = """
-- Owners are locked before their changes, as in the removal of a user, and in one order: so there is no deadlock.
select id
from doable.users
where id in (select user_id from doable.changes where at < now() - $1::interval limit $2)
order by id
for no key update
"""


async def lock_owners_of_old(db: Executor, retention: timedelta, limit: int) -> list[str]:
    """At most `limit` users who have changes older than `retention`."""
    return [row[0] for row in await db.write(LOCK_OWNERS_OF_OLD, retention, limit)]


PRUNE_OLD = """
-- Up to the floor a user's log is incomplete, so older cursors are refused.
with gone as (
  delete from doable.changes
  where (user_id, revision) in (
    select user_id, revision
    from doable.changes
    where user_id = any($1) and at < now() - $2::interval
    order by user_id, revision
    limit $3
  )
  returning user_id, revision
),
raised as (
  update doable.users
  set floor = greatest(floor, highest.revision)
  from (select user_id, max(revision) as revision from gone group by user_id) as highest
  where id = highest.user_id
)
select count(*) from gone
"""


async def prune_old(db: Executor, user_ids: list[str], retention: timedelta, limit: int) -> int:
    """The number of changes removed; the floors of their owners rise with it."""
    row = await db.write_one(PRUNE_OLD, user_ids, retention, limit)
    return int(row[0]) if row else 0


LOCK_OWNER_OF_EXCESS = """
-- Revisions are dense, so a user has `revision - floor` changes.
select id from doable.users where revision - floor > $1 limit 1 for no key update
"""


async def lock_owner_of_excess(db: Executor, most: int) -> str | None:
    """A user who has more than `most` changes."""
    row = await db.write_one(LOCK_OWNER_OF_EXCESS, most)
    return row[0] if row else None


PRUNE_EXCESS = """
-- The oldest ones; the floor rises as it does in PRUNE_OLD.
with raised as (
  update doable.users set floor = least(floor + $3, revision - $2) where id = $1 returning floor
),
gone as (
  delete from doable.changes
  where user_id = $1 and revision <= (select floor from raised)
  returning revision
)
select count(*) from gone
"""


async def prune_excess(db: Executor, user_id: str, most: int, limit: int) -> int:
    """The number of changes removed, at most `limit`."""
    row = await db.write_one(PRUNE_EXCESS, user_id, most, limit)
    return int(row[0]) if row else 0


PRUNE_TICKETS = """
with gone as (
  delete from doable.event_tickets
  where (user_id, hash) in (select user_id, hash from doable.event_tickets where expires_at < now() limit $1)
  returning hash
)
select count(*) from gone
"""


async def prune_tickets(db: Executor, limit: int) -> int:
    """The number of expired tickets removed."""
    row = await db.write_one(PRUNE_TICKETS, limit)
    return int(row[0]) if row else 0


PRUNE_IDEMPOTENCY_KEYS = """
with gone as (
  delete from doable.idempotency_keys
  where (user_id, key) in (
    select user_id, key from doable.idempotency_keys where created_at < now() - $1::interval limit $2
  )
  returning key
)
select count(*) from gone
"""


async def prune_idempotency_keys(db: Executor, limit: int) -> int:
    """The number of stored responses removed."""
    row = await db.write_one(PRUNE_IDEMPOTENCY_KEYS, IDEMPOTENCY_KEY_LIFETIME, limit)
    return int(row[0]) if row else 0
