"""The endpoints of the built-in accounts: paths, shapes, statuses and codes of Better Auth 1.7.

Its `jwt` and `bearer` plugins are included, so that a front end can move from one to the other by changing a URL.

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
from doable.http.request import ACTOR, KIB, Request
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
from doable.rest.operation import Router, refused
from doable.rest.shapes import Document, json_response, string_header

CREDENTIALS: Final = {"email": "ada@example.com", "password": "correct horse battery"}
INVALID_EMAIL: Final = refused(account_forms.sign_in, {**CREDENTIALS, "email": "ada"})
TOO_SHORT: Final = refused(account_forms.new_account, {**CREDENTIALS, "name": "Ada", "password": "short"})
WRONG_CURRENT: Final = wrong_current_password()
NO_TOKEN: Final = refused(account_forms.session, {})
SIGNED_IN: Final = "The session's token and the user."
SESSION_HEADERS: Final[dict[str, Document]] = {
    "set_auth_token": string_header("The session's token."),
    "Set_Cookie": string_header("The session's token, as a cookie for browsers."),
}
ENDED: Final = json_response("The sessions have ended.", {"status": True}, **SESSION_HEADERS)
# Clients without a credential send these, so they must be small.
router: Final = Router(tags=["auth"], max_body_size=16 * KIB, problem=auth_problem)


@router.post(
    "/api/auth/sign-up/email",
    operation_id="signUp",
    summary="Create an account and sign in",
    body={"model": shapes.SignUp, "example": {**CREDENTIALS, "name": "Ada"}},
    response_model=shapes.SignedUp,
    responses={
        200: json_response(
            SIGNED_IN,
            {"token": shapes.SESSION_TOKEN, "user": shapes.USER},
            **SESSION_HEADERS,
        )
    },
    raises=[INVALID_EMAIL, TOO_SHORT, SignUpClosed(), UntrustedOrigin(), EmailTaken(), Busy(1)],
)
async def sign_up(request: Request) -> ASGIApp:
    session.require_trusted_origin(request)
    signed_in = await accounts(request).sign_up(await request.read_object(), session.visitor(request))
    request.scope[ACTOR] = Actor(signed_in.user.id)
    body = {"token": signed_in.token, "user": profile(signed_in.user)}
    return json(200, body, *session.headers(request, signed_in))


@router.post(
    "/api/auth/sign-in/email",
    operation_id="signIn",
    summary="Sign in",
    body={"model": shapes.SignIn, "example": CREDENTIALS},
    response_model=shapes.SignedIn,
    responses={
        200: json_response(
            SIGNED_IN,
            {"redirect": False, "token": shapes.SESSION_TOKEN, "user": shapes.USER},
            **SESSION_HEADERS,
            Location=string_header("The `callbackURL`, if you sent one."),
        )
    },
    raises=[INVALID_EMAIL, WrongPassword(), AccountDisabled(), UntrustedOrigin(), Busy(1)],
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


@router.post(
    "/api/auth/sign-out",
    operation_id="signOut",
    summary="Sign out",
    openapi_extra={"security": session.OPTIONAL},
    response_model=shapes.Success,
    responses={200: json_response("The session has ended, if there was one.", {"success": True})},
    raises=[UntrustedOrigin()],
)
async def sign_out(request: Request) -> ASGIApp:
    """Send it without a body. It also succeeds without a session, and always deletes the browser's cookie."""
    session.require_trusted_origin(request)
    token = session.find_token(request)
    if token is not None:
        await accounts(request).sign_out(token)
    return json(200, {"success": True}, session.farewell(request))


