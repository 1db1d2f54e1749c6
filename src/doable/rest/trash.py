"""The endpoints of the trash."""

from typing import Final
from urllib.parse import urlencode

from starlette.types import ASGIApp

from doable.core import trash, validation
from doable.core.changes import HISTORY_MAX, HISTORY_USUAL
from doable.core.objects import Kind
from doable.core.trash import KINDS
from doable.errors import LimitReached, ListNotFound, TaskNotFound, TooMuch
from doable.http.etags import object_tag
from doable.http.request import Request, own_path
from doable.http.response import Response, json
from doable.model import MOMENT, Scope
from doable.rest import shapes
from doable.rest.history import LIMIT
from doable.rest.operation import Router, refused
from doable.rest.parameters import CURSOR, ETAG, ID, NEXT_PAGE
from doable.rest.shapes import Document, json_response

EXAMPLE: Final = {"type": "task", "deleted_at": MOMENT, "count": 1, "object": {**shapes.TASK, "deleted_at": MOMENT}}
TYPE: Final[Document] = {
    "name": "type",
    "in": "path",
    "required": True,
    "description": "The type of the object.",
    "schema": {"type": "string", "enum": [*KINDS]},
    "example": "task",
}
BAD_TYPE: Final = refused(trash.kind, "label")
BAD_ID: Final = refused(validation.object_id, "0", "task")
router: Final = Router(tags=["trash"])


def _named(request: Request) -> tuple[Kind, int]:
    kind = trash.kind(request.path_params["type"])
    return kind, validation.object_id(request.path_params["id"], kind.name)


@router.get(
    "/api/{user_id}/trash",
    operation_id="listTrash",
    summary="List what is in the trash, newest first",
    scope=Scope.READ,
    parameters=[
        LIMIT,
        CURSOR,
    ],
    response_model=list[shapes.Trashed],
    responses={200: json_response("The entries.", [EXAMPLE], Link=NEXT_PAGE)},
    raises=[refused(validation.limit, "0", HISTORY_MAX)],
)
async def list_trash(request: Request) -> ASGIApp:
    """Each entry is a deleted task or list. What was deleted together with it is not listed, but counted."""
    query = request.query
    limit = validation.limit(query.get("limit"), HISTORY_MAX) or HISTORY_USUAL
    found, further = await request.core.trash.list(
        request.actor, request.owner, cursor=query.get("cursor"), limit=limit
    )
    if further is None:
        return json(200, found)
    following = urlencode({"limit": limit, "cursor": further})
    return json(200, found, (b"link", f'<{own_path(request.scope)}?{following}>; rel="next"'.encode()))


@router.post(
    "/api/{user_id}/trash/{type}/{id}/restore",
    operation_id="restoreObject",
    summary="Move an object out of the trash",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[TYPE, ID],
    response_model=shapes.Task | shapes.List,
    responses={200: json_response("The object.", shapes.TASK, ETag=ETAG)},
    raises=[BAD_TYPE, BAD_ID, TaskNotFound(), ListNotFound(), LimitReached(100_000, "tasks"), TooMuch()],
)
async def restore(request: Request) -> ASGIApp:
    """Send it without a body. The object comes back where it was, with everything that was deleted together with it. If
    its list or its parent is gone, it comes last in the Inbox or at the top level.
    """
    kind, id = _named(request)
    found = await request.core.trash.restore(request.actor, request.owner, kind, id)
    return json(200, found, object_tag(found.revision))


@router.delete(
    "/api/{user_id}/trash/{type}/{id}",
    operation_id="deleteForGood",
    summary="Delete an object in the trash permanently",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[TYPE, ID],
    status_code=204,
    responses={204: {"description": "The object is gone, with everything that was deleted together with it."}},
    raises=[BAD_TYPE, BAD_ID, TaskNotFound(), ListNotFound(), TooMuch()],
)
async def delete_for_good(request: Request) -> ASGIApp:
    kind, id = _named(request)
    await request.core.trash.delete(request.actor, request.owner, kind, id)
    return Response(204)


@router.delete(
    "/api/{user_id}/trash",
    operation_id="emptyTrash",
    summary="Delete everything in the trash permanently",
    scope=Scope.WRITE,
    keyed=True,
    status_code=204,
    responses={
        204: {"description": "The trash is empty."},
        200: {"model": shapes.Emptied, **json_response("The trash is not empty yet.", {"has_more": True})},
    },
)
async def empty_trash(request: Request) -> ASGIApp:
    """One request deletes at most 20 000 objects. While the response is 200, send the next one."""
    if await request.core.trash.empty(request.actor, request.owner):
        return json(200, {"has_more": True})
    return Response(204)
