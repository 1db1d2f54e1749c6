"""Users, who own everything else."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from doable.errors import UserNotFound
from doable.fields import Values
from doable.model import Settings, User
from doable.store import accounts
from doable.store.columns import USER
from doable.store.database import Executor

PROVISION = """
-- A user of an external issuer, on the first write; another request may have created them.
insert into doable.users (id) values ($1) on conflict (id) do nothing
"""


async def provision(db: Executor, user_id: str) -> None:
    await db.write(PROVISION, user_id)


ABSENT: Final = "0"  # of a user who does not exist, or has not written anything yet

VERSION = """
-- Changes with everything that the user owns, and when the user was removed and created again.
select to_hex(revision) || '-' || to_hex((extract(epoch from created_at) * 1000000)::bigint)
from doable.users
where id = $1
"""


async def version(db: Executor, user_id: str) -> str:
    """Opaque; `ABSENT` for a user who does not exist."""
    row = await db.read_one(VERSION, user_id)
    return row[0] if row else ABSENT


REVISION = """
select revision from doable.users where id = $1
"""


async def revision(db: Executor, user_id: str) -> int:
    """The revision of the user's last change; 0 for a user who does not exist."""
    row = await db.read_one(REVISION, user_id)
    return row[0] if row else 0


FIND = f"""
select {USER.all()} from doable.users where id = $1
"""


async def find(db: Executor, id: str) -> User | None:
    row = await db.read_one(FIND, id)
    return User(*row) if row else None


SETTINGS = f"""
select {", ".join(Settings._fields)} from doable.users where id = $1
"""


async def settings(db: Executor, id: str) -> Settings:
    """What applies to the user, also where they have set nothing or do not exist yet."""
    row = await db.read_one(SETTINGS, id)
    return Settings(row[0] or Settings().time_zone, *row[1:]) if row else Settings()


UPDATE = f"""
-- Settings of a user. The trigger `count_settings` counts it.
update doable.users set {USER.assignments(mask=2, first=3)} where id = $1
returning {USER.all()}
"""


async def update(db: Executor, id: str, values: Values) -> User:
    """Raises UserNotFound when the user does not exist (yet)."""
    row = await db.write_one(UPDATE, id, USER.change_mask(values), *USER.change_arguments(values))
    if row is None:
        raise UserNotFound
    return User(*row)


class Listed(NamedTuple):
    """A user as the operator sees them; `disabled_at` is None for users who are not disabled."""

    id: str
    email: str | None
    name: str | None
    created_at: datetime
    disabled_at: datetime | None


PAGE = """
-- For the operator: users in the order of their ids.
select id, email, name, created_at, disabled_at from doable.users where id > $1 order by id limit $2
"""


async def page(db: Executor, after: str, limit: int) -> list[Listed]:
    return [Listed(*row) for row in await db.read(PAGE, after, limit)]


IS_DISABLED = """
select disabled_at is not null from doable.users where id = $1
"""


async def is_disabled(db: Executor, id: str) -> bool | None:
    """None when the user does not exist."""
    row = await db.read_one(IS_DISABLED, id)
    return row[0] if row else None


DISABLE = """
-- A disabled user keeps the first time; null enables them.
update doable.users set disabled_at = case when $2::timestamptz is not null then coalesce(disabled_at, $2) end
where id = $1
returning id
"""


async def disable(db: Executor, id: str, *, disabled: bool) -> bool:
    """Whether the user exists."""
    return await db.write_one(DISABLE, id, datetime.now(UTC) if disabled else None) is not None


DELETE = """
-- The user and, by foreign keys and a trigger, everything that they own. Objects are locked before their owner, as
-- every writer does.
with
  locked_lists as materialized (select id from doable.lists where user_id = $1 order by id for update),
  locked_labels as materialized (select id from doable.labels where user_id = $1 order by id for update),
  locked as materialized (select id from doable.tasks where user_id = $1 order by id for update),
  locked_filters as materialized (select id from doable.filters where user_id = $1 order by id for update)
delete from doable.users
where id = $1
  and (select count(*) from locked_lists) + (select count(*) from locked_labels)
    + (select count(*) from locked) + (select count(*) from locked_filters) >= 0
returning email
"""


async def delete(db: Executor, id: str) -> bool:
    """Whether the user existed."""

    async def remove(tx: Executor) -> bool:
        row = await tx.write_one(DELETE, id)
        if row is not None and row[0] is not None:
            await accounts.release(tx, id, row[0])
        return row is not None

    return await db.transact(remove, id)