@router.get(
    "/api/auth/get-session",
    operation_id="getSession",
    summary="Get the current session",
    openapi_extra={"security": session.OPTIONAL},
    response_model=shapes.CurrentSession | None,
    responses={
        200: json_response(
            "The session and its user. Null without a session.",
            {"session": shapes.SESSION, "user": shapes.USER},
            set_auth_jwt=string_header("A JWT for the task API."),
            **SESSION_HEADERS,
        )
    },
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


@router.get(
    "/api/auth/token",
    operation_id="getToken",
    summary="Get a JWT for the task API",
    openapi_extra={"security": session.REQUIRED},
    response_model=shapes.AccessToken,
    responses={200: json_response("Valid for 15 minutes.", {"token": shapes.JWT}, **SESSION_HEADERS)},
    raises=[Unauthenticated()],
)
@signed_in_only
async def get_token(request: Request, signed_in: SignedIn) -> ASGIApp:
    jwt = await accounts(request).issue_token(signed_in.user, profile(signed_in.user))
    return json(200, {"token": jwt}, *session.headers(request, signed_in))


@router.get(
    "/api/auth/jwks",
    operation_id="getKeys",
    summary="Get the public keys that verify the JWTs",
    response_model=shapes.PublicKeys,
    responses={200: json_response("A JWK set (RFC 7517 §5).", {"keys": [shapes.KEY]})},
)
async def get_keys(request: Request) -> ASGIApp:
    return json(200, {"keys": await accounts(request).keys.published()}, (b"cache-control", b"public, max-age=60"))


@router.post(
    "/api/auth/change-password",
    operation_id="changePassword",
    summary="Change the password",
    openapi_extra={"security": session.REQUIRED},
    body={
        "model": shapes.PasswordChange,
        "example": {
            "currentPassword": "correct horse battery",
            "newPassword": "a new one",
            "revokeOtherSessions": True,
        },
    },
    response_model=shapes.PasswordChanged,
    responses={
        200: json_response(
            "The user, and the token of the new session if you ended the old ones.",
            {"token": shapes.SESSION_TOKEN, "user": shapes.USER},
            **SESSION_HEADERS,
        )
    },
    raises=[WRONG_CURRENT, Unauthenticated(), UntrustedOrigin(), Busy(1)],
)
@signed_in_only
async def change_password(request: Request, signed_in: SignedIn) -> ASGIApp:
    """`revokeOtherSessions` ends every session, including the current one, and starts a new one."""
    fields, visitor = await request.read_object(), session.visitor(request)
    with failure_told("Password change failed", client=visitor.address, user=signed_in.user.id):
        new = await accounts(request).change_password(signed_in, fields, visitor)
    body = {"token": new.token if new else None, "user": profile(signed_in.user)}
    return json(200, body, *session.headers(request, new or signed_in))


@router.get(
    "/api/auth/list-sessions",
    operation_id="listSessions",
    summary="List your sessions, newest first",
    openapi_extra={"security": session.REQUIRED},
    response_model=list[shapes.AuthSession],
    responses={
        200: json_response(
            "The sessions that have not ended.",
            [shapes.SESSION, {**shapes.SESSION, "id": "2", "token": "2", "userAgent": "Firefox"}],
            **SESSION_HEADERS,
        )
    },
    raises=[Unauthenticated(), SessionNotFresh()],
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


@router.post(
    "/api/auth/revoke-session",
    operation_id="revokeSession",
    summary="End one of your sessions",
    openapi_extra={"security": session.REQUIRED},
    body={"model": shapes.SessionEnd, "example": {"token": "2"}},
    response_model=shapes.Status,
    responses={200: ENDED},
    raises=[NO_TOKEN, Unauthenticated(), UntrustedOrigin()],
)
@signed_in_only
async def revoke_session(request: Request, signed_in: SignedIn) -> ASGIApp:
    """Send the `token` of the session, as it is in the list. It also succeeds if the session does not exist."""
    await accounts(request).end_session(signed_in, await request.read_object())
    return ended(request, signed_in)


@router.post(
    "/api/auth/revoke-sessions",
    operation_id="revokeSessions",
    summary="End all your sessions",
    openapi_extra={"security": session.REQUIRED},
    response_model=shapes.Status,
    responses={200: ENDED},
    raises=[Unauthenticated(), UntrustedOrigin()],
)
@signed_in_only
async def revoke_sessions(request: Request, signed_in: SignedIn) -> ASGIApp:
    """Send it without a body. The current session ends too."""
    await accounts(request).end_sessions(signed_in, but_this=False)
    return ended(request, signed_in)


@router.post(
    "/api/auth/revoke-other-sessions",
    operation_id="revokeOtherSessions",
    summary="End all your sessions except the current one",
    openapi_extra={"security": session.REQUIRED},
    response_model=shapes.Status,
    responses={200: ENDED},
    raises=[Unauthenticated(), UntrustedOrigin()],
)
@signed_in_only
async def revoke_other_sessions(request: Request, signed_in: SignedIn) -> ASGIApp:
    """Send it without a body."""
    await accounts(request).end_sessions(signed_in, but_this=True)
    return ended(request, signed_in)
