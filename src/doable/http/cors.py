"""CORS: which web pages may read our responses (Fetch standard, "CORS protocol")."""

from typing import Final, TypeAlias

from doable.http.response import Response

Headers: TypeAlias = list[tuple[bytes, bytes]]

CREDENTIALS: Final = (b"access-control-allow-credentials", b"true")
EXPOSED: Final = (
    b"access-control-expose-headers",
    (
        b"ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate,"
        b" X-Request-ID, X-Revision, set-auth-jwt, set-auth-token, X-Retry-After"  # The last three are Better Auth's.
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
# A cache must not give a response for one origin to another origin, nor a response without CORS headers to a page.
VARY: Final = (b"vary", b"Origin")


def headers(page: bytes | None) -> Headers:
    """The CORS headers of a response. `page` is a trusted origin, or None: then no web page may read the response."""
    if page is None:
        return [VARY]
    return [VARY, (b"access-control-allow-origin", page), CREDENTIALS, EXPOSED]


def preflight(page: bytes | None) -> Response:
    """The response to a preflight request. A browser sends one before, for example, a request with a token."""
    return Response(204, b"", *(PERMISSIONS if page else ()))
