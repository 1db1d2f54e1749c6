"""The built-in accounts: users with an email address and a password hash."""

from doable.errors import EmailTaken
from doable.model import Account, Password
from doable.store.database import Executor

CREATE = """
-- A user; no row when the email address is taken. An error instead would put the address into PostgreSQL's log.
insert into doable.users (id, email, name) values ($1, $2, $3)
on conflict (lower(email)) do nothing
returning id, email, name, created_at
"""


async def create(db: Executor, user_id: str, email: str, name: str) -> Account:
    """Raises EmailTaken."""
    row = await db.write_one(CREATE, user_id, email, name)
    if row is None:
        raise EmailTaken
    return Account(*row)


FIND = """
-- The account with this email address, and its password. Users of an external issuer have none.
select u.id, u.email, coalesce(u.name, ''), u.created_at, p.hash, p.changed_at
from doable.users u join doable.passwords p on p.user_id = u.id
where lower(u.email) = lower($1)
"""


async def find(db: Executor, email: str) -> tuple[Account, Password] | None:
    row = await db.read_one(FIND, email)
    return (Account(*row[:4]), Password(*row[4:])) if row else None


HOLD = """
-- Keep an account from being removed until the transaction ends. A transaction that locks more rows begins with this
-- one, like the removal, so that no two wait for each other.
select id from doable.users where id = $1 for key share
"""


async def hold(db: Executor, user_id: str) -> None:
    await db.read(HOLD, user_id)
