"""The built-in accounts: the identity provider if no other one is configured."""

import re
import secrets
import string
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from doable.core import account_forms, opaque, passwords
from doable.core.own_keys import TOKEN_LIFE, OwnKeys
from doable.core.passwords import Passwords
from doable.core.validation import Fields
from doable.errors import (
    AccountDisabled,
    Busy,
    Fault,
    Invalid,
    SessionNotFresh,
    SignUpClosed,
    Unauthenticated,
    UserNotFound,
    WrongPassword,
)
from doable.model import Account, Session
from doable.operations.throttle import Attempt, Subject, Throttle
from doable.settings import OWN_NAME
from doable.store import accounts, sessions, users
from doable.store import passwords as stored
from doable.store.database import Database, Executor

# Better Auth's defaults.
SESSION_LIFE: Final = timedelta(days=7)
RENEW_AFTER: Final = timedelta(days=1)
SHORT_SESSION_LIFE: Final = timedelta(days=1)
FRESH_SESSION: Final = timedelta(days=1)
LONGEST_SESSION: Final = timedelta(days=90)  # from the sign-in; renewals don't extend it
SESSIONS_MAX: Final = 100  # per user; beyond, the oldest sessions end
USER_ID_LENGTH: Final = 32

USER_AGENT_MAX: Final = 512
PRUNE_SECONDS: Final = 3600.0  # seconds
_SESSION_ID: Final = re.compile(r"[0-9]{1,18}")  # A token is always longer.


class Visitor(msgspec.Struct, frozen=True):
    """The client's address and browser, if the interface knows them."""

    address: str | None = None
    user_agent: str | None = None


class SignedIn(msgspec.Struct, frozen=True):
    """A user with a session. `is_new`: this request began or renewed the session."""

    token: str
    session: Session
    user: Account
    is_new: bool


