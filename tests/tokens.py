"""Tokens as issuers make them."""

import time

import jwt

SECRET = "a secret of the tests, of at least 32 bytes"


def claims_of(user: str, **claims: object) -> dict[str, object]:
    """What a token for `user` says that holds for an hour; a claim given as None is left out."""
    everything = {"sub": user, "iat": int(time.time()), "exp": int(time.time()) + 3600, **claims}
    return {name: value for name, value in everything.items() if value is not None}


def hs256(user: str, *, secret: str = SECRET, **claims: object) -> str:
    return jwt.encode(claims_of(user, **claims), secret, "HS256")
