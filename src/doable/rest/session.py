"""How a session travels: as a bearer token, or as a cookie that only browsers hold.

The names are Better Auth's. Its cookie is signed; ours need not be, since the token is 256 random bits that are looked
up by their hash. A browser sends cookies along whatever page asks, so an unsafe request must come from a web origin
that we trust (`CORS_ORIGINS`, and our own).
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from doable.core.accounts import SignedIn, Visitor
from doable.errors import Fault, Invalid, Unauthenticated, UntrustedOrigin
from doable.origins import Origins
from doable.rest.http import Call
from doable.rest.operation import Document
from doable.rest.proxies import Proxies

COOKIE: Final = "better-auth.session_token"
SECURE_COOKIE: Final = f"__Secure-{COOKIE}"
# Only these two are read, and as they are: to undo the quoting of a cookie (RFC 2109) takes Python 7 s for 60 KB.
_COOKIES: Final = re.compile(rf"(?:^|;)[ \t]*({re.escape(SECURE_COOKIE)}|{re.escape(COOKIE)})[ \t]*=([^;]*)")
SECURITY_SCHEMES: Final[Document] = {
    "session": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a session, as sign-up and sign-in return it.",
    },
    "sessionCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"The same as a cookie; over https its name is `{SECURE_COOKIE}`.",
    },
}
REQUIRED: Final[list[Document]] = [{"session": []}, {"sessionCookie": []}]
OPTIONAL: Final[list[Document]] = [*REQUIRED, {}]


def visitor(call: Call) -> Visitor:
    return Visitor(_proxies(call).address(call.scope), call.header(b"user-agent"))


def origin(call: Call) -> str:
    """The origin under which the caller knows us."""
    return f"{_proxies(call).scheme(call)}://{call.header(b'host') or 'localhost'}"


def find_token(call: Call) -> str | None:
    return _bearer(call) or _cookie(call)


def token(call: Call) -> str:
    """Raises Unauthenticated."""
    token = find_token(call)
    if token is None:
        raise Unauthenticated
    return token


def require_trusted_origin(call: Call) -> None:
    """Raises UntrustedOrigin for a request that a page elsewhere may have made a browser send.

    No page can do that with an Authorization header, and none without an Origin but for old browsers' forms, which
    matters only when there is a cookie.
    """
    if _bearer(call):
        return
    sender = call.header(b"origin") or _origin_of(call.header(b"referer") or "")
    if sender is None:
        if _cookie(call):
            raise UntrustedOrigin
    elif not _is_trusted(call, sender):
        _origins(call).tell_refused(sender)
        raise UntrustedOrigin


def callback_url(call: Call, url: object) -> str | None:
    """Where to go after signing in, if somewhere that we may send people. Raises Invalid."""
    if not url:
        return None
    if isinstance(url, str) and url.isascii() and url.isprintable() and "\\" not in url:
        is_path = url.startswith("/") and not url.startswith("//")
        if is_path or _is_trusted(call, _origin_of(url)):
            return url
    raise Invalid(Fault("callbackURL", "invalid_callback_url", "Invalid callbackURL"))


def headers(call: Call, signed_in: SignedIn) -> Iterator[tuple[bytes, bytes]]:
    """What tells a caller of his session, when there is something new to tell."""
    if signed_in.is_new:
        session = signed_in.session
        left = session.expires_at - session.updated_at
        age = f"; Max-Age={int(left.total_seconds())}" if session.remembered else ""
        yield b"set-cookie", _set_cookie(call, signed_in.token, age)
        yield b"set-auth-token", signed_in.token.encode()


def farewell(call: Call) -> tuple[bytes, bytes]:
    return b"set-cookie", _set_cookie(call, "", "; Max-Age=0")


def _set_cookie(call: Call, value: str, age: str) -> bytes:
    name, secure = (SECURE_COOKIE, "; Secure") if _is_https(call) else (COOKIE, "")
    return f"{name}={value}{age}; Path=/; HttpOnly; SameSite=Lax{secure}".encode()


def _bearer(call: Call) -> str | None:
    """The token of a session. One with a dot, such as a JWT, is something else, and a cookie beside it counts."""
    scheme, _, token = (call.header(b"authorization") or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" and "." not in token else None


def _cookie(call: Call) -> str | None:
    lines = [value.decode("latin-1") for name, value in call.scope["headers"] if name == b"cookie"]
    cookies = {name: value.strip(' \t"') for name, value in _COOKIES.findall("; ".join(lines))}
    plain = None if _is_https(call) else cookies.get(COOKIE)  # Over https it may come from anybody on the way.
    return cookies.get(SECURE_COOKIE) or plain or None


def _is_trusted(call: Call, sender: str | None) -> bool:
    return sender is not None and (sender == origin(call) or sender in _origins(call))


def _origins(call: Call) -> Origins:
    origins: Origins = call.app.state.origins
    return origins


def _is_https(call: Call) -> bool:
    return _proxies(call).scheme(call) == "https"


def _proxies(call: Call) -> Proxies:
    proxies: Proxies = call.app.state.proxies
    return proxies


def _origin_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else None
