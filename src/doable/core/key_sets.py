"""Sets of public keys, and which of them verify what."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from jwt import PyJWK, PyJWTError

# What a key is decides what it may verify. An RSA key that does not say which fits two algorithms, a symmetric key
# none: what is published is no secret.
ALGORITHMS: Final[dict[tuple[object, object], tuple[str, ...]]] = {
    ("OKP", "Ed25519"): ("EdDSA",),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-521"): ("ES512",),
    ("RSA", None): ("RS256", "PS256"),
}
PUBLIC_ALGORITHMS: Final = frozenset(alg for algs in ALGORITHMS.values() for alg in algs)


class KeySource(Protocol):
    """Where the keys of the one identity provider are: published by an issuer, or our own."""

    async def find(self, kid: str | None, alg: str) -> PyJWK | None:
        """The key for a token whose header says `kid` and `alg`, or None.

        The key is bound to one algorithm (`PyJWK.algorithm_name`), which is `alg`. Raises Unavailable when there are
        no keys to be had at the moment.
        """


class KeySet:
    """A JWK set (RFC 7517 §5), less what we can't or must not verify with."""

    def __init__(self, jwks: Iterable[object]) -> None:
        """`jwks` is the member `keys` as it was published."""
        self._keys: dict[str, list[PyJWK]] = {}
        for jwk in jwks:
            for key in _usable(jwk):
                self._keys.setdefault(key.algorithm_name, []).append(key)

    def find(self, kid: str | None, alg: str) -> PyJWK | None:
        """Without a `kid`, the key for `alg` when there is exactly one."""
        fitting = self._keys.get(alg, [])
        if kid is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.key_id == kid), None)


def _usable(jwk: object) -> list[PyJWK]:
    """The key, once for each algorithm that it verifies; nothing for one that is not for us."""
    if not isinstance(jwk, Mapping) or "d" in jwk:
        return []  # A private key that was published proves nothing any more.
    if jwk.get("use") not in (None, "sig") or not isinstance(jwk.get("kid"), str | None):
        return []
    try:
        if "verify" not in (jwk.get("key_ops") or ["verify"]):
            return []
        algorithms = ALGORITHMS.get((jwk.get("kty"), jwk.get("crv")), ())
        keys = [PyJWK(dict(jwk), alg) for alg in algorithms if jwk.get("alg") in (None, alg)]
    except (PyJWTError, TypeError):
        return []  # Not in the form of its type: a set may hold anything.
    # RSA under 2048 bits (RFC 7518 §3.3), about which PyJWT only warns.
    return [key for key in keys if not key.Algorithm.check_key_length(key.key)]
