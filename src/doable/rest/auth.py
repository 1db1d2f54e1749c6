"""The doors of the built-in accounts: paths, shapes, statuses and codes of Better Auth 1.7 with its `jwt` and `bearer`
plugins, so that a front end can move from one to the other by changing a URL.

Errors are our problems with Better Auth's `message` and its spelling of `code`, which are what its client reads.
"""

from typing import Final

from starlette.types import ASGIApp

from doable.core import account_forms
from doable.core.accounts import SignedIn, wrong_current_password
from doable.errors import (
    AccountDisabled,
    Busy,
    EmailTaken,
    SessionNotFresh,
    SignUpClosed,
    Unauthenticated,
    UntrustedOrigin,
    WrongPassword,
)
from doable.http.authentication import accepted
from doable.http.request import ACTOR, Request
from doable.http.response import json
from doable.model import Actor
from doable.rest import auth_shapes as shapes
from doable.rest import session
from doable.rest.auth_responses import (
    accounts,
    auth_problem,
    ended,
    failure_told,
    profile,
    session_shape,
    shortened,
    signed_in_only,
)
from doable.rest.operation import Document, operation, refused
from doable.rest.shapes import accepts, answers, ref, string_header

CREDENTIALS: Final = {"email": "ada@example.com", "password": "correct horse battery"}
INVALID_EMAIL: Final = refused(account_forms.sign_in, {**CREDENTIALS, "email": "ada"})
TOO_SHORT: Final = refused(account_forms.new_account, {**CREDENTIALS, "name": "Ada", "password": "short"})
WRONG_CURRENT: Final = wrong_current_password()
NO_TOKEN: Final = refused(account_forms.session, {})
BODY_MAX: Final = 16  # KiB; anybody may send one
SESSION_HEADERS: Final[dict[str, Document]] = {
    "set_auth_token": string_header("The session's token."),
    "Set_Cookie": string_header("The session's token, as a cookie for browsers."),
}
ENDED: Final = answers("The sessions have ended.", shapes.Status, {"status": True}, **SESSION_HEADERS)


@operation(
    "POST",
    "/api/auth/sign-up/email",
    id="signUp",
    tag="auth",
    summary="Create an account and sign in",
    body=accepts(shapes.SignUp, {**CREDENTIALS, "name": "Ada"}),
    body_max=BODY_MAX,
    answers={
        200: answers(
            "The session's token and the user.",
            shapes.SignedUp,
            {"token": shapes.SESSION_TOKEN, "user": shapes.USER},
            **SESSION_HEADERS,
        )
    },
    raises=[INVALID_EMAIL, TOO_SHORT, SignUpClosed(), UntrustedOrigin(), EmailTaken(), Busy(1)],
    problem=auth_problem,
)
async def sign_up(request: Request) -> ASGIApp:
    session.require_trusted_origin(request)
    signed_in = await accounts(request).sign_up(await request.read_object(), session.visitor(request))
    request.scope[ACTOR] = Actor(signed_in.user.id)
    body = {"token": signed_in.token, "user": profile(signed_in.user)}
    return json(200, body, *session.headers(request, signed_in))


@operation(
    "POST",
    "/api/auth/sign-in/email",
    id="signIn",
    tag="auth",
    summary="Sign in",
    body=accepts(shapes.SignIn, CREDENTIALS),
    body_max=BODY_MAX,
    answers={
        200: answers(
            "The session's token and the user.",
            shapes.SignedIn,
            {"redirect": False, "token": shapes.SESSION_TOKEN, "user": shapes.USER},
            **SESSION_HEADERS,
            Location=string_header("The `callbackURL`, if you sent one."),
        )
    },
    raises=[INVALID_EMAIL, WrongPassword(), AccountDisabled(), UntrustedOrigin(), Busy(1)],
    problem=auth_problem,
)
async def sign_in(request: Request) -> ASGIApp:
    """After five failures, each further attempt must wait: for one second at first, later for up to five minutes."""
    session.require_trusted_origin(request)
    fields = await request.read_object()
    url = session.callback_url(request, fields.get("callbackURL"))
    visitor = session.visitor(request)
    with failure_told("Sign-in failed", client=visitor.address, email=shortened(fields.get("email"))):
        signed_in = await accounts(request).sign_in(fields, visitor)
    accepted(request, "password", Actor(signed_in.user.id))
    body: Document = {"redirect": url is not None, "token": signed_in.token, "user": profile(signed_in.user)}
    headers = [*session.headers(request, signed_in)]
    if url is not None:
        body["url"] = url
        headers.append((b"location", url.encode()))
    return json(200, body, *headers)


