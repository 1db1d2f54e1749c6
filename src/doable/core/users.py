"""What users can do with themselves."""

from collections.abc import Callable

from doable.core import access
from doable.errors import TokenInvalid
from doable.model import Actor, Scope, User
from doable.store import users
from doable.store.database import Executor


class UserService:
    def __init__(self, db: Executor, forget: Callable[[str], None], *, provisions: bool) -> None:
        """As for TokenService."""
        self._db = db
        self._forget = forget
        self._provisions = provisions

    async def get(self, actor: Actor) -> User:
        """Who the actor is. Asking makes nobody: whom only the issuer knows so far is told by the id alone.

        Raises InsufficientScope, and TokenInvalid when the account is gone.
        """
        access.require(actor, actor.user_id, Scope.READ)
        user = await users.find(self._db, actor.user_id)
        if user is None and not self._provisions:
            raise TokenInvalid
        return user or User(actor.user_id, None, None, None, None)

    async def remove(self, actor: Actor) -> None:
        """Delete the user and everything they own, for good; nothing to delete is fine.

        With an issuer elsewhere a JWT that is still about may write again, and the user begins anew: only the issuer
        can end it. Raises InsufficientScope.
        """
        access.require(actor, actor.user_id, Scope.ACCOUNT)
        await users.delete(self._db, actor.user_id)
        self._forget(actor.user_id)
