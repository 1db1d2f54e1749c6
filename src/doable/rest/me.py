"""The current user and their personal access tokens."""

from typing import Final

from starlette.types import ASGIApp

from doable.core import forms, validation
from doable.core.tokens import new_token
from doable.errors import TokenNotFound, TooManyTokens
from doable.http.request import KIB, Request
from doable.http.response import Response, json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router, refused
from doable.rest.parameters import ID
from doable.rest.shapes import json_response
from doable.rest.tasks import MERGE_PATCH

TOKEN: Final = {
    "id": 1,
    "name": "Backup script",
    "scopes": ["tasks:read"],
    "created_at": "2026-11-21T09:30:00.123456Z",
    "expires_at": "2027-02-19T09:30:00.123456Z",
    "last_used_at": None,
}
_ONE: Final = json_response("The user.", shapes.USER)
router: Final = Router(tags=["me"], max_body_size=16 * KIB)


@router.get(
    "/api/me",
    operation_id="getMe",
    summary="Get the current user",
    scope=Scope.READ,
    response_model=shapes.User,
    responses={200: _ONE},
)
async def get_me(request: Request) -> ASGIApp:
    """For a user of an external issuer, only `id` is known, and `created_at` after the first write."""
    return json(200, await request.core.users.get(request.actor))


@router.patch(
    "/api/me",
    operation_id="updateMe",
    summary="Change your settings",
    scope=Scope.ACCOUNT,
    keyed=True,
    body={
        "model": shapes.UserPatch,
        "example": {"time_zone": "Europe/Berlin", "week_start": "sunday"},
        "more_media_types": [MERGE_PATCH],
    },
    response_model=shapes.User,
    responses={200: _ONE},
    raises=[refused(forms.USER.edit, {})],
)
async def update_me(request: Request) -> ASGIApp:
    """Replaces the fields that you send; `null` clears `name` and `time_zone`. Your other clients learn of it by sync
    and events.
    """
    return json(200, await request.core.users.update(request.actor, await request.read_object(MERGE_PATCH)))


@router.delete(
    "/api/me",
    operation_id="deleteMe",
    summary="Delete the current user and all their data",
    scope=Scope.ACCOUNT,
    status_code=204,
    responses={204: {"description": "The user and all their data are deleted."}},
)
async def delete_me(request: Request) -> ASGIApp:
    """Permanently deletes tasks, history and access tokens. A built-in account is deleted too, and requests with its
    tokens get 401 from then on. A user of an external issuer starts again, without data, at the next write.
    """
    await request.core.users.remove(request.actor)
    return Response(204)


@router.get(
    "/api/me/tokens",
    operation_id="listTokens",
    summary="List your personal access tokens, newest first",
    scope=Scope.ACCOUNT,
    response_model=list[shapes.Token],
    responses={200: json_response("The tokens.", [TOKEN])},
)
async def list_tokens(request: Request) -> ASGIApp:
    """The list includes expired tokens. It does not contain the secret values of the tokens."""
    return json(200, await request.core.tokens.list(request.actor))


@router.post(
    "/api/me/tokens",
    operation_id="createToken",
    summary="Create a personal access token",
    scope=Scope.ACCOUNT,
    body={
        "model": shapes.TokenCreate,
        "example": {"name": "Backup script", "scopes": ["tasks:read"], "expires_in_days": 90},
    },
    status_code=201,
    response_model=shapes.NewToken,
    responses={201: json_response("The token.", {**TOKEN, "token": f"dbl_{'A' * 43}"})},
    raises=[refused(new_token, {}), TooManyTokens()],
)
async def create_token(request: Request) -> ASGIApp:
    """Only this response contains `token`. The service stores a hash of it and can't show it again."""
    return json(201, await request.core.tokens.create(request.actor, await request.read_object()))


@router.delete(
    "/api/me/tokens/{id}",
    operation_id="revokeToken",
    summary="Revoke a personal access token",
    scope=Scope.ACCOUNT,
    parameters=[ID],
    keyed=True,
    status_code=204,
    responses={204: {"description": "The token is revoked."}},
    raises=[refused(validation.token_id, "0"), TokenNotFound()],
)
async def revoke_token(request: Request) -> ASGIApp:
    """Every process rejects the token after 60 seconds at most."""
    await request.core.tokens.revoke(request.actor, validation.token_id(request.path_params["id"]))
    return Response(204)
