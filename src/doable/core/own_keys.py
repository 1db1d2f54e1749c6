"""The signing keys of the built-in accounts. All processes share them through the database.

The first key is created when a process first needs one.
"""

import asyncio
import base64
import builtins
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Final, Self

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from doable.store import signing_keys
from doable.store.database import Database, Executor

ALGORITHM: Final = "EdDSA"
TOKEN_LIFE: Final = timedelta(minutes=15)
FRESH_SECONDS: Final = 10.0  # seconds for which a process uses the keys that it has read
UNKNOWN_KEY_SECONDS: Final = 1.0  # seconds between two reads for an unknown key
# A retired key is published until the last token that it signed expires. An hour allows for clocks that differ.
RETIRED_KEY_LIFETIME: Final = timedelta(hours=1)


@dataclass(frozen=True)
class OwnKey:
    """`jwk` is the public key as it is published (RFC 8037 §2). `public` is the same key for PyJWT."""

    private: Ed25519PrivateKey
    jwk: dict[str, str]
    public: jwt.PyJWK

    @classmethod
    def read(cls, id: str, text: str) -> Self:
        private = Ed25519PrivateKey.from_private_bytes(_octets(text))
        x = _text(private.public_key().public_bytes_raw())
        jwk = {"alg": ALGORITHM, "crv": "Ed25519", "x": x, "kty": "OKP", "kid": id}
        return cls(private, jwk, jwt.PyJWK(jwk))


class OwnKeys:
    """The newest key signs. Older keys verify until the tokens that they signed have expired."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._keys: dict[str, OwnKey] = {}  # The newest first.
        self._looked_at = -FRESH_SECONDS
        self._looking = asyncio.Lock()

    async def sign(self, claims: Mapping[str, object]) -> str:
        """Return a compact JWT with these claims."""
        id, newest = next(iter((await self._known(FRESH_SECONDS)).items()))
        return jwt.encode(dict(claims), newest.private, ALGORITHM, headers={"kid": id, "typ": None})

    async def find(self, kid: str | None, alg: str) -> jwt.PyJWK | None:
        """Return the public key with this id, or None. Unknown ids cause at most one read per second."""
        if kid is None or alg != ALGORITHM:
            return None
        key = (await self._known(FRESH_SECONDS)).get(kid) or (await self._known(UNKNOWN_KEY_SECONDS)).get(kid)
        return key.public if key else None

    async def published(self) -> builtins.list[dict[str, str]]:
        """Return all keys that verify, as JWKs."""
        return [key.jwk for key in (await self._known(UNKNOWN_KEY_SECONDS)).values()]

    async def list(self) -> builtins.list[signing_keys.Listed]:
        """For the operator: all keys, newest first, with the time when each expires (None for the newest)."""
        return await signing_keys.list_(self._db, RETIRED_KEY_LIFETIME)

    async def rotate(self, *, revoke: bool = False) -> str:
        """Create a new key and return its id. This process signs with it immediately, others within ten seconds.

        Use `revoke` if a key may have leaked. It deletes all other keys: within a minute, no process accepts a token
        that they signed.
        """

        async def add(tx: Executor) -> str:
            await signing_keys.lock(tx)
            id = await _create(tx)
            if revoke:
                await signing_keys.remove_others(tx, id)
            return id

        id = await self._db.transact(add)
        self._looked_at = -FRESH_SECONDS
        return id

    async def prune(self) -> None:
        await signing_keys.prune(self._db, RETIRED_KEY_LIFETIME)

    async def _known(self, age: float) -> dict[str, OwnKey]:
        """Return the keys by their ids, read at most `age` seconds ago. There is at least one."""
        if monotonic() - self._looked_at >= age:
            async with self._looking:
                await self._look(age)
        return self._keys

    async def _look(self, age: float) -> None:
        started = monotonic()
        if started - self._looked_at < age:
            return  # Another task read the keys while we waited for the lock.
        rows = await signing_keys.find_all(self._db, RETIRED_KEY_LIFETIME)
        if not rows:
            rows = await self._make_first()
        self._keys = {id: OwnKey.read(id, text) for id, text in rows}
        self._looked_at = started

    async def _make_first(self) -> builtins.list[tuple[str, str]]:
        async def make(tx: Executor) -> builtins.list[tuple[str, str]]:
            await signing_keys.lock(tx)
            if not await signing_keys.find_all(tx, RETIRED_KEY_LIFETIME):
                await _create(tx)
            return await signing_keys.find_all(tx, RETIRED_KEY_LIFETIME)

        return await self._db.transact(make)


async def _create(db: Executor) -> str:
    id = secrets.token_urlsafe(16)
    await signing_keys.create(db, id, _text(Ed25519PrivateKey.generate().private_bytes_raw()))
    return id


def _text(octets: bytes) -> str:
    """RFC 7515 §2: base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
