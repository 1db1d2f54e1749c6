"""Which web pages may read our answers (Fetch standard, "CORS protocol")."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from doable.rest.http import Answer

Headers: TypeAlias = list[tuple[bytes, bytes]]

CREDENTIALS: Final = (b"access-control-allow-credentials", b"true")
EXPOSED: Final = (
    b"access-control-expose-headers",
    (
        b"ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate,"
        b" X-Request-ID, set-auth-jwt, set-auth-token, X-Retry-After"  # The last three are Better Auth's.
    ),
)
PERMISSIONS: Final = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        (
            b"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-ID,"
            b" baggage, traceparent, tracestate"
        ),
    ),
    (b"access-control-max-age", b"3600"),
)
# A cache must not hand one origin's answer to another, nor one for nobody to a page.
VARY: Final = (b"vary", b"Origin")


class Origins:
    """The origins that were set up, each named in full: never `*`, because credentials are allowed."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(origin.encode() for origin in allowed)

    def headers(self, origin: bytes | None) -> Headers:
        """What an answer to a page of this origin carries; for one that we don't know nothing that lets it read."""
        if origin not in self._allowed:
            return [VARY]
        return [VARY, (b"access-control-allow-origin", origin), CREDENTIALS, EXPOSED]

    def preflight(self, origin: bytes | None) -> Answer:
        """What a browser asks before it lets a page send anything out of the ordinary."""
        return Answer(204, b"", *(PERMISSIONS if origin in self._allowed else ()))
