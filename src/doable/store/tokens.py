"""Personal access tokens, as rows."""

from datetime import datetime, timedelta

import msgspec

from doable.errors import UserNotFound
from doable.model import AccessToken
from doable.store.database import Executor


class Grant(msgspec.Struct, frozen=True):
    """What a token allows, for which user, and whether it has expired. `used_at` is now if a use is to be noted."""

    user_id: str
    scopes: list[str]
    expires_at: datetime | None
    expired: bool
    id: int
    name: str
    used_at: datetime | None


OWNER = """
-- For a token that does not name its owner.
select user_id from doable.access_tokens where token_hash = $1
"""


async def owner(db: Executor, token_hash: bytes) -> str | None:
    row = await db.read_one(OWNER, token_hash)
    return row[0] if row else None


FIND = """
-- No row when the owner is disabled.
select tokens.user_id, tokens.scopes, tokens.expires_at, coalesce(tokens.expires_at <= now(), false),
  tokens.id, tokens.name, case when coalesce(tokens.last_used_at < now() - $3::interval, true) then now() end
from doable.access_tokens as tokens join doable.users on users.id = tokens.user_id
where tokens.user_id = $1 and tokens.token_hash = $2 and users.disabled_at is null
"""


async def find(db: Executor, user_id: str, token_hash: bytes, note_after: timedelta) -> Grant | None:
    row = await db.read_one(FIND, user_id, token_hash, note_after)
    return Grant(*row) if row else None


NOTE_USE = """
-- Unless another process has noted a use.
update doable.access_tokens set last_used_at = $3::timestamptz
where user_id = $1 and id = $2 and (last_used_at is null or last_used_at < $3::timestamptz - $4::interval)
"""


async def note_use(db: Executor, grant: Grant, note_after: timedelta) -> None:
    await db.write(NOTE_USE, grant.user_id, grant.id, grant.used_at, note_after)


CREATE = """
-- No row when the user does not exist; one of nulls when they have too many tokens. Two requests at the same time may
-- create one more than that, which does no harm.
with owner as (
  select id from doable.users where id = $1
),
made as (
  insert into doable.access_tokens (user_id, name, token_hash, scopes, expires_at)
  select id, $2, $3, $4, now() + $5 * interval '1 day' from owner
  where (select count(*) from doable.access_tokens where user_id = $1) < $6
  returning id, name, scopes, created_at, expires_at, last_used_at
)
select made.id, made.name, made.scopes, made.created_at, made.expires_at, made.last_used_at
from owner left join made on true
"""


async def create(
    db: Executor, user_id: str, name: str, token_hash: bytes, scopes: list[str], days: int | None, at_most: int
) -> AccessToken | None:
    """`days` until it expires, None for never. Raises UserNotFound when the owner does not exist (yet)."""
    row = await db.write_one(CREATE, user_id, name, token_hash, scopes, days, at_most)
    if row is None:
        raise UserNotFound
    return AccessToken(*row) if row[0] is not None else None


LIST = """
select id, name, scopes, created_at, expires_at, last_used_at
from doable.access_tokens
where user_id = $1
order by created_at desc, id desc
"""


async def list_(db: Executor, user_id: str) -> list[AccessToken]:
    return [AccessToken(*row) for row in await db.read(LIST, user_id)]


DELETE = """
delete from doable.access_tokens where user_id = $1 and id = $2 returning id
"""


async def delete(db: Executor, user_id: str, id: int) -> bool:
    """Whether the token existed."""
    return await db.write_one(DELETE, user_id, id) is not None
