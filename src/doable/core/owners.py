"""Checks that owners exist, and creates them on their first write.

The JWT of a removed account is valid until it expires, and other processes remember a token for a minute. So an
operation that finds nothing, or can't write, checks whether its owner exists.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from doable.errors import TokenInvalid, UserNotFound
from doable.model import Actor, Scope, Settings
from doable.store import users
from doable.store.database import Executor

T = TypeVar("T")


async def settings(db: Executor, owner: str) -> Settings:
    """Return what applies to the owner, also where they have set nothing."""
    return await users.settings(db, owner)


class Owners:
    """`provisions`: an external issuer vouches for its users, so an unknown user is created on their first write."""

    def __init__(self, *, provisions: bool) -> None:
        self._provisions = provisions

    def refuse_gone(self, actor: Actor) -> None:
        """The actor does not exist: raise TokenInvalid, unless an external issuer vouches for them."""
        if not self._is_vouched_for(actor):
            raise TokenInvalid

    async def require(self, db: Executor, actor: Actor) -> None:
        """Raise TokenInvalid if the actor's account is gone."""
        if not self._is_vouched_for(actor) and await users.find(db, actor.user_id) is None:
            raise TokenInvalid

    async def provisioned(self, db: Executor, actor: Actor, write: Callable[[], Awaitable[T]]) -> T:
        """Call `write` and return its result. If it raises UserNotFound, create the owner and call it again.

        Raises TokenInvalid if the owner does not exist and no external issuer vouches for the actor.
        """
        try:
            return await write()
        except UserNotFound:
            self.refuse_gone(actor)
        await users.provision(db, actor.user_id)
        return await write()

    def _is_vouched_for(self, actor: Actor) -> bool:
        """Whether an external issuer vouches for the actor. Personal access tokens lack the scope `account`.

        A personal access token is deleted with its user, so it does not create them again.
        """
        return self._provisions and Scope.ACCOUNT in actor.scopes
