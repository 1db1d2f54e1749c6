"""`doable user`."""

import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from doable.cli.text import ask_password, confirm, say, table, tell
from doable.core.operator import Operator
from doable.errors import Misconfigured
from doable.operations.databases import on_database
from doable.settings import Provider, Settings, load

T = TypeVar("T")


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
    account, password = as_operator(settings, lambda operator: operator.add_user(email, name, given))
    tell(f"Added {account.email} with the id {account.id}.")
    if given is None:
        tell(f"Password: {password}")


@command.command("list")
def list_() -> None:
    """List all users. Users of your own issuer appear after their first write."""
    rows = [
        (user.id, user.email or "", user.name or "", f"{user.created_at:%Y-%m-%d}", "disabled" * bool(user.disabled_at))
        for user in as_operator(load(), Operator.list_users)
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
    as_operator(settings, lambda operator: operator.remove_user(user))
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
    as_operator(settings, lambda operator: operator.set_password(user, password, keep_sessions=keep_sessions))
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
    as_operator(settings, lambda operator: operator.disable_user(user, disabled=disabled))
    if disabled and settings.provider is not Provider.ACCOUNTS:
        say(f"JWTs of your issuer ({settings.provider}) are still accepted: disable the user there too.")


def require_accounts(settings: Settings, what: str) -> None:
    """Raises Misconfigured where an external issuer keeps `what`."""
    if settings.provider is not Provider.ACCOUNTS:
        raise Misconfigured(f"{what} kept by your issuer ({settings.provider}); change them there")


def as_operator(settings: Settings, do: Callable[[Operator], Awaitable[T]]) -> T:
    return on_database(settings, lambda db: do(Operator(db, settings)), say)
