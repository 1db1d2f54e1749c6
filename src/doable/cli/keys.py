"""`doable keys`."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from doable.cli.text import say, table, tell
from doable.cli.user import require_accounts
from doable.core.own_keys import OwnKeys
from doable.operations.databases import on_database
from doable.settings import load

T = TypeVar("T")


@click.group("keys")
def command() -> None:
    """List, rotate and revoke the keys that sign the JWTs of the built-in accounts.

    The newest key signs. If you use your own issuer, it keeps its own keys.
    """


@command.command("list")
def list_() -> None:
    """List the valid keys, newest first."""
    rows = [
        (id, f"{made:%Y-%m-%d %H:%M}Z", f"verifies until {ends:%H:%M}Z" if ends else "signs")
        for id, made, ends in _on_keys(OwnKeys.list)
    ]
    tell(*table("ID", "MADE", "STATE", rows=rows))


@command.command()
def rotate() -> None:
    """Create a new key and sign with it, in every process within ten seconds.

    The previous keys stay valid for an hour. This is longer than the lifetime of a JWT, so users notice nothing.
    """
    tell(f"Signing with the new key {_on_keys(OwnKeys.rotate)}. The others stay valid for an hour.")


@command.command()
def revoke() -> None:
    """Create a new key, and refuse all JWTs of other keys within a minute.

    Use this if a key may have leaked. Sessions and access tokens stay valid, and clients get a new JWT with them.
    Other programs of yours that verify JWTs follow when they fetch the keys again. They may cache them for a minute
    or longer.
    """
    tell(f"Signing with the new key {_on_keys(lambda keys: keys.rotate(revoke=True))}. All others are revoked.")


def _on_keys(do: Callable[[OwnKeys], Awaitable[T]]) -> T:
    settings = load()
    require_accounts(settings, "Keys are")
    return on_database(settings, lambda db: do(OwnKeys(db)), say)