@operation(
    "POST",
    "/api/auth/sign-out",
    id="signOut",
    tag="auth",
    summary="Sign out",
    security=session.OPTIONAL,
    answers={200: answers("The session has ended, if there was one.", shapes.Success, {"success": True})},
    raises=[UntrustedOrigin()],
    problem=auth_problem,
)
async def sign_out(request: Request) -> ASGIApp:
    """Send it without a body. It also succeeds without a session, and always deletes the browser's cookie."""
    session.require_trusted_origin(request)
    token = session.find_token(request)
    if token is not None:
        await accounts(request).sign_out(token)
    return json(200, {"success": True}, session.farewell(request))


@operation(
    "GET",
    "/api/auth/get-session",
    id="getSession",
    tag="auth",
    summary="Get the current session",
    security=session.OPTIONAL,
    answers={
        200: answers(
            "The session and its user. Null without a session.",
            shapes.or_null(shapes.CurrentSession),
            {"session": shapes.SESSION, "user": shapes.USER},
            set_auth_jwt=string_header("A JWT for the task API."),
            **SESSION_HEADERS,
        )
    },
    problem=auth_problem,
)
async def get_session(request: Request) -> ASGIApp:
    """Using a session renews it, at most once a day."""
    token = session.find_token(request)
    if token is None:
        return json(200, None)
    signed_in = await accounts(request).find_session(token)
    if signed_in is None:
        return json(200, None, session.farewell(request))
    accepted(request, "session", Actor(signed_in.user.id))
    jwt = await accounts(request).issue_token(signed_in.user, profile(signed_in.user))
    body = {"session": session_shape(signed_in.session, signed_in.token), "user": profile(signed_in.user)}
    return json(200, body, (b"set-auth-jwt", jwt.encode()), *session.headers(request, signed_in))


@operation(
    "GET",
    "/api/auth/token",
    id="getToken",
    tag="auth",
    summary="Get a JWT for the task API",
    security=session.REQUIRED,
    answers={200: answers("Valid for 15 minutes.", shapes.AccessToken, {"token": shapes.JWT}, **SESSION_HEADERS)},
    raises=[Unauthenticated()],
    problem=auth_problem,
)
@signed_in_only
async def get_token(request: Request, signed_in: SignedIn) -> ASGIApp:
    jwt = await accounts(request).issue_token(signed_in.user, profile(signed_in.user))
    return json(200, {"token": jwt}, *session.headers(request, signed_in))


@operation(
    "GET",
    "/api/auth/jwks",
    id="getKeys",
    tag="auth",
    summary="Get the public keys that verify the JWTs",
    answers={200: answers("A JWK set (RFC 7517 §5).", shapes.PublicKeys, {"keys": [shapes.KEY]})},
    problem=auth_problem,
)
async def get_keys(request: Request) -> ASGIApp:
    return json(200, {"keys": await accounts(request).keys.published()}, (b"cache-control", b"public, max-age=60"))


