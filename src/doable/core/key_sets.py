"""Sets of public keys, and the algorithms of each key."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from jwt import PyJWK, PyJWTError

# The type of a key determines its algorithms. An RSA key without `alg` has two. A symmetric key has none, because a
# published key is not secret.
ALGORITHMS: Final[dict[tuple[object, object], tuple[str, ...]]] = {
    ("OKP", "Ed25519"): ("EdDSA",),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-521"): ("ES512",),
    ("RSA", None): ("RS256", "PS256"),
}
PUBLIC_ALGORITHMS: Final = frozenset(alg for algs in ALGORITHMS.values() for alg in algs)


class KeySource(Protocol):
    """The keys of the identity provider: published by an issuer, or our own."""

    async def find(self, kid: str | None, alg: str) -> PyJWK | None:
        """Return the key for a token with `kid` and `alg` in its header, or None.

        The key is only for this algorithm (`PyJWK.algorithm_name`). Raises Unavailable if the keys are out of reach.
        """


class KeySet:
    """A JWK set (RFC 7517 §5), without the keys that we can't or must not use."""

    def __init__(self, jwks: Iterable[object]) -> None:
        """`jwks` is the member `keys` of the published document."""
        self._keys: dict[str, list[PyJWK]] = {}
        for jwk in jwks:
            for key in _usable(jwk):
                self._keys.setdefault(key.algorithm_name, []).append(key)

    def find(self, kid: str | None, alg: str) -> PyJWK | None:
        """Return the key with this `kid` for `alg`, or None. Without a `kid`, return the only key for `alg`, if any."""
        fitting = self._keys.get(alg, [])
        if kid is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.key_id == kid), None)


def _usable(jwk: object) -> list[PyJWK]:
    """Return the key once for each of its algorithms; nothing if we can't or must not use it."""
    if not isinstance(jwk, Mapping) or "d" in jwk:
        return []  # A private key that was published proves nothing.
    if jwk.get("use") not in (None, "sig") or not isinstance(jwk.get("kid"), str | None):
        return []
    try:
        if "verify" not in (jwk.get("key_ops") or ["verify"]):
            return []
        algorithms = ALGORITHMS.get((jwk.get("kty"), jwk.get("crv")), ())
        keys = [PyJWK(dict(jwk), alg) for alg in algorithms if jwk.get("alg") in (None, alg)]
    except (PyJWTError, TypeError):
        return []  # The key is malformed. A set may contain anything.
    # RFC 7518 §3.3: RSA keys need 2048 bits. PyJWT only warns about shorter ones.
    return [key for key in keys if not key.Algorithm.check_key_length(key.key)]
