"""The history of a task."""

from typing import Final
from urllib.parse import urlencode

from starlette.types import ASGIApp

from doable.core import validation
from doable.core.changes import HISTORY_MAX, HISTORY_USUAL
from doable.errors import TaskNotFound
from doable.http.request import Request, own_path
from doable.http.response import json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router
from doable.rest.parameters import CURSOR, ID, NEXT_PAGE
from doable.rest.shapes import json_response
from doable.rest.tasks import BAD_ID

EXAMPLE: Final = {
    "revision": 1,
    "kind": "created",
    "at": "2026-11-21T09:30:00.123456Z",
    "actor": "user-a",
    "before": None,
    "after": shapes.TASK,
}
router: Final = Router(tags=["changes"])


@router.get(
    "/api/{user_id}/tasks/{id}/history",
    operation_id="getTaskHistory",
    summary="List the changes of a task, newest first",
    scope=Scope.READ,
    parameters=[
        ID,
        {
            "name": "limit",
            "in": "query",
            "description": "The maximum number of entries on the page.",
            "schema": {"type": "integer", "minimum": 1, "maximum": HISTORY_MAX, "default": HISTORY_USUAL},
        },
        CURSOR,
    ],
    response_model=list[shapes.Entry],
    responses={
        200: json_response(
            "The entries.",
            [EXAMPLE],
            Link=NEXT_PAGE,
        )
    },
    raises=[BAD_ID, TaskNotFound()],
)
async def get_task_history(request: Request) -> ASGIApp:
    """A deleted task has a history too. Changes are kept for `CHANGES_RETENTION_DAYS`."""
    query = request.query
    limit = validation.limit(query.get("limit"), HISTORY_MAX) or HISTORY_USUAL
    id = validation.task_id(request.path_params["id"])
    entries, further = await request.core.changes.history(
        request.actor, request.owner, id, cursor=query.get("cursor"), limit=limit
    )
    if further is None:
        return json(200, entries)
    following = urlencode({"limit": limit, "cursor": further})
    return json(200, entries, (b"link", f'<{own_path(request.scope)}?{following}>; rel="next"'.encode()))
