"""Keys as issuers have them: the private part to sign with, the public part to publish."""

import json
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ALGORITHMS = ("EdDSA", "ES256", "ES512", "RS256", "PS256")


class Key:
    def __init__(self, kid: str | None, alg: str = "EdDSA", *, bits: int = 2048, **members: object) -> None:
        """`members` are added to what is published, or taken out of it when None."""
        self.kid = kid
        self.alg = alg
        self.private, public = _pair(alg, bits, kid)
        self.jwk: dict[str, Any] = {**public, "alg": alg, "kid": kid, **members}
        self.jwk = {name: value for name, value in self.jwk.items() if value is not None}

    def sign(self, claims: dict[str, object], **headers: object) -> str:
        """A token; a header given as None is left out."""
        given = {"kid": self.kid, **headers}
        return jwt.encode(claims, self.private, self.alg, {name: value for name, value in given.items() if value})


@cache
def _pair(alg: str, bits: int, _: str | None) -> tuple[Any, dict[str, Any]]:
    """A pair per kid: making RSA keys takes a while."""
    if alg == "EdDSA":
        edwards = ed25519.Ed25519PrivateKey.generate()
        return edwards, OKPAlgorithm.to_jwk(edwards.public_key(), as_dict=True)
    if alg.startswith("ES"):
        elliptic = ec.generate_private_key(ec.SECP256R1() if alg == "ES256" else ec.SECP521R1())
        return elliptic, ECAlgorithm.to_jwk(elliptic.public_key(), as_dict=True)
    number = rsa.generate_private_key(65537, bits)
    return number, json.loads(RSAAlgorithm.to_jwk(number.public_key()))