class AccountService:
    def __init__(
        self,
        db: Database,
        keys: OwnKeys,
        *,
        sign_up_open: bool = True,
        issuer: str | None = None,
        audience: str | None = None,
    ) -> None:
        """`issuer` and `audience` are the claims `iss` and `aud` of the tokens (default: `OWN_NAME`)."""
        self.keys = keys
        self._db = db
        self._sign_up_open = sign_up_open
        self._issuer = issuer or OWN_NAME
        self._audience = audience or OWN_NAME
        self._passwords = Passwords()
        self._throttle = Throttle(db)
        self._prune_at = time.monotonic()

    def close(self) -> None:
        self._passwords.close()

    async def sign_up(self, fields: Fields, visitor: Visitor) -> SignedIn:
        """Create an account and begin a session. Raises SignUpClosed, Invalid, EmailTaken, Busy."""
        if not self._sign_up_open:
            raise SignUpClosed
        new = account_forms.new_account(fields)
        await self._prune_now_and_then()
        counted = await self._throttle.admit_sign_up(visitor.address)
        async with self._given_back_if_busy(counted):
            hash = await self._passwords.hash(new.password)

        async def create(tx: Executor) -> SignedIn:
            user = await _create(tx, new, hash)
            await self._throttle.welcome(tx, new.email, visitor.address)
            return await self._begin(tx, user, visitor, remembered=new.remembered)

        return await self._db.transact(create)

    async def sign_in(self, fields: Fields, visitor: Visitor) -> SignedIn:
        """Begin a session.

        Raises Invalid, WrongPassword (also if the account does not exist), AccountDisabled, Busy.
        """
        form = account_forms.sign_in(fields)
        await self._prune_now_and_then()
        attempt = await self._throttle.admit(form.email, visitor.address)
        found = await accounts.find(self._db, form.email)
        right = await self._verify(attempt, found[1].hash if found else None, form.password)
        if found is None or not right:
            raise WrongPassword
        user, password = found

        async def begin(tx: Executor) -> SignedIn:
            await accounts.hold(tx, user.id)
            if not await stored.hold(tx, user.id, password.changed_at):
                raise WrongPassword
            if await users.is_disabled(tx, user.id):
                raise AccountDisabled
            await self._throttle.clear(tx, attempt)
            return await self._begin(tx, user, visitor, remembered=form.remembered)

        try:
            signed_in = await self._db.transact(begin, user.id)
        except AccountDisabled:
            await self._throttle.give_back(attempt.counted)  # The password was right.
            raise
        if self._passwords.is_outdated(password.hash):
            with suppress(Busy):
                new_hash = await self._passwords.hash(form.password)
                await stored.renew(self._db, user.id, password.hash, new_hash)
        return signed_in

    async def find_session(self, token: str) -> SignedIn | None:
        """Return the session with this token and its user, or None. A session in use is renewed at most once a day."""
        owner = await self._owner_of(token)
        found = (
            await sessions.find(self._db, owner, opaque.digest(token), RENEW_AFTER, LONGEST_SESSION) if owner else None
        )
        if found is None:
            return None
        session: Session | None
        session, user, due_at = found
        if due_at is not None:
            session = await sessions.renew(self._db, session, due_at, SESSION_LIFE, LONGEST_SESSION)
        return SignedIn(token, session, user, is_new=due_at is not None) if session else None

    async def get_session(self, token: str) -> SignedIn:
        """Return the session with this token and its user. Raises Unauthenticated."""
        signed_in = await self.find_session(token)
        if signed_in is None:
            raise Unauthenticated
        return signed_in

    async def sign_out(self, token: str) -> None:
        """End the session with this token, if there is one."""
        if owner := await self._owner_of(token):
            await sessions.remove_one(self._db, owner, opaque.digest(token), None)

    async def list_sessions(self, signed_in: SignedIn) -> list[Session]:
        """Return all sessions of this user, newest first. Raises SessionNotFresh, as in Better Auth."""
        if datetime.now(UTC) - signed_in.session.created_at >= FRESH_SESSION:
            raise SessionNotFresh
        return await sessions.list_(self._db, signed_in.user.id, LONGEST_SESSION)

    async def end_session(self, signed_in: SignedIn, fields: Fields) -> None:
        """End one of this user's sessions, by its token or its id, if it exists. Raises Invalid."""
        token = account_forms.session(fields)
        id = int(token) if _SESSION_ID.fullmatch(token) else None
        await sessions.remove_one(self._db, signed_in.user.id, opaque.digest(token), id)

    async def end_sessions(self, signed_in: SignedIn, *, but_this: bool) -> None:
        """End all sessions of this user, or all except this one."""
        if but_this:
            await sessions.remove_others(self._db, signed_in.user.id, signed_in.session.id)
        else:
            await sessions.remove_all(self._db, signed_in.user.id)

    async def change_password(self, signed_in: SignedIn, fields: Fields, visitor: Visitor) -> SignedIn | None:
        """Change the password. To revoke the other sessions, end every session and return a new one; else return None.

        Raises Invalid, also if the current password is wrong, and Busy.
        """
        user, session = signed_in.user, signed_in.session
        form = account_forms.password_change(fields, user.email)
        attempt = await self._throttle.admit(user.email, visitor.address)
        password = await stored.find(self._db, user.id)
        right = await self._verify(attempt, password.hash if password else None, form.current)
        if password is None or not right:
            raise wrong_current_password()
        async with self._given_back_if_busy(attempt.counted):
            hash = await self._passwords.hash(form.new)

        async def change(tx: Executor) -> SignedIn | None:
            await accounts.hold(tx, user.id)
            if not await stored.change(tx, user.id, password.changed_at, hash):
                raise wrong_current_password()
            await self._throttle.clear(tx, attempt)
            if not form.revoke_others:
                return None
            await sessions.remove_all(tx, user.id)
            return await self._begin(tx, user, visitor, remembered=session.remembered)

        return await self._db.transact(change, user.id)

    async def issue_token(self, user: Account, claims: Mapping[str, object]) -> str:
        """Return a JWT for the task API with additional `claims`. It expires after 15 minutes."""
        now = int(time.time())
        return await self.keys.sign(
            {
                "iat": now,
                "exp": now + int(TOKEN_LIFE.total_seconds()),
                "iss": self._issuer,
                "aud": self._audience,
                "sub": user.id,
                **claims,
            }
        )

    async def add(self, email: str, name: str, password: str | None = None) -> tuple[Account, str]:
        """For the operator, also if sign-up is closed: create an account.

        Returns the account and its password. Without a `password`, a random one is generated. Raises Invalid,
        EmailTaken.
        """
        password = password if password is not None else passwords.generate()
        new = account_forms.new_account({"email": email, "name": name, "password": password})
        hash = await self._passwords.hash(password)
        return await self._db.transact(lambda tx: _create(tx, new, hash)), password

    async def set_password(self, email: str, password: str | None = None, *, keep_sessions: bool = False) -> str:
        """For the operator: set a new password and return it. Without a `password`, a random one is generated.

        Ends the waits after failed sign-ins, and every session unless `keep_sessions`. Raises Invalid, UserNotFound.
        """
        password = password if password is not None else passwords.generate()
        if faults := passwords.faults("password", password, email):
            raise Invalid(*faults)
        hash = await self._passwords.hash(password)

        async def change(tx: Executor) -> None:
            found = await accounts.find(tx, email)
            if found is None:
                raise UserNotFound
            user, _ = found
            await stored.put(tx, user.id, hash)
            if not keep_sessions:
                await sessions.remove_all(tx, user.id)

        await self._db.transact(change)
        await self._throttle.forget(email)
        return password

    async def prune(self) -> None:
        """Remove failure counts and keys that have expired."""
        await self._throttle.prune()
        await self.keys.prune()

    async def _owner_of(self, token: str) -> str | None:
        owner = opaque.owner_of(token)
        return await sessions.owner(self._db, opaque.digest(token)) if owner == "" else owner

    async def _prune_now_and_then(self) -> None:
        """Prune at most once an hour. A sign-in triggers it, not a timer, so that an idle database may sleep."""
        now = time.monotonic()
        if now >= self._prune_at:
            self._prune_at = now + PRUNE_SECONDS
            await self.prune()

    async def _verify(self, attempt: Attempt, hash: str | None, password: str) -> bool:
        async with self._given_back_if_busy(attempt.counted):
            return await self._passwords.verify(hash, password)

    @asynccontextmanager
    async def _given_back_if_busy(self, counted: Sequence[Subject]) -> AsyncIterator[None]:
        """Give back the attempt if too many passwords are waiting: this password was not checked."""
        try:
            yield
        except Busy:
            await self._throttle.give_back(counted)
            raise

    async def _begin(self, tx: Executor, user: Account, visitor: Visitor, *, remembered: bool) -> SignedIn:
        token = opaque.new(user.id)
        session = await sessions.create(
            tx,
            user.id,
            opaque.digest(token),
            SESSION_LIFE if remembered else SHORT_SESSION_LIFE,
            remembered=remembered,
            ip_address=visitor.address,
            user_agent=(visitor.user_agent or "")[:USER_AGENT_MAX] or None,
        )
        await sessions.remove_oldest(tx, user.id, SESSIONS_MAX)
        return SignedIn(token, session, user, is_new=True)


async def _create(tx: Executor, new: account_forms.NewAccount, hash: str) -> Account:
    id = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(USER_ID_LENGTH))
    user = await accounts.create(tx, id, new.email, new.name)
    await stored.put(tx, user.id, hash)
    return user


def wrong_current_password() -> Invalid:
    return Invalid(Fault("currentPassword", "invalid_password", "Invalid password"))
