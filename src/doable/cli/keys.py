"""`doable keys`."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from doable.cli.database import on_database
from doable.cli.text import table, tell
from doable.cli.user import require_accounts
from doable.core.own_keys import OwnKeys
from doable.settings import load

T = TypeVar("T")


@click.group("keys")
def command() -> None:
    """List, rotate and revoke the keys that sign the JWTs of the built-in accounts.

    The newest key signs. Keys of an issuer of your own are kept there.
    """


@command.command("list")
def list_() -> None:
    """List the keys that verify, the newest first."""
    rows = [
        (id, f"{made:%Y-%m-%d %H:%M}Z", f"verifies until {ends:%H:%M}Z" if ends else "signs")
        for id, made, ends in _on_keys(OwnKeys.list)
    ]
    tell(*table("ID", "MADE", "STATE", rows=rows))


@command.command()
def rotate() -> None:
    """Make a new key and sign with it, in every process within ten seconds.

    The keys before it go on verifying for an hour, which is longer than a JWT lasts: no user notices.
    """
    tell(f"Signing with the new key {_on_keys(OwnKeys.rotate)}. The others go on verifying for an hour.")


@command.command()
def revoke() -> None:
    """Make a new key, and refuse within a minute whatever another key has signed.

    Use this if a key may have leaked. Sessions and access tokens stay; clients get a new JWT with them. Programs of
    yours that verify JWTs themselves follow when they fetch the keys again: their caches may last a minute or longer.
    """
    tell(f"Signing with the new key {_on_keys(lambda keys: keys.rotate(revoke=True))}. All others are revoked.")


def _on_keys(do: Callable[[OwnKeys], Awaitable[T]]) -> T:
    settings = load()
    require_accounts(settings, "Keys are")
    return on_database(settings, lambda db: do(OwnKeys(db)))
