"""`doable user`."""

import sys

import click

from doable.cli.database import on_database
from doable.cli.text import ask_password, confirm, say, table, tell
from doable.core.accounts import AccountService
from doable.core.own_keys import OwnKeys
from doable.core.users import UserService
from doable.errors import Misconfigured, UserNotFound
from doable.model import Account, Actor, is_user_id
from doable.settings import Provider, Settings, load
from doable.store import accounts, users
from doable.store.database import Database

PAGE: int = 1000


@click.group("user")
def command() -> None:
    """Add, list, disable and remove users, and set their passwords.

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
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None

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

    async def read(db: Database) -> list[users.Listed]:
        found = page = await users.page(db, "", PAGE)
        while len(page) == PAGE:
            page = await users.page(db, page[-1].id, PAGE)
            found = found + page
        return found

    rows = [
        (user.id, user.email or "", user.name or "", f"{user.created_at:%Y-%m-%d}", "disabled" * bool(user.disabled_at))
        for user in on_database(load(), read)
    ]
    tell(*table("ID", "EMAIL", "NAME", "SINCE", "STATE", rows=rows))


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
        id = await require_id(db, user)
        await UserService(db, lambda _: None, provisions=True).remove(Actor(id))

    on_database(settings, delete)
    tell(f"Removed {user}.")


@command.command("set-password")
@click.argument("user")
@click.option("--keep-sessions", is_flag=True, help="Leave the user signed in where they are.")
def set_password(user: str, *, keep_sessions: bool) -> None:
    """Give a user of the built-in accounts another password.

    Asks for it at a terminal, and reads the first line of standard input elsewhere. Ends the waits after failed
    sign-ins, and every session of the user. Access tokens stay; `doable token revoke` ends them.
    """
    settings = load()
    require_accounts(settings, "Passwords are")
    password = ask_password()

    async def change(db: Database) -> None:
        known = await users.find(db, await require_id(db, user))
        service = AccountService(db, OwnKeys(db))
        try:
            await service.set_password((known and known.email) or "", password, keep_sessions=keep_sessions)
        finally:
            service.close()

    on_database(settings, change)
    tell(f"Set the password of {user}.")


@command.command()
@click.argument("user")
def disable(user: str) -> None:
    """Refuse every credential of a user, within a minute, in every process.

    Sessions, access tokens and the service's own JWTs are refused, and live streams end. Nothing is lost, and `doable
    user enable` undoes it. JWTs of an issuer of your own are still accepted: disable the user there too.
    """
    _set_disabled(user, disabled=True)
    tell(f"Disabled {user}.")


@command.command()
@click.argument("user")
def enable(user: str) -> None:
    """Accept the credentials of a disabled user again."""
    _set_disabled(user, disabled=False)
    tell(f"Enabled {user}.")


def _set_disabled(user: str, *, disabled: bool) -> None:
    settings = load()

    async def change(db: Database) -> None:
        service = UserService(db, lambda _: None, provisions=True)
        await service.disable(await require_id(db, user), disabled=disabled)

    on_database(settings, change)
    if disabled and settings.provider is not Provider.ACCOUNTS:
        say(f"JWTs of your issuer ({settings.provider}) are still accepted: disable the user there too.")


def require_accounts(settings: Settings, what: str) -> None:
    """Raises Misconfigured where an issuer elsewhere keeps `what`."""
    if settings.provider is not Provider.ACCOUNTS:
        raise Misconfigured(f"{what} kept by your issuer ({settings.provider}); change them there")


async def require_id(db: Database, user: str) -> str:
    """As `find_id`. Raises UserNotFound."""
    id = await find_id(db, user)
    if id is None:
        raise UserNotFound
    return id


async def find_id(db: Database, user: str) -> str | None:
    """Of whom an operator calls by email address (of a built-in account) or by id."""
    if not is_user_id(user):
        return None
    account = await accounts.find(db, user)
    if account is not None:
        return account[0].id
    known = await users.find(db, user)
    return known.id if known else None
