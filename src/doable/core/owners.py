"""Owners, and that they are there.

A JWT of an account that was removed holds until it expires, and other processes remember a token for a minute. So where
nothing is found, or nothing can be written, the question is whether the owner is there at all.
"""

from doable.errors import TokenInvalid
from doable.model import Actor, Scope
from doable.store import users
from doable.store.database import Executor


def refuse_gone(actor: Actor, *, provisions: bool) -> None:
    """Raise TokenInvalid for an actor whose row is not there, unless an external issuer vouches for them."""
    if not _is_vouched_for(actor, provisions=provisions):
        raise TokenInvalid


async def require(db: Executor, actor: Actor, *, provisions: bool) -> None:
    """Raise TokenInvalid if nothing was found because the account is gone."""
    if not _is_vouched_for(actor, provisions=provisions) and await users.find(db, actor.user_id) is None:
        raise TokenInvalid


async def admit(db: Executor, actor: Actor, *, provisions: bool) -> None:
    """Make the row of an owner whom an external issuer vouches for; else raises TokenInvalid."""
    refuse_gone(actor, provisions=provisions)
    await users.provision(db, actor.user_id)


def _is_vouched_for(actor: Actor, *, provisions: bool) -> bool:
    """A personal access token goes with its user. It is told by the scope that no such token has."""
    return provisions and Scope.ACCOUNT in actor.scopes
