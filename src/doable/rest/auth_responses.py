"""What the operations of the built-in accounts share: the check of the session, errors, and formats."""

import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, cast

import msgspec
from starlette.types import ASGIApp

from doable.core.accounts import AccountService, SignedIn
from doable.encoding import encode
from doable.errors import AccountDisabled, Busy, DoableError, EmailTaken, Invalid, SignUpClosed, Unauthenticated
from doable.http.authentication import accepted
from doable.http.request import Request
from doable.http.response import Response, json
from doable.model import Account, Actor, Session
from doable.rest import session
from doable.rest.problems import problem

# Better Auth's codes, where they are not ours in capitals.
CODES: Final = {
    AccountDisabled.code: "BANNED_USER",
    EmailTaken.code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    SignUpClosed.code: "EMAIL_PASSWORD_SIGN_UP_DISABLED",
    Unauthenticated.code: "UNAUTHORIZED",
}
# Faults that have a code of their own in Better Auth. All others are VALIDATION_ERROR.
FAULTS: Final = {
    "invalid_email",
    "invalid_password",
    "invalid_callback_url",
    "password_too_short",
    "password_too_long",
    "password_compromised",
}
EMAIL_MAX: Final = 254  # characters of what was sent as one (RFC 5321) that go to the log
_DOMAIN: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_logger: Final = logging.getLogger("doable.rest")


def auth_problem(error: DoableError) -> Response:
    """An error with the members that Better Auth's client reads."""
    response = problem(error)
    code = CODES.get(error.code, error.code.upper())
    if isinstance(error, Invalid):
        code = error.faults[0].code.upper() if error.faults[0].code in FAULTS else "VALIDATION_ERROR"
    body = msgspec.json.decode(response.body)
    body |= {"code": code, "message": body["error"]}
    more = [(b"x-retry-after", b"%d" % error.retry_after)] if isinstance(error, Busy) else []
    return Response(response.status, encode(body), *response.headers, *more)


def signed_in_only(
    endpoint: Callable[[Request, SignedIn], Awaitable[ASGIApp]],
) -> Callable[[Request], Awaitable[ASGIApp]]:
    """Call the function only with a valid session. The cookie of a session that has ended is deleted."""

    async def response(request: Request) -> ASGIApp:
        if request.method == "POST":
            session.require_trusted_origin(request)
        token = session.token(request)
        try:
            signed_in = await accounts(request).get_session(token)
        except Unauthenticated as error:
            return _refusal(error, session.farewell(request))
        accepted(request, "session", Actor(signed_in.user.id))
        try:
            return await endpoint(request, signed_in)
        except DoableError as error:
            return _refusal(error, *session.headers(request, signed_in))

    response.__doc__ = endpoint.__doc__  # Not `wraps`: FastAPI would take `signed_in` for a parameter of the request.
    return response


def _refusal(error: DoableError, *headers: tuple[bytes, bytes]) -> Response:
    response = auth_problem(error)
    return Response(response.status, response.body, *response.headers, *headers)


@contextmanager
def failure_told(event: str, **facts: str | None) -> Iterator[None]:
    """Log whose password was tried, which the line for the request does not say."""
    try:
        yield
    except DoableError as error:
        reason = error.faults[0].code if isinstance(error, Invalid) else error.code
        _logger.warning(event, extra={"facts": {"reason": reason, **facts}})
        raise


def shortened(email: object) -> str | None:
    """A part of the address that lets an operator tell attacks apart."""
    if not isinstance(email, str):
        return None
    name, _, domain = email[:EMAIL_MAX].partition("@")
    # It can be a password in the wrong field.
    return f"{name[:1]}***@{domain}" if _DOMAIN.fullmatch(domain) else "***"


def accounts(request: Request) -> AccountService:
    """The routes exist only if the accounts do."""
    return cast("AccountService", request.core.accounts)


def ended(request: Request, signed_in: SignedIn) -> Response:
    return json(200, {"status": True}, *session.headers(request, signed_in))


def profile(user: Account) -> dict[str, object]:
    """A user in the format of Better Auth. Doable has no pictures, and does not verify email addresses."""
    return {
        "id": user.id,
        "email": user.email,
        "emailVerified": False,
        "name": user.name,
        "image": None,
        "createdAt": moment(user.created_at),
        "updatedAt": moment(user.created_at),
    }


def moment(time: datetime) -> str:
    """In milliseconds, as JavaScript writes it."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def session_shape(session: Session, token: str) -> dict[str, Any]:
    return {
        "id": str(session.id),
        "userId": session.user_id,
        "token": token,
        "createdAt": moment(session.created_at),
        "updatedAt": moment(session.updated_at),
        "expiresAt": moment(session.expires_at),
        "ipAddress": session.ip_address,
        "userAgent": session.user_agent,
    }
