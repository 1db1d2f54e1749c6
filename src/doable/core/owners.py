"""Owners, and that they exist.

A JWT of an account that was removed holds until it expires, and other processes remember a token for a minute. So where
nothing is found, or nothing can be written, the question is whether the owner exists at all.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from doable.errors import TokenInvalid, UserNotFound
from doable.model import Actor, Scope
from doable.store import users
from doable.store.database import Executor

T = TypeVar("T")


class Owners:
    """`provisions`: an external issuer vouches for users, so an unknown one is created on their first write."""

    def __init__(self, *, provisions: bool) -> None:
        self._provisions = provisions

    def refuse_gone(self, actor: Actor) -> None:
        """Raise TokenInvalid for an actor who does not exist, unless an external issuer vouches for them."""
        if not self._is_vouched_for(actor):
            raise TokenInvalid

    async def require(self, db: Executor, actor: Actor) -> None:
        """Raise TokenInvalid if nothing was found because the account is gone."""
        if not self._is_vouched_for(actor) and await users.find(db, actor.user_id) is None:
            raise TokenInvalid

    async def provisioned(self, db: Executor, actor: Actor, write: Callable[[], Awaitable[T]]) -> T:
        """What `write` returns; if it raises UserNotFound, create the owner and write again.

        Raises TokenInvalid if no external issuer vouches for the actor.
        """
        try:
            return await write()
        except UserNotFound:
            self.refuse_gone(actor)
        await users.provision(db, actor.user_id)
        return await write()

    def _is_vouched_for(self, actor: Actor) -> bool:
        """A personal access token goes with its user. It is recognised by the scope that no such token has."""
        return self._provisions and Scope.ACCOUNT in actor.scopes
