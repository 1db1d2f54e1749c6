"""What the operator can do for users. `user` is an id, or the email address of a built-in account."""

from contextlib import closing
from typing import Final

from doable.core.accounts import AccountService
from doable.core.own_keys import OwnKeys
from doable.core.owners import Owners
from doable.core.tokens import NewAccessToken, TokenService
from doable.core.users import UserService
from doable.core.validation import Fields
from doable.errors import UserNotFound
from doable.model import AccessToken, Account, Actor, is_user_id
from doable.settings import Provider, Settings
from doable.store import accounts, users
from doable.store.database import Database
from doable.store.users import Listed

PAGE: Final = 1000  # users in one read


class Operator:
    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._users = UserService(db, _forget, owners=Owners(provisions=True))
        owners = Owners(provisions=settings.provider is not Provider.ACCOUNTS)
        self._tokens = TokenService(db, _forget, owners=owners, most=settings.user_max_tokens)

    async def add_user(self, email: str, name: str | None, password: str | None) -> tuple[Account, str]:
        """As `AccountService.add`; the default name is the part of the address before the @."""
        with closing(AccountService(self._db, OwnKeys(self._db))) as service:
            return await service.add(email, name or email.partition("@")[0], password)

    async def list_users(self) -> list[Listed]:
        """Return all users, in the order of their ids."""
        found = page = await users.page(self._db, "", PAGE)
        while len(page) == PAGE:
            page = await users.page(self._db, page[-1].id, PAGE)
            found = found + page
        return found

    async def remove_user(self, user: str) -> None:
        """Delete a user and everything they own, also a disabled user. Raises UserNotFound."""
        await users.delete(self._db, await self._require(user))

    async def set_password(self, user: str, password: str, *, keep_sessions: bool) -> None:
        """As `AccountService.set_password`."""
        known = await users.find(self._db, await self._require(user))
        with closing(AccountService(self._db, OwnKeys(self._db))) as service:
            await service.set_password((known and known.email) or "", password, keep_sessions=keep_sessions)

    async def disable_user(self, user: str, *, disabled: bool) -> None:
        """As `UserService.disable`."""
        await self._users.disable(await self._require(user), disabled=disabled)

    async def create_token(self, user: str, fields: Fields) -> tuple[NewAccessToken, bool]:
        """Create a token, as `TokenService.create`, also for a user whom only the external issuer knows.

        Returns the token, and whether this created the user. Raises UserNotFound, Invalid, TooManyTokens.
        """
        id = await self._find(user)
        if id is None and not self._may_be_new(user):
            raise UserNotFound(f"There is no user {user} here; give an address that has an account, or the user's id")
        return await self._tokens.create(Actor(id or user), fields), id is None

    async def list_tokens(self, user: str) -> list[AccessToken]:
        """Return the user's tokens, newest first. Raises UserNotFound."""
        return await self._tokens.list(Actor(await self._require(user)))

    async def revoke_token(self, user: str, id: int) -> None:
        """Revoke a token. Raises UserNotFound, TokenNotFound."""
        await self._tokens.revoke(Actor(await self._require(user)), id)

    def _may_be_new(self, user: str) -> bool:
        """Whether an external issuer may use this id. Only ids from the claim `email` contain an `@`."""
        is_address = "@" in user and self._settings.jwt_user_claim != "email"
        return self._settings.provider is not Provider.ACCOUNTS and is_user_id(user) and not is_address

    async def _require(self, user: str) -> str:
        """Return the id of a user. Raises UserNotFound."""
        id = await self._find(user)
        if id is None:
            raise UserNotFound
        return id

    async def _find(self, user: str) -> str | None:
        if not is_user_id(user):
            return None
        account = await accounts.find(self._db, user)
        if account is not None:
            return account[0].id
        known = await users.find(self._db, user)
        return known.id if known else None


def _forget(_: str) -> None:
    """Do nothing: the process of a command has verified no credentials."""
