"""The history of an object."""

from typing import Final
from urllib.parse import urlencode

from starlette.types import ASGIApp

from doable.core import validation
from doable.core.changes import HISTORY_MAX, HISTORY_USUAL
from doable.core.collections import FilterService, LabelService, ListService
from doable.core.objects import Kind
from doable.core.tasks import TaskService
from doable.errors import DoableError
from doable.http.request import Request, own_path
from doable.http.response import json
from doable.model import Scope
from doable.rest import change_shapes, shapes
from doable.rest.operation import Router, refused
from doable.rest.parameters import CURSOR, ID, NEXT_PAGE
from doable.rest.shapes import Document, json_response
from doable.rest.tasks import BAD_ID

EXAMPLE: Final = {
    "revision": 1,
    "kind": "created",
    "at": "2026-11-21T09:30:00.123456Z",
    "actor": "user-a",
    "before": None,
}
LIMIT: Final[Document] = {
    "name": "limit",
    "in": "query",
    "description": "The maximum number of entries on the page.",
    "schema": {"type": "integer", "minimum": 1, "maximum": HISTORY_MAX, "default": HISTORY_USUAL},
}
router: Final = Router(tags=["changes"])


def _history(kind: Kind, entry: type[change_shapes.Entry], example: Document, bad_id: DoableError) -> None:
    """The operation for one type."""
    noun = kind.name

    @router.get(
        f"/api/{{user_id}}/{kind.stored.table}/{{id}}/history",
        operation_id=f"get{noun.capitalize()}History",
        summary=f"List the changes of a {noun}, newest first",
        description=f"A deleted {noun} has a history too. Changes are kept for `CHANGES_RETENTION_DAYS`.",
        scope=Scope.READ,
        parameters=[ID, LIMIT, CURSOR],
        response_model=list[entry],  # type: ignore[valid-type]
        responses={200: json_response("The entries.", [{**EXAMPLE, "after": example}], Link=NEXT_PAGE)},
        raises=[bad_id, kind.not_found()],
    )
    async def get_history(request: Request) -> ASGIApp:
        query = request.query
        limit = validation.limit(query.get("limit"), HISTORY_MAX) or HISTORY_USUAL
        text = request.path_params["id"]
        id = validation.task_id(text) if noun == "task" else validation.object_id(text, noun)
        entries, further = await request.core.changes.history(
            request.actor, request.owner, kind, id, cursor=query.get("cursor"), limit=limit
        )
        if further is None:
            return json(200, entries)
        following = urlencode({"limit": limit, "cursor": further})
        return json(200, entries, (b"link", f'<{own_path(request.scope)}?{following}>; rel="next"'.encode()))


_history(TaskService.kind, change_shapes.Entry, shapes.TASK, BAD_ID)
_history(ListService.kind, change_shapes.ListEntry, shapes.LIST, refused(validation.object_id, "0", "list"))
_history(LabelService.kind, change_shapes.LabelEntry, shapes.LABEL, refused(validation.object_id, "0", "label"))
_history(FilterService.kind, change_shapes.FilterEntry, shapes.FILTER, refused(validation.object_id, "0", "filter"))
