"""Tokens as issuers make them."""

import time

import jwt

SECRET = "a secret of the tests, of at least 32 bytes"


def hs256(user: str, *, secret: str = SECRET, **claims: object) -> str:
    """A token for `user` that holds for an hour; a claim given as None is left out."""
    everything = {"sub": user, "iat": int(time.time()), "exp": int(time.time()) + 3600, **claims}
    return jwt.encode({name: value for name, value in everything.items() if value is not None}, secret, "HS256")
