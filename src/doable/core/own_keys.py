"""The keys of the built-in accounts: made when first needed, kept in the database, known to every process."""

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
FRESH_SECONDS: Final = 10.0  # seconds for which a process relies on the keys that it knows of
UNKNOWN_KEY_SECONDS: Final = 1.0  # seconds between two looks for an unknown key
# A key is published for as long as a token can be about that it signed: with the clocks of others an hour is plenty.
RETIRED_KEY_LIFETIME: Final = timedelta(hours=1)


@dataclass(frozen=True)
class OwnKey:
    """`jwk` is the public half, as it is published (RFC 8037 §2), `public` the same as PyJWT wants it."""

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
    """The newest key signs; older ones verify until what they signed has expired."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._keys: dict[str, OwnKey] = {}  # The newest first.
        self._looked_at = -FRESH_SECONDS
        self._looking = asyncio.Lock()

    async def sign(self, claims: Mapping[str, object]) -> str:
        """A compact JWT."""
        id, newest = next(iter((await self._known(FRESH_SECONDS)).items()))
        return jwt.encode(dict(claims), newest.private, ALGORITHM, headers={"kid": id, "typ": None})

    async def find(self, kid: str | None, alg: str) -> jwt.PyJWK | None:
        """The public key with this id; one that is not known is looked for once a second at most."""
        if kid is None or alg != ALGORITHM:
            return None
        key = (await self._known(FRESH_SECONDS)).get(kid) or (await self._known(UNKNOWN_KEY_SECONDS)).get(kid)
        return key.public if key else None

    async def published(self) -> builtins.list[dict[str, str]]:
        """All that verify, as JWKs."""
        return [key.jwk for key in (await self._known(UNKNOWN_KEY_SECONDS)).values()]

    async def list(self) -> builtins.list[signing_keys.Listed]:
        """For the operator: the newest first, each with the time at which it stops to verify; none for the newest."""
        return await signing_keys.list_(self._db, RETIRED_KEY_LIFETIME)

    async def rotate(self, *, revoke: bool = False) -> str:
        """Sign with a new key from now on (other processes: within ten seconds); returns its id.

        With `revoke` no other key verifies any more, and within a minute nothing that one has signed is accepted: for
        when a key may have leaked.
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
        """The keys, as they were not longer than `age` seconds ago; at least one."""
        if monotonic() - self._looked_at >= age:
            async with self._looking:
                await self._look(age)
        return self._keys

    async def _look(self, age: float) -> None:
        started = monotonic()
        if started - self._looked_at < age:
            return  # Another task has looked while we waited for our turn.
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
