"""`doable user`."""

import sys

import click

from doable.cli.database import on_database
from doable.cli.text import ask_password, confirm, say, table, tell
from doable.core.accounts import AccountService
from doable.core.own_keys import OwnKeys
from doable.core.owners import Owners
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

    If you use your own issuer (BETTER_AUTH_SECRET, BETTER_AUTH_URL or JWKS_URL), add users there. They appear here
    after their first write.
    """


@command.command()
@click.argument("email")
@click.option("--name", help="The name of the user.  [default: the part before the @]")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of generating one.")
def add(email: str, name: str | None, *, password_stdin: bool) -> None:
    """Add a user to the built-in accounts, also when sign-up is closed.

    Prints a generated password, which the user can change.
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
    """List all users. Users of your own issuer appear after their first write."""

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
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def remove(user: str, *, yes: bool) -> None:
    """Remove a user, by id or email address, with all their data.

    You can't undo this.
    """
    settings = load()
    if not yes:
        confirm(f"Remove {user} and everything they own?")

    async def delete(db: Database) -> None:
        id = await require_id(db, user)
        await UserService(db, lambda _: None, owners=Owners(provisions=True)).remove(Actor(id))

    on_database(settings, delete)
    tell(f"Removed {user}.")


@command.command("set-password")
@click.argument("user")
@click.option("--keep-sessions", is_flag=True, help="Keep the sessions of the user.")
def set_password(user: str, *, keep_sessions: bool) -> None:
    """Set the password of a user of the built-in accounts.

    Prompts for it on a terminal, and otherwise reads the first line of standard input. It also ends the user's
    sessions and the delay after failed sign-ins. Access tokens stay valid; revoke them with `doable token revoke`.
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
    """Refuse every credential of a user, in every process within a minute.

    Sessions, access tokens and the service's own JWTs are refused, and live streams end. The data stays. Undo this
    with `doable user enable`. JWTs of your own issuer are still accepted: disable the user there too.
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
        service = UserService(db, lambda _: None, owners=Owners(provisions=True))
        await service.disable(await require_id(db, user), disabled=disabled)

    on_database(settings, change)
    if disabled and settings.provider is not Provider.ACCOUNTS:
        say(f"JWTs of your issuer ({settings.provider}) are still accepted: disable the user there too.")


def require_accounts(settings: Settings, what: str) -> None:
    """Raises Misconfigured where an external issuer keeps `what`."""
    if settings.provider is not Provider.ACCOUNTS:
        raise Misconfigured(f"{what} kept by your issuer ({settings.provider}); change them there")


async def require_id(db: Database, user: str) -> str:
    """As `find_id`. Raises UserNotFound."""
    id = await find_id(db, user)
    if id is None:
        raise UserNotFound
    return id


async def find_id(db: Database, user: str) -> str | None:
    """The id of a user, from an email address (of a built-in account) or an id."""
    if not is_user_id(user):
        return None
    account = await accounts.find(db, user)
    if account is not None:
        return account[0].id
    known = await users.find(db, user)
    return known.id if known else None
