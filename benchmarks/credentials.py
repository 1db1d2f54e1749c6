"""Tokens for everybody, as Better Auth would issue them, and where the public key for the signed ones is."""

import base64
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET: Final = "a secret of the benchmark, long enough for HS256"
KEY_ID: Final = "benchmark"
ORIGIN: Final = {"iss": "http://localhost:3000", "aud": "http://localhost:3000"}
HOURS: Final = 12


def claims(user: str) -> dict[str, Any]:
    now = int(time.time())
    mail = f"{user.lower()}@example.com"
    person = {"id": user, "email": mail, "name": f"Person {user[:4]}", "emailVerified": True, "image": None}
    return {"iat": now, "exp": now + HOURS * 3600, "sub": user, **person}


def hs256(users: Sequence[str]) -> dict[str, str]:
    return {user: jwt.encode(claims(user), SECRET, "HS256") for user in users}


class Issuer:
    """Signs with EdDSA and publishes its key."""

    def __init__(self, url: str, key: Ed25519PrivateKey) -> None:
        self.jwks_url = url
        self._key = key

    def tokens(self, users: Sequence[str]) -> dict[str, str]:
        return {user: jwt.encode(claims(user) | ORIGIN, self._key, "EdDSA", {"kid": KEY_ID}) for user in users}


@contextmanager
def issuer() -> Iterator[Issuer]:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    x = base64.urlsafe_b64encode(public).rstrip(b"=").decode()
    keys = json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": KEY_ID, "x": x}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(keys)))
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Issuer(f"http://127.0.0.1:{server.server_port}/jwks", key)
    finally:
        server.shutdown()
        server.server_close()