@operation(
    "POST",
    "/api/auth/change-password",
    id="changePassword",
    tag="auth",
    summary="Change the password",
    security=session.REQUIRED,
    body=accepts(
        shapes.PasswordChange,
        {"currentPassword": "correct horse battery", "newPassword": "a new one", "revokeOtherSessions": True},
    ),
    body_max=BODY_MAX,
    answers={
        200: answers(
            "The user, and the token of the new session if you ended the old ones.",
            shapes.PasswordChanged,
            {"token": shapes.SESSION_TOKEN, "user": shapes.USER},
            **SESSION_HEADERS,
        )
    },
    raises=[WRONG_CURRENT, Unauthenticated(), UntrustedOrigin(), Busy(1)],
    problem=auth_problem,
)
@signed_in_only
async def change_password(request: Request, signed_in: SignedIn) -> ASGIApp:
    """`revokeOtherSessions` ends every session, including the current one, and starts a new one."""
    fields, visitor = await request.read_object(), session.visitor(request)
    with failure_told("Password change failed", client=visitor.address, user=signed_in.user.id):
        new = await accounts(request).change_password(signed_in, fields, visitor)
    body = {"token": new.token if new else None, "user": profile(signed_in.user)}
    return json(200, body, *session.headers(request, new or signed_in))


@operation(
    "GET",
    "/api/auth/list-sessions",
    id="listSessions",
    tag="auth",
    summary="List your sessions, newest first",
    security=session.REQUIRED,
    answers={
        200: answers(
            "The sessions that have not ended.",
            {"type": "array", "items": ref(shapes.AuthSession)},
            [shapes.SESSION, {**shapes.SESSION, "id": "2", "token": "2", "userAgent": "Firefox"}],
            **SESSION_HEADERS,
        )
    },
    raises=[Unauthenticated(), SessionNotFresh()],
    problem=auth_problem,
)
@signed_in_only
async def list_sessions(request: Request, signed_in: SignedIn) -> ASGIApp:
    """Possible for a day after you sign in. The current session has its token in `token`. The service stores only
    hashes of the tokens of the other sessions, so their `token` is their `id`. `revoke-session` accepts this id, but
    it is no credential.
    """
    found = await accounts(request).list_sessions(signed_in)
    token, here = signed_in.token, signed_in.session.id
    body = [session_shape(one, token if one.id == here else str(one.id)) for one in found]
    return json(200, body, *session.headers(request, signed_in))


@operation(
    "POST",
    "/api/auth/revoke-session",
    id="revokeSession",
    tag="auth",
    summary="End one of your sessions",
    security=session.REQUIRED,
    body=accepts(shapes.SessionEnd, {"token": "2"}),
    body_max=BODY_MAX,
    answers={200: ENDED},
    raises=[NO_TOKEN, Unauthenticated(), UntrustedOrigin()],
    problem=auth_problem,
)
@signed_in_only
async def revoke_session(request: Request, signed_in: SignedIn) -> ASGIApp:
    """Send the `token` of the session, as it is in the list. It also succeeds if the session does not exist."""
    await accounts(request).end_session(signed_in, await request.read_object())
    return ended(request, signed_in)


@operation(
    "POST",
    "/api/auth/revoke-sessions",
    id="revokeSessions",
    tag="auth",
    summary="End all your sessions",
    security=session.REQUIRED,
    answers={200: ENDED},
    raises=[Unauthenticated(), UntrustedOrigin()],
    problem=auth_problem,
)
@signed_in_only
async def revoke_sessions(request: Request, signed_in: SignedIn) -> ASGIApp:
    """Send it without a body. The current session ends too."""
    await accounts(request).end_sessions(signed_in, but_this=False)
    return ended(request, signed_in)


@operation(
    "POST",
    "/api/auth/revoke-other-sessions",
    id="revokeOtherSessions",
    tag="auth",
    summary="End all your sessions except the current one",
    security=session.REQUIRED,
    answers={200: ENDED},
    raises=[Unauthenticated(), UntrustedOrigin()],
    problem=auth_problem,
)
@signed_in_only
async def revoke_other_sessions(request: Request, signed_in: SignedIn) -> ASGIApp:
    """Send it without a body."""
    await accounts(request).end_sessions(signed_in, but_this=True)
    return ended(request, signed_in)


OPERATIONS: Final = [
    sign_up,
    sign_in,
    sign_out,
    get_session,
    get_token,
    get_keys,
    change_password,
    list_sessions,
    revoke_session,
    revoke_sessions,
    revoke_other_sessions,
]
