"""Delta sync, for offline copies (docs/sync.md)."""

from typing import Final

from starlette.types import ASGIApp

from doable.core import cursors, validation
from doable.core.changes import SYNC_MAX, SYNC_USUAL
from doable.errors import CursorExpired
from doable.http.compression import compressed
from doable.http.request import Request
from doable.http.response import json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router, refused
from doable.rest.shapes import Document, json_response

CURSOR_SCHEMA: Final[Document] = {"type": "string", "pattern": cursors.PATTERN}
BAD_CURSOR: Final = refused(cursors.SYNC.read, "", "")
EXAMPLE: Final = cursors.SYNC.write(cursors.Synced(b"\1\2\3\4\5\6\7\10", 1_763_717_400_123_456, 12, 0), "user-a")
router: Final = Router(tags=["changes"])


@router.get(
    "/api/{user_id}/sync",
    operation_id="syncTasks",
    summary="Get what changed since a cursor",
    scope=Scope.READ,
    parameters=[
        {
            "name": "cursor",
            "in": "query",
            "description": "The `cursor` of the previous response. Without it, the response has everything.",
            "schema": CURSOR_SCHEMA,
        },
        {
            "name": "limit",
            "in": "query",
            "description": "The maximum number of objects and removals in the response.",
            "schema": {"type": "integer", "minimum": 1, "maximum": SYNC_MAX, "default": SYNC_USUAL},
        },
    ],
    response_model=shapes.Delta,
    responses={
        200: json_response(
            "The changes. Each changed object appears once.",
            {
                "tasks": [shapes.TASK],
                "lists": [shapes.LIST],
                "labels": [],
                "filters": [],
                "removed": [{"type": "task", "id": 7}],
                "cursor": EXAMPLE,
                "has_more": False,
            },
        )
    },
    raises=[BAD_CURSOR, CursorExpired()],
)
async def sync_tasks(request: Request) -> ASGIApp:
    """Apply `removed` to your copy, then the other arrays, and store the cursor with the copy. Send the next request
    immediately while `has_more` is true. You can use a cursor more than once. After 410, delete your copy and start
    without a cursor.
    """
    limit = validation.limit(request.query.get("limit"), SYNC_MAX) or SYNC_USUAL
    delta = await request.core.changes.sync(
        request.actor, request.owner, cursor=request.query.get("cursor"), limit=limit
    )
    user = {"user": delta.user} if delta.user else {}
    response = json(
        200,
        {**delta.present, **user, "removed": delta.removed, "cursor": delta.cursor, "has_more": delta.has_more},
    )
    return await compressed(request, response)
