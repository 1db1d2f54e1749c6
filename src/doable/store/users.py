"""The people that everything belongs to."""

from doable.store.database import Executor

PROVISION = """
-- A user of an external issuer, on the first write; somebody else may have been quicker.
insert into doable.users (id) values ($1) on conflict (id) do nothing
"""


async def provision(db: Executor, user_id: str) -> None:
    await db.write(PROVISION, user_id)


REVISION = """
-- How often anything of this user's has changed.
select revision from doable.users where id = $1
"""


async def revision(db: Executor, user_id: str) -> int:
    """0 for a user who has not written anything yet."""
    row = await db.read_one(REVISION, user_id)
    return row[0] if row else 0
