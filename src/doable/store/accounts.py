"""The built-in accounts: users with an email address and a password hash."""

from doable.errors import EmailTaken
from doable.model import Account, Password
from doable.store.database import Executor

TAKE = """
-- No row when the email address is taken. An error instead would put the address into PostgreSQL's log.
insert into doable.addresses (address, user_id) values (lower($2), $1)
on conflict (address) do nothing
returning user_id
"""

CREATE = """
insert into doable.users (id, email, name) values ($1, $2, $3)
returning id, email, name, created_at
"""


async def create(tx: Executor, user_id: str, email: str, name: str) -> Account:
    """Raises EmailTaken."""
    if await tx.write_one(TAKE, user_id, email) is None:
        raise EmailTaken
    (row,) = await tx.write(CREATE, user_id, email, name)
    return Account(*row)


OWNER = """
select user_id from doable.addresses where address = lower($1)
"""


async def owner(db: Executor, email: str) -> str | None:
    """The id of the user whose account has this email address."""
    row = await db.read_one(OWNER, email)
    return row[0] if row else None


FIND = """
-- Users of an external issuer have no password.
select u.id, u.email, coalesce(u.name, ''), u.created_at, p.hash, p.changed_at
from doable.users u join doable.passwords p on p.user_id = u.id
where u.id = $1
"""


async def find(db: Executor, email: str) -> tuple[Account, Password] | None:
    """The account with this email address, and its password."""
    user_id = await owner(db, email)
    row = await db.read_one(FIND, user_id) if user_id is not None else None
    return (Account(*row[:4]), Password(*row[4:])) if row else None


RELEASE = """
delete from doable.addresses where address = lower($2) and user_id = $1
"""


async def release(tx: Executor, user_id: str, email: str) -> None:
    """Let the email address of a removed user be taken."""
    await tx.write(RELEASE, user_id, email)


HOLD = """
-- Keep an account from being removed until the transaction ends. A transaction that locks more rows begins with this
-- one, like the removal, so that no two wait for each other.
select id from doable.users where id = $1 for key share
"""


async def hold(db: Executor, user_id: str) -> None:
    await db.read(HOLD, user_id)
