"""The password hashes of the built-in accounts."""

from datetime import datetime

from doable.model import Password
from doable.store import objects
from doable.store.database import Executor

FIND = """
select hash, changed_at from doable.passwords where user_id = $1
"""


async def find(db: Executor, user_id: str) -> Password | None:
    row = await db.read_one(FIND, user_id)
    return Password(*row) if row else None


HOLD = """
-- Keep the password from changing until the transaction ends; no row when it has changed since $2.
select user_id from doable.passwords where user_id = $1 and changed_at = $2 for share
"""


async def hold(db: Executor, user_id: str, changed_at: datetime) -> bool:
    return await db.read_one(HOLD, user_id, changed_at) is not None


CHANGE = """
-- Another password; no row when it was changed in the meantime.
update doable.passwords set hash = $3, changed_at = $4 where user_id = $1 and changed_at = $2
returning user_id
"""


async def change(tx: Executor, user_id: str, changed_at: datetime, hash: str) -> bool:
    return await tx.write_one(CHANGE, user_id, changed_at, hash, await objects.now(tx)) is not None


RENEW = """
-- A new hash of the same password.
update doable.passwords set hash = $3 where user_id = $1 and hash = $2
"""


async def renew(db: Executor, user_id: str, old: str, new: str) -> None:
    await db.write(RENEW, user_id, old, new)


PUT = """
insert into doable.passwords (user_id, hash)
select id, $2 from doable.users where id = $1
on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at
"""


async def put(db: Executor, user_id: str, hash: str) -> None:
    await db.write(PUT, user_id, hash)
