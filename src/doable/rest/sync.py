"""Delta sync: an offline copy that is brought up to date (docs/sync.md)."""

from typing import Final

from starlette.types import ASGIApp

from doable.core import validation
from doable.core.changes import SYNC_MAX, SYNC_USUAL
from doable.core.cursors import CURSOR
from doable.errors import CursorExpired, Fault, Invalid
from doable.http.request import Request
from doable.http.response import json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Document, operation
from doable.rest.shapes import answers

CURSOR_SCHEMA: Final[Document] = {"type": "string", "pattern": f"^{CURSOR}$"}
BAD_CURSOR: Final = Invalid(Fault("cursor", "invalid_cursor", "The cursor is not one of ours"))
EXAMPLE: Final = "ASNVLz22dhiCjAECAwQFBgcIAAZgxgEyOEAAAAAAAAAADAAAAAAAAAAA"


@operation(
    "GET",
    "/api/{user_id}/sync",
    id="syncTasks",
    tag="changes",
    summary="What changed since the last time",
    scope=Scope.READ,
    parameters=[
        {
            "name": "cursor",
            "in": "query",
            "description": "The `cursor` of the last answer; without it everything that exists is sent.",
            "schema": CURSOR_SCHEMA,
        },
        {
            "name": "limit",
            "in": "query",
            "description": "At most so many objects in one answer.",
            "schema": {"type": "integer", "minimum": 1, "maximum": SYNC_MAX, "default": SYNC_USUAL},
        },
    ],
    answers={
        200: answers(
            "The changes, each object once.",
            shapes.Delta,
            {"tasks": [shapes.TASK], "removed": [{"type": "task", "id": 7}], "cursor": EXAMPLE, "has_more": False},
        )
    },
    raises=[BAD_CURSOR, CursorExpired()],
)
async def sync_tasks(request: Request) -> ASGIApp:
    """Apply `removed`, then `tasks`, keep the cursor with them, and go on while `has_more` is true. The same cursor
    may be used again. After 410 forget the copy and start without a cursor.
    """
    limit = validation.limit(request.query.get("limit"), SYNC_MAX) or SYNC_USUAL
    delta = await request.core.changes.sync(
        request.actor, request.owner, cursor=request.query.get("cursor"), limit=limit
    )
    return json(
        200,
        {**delta.present, "removed": delta.removed, "cursor": delta.cursor, "has_more": delta.has_more},
    )


OPERATIONS: Final = [sync_tasks]
