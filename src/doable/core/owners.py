"""Owners, and that they are there."""

from doable.errors import TokenInvalid
from doable.store import users
from doable.store.database import Executor


async def admit(db: Executor, owner: str, *, provisions: bool) -> None:
    """Make the row of an owner whom an external issuer vouches for; raises TokenInvalid where accounts are our own."""
    if not provisions:
        raise TokenInvalid  # The account is gone; its last tokens are still about.
    await users.provision(db, owner)
