"""Sessions of signed-in users. A session is found by the SHA-256 of its token, which only its holder has."""

from datetime import timedelta

from doable.model import Account, Session
from doable.store.database import Executor

CREATE = """
insert into doable.sessions (user_id, token_hash, expires_at, remembered, ip_address, user_agent)
values ($1, $2, now() + $3::interval, $4, $5, $6)
returning user_id, id, created_at, updated_at, expires_at, remembered, ip_address, user_agent
"""


async def create(
    db: Executor,
    user_id: str,
    token_hash: bytes,
    life: timedelta,
    *,
    remembered: bool,
    ip_address: str | None,
    user_agent: str | None,
) -> Session:
    """Raises UserNotFound when the user was removed in the meantime."""
    (row,) = await db.write(CREATE, user_id, token_hash, life, remembered, ip_address, user_agent)
    return Session(*row)


FIND = """
-- A valid session, its user, and whether to renew it: its last renewal was more than $2 ago. A session ends $3 after
-- its begin at the latest. No row when its user is disabled.
select
  s.user_id, s.id, s.created_at, s.updated_at, s.expires_at, s.remembered, s.ip_address, s.user_agent,
  u.id, u.email, coalesce(u.name, ''), u.created_at,
  s.remembered and s.updated_at < now() - $2::interval
from doable.sessions s join doable.users u on u.id = s.user_id
where s.token_hash = $1 and s.expires_at > now() and s.created_at > now() - $3::interval and u.disabled_at is null
"""


async def find(
    db: Executor, token_hash: bytes, renew_after: timedelta, longest: timedelta
) -> tuple[Session, Account, bool] | None:
    row = await db.read_one(FIND, token_hash, renew_after, longest)
    return (Session(*row[:8]), Account(*row[8:12]), row[12]) if row else None


RENEW = """
update doable.sessions set expires_at = least(now() + $2::interval, created_at + $3::interval), updated_at = now()
where token_hash = $1 and expires_at > now()
returning user_id, id, created_at, updated_at, expires_at, remembered, ip_address, user_agent
"""


async def renew(db: Executor, token_hash: bytes, life: timedelta, longest: timedelta) -> Session | None:
    """Renew a session for `life` from now, and for `longest` from its begin at most. None when it was revoked."""
    row = await db.write_one(RENEW, token_hash, life, longest)
    return Session(*row) if row else None


LIST = """
-- The valid sessions, the newest first.
select user_id, id, created_at, updated_at, expires_at, remembered, ip_address, user_agent
from doable.sessions
where user_id = $1 and expires_at > now() and created_at > now() - $2::interval
order by created_at desc, id desc
"""


async def list_(db: Executor, user_id: str, longest: timedelta) -> list[Session]:
    return [Session(*row) for row in await db.read(LIST, user_id, longest)]


REMOVE_OLDEST = """
-- All sessions of this user, except the newest $2.
delete from doable.sessions
where user_id = $1 and id in (
  select id from doable.sessions where user_id = $1 order by created_at desc, id desc offset $2
)
"""


async def remove_oldest(db: Executor, user_id: str, but: int) -> None:
    await db.write(REMOVE_OLDEST, user_id, but)


REMOVE = """
delete from doable.sessions where token_hash = $1
"""


async def remove(db: Executor, token_hash: bytes) -> None:
    await db.write(REMOVE, token_hash)


REMOVE_ALL = """
delete from doable.sessions where user_id = $1
"""


async def remove_all(db: Executor, user_id: str) -> None:
    await db.write(REMOVE_ALL, user_id)


REMOVE_ONE = """
-- One of this user's sessions, by its token or its id.
delete from doable.sessions where user_id = $1 and (token_hash = $2 or id = $3::bigint)
"""


async def remove_one(db: Executor, user_id: str, token_hash: bytes, id: int | None) -> None:
    await db.write(REMOVE_ONE, user_id, token_hash, id)


REMOVE_OTHERS = """
delete from doable.sessions where user_id = $1 and id <> $2
"""


async def remove_others(db: Executor, user_id: str, id: int) -> None:
    await db.write(REMOVE_OTHERS, user_id, id)


PRUNE = """
delete from doable.sessions where expires_at <= now()
"""


async def prune(db: Executor) -> None:
    await db.write(PRUNE)
