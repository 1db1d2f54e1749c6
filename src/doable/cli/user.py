"""`doable user`."""

import sys

import click

from doable.cli.database import on_database
from doable.cli.text import confirm, table, tell
from doable.core.accounts import AccountService
from doable.core.own_keys import OwnKeys
from doable.core.users import UserService
from doable.errors import Misconfigured, UserNotFound
from doable.model import Account, Actor, User
from doable.settings import Provider, load
from doable.store import accounts, users
from doable.store.database import Database

PAGE: int = 1000


@click.group("user")
def command() -> None:
    """Add, list and remove users.

    With an issuer of your own (BETTER_AUTH_SECRET, BETTER_AUTH_URL or JWKS_URL), users are added there, and appear
    here when they first write something.
    """


@command.command()
@click.argument("email")
@click.option("--name", help="What to call them.  [default: what stands before the @]")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
def add(email: str, name: str | None, *, password_stdin: bool) -> None:
    """Add a user to the built-in accounts, also when sign-up is closed.

    Prints a password that was made up; they can change it.
    """
    settings = load()
    if settings.provider is not Provider.ACCOUNTS:
        raise Misconfigured(f"Users come from your issuer ({settings.provider}); add them there")
    given = sys.stdin.readline().rstrip("\n") if password_stdin else None

    async def make(db: Database) -> tuple[Account, str]:
        service = AccountService(db, OwnKeys(db))
        try:
            return await service.add(email, name or email.partition("@")[0], given)
        finally:
            service.close()

    account, password = on_database(settings, make)
    tell(f"Added {account.email} with the id {account.id}.")
    if given is None:
        tell(f"Password: {password}")


@command.command("list")
def list_() -> None:
    """List all users, those of an issuer as far as they have been here."""

    async def read(db: Database) -> list[User]:
        found = page = await users.page(db, "", PAGE)
        while len(page) == PAGE:
            page = await users.page(db, page[-1].id, PAGE)
            found = found + page
        return found

    found = on_database(load(), read)
    rows = [(user.id, user.email or "", user.name or "", f"{user.created_at:%Y-%m-%d}") for user in found]
    tell(*table("ID", "EMAIL", "NAME", "SINCE", rows=rows))


@command.command()
@click.argument("user")
@click.option("--yes", is_flag=True, help="Don't ask.")
def remove(user: str, *, yes: bool) -> None:
    """Remove a user, by id or email address, with all tasks and everything else they own.

    This can't be undone.
    """
    settings = load()
    if not yes:
        confirm(f"Remove {user} and everything they own?")

    async def delete(db: Database) -> None:
        id = await find_id(db, user)
        if id is None:
            raise UserNotFound
        await UserService(db, lambda _: None, provisions=True).remove(Actor(id))

    on_database(settings, delete)
    tell(f"Removed {user}.")


async def find_id(db: Database, user: str) -> str | None:
    """Of whom an operator calls by email address (of a built-in account) or by id."""
    account = await accounts.find(db, user)
    if account is not None:
        return account[0].id
    known = await users.find(db, user)
    return known.id if known else None
