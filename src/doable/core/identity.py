"""Authentication: a credential in, an actor out."""

import asyncio
import base64
import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from time import monotonic, time
from typing import Final

import jwt
import msgspec
from jwt.algorithms import HMACAlgorithm

from doable.core import opaque
from doable.core.key_sets import PUBLIC_ALGORITHMS, KeySource
from doable.errors import Misconfigured, TokenExpired, TokenInvalid, Unavailable
from doable.model import TOKEN_SCOPES, Actor, is_user_id
from doable.settings import Provider, Settings
from doable.store import acting, tokens, users
from doable.store.database import Executor

CREDENTIAL_MAX: Final = 8192  # characters; a longer token costs more to reject
REMEMBERED_MAX: Final = 10_000  # credentials, about 5 MB
# A revoked credential stops working within a minute: after this time, plus the time between two checks of a stream.
REMEMBERED_SECONDS: Final = 30.0
NOTE_USE_AFTER: Final = timedelta(minutes=5)  # A token in use causes at most one write in this time.
CLOCK_SKEW_SECONDS: Final = 30.0  # seconds by which the issuer's clock and ours may differ, both ways

PREFIX: Final = "dbl_"  # of personal access tokens, so that people and secret scanners recognize one
# The accepted values of `typ` in a JWT (RFC 7519 §5.1, RFC 9068 §4). The issuer may use the same key to sign JWTs for
# another purpose, such as a DPoP proof or a logout token (RFC 8725 §3.11).
TYPES: Final = frozenset({"jwt", "at+jwt"})
_JWT: Final = re.compile(r"([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class _Header(msgspec.Struct):
    """The header of a JWT, before verification. It can only select one of our keys.

    `jku`, `x5u`, `jwk` and `x5c` are not read, because they name or contain a key of the sender's choice.
    """

    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: object = None


_read_header: Final = msgspec.json.Decoder(_Header).decode


class Identity:
    """Verifies credentials, and remembers valid ones for up to 30 seconds."""

    def __init__(
        self,
        settings: Settings,
        db: Executor,
        keys: KeySource | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`keys` finds the provider's public keys; None if the provider has only a secret. Raises Misconfigured."""
        secret = settings.better_auth_secret
        self._secret = _secret_key(secret.get_secret_value()) if secret else None
        self._keys = keys
        self._has_accounts = settings.provider is Provider.ACCOUNTS
        self._db = db
        self._clock = clock
        self._issuer = settings.token_issuer
        self._audience = settings.token_audience
        self._user_claim = "sub" if self._has_accounts else settings.jwt_user_claim
        self._jwt = jwt.PyJWT(
            {
                "require": ["exp", self._user_claim],
                "verify_aud": settings.token_audience is not None,
                "verify_sub": False,  # `_verify` checks the claim with the user's id. `sub` may be another one.
            }
        )
        # By the SHA-256 of the credential, so that a dump of our memory contains no usable credential. Oldest first.
        self._remembered: OrderedDict[bytes, tuple[float, Actor]] = OrderedDict()
        self._forgotten = 0
        self._noting: set[asyncio.Task[None]] = set()

    @staticmethod
    def acts(actor: Actor) -> None:
        """What the current task changes from now on, the actor changes: the log names their access token."""
        acting.token_name.set(actor.token_name)

    def remembered(self, credential: bytes) -> Actor | None:
        """The actor of a credential that was verified in the last 30 seconds, else None."""
        entry = self._remembered.get(sha256(credential).digest())
        return entry[1] if entry is not None and self._clock() < entry[0] else None

    async def authenticate(self, credential: str) -> Actor:
        """Verify a bearer credential: a personal access token or a JWT.

        Raises TokenExpired, TokenInvalid, and Unavailable if the keys or the database are out of reach.
        """
        began, forgotten = self._clock(), self._forgotten
        if len(credential) > CREDENTIAL_MAX:
            raise TokenInvalid
        actor = await (self._look_up if credential.startswith(PREFIX) else self._verify)(credential)
        seconds = REMEMBERED_SECONDS
        if actor.expires_at is not None:
            seconds = min(seconds, actor.expires_at - time())
        if seconds > 0 and forgotten == self._forgotten:
            if len(self._remembered) >= REMEMBERED_MAX:
                self._remembered.popitem(last=False)
            self._remembered[opaque.digest(credential)] = (began + seconds, actor)
        return actor

    def forget(self, user_id: str) -> None:
        """Forget this user's verified credentials, because one of them was revoked.

        The results of verifications in progress are not remembered either. They may have begun before the revocation.
        """
        self._forgotten += 1
        for hashed in [hashed for hashed, (_, actor) in self._remembered.items() if actor.user_id == user_id]:
            del self._remembered[hashed]

    async def _look_up(self, token: str) -> Actor:
        """Return the actor of a personal access token."""
        hashed, owner = opaque.digest(token), opaque.owner_of(token.removeprefix(PREFIX))
        if owner == "":
            owner = await tokens.owner(self._db, hashed)
        grant = await tokens.find(self._db, owner, hashed, NOTE_USE_AFTER) if owner else None
        if grant is None:
            raise TokenInvalid
        if grant.expired:
            raise TokenExpired
        if grant.used_at is not None:
            noting = asyncio.create_task(self._note_use(grant))
            self._noting.add(noting)
            noting.add_done_callback(self._noting.discard)
        expires_at = grant.expires_at.timestamp() if grant.expires_at else None
        scopes = frozenset(scope for scope in TOKEN_SCOPES if scope in grant.scopes)
        return Actor(grant.user_id, scopes, expires_at, grant.id, grant.name)

    async def _note_use(self, grant: tokens.Grant) -> None:
        """Record the use of a token in the background: the request does not wait for it."""
        with suppress(Unavailable):  # The next lookup tries again.
            await tokens.note_use(self._db, grant, NOTE_USE_AFTER)

    async def close(self) -> None:
        """Wait until all uses are recorded. Call this before the database is closed."""
        await asyncio.gather(*self._noting)

    async def _verify(self, token: str) -> Actor:
        """Verify a JWT (RFC 7519, RFC 8725) and return its actor."""
        key = await self._find_key(_header(token))
        if key is None:
            raise TokenInvalid
        try:
            claims = self._jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._issuer,
                audience=self._audience,
                leeway=CLOCK_SKEW_SECONDS,
            )
            if isinstance(claims["exp"], str):
                raise TokenInvalid  # RFC 7519 §2: a NumericDate is a JSON number.
            expires_at = float(claims["exp"])
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except (jwt.PyJWTError, OverflowError):
            raise TokenInvalid from None
        user_id = claims[self._user_claim]
        if not isinstance(user_id, str) or not is_user_id(user_id):
            raise TokenInvalid
        # An external issuer decides which of its users get a token, and not all of them are in our table.
        if self._has_accounts and await users.is_disabled(self._db, user_id) is not False:
            raise TokenInvalid
        return Actor(user_id, expires_at=expires_at)

    async def _find_key(self, header: _Header) -> jwt.PyJWK | None:
        """The key determines the algorithm: the secret is only for HS256, and a public key is never for an HMAC."""
        if header.alg == "HS256":
            return self._secret
        if self._keys is None or header.alg not in PUBLIC_ALGORITHMS:
            return None
        return await self._keys.find(header.kid, header.alg)


def _secret_key(secret: str) -> jwt.PyJWK:
    """The UTF-8 bytes of the secret as a key for HS256 only. Raises Misconfigured."""
    try:
        HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(secret)
    except jwt.InvalidKeyError:
        # With a public key as the secret, anyone could sign tokens.
        raise Misconfigured(
            "BETTER_AUTH_SECRET: it must be a secret, not a public key; make one with: openssl rand -base64 32"
        ) from None
    return jwt.PyJWK({"kty": "oct", "k": base64.urlsafe_b64encode(secret.encode()).decode()}, "HS256")


def _header(token: str) -> _Header:
    """Read the header of a JWT. Raises TokenInvalid for anything else, before any expensive work."""
    parts = _JWT.fullmatch(token)
    if parts is None:
        raise TokenInvalid
    try:
        header = _read_header(base64.urlsafe_b64decode(parts[1] + "=="))
    except (ValueError, RecursionError):
        raise TokenInvalid from None
    if header.crit is not None:
        raise TokenInvalid  # RFC 7515 §4.1.11: we support no critical extension.
    if header.typ is not None and header.typ.lower().removeprefix("application/") not in TYPES:
        raise TokenInvalid
    return header
