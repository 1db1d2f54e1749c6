"""What users can do with themselves."""

from collections.abc import Callable

from doable.core import access
from doable.core.owners import Owners
from doable.errors import TokenInvalid, UserNotFound
from doable.model import Actor, Scope, User
from doable.store import users
from doable.store.database import Executor


class UserService:
    def __init__(self, db: Executor, forget: Callable[[str], None], *, owners: Owners) -> None:
        """As for TokenService."""
        self._db = db
        self._forget = forget
        self._owners = owners

    async def get(self, actor: Actor) -> User:
        """Who the actor is. A read makes no user: of a user that only the issuer knows so far there is only the id.

        Raises InsufficientScope, and TokenInvalid when the account is gone.
        """
        access.require(actor, actor.user_id, Scope.READ)
        user = await users.find(self._db, actor.user_id)
        if user is None:
            self._owners.refuse_gone(actor)
        return user or User(actor.user_id, None, None, None, None)

    async def remove(self, actor: Actor) -> None:
        """Delete the user and everything they own, permanently.

        With an external issuer, a user who owns nothing is no error. A JWT that is still valid may write again, and the
        user begins anew: only the issuer can end it. Raises InsufficientScope, and TokenInvalid when the account is
        gone already.
        """
        access.require(actor, actor.user_id, Scope.ACCOUNT)
        if await users.is_disabled(self._db, actor.user_id):
            raise TokenInvalid  # Only the operator removes a user whom the operator has shut out.
        if not await users.delete(self._db, actor.user_id):
            self._owners.refuse_gone(actor)
        self._forget(actor.user_id)

    async def disable(self, id: str, *, disabled: bool = True) -> None:
        """For the operator: within a minute, accept no credential of this user any more; or accept them again.

        Only the issuer can end a JWT of an external issuer. Raises UserNotFound.
        """
        if not await users.disable(self._db, id, disabled=disabled):
            raise UserNotFound
        self._forget(id)
