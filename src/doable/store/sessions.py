"""Sessions of signed-in users. A session is found by its user and the SHA-256 of its token, which its holder has."""

from datetime import datetime, timedelta

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


OWNER = """
-- For a token that does not name its owner.
select user_id from doable.sessions where token_hash = $1
"""


async def owner(db: Executor, token_hash: bytes) -> str | None:
    row = await db.read_one(OWNER, token_hash)
    return row[0] if row else None


FIND = """
-- A valid session, its user, and the time if it is to be renewed: its last renewal was more than $3 ago. A session ends
-- $4 after its begin at the latest. No row when its user is disabled.
select
  s.user_id, s.id, s.created_at, s.updated_at, s.expires_at, s.remembered, s.ip_address, s.user_agent,
  u.id, u.email, coalesce(u.name, ''), u.created_at,
  case when s.remembered and s.updated_at < now() - $3::interval then now() end
from doable.sessions s join doable.users u on u.id = s.user_id
where s.user_id = $1 and s.token_hash = $2 and s.expires_at > now() and s.created_at > now() - $4::interval
  and u.disabled_at is null
"""


async def find(
    db: Executor, user_id: str, token_hash: bytes, renew_after: timedelta, longest: timedelta
) -> tuple[Session, Account, datetime | None] | None:
    row = await db.read_one(FIND, user_id, token_hash, renew_after, longest)
    return (Session(*row[:8]), Account(*row[8:12]), row[12]) if row else None


RENEW = """
update doable.sessions set expires_at = $4, updated_at = $3
where user_id = $1 and id = $2 and expires_at > $3
returning user_id, id, created_at, updated_at, expires_at, remembered, ip_address, user_agent
"""


async def renew(db: Executor, session: Session, now: datetime, life: timedelta, longest: timedelta) -> Session | None:
    """Renew a session for `life` from now, and for `longest` from its begin at most. None when it was revoked."""
    end = min(now + life, session.created_at + longest)
    row = await db.write_one(RENEW, session.user_id, session.id, now, end)
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
