"""What users can do with their own account."""

from collections.abc import Callable

from doable.core import access, forms
from doable.core.owners import Owners
from doable.core.validation import Fields
from doable.errors import TokenInvalid, UserNotFound
from doable.model import Actor, Scope, Settings, User
from doable.store import users
from doable.store.database import Executor


class UserService:
    def __init__(self, db: Executor, forget: Callable[[str], None], *, owners: Owners) -> None:
        """`forget` is the same as for `TokenService`."""
        self._db = db
        self._forget = forget
        self._owners = owners

    def in_transaction(self, tx: Executor) -> "UserService":
        """The same service as a part of the transaction `tx`."""
        return UserService(tx, self._forget, owners=self._owners)

    async def get(self, actor: Actor) -> User:
        """Return the actor's user. Reading creates no user: if only the issuer knows them, the user has only an id.

        Raises InsufficientScope, and TokenInvalid if the account is gone.
        """
        access.require(actor, actor.user_id, Scope.READ)
        user = await users.find(self._db, actor.user_id)
        if user is None:
            self._owners.refuse_gone(actor)
        if user is not None:
            return user
        unset = {**Settings()._asdict(), "time_zone": None}
        return User(id=actor.user_id, email=None, name=None, created_at=None, **unset)

    async def update(self, actor: Actor, fields: Fields) -> User:
        """Change settings of the actor, which counts as a change of what they own. Return the user.

        Raises InsufficientScope, Invalid, and TokenInvalid if the account is gone.
        """
        access.require(actor, actor.user_id, Scope.ACCOUNT)
        values = forms.USER.edit(fields)
        return await self._owners.provisioned(self._db, actor, lambda: users.update(self._db, actor.user_id, values))

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
