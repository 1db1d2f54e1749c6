"""The Ed25519 keys of the built-in accounts. The newest one signs. The older ones stay valid until everything that they
signed has expired.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from doable.store.database import Executor

LOCK = """
-- One process at a time creates keys. Processes that only read them don't wait.
lock table doable.signing_keys in share row exclusive mode
"""


async def lock(db: Executor) -> None:
    await db.write(LOCK)


CREATE = """
-- The newest key, also when the clock was set back.
insert into doable.signing_keys (id, private_key, created_at)
select $1, $2, greatest(now(), max(created_at) + interval '1 microsecond') from doable.signing_keys
"""


async def create(db: Executor, id: str, private_key: str) -> None:
    await db.write(CREATE, id, private_key)


FIND_ALL = """
-- The valid keys, the newest first: the newest one, and each that was replaced less than $1 ago.
select id, private_key from (
  select id, private_key, created_at, lag(created_at) over (order by created_at desc, id desc) as superseded_at
  from doable.signing_keys
) as keys
where superseded_at is null or superseded_at > now() - $1::interval
order by created_at desc, id desc
"""


async def find_all(db: Executor, keep: timedelta) -> list[tuple[str, str]]:
    """Ids and private keys."""
    return [(id, private_key) for id, private_key in await db.read(FIND_ALL, keep)]


class Listed(NamedTuple):
    id: str
    created_at: datetime
    ends_at: datetime | None


LIST = """
-- The valid keys, without their secrets.
select id, created_at, superseded_at + $1::interval from (
  select id, created_at, lag(created_at) over (order by created_at desc, id desc) as superseded_at
  from doable.signing_keys
) as keys
where superseded_at is null or superseded_at > now() - $1::interval
order by created_at desc, id desc
"""


async def list_(db: Executor, keep: timedelta) -> list[Listed]:
    return [Listed(*row) for row in await db.read(LIST, keep)]


PRUNE = """
-- The keys that are not valid any more.
delete from doable.signing_keys as old
where exists (
  select 1 from doable.signing_keys as newer
  where (newer.created_at, newer.id) > (old.created_at, old.id) and newer.created_at <= now() - $1::interval
)
"""


async def prune(db: Executor, keep: timedelta) -> None:
    await db.write(PRUNE, keep)


REMOVE_OTHERS = """
delete from doable.signing_keys where id <> $1
"""


async def remove_others(db: Executor, id: str) -> None:
    await db.write(REMOVE_OTHERS, id)
