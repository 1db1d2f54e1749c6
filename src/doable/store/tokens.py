"""Personal access tokens, as rows."""

from datetime import datetime

import msgspec

from doable.errors import UserNotFound
from doable.model import AccessToken
from doable.store import users
from doable.store.database import Executor


class Grant(msgspec.Struct, frozen=True):
    """What a token lets its bearer do, in whose name, and whether that is over."""

    user_id: str
    scopes: list[str]
    expires_at: datetime | None
    expired: bool


FIND = """
-- Whose token this is: the one statement that can't name the owner, because it asks for him. No row when he is
-- disabled.
select tokens.user_id, tokens.scopes, tokens.expires_at, coalesce(tokens.expires_at <= now(), false)
from doable.access_tokens as tokens join doable.users on users.id = tokens.user_id
where tokens.token_hash = $1 and users.disabled_at is null
"""


async def find(db: Executor, token_hash: bytes) -> Grant | None:
    row = await db.read_one(FIND, token_hash)
    return Grant(*row) if row else None


CREATE = """
-- No row when the user is not there, or has too many: two at once may get one more than that, and no harm is done.
insert into doable.access_tokens (user_id, name, token_hash, scopes, expires_at)
select id, $2, $3, $4, now() + $5 * interval '1 day' from doable.users
where id = $1 and (select count(*) from doable.access_tokens where user_id = $1) < $6
returning id, name, scopes, created_at, expires_at
"""


async def create(
    db: Executor, user_id: str, name: str, token_hash: bytes, scopes: list[str], days: int | None, at_most: int
) -> AccessToken | None:
    """`days` until it expires, None for never. Raises UserNotFound when the owner is not there (yet)."""
    row = await db.write_one(CREATE, user_id, name, token_hash, scopes, days, at_most)
    if row is None and await users.find(db, user_id) is None:
        raise UserNotFound
    return AccessToken(*row) if row else None


LIST = """
select id, name, scopes, created_at, expires_at
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
    """Whether there was such a token."""
    return await db.write_one(DELETE, user_id, id) is not None
