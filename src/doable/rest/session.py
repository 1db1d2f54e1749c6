"""How a session travels: as a bearer token, or as a cookie that only browsers hold.

The names are Better Auth's. Its cookie is signed; ours need not be, since the token is 256 random bits that are looked
up by their hash. A browser sends cookies with the request of any page, so an unsafe request must come from a web origin
that we trust (`CORS_ORIGINS`, and our own).
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from doable.core.accounts import SignedIn, Visitor
from doable.errors import Fault, Invalid, Unauthenticated, UntrustedOrigin
from doable.http.proxies import Proxies
from doable.http.request import Request
from doable.origins import Origins
from doable.rest.shapes import Document

COOKIE: Final = "better-auth.session_token"
SECURE_COOKIE: Final = f"__Secure-{COOKIE}"
# Only these two cookies are read, without unquoting (RFC 2109), which takes Python 7 s for 60 KB.
_COOKIES: Final = re.compile(rf"(?:^|;)[ \t]*({re.escape(SECURE_COOKIE)}|{re.escape(COOKIE)})[ \t]*=([^;]*)")
SECURITY_SCHEMES: Final[Document] = {
    "session": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a session, which sign-up and sign-in return.",
    },
    "sessionCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"The token of a session, as a cookie. Over https, the name of the cookie is `{SECURE_COOKIE}`.",
    },
}
REQUIRED: Final[list[Document]] = [{"session": []}, {"sessionCookie": []}]
OPTIONAL: Final[list[Document]] = [*REQUIRED, {}]


def visitor(request: Request) -> Visitor:
    return Visitor(_proxies(request).address(request.scope), request.header(b"user-agent"))


def origin(request: Request) -> str:
    """The origin of this service, as the client sees it."""
    return f"{_proxies(request).scheme(request)}://{request.header(b'host') or 'localhost'}"


def find_token(request: Request) -> str | None:
    return _bearer(request) or _cookie(request)


def token(request: Request) -> str:
    """Raises Unauthenticated."""
    token = find_token(request)
    if token is None:
        raise Unauthenticated
    return token


def require_trusted_origin(request: Request) -> None:
    """Raises UntrustedOrigin if another site's page may have made the browser send the request.

    No page can do that with an Authorization header, and none without an Origin but for old browsers' forms, which
    matters only when there is a cookie.
    """
    if _bearer(request):
        return
    sender = request.header(b"origin") or _origin_of(request.header(b"referer") or "")
    if sender is None:
        if _cookie(request):
            raise UntrustedOrigin
    elif not _is_trusted(request, sender):
        _origins(request).tell_refused(sender)
        raise UntrustedOrigin


def callback_url(request: Request, url: object) -> str | None:
    """The URL to go to after signing in, if it is trusted. Raises Invalid."""
    if not url:
        return None
    if isinstance(url, str) and url.isascii() and url.isprintable() and "\\" not in url:
        is_path = url.startswith("/") and not url.startswith("//")
        if is_path or _is_trusted(request, _origin_of(url)):
            return url
    raise Invalid(Fault("callbackURL", "invalid_callback_url", "Invalid callbackURL"))


def headers(request: Request, signed_in: SignedIn) -> Iterator[tuple[bytes, bytes]]:
    """The headers that tell a client about its session, when there is something new."""
    if signed_in.is_new:
        session = signed_in.session
        left = session.expires_at - session.updated_at
        age = f"; Max-Age={int(left.total_seconds())}" if session.remembered else ""
        yield b"set-cookie", _set_cookie(request, signed_in.token, age)
        yield b"set-auth-token", signed_in.token.encode()


def farewell(request: Request) -> tuple[bytes, bytes]:
    return b"set-cookie", _set_cookie(request, "", "; Max-Age=0")


def _set_cookie(request: Request, value: str, age: str) -> bytes:
    name, secure = (SECURE_COOKIE, "; Secure") if _is_https(request) else (COOKIE, "")
    return f"{name}={value}{age}; Path=/; HttpOnly; SameSite=Lax{secure}".encode()


def _bearer(request: Request) -> str | None:
    """The token of a session. A token with a dot, such as a JWT, is no session token; then a cookie counts."""
    scheme, _, token = (request.header(b"authorization") or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" and "." not in token else None


def _cookie(request: Request) -> str | None:
    lines = [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"cookie"]
    cookies = {name: value.strip(' \t"') for name, value in _COOKIES.findall("; ".join(lines))}
    plain = (
        None if _is_https(request) else cookies.get(COOKIE)
    )  # Over https, an attacker in the network may have set it.
    return cookies.get(SECURE_COOKIE) or plain or None


def _is_trusted(request: Request, sender: str | None) -> bool:
    return sender is not None and (sender == origin(request) or sender in _origins(request))


def _origins(request: Request) -> Origins:
    origins: Origins = request.app.state.origins
    return origins


def _is_https(request: Request) -> bool:
    return _proxies(request).scheme(request) == "https"


def _proxies(request: Request) -> Proxies:
    proxies: Proxies = request.app.state.proxies
    return proxies


def _origin_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else None
