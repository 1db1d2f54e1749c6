"""Tickets for event streams, as rows. A ticket is found by its user and its SHA-256, which only its holder has."""

from datetime import datetime
from typing import NamedTuple

from doable.errors import UserNotFound
from doable.model import Actor
from doable.store.database import Executor


class Ticketed(NamedTuple):
    """When the credential that made the ticket expires, and its id if it is an access token."""

    expires_at: datetime | None
    token_id: int | None


CREATE = """
-- No row when the user does not exist; null when they have too many tickets.
with owner as (
  select id from doable.users where id = $1
),
gone as (
  delete from doable.event_tickets where user_id = $1 and expires_at <= now()
),
made as (
  insert into doable.event_tickets (user_id, hash, expires_at, credential_expires_at, token_id)
  select id, $2, now() + $3 * interval '1 second', to_timestamp($4), $5 from owner
  where (select count(*) from doable.event_tickets where user_id = $1 and expires_at > now()) < $6
  returning expires_at
)
select made.expires_at from owner left join made on true
"""


async def create(db: Executor, actor: Actor, hash: bytes, seconds: int, most: int) -> datetime | None:
    """When it expires; None when the user has `most` tickets. Raises UserNotFound when they do not exist (yet)."""
    row = await db.write_one(CREATE, actor.user_id, hash, seconds, actor.expires_at, actor.token_id, most)
    if row is None:
        raise UserNotFound
    expires_at: datetime | None = row[0]
    return expires_at


FIND = """
select credential_expires_at, token_id from doable.event_tickets
where user_id = $1 and hash = $2 and expires_at > now()
"""


async def find(db: Executor, user_id: str, hash: bytes) -> Ticketed | None:
    row = await db.read_one(FIND, user_id, hash)
    return Ticketed(*row) if row else None


REDEEM = """
-- A ticket is good for one stream.
delete from doable.event_tickets where user_id = $1 and hash = $2 returning hash
"""


async def redeem(db: Executor, user_id: str, hash: bytes) -> bool:
    """Whether the ticket was there."""
    return await db.write_one(REDEEM, user_id, hash) is not None


HOLDS = """
select exists (
  select 1 from doable.users
  where id = $1 and disabled_at is null and (
    $2::bigint is null or exists (select 1 from doable.access_tokens where user_id = $1 and id = $2)
  )
)
"""


async def holds(db: Executor, user_id: str, token_id: int | None) -> bool:
    """Whether the user is there and not disabled, and the access token was not revoked."""
    row = await db.read_one(HOLDS, user_id, token_id)
    return row is not None and bool(row[0])
