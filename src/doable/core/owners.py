"""Owners, and that they are there.

A JWT of an account that was removed holds until it expires, and other processes remember a token for a minute. So where
nothing is found, or nothing can be written, the question is whether the owner is there at all.
"""

from doable.errors import TokenInvalid
from doable.model import Actor, Scope
from doable.store import users
from doable.store.database import Executor


def refuse_gone(actor: Actor, *, provisions: bool) -> None:
    """Raise TokenInvalid for an actor whose row is not there, unless an external issuer vouches for them.

    A personal access token vouches for no one: it goes with its user. Of all credentials it alone lacks this scope.
    """
    if not provisions or Scope.ACCOUNT not in actor.scopes:
        raise TokenInvalid


async def require(db: Executor, actor: Actor, *, provisions: bool) -> None:
    """Raise TokenInvalid if nothing was found because the account is gone."""
    if await users.find(db, actor.user_id) is None:
        refuse_gone(actor, provisions=provisions)


async def admit(db: Executor, actor: Actor, *, provisions: bool) -> None:
    """Make the row of an owner whom an external issuer vouches for; else raises TokenInvalid."""
    refuse_gone(actor, provisions=provisions)
    await users.provision(db, actor.user_id)
