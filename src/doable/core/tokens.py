"""What a user can do with personal access tokens."""

import builtins
from collections.abc import Callable
from typing import Final

import msgspec

from doable.core import access, opaque
from doable.core.identity import PREFIX
from doable.core.owners import Owners
from doable.core.validation import Fields, stray_faults
from doable.errors import Fault, Invalid, TokenNotFound, TooManyTokens
from doable.fields import Name, whole
from doable.model import TOKEN_SCOPES, AccessToken, Actor, Scope
from doable.store import tokens
from doable.store.database import Executor

NAME: Final = Name(100, example="CI")
DAYS_MAX: Final = 3650
FIELDS: Final = frozenset({"name", "scopes", "expires_in_days"})
SERVERS_OWN: Final = frozenset({*AccessToken.__struct_fields__, "token"}) - FIELDS
SCOPES: Final = sorted(TOKEN_SCOPES)


class NewToken(msgspec.Struct, frozen=True):
    name: str
    scopes: list[str]
    expires_in_days: int | None


class NewAccessToken(AccessToken, frozen=True):
    """A new token, with its secret. No later response contains the secret."""

    token: str


class TokenService:
    def __init__(self, db: Executor, forget: Callable[[str], None], *, owners: Owners, most: int) -> None:
        """`forget(user_id)` makes this process verify a user's credentials again. A user may have `most` tokens."""
        self._db = db
        self._most = most
        self._forget = forget
        self._owners = owners

    def in_transaction(self, tx: Executor) -> "TokenService":
        """The same service as a part of the transaction `tx`."""
        return TokenService(tx, self._forget, owners=self._owners, most=self._most)

    async def create(self, actor: Actor, fields: Fields) -> NewAccessToken:
        """Create a token. `fields` are `name`, `scopes` (default: all that a token can have) and `expires_in_days`.

        Without `expires_in_days`, the token never expires. Raises InsufficientScope, Invalid, TooManyTokens.
        """
        access.require(actor, actor.user_id, Scope.ACCOUNT)
        wanted = new_token(fields)
        token = PREFIX + opaque.new(actor.user_id)
        made = await self._owners.provisioned(self._db, actor, lambda: self._create(actor.user_id, wanted, token))
        if made is None:
            raise TooManyTokens
        return NewAccessToken(
            made.id, made.name, made.scopes, made.created_at, made.expires_at, made.last_used_at, token
        )

    async def list(self, actor: Actor) -> builtins.list[AccessToken]:
        """Return the actor's tokens, newest first, also expired ones. Raises InsufficientScope."""
        access.require(actor, actor.user_id, Scope.ACCOUNT)
        found = await tokens.list_(self._db, actor.user_id)
        if not found:
            await self._owners.require(self._db, actor)
        return found

    async def revoke(self, actor: Actor, id: int) -> None:
        """Revoke a token: in this process immediately, in others within a minute.

        Raises InsufficientScope, NotFound.
        """
        access.require(actor, actor.user_id, Scope.ACCOUNT)
        if not await tokens.delete(self._db, actor.user_id, id):
            await self._owners.require(self._db, actor)
            raise TokenNotFound
        self._db.afterwards(lambda: self._forget(actor.user_id))

    async def _create(self, user_id: str, wanted: NewToken, token: str) -> AccessToken | None:
        return await tokens.create(
            self._db, user_id, wanted.name, opaque.digest(token), wanted.scopes, wanted.expires_in_days, self._most
        )


def new_token(fields: Fields) -> NewToken:
    """Validate the fields of a new token. Raises Invalid."""
    faults: builtins.list[Fault] = []
    name = fields.get("name")
    if name is not None:
        name = NAME.clean("name", name, faults)
    if name is None:
        faults.append(Fault("name", "required", "Name is required"))
    scopes = fields.get("scopes", SCOPES)
    days = whole(fields.get("expires_in_days"))
    if not isinstance(scopes, builtins.list) or not scopes or any(scope not in SCOPES for scope in scopes):
        sentence = f"Scopes must be a list of {' or '.join(map(repr, SCOPES))} or both"
        faults.append(Fault("scopes", "invalid_scopes", sentence))
    if days is not None and (type(days) is not int or not 1 <= days <= DAYS_MAX):
        sentence = f"Expires_in_days must be a whole number from 1 to {DAYS_MAX}, or null"
        faults.append(Fault("expires_in_days", "invalid_expiry", sentence))
    faults += stray_faults(fields, FIELDS, SERVERS_OWN)
    if faults:
        raise Invalid(*faults)
    return NewToken(name, sorted({*scopes}), days)  # type: ignore[misc, arg-type]
