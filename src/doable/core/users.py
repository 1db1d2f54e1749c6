"""What users can do with their own account."""

from collections.abc import Callable

from doable.core import access
from doable.core.owners import Owners
from doable.errors import TokenInvalid, UserNotFound
from doable.model import Actor, Scope, User
from doable.store import users
from doable.store.database import Executor


class UserService:
    def __init__(self, db: Executor, forget: Callable[[str], None], *, owners: Owners) -> None:
        """`forget` is the same as for `TokenService`."""
        self._db = db
        self._forget = forget
        self._owners = owners

    async def get(self, actor: Actor) -> User:
        """Return the actor's user. Reading creates no user: if only the issuer knows them, the user has only an id.

        Raises InsufficientScope, and TokenInvalid if the account is gone.
        """
        access.require(actor, actor.user_id, Scope.READ)
        user = await users.find(self._db, actor.user_id)
        if user is None:
            self._owners.refuse_gone(actor)
        return user or User(actor.user_id, None, None, None, None)

    async def remove(self, actor: Actor) -> None:
        """Delete the user and everything they own, permanently.

        With an external issuer, a user who has never written is no error. Only the issuer can end a JWT: a request with
        a valid JWT can create the user again. Raises InsufficientScope, and TokenInvalid if the account is gone or
        disabled.
        """
        access.require(actor, actor.user_id, Scope.ACCOUNT)
        if await users.is_disabled(self._db, actor.user_id):
            raise TokenInvalid  # Only the operator can remove a disabled user.
        if not await users.delete(self._db, actor.user_id):
            self._owners.refuse_gone(actor)
        self._forget(actor.user_id)

    async def disable(self, id: str, *, disabled: bool = True) -> None:
        """For the operator: disable a user, or enable them again. It takes effect in all processes within a minute.

        A disabled user's credentials are rejected, except the JWTs of an external issuer. Raises UserNotFound.
        """
        if not await users.disable(self._db, id, disabled=disabled):
            raise UserNotFound
        self._forget(id)
