"""The endpoints for recurring tasks, and for what was done."""

from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.types import ASGIApp

from doable.core import validation
from doable.core.tasks import COMPLETED_USUAL, OCCURRENCES_MAX, OCCURRENCES_USUAL, PAGE_MAX
from doable.errors import NotRecurring, TaskNotFound
from doable.http.etags import object_tag, revisions
from doable.http.request import Request, own_path
from doable.http.response import json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router, refused
from doable.rest.parameters import CURSOR, ID, IF_MATCH, NEXT_PAGE
from doable.rest.shapes import Document, json_response
from doable.rest.tasks import BAD_ID, BAD_MOMENT, COMPLETING, ONE, STALE

DAY: Final[Document] = {"type": "string", "format": "date"}
DAY_OR_INSTANT: Final[Document] = {"anyOf": [DAY, {"type": "string", "format": "date-time"}]}
router: Final = Router(tags=["tasks"])


def _edge(name: str, description: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _limit(most: int, usual: int) -> Document:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return _edge("limit", "The maximum number of entries.", schema)


@router.post(
    "/api/{user_id}/tasks/{id}/skip",
    operation_id="skipTask",
    summary="Move a recurring task to its next occurrence",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    body=COMPLETING,
    response_model=shapes.Task,
    responses={200: ONE},
    raises=[BAD_ID, BAD_MOMENT, TaskNotFound(), NotRecurring(), STALE],
)
async def skip_task(request: Request) -> ASGIApp:
    """The present occurrence does not count as done. After the last one, the task is complete."""
    id = validation.task_id(request.path_params["id"])
    fields = await request.read_optional_object()
    seen = await revisions(request, request.core.tasks, id)
    task = await request.core.tasks.skip(request.actor, request.owner, id, fields, if_match=seen)
    return json(200, task, object_tag(task.revision))


@router.get(
    "/api/{user_id}/tasks/{id}/occurrences",
    operation_id="listOccurrences",
    summary="List the days on which a task is due",
    scope=Scope.READ,
    parameters=[
        ID,
        _edge("from", "The first day. By default, that of the present occurrence.", DAY),
        _edge("to", "The last day.", DAY),
        _limit(OCCURRENCES_MAX, OCCURRENCES_USUAL),
    ],
    response_model=list[shapes.Due],
    responses={200: json_response("The days, the next one first.", [{"date": "2026-12-01"}, {"date": "2026-12-08"}])},
    raises=[BAD_ID, refused(validation.day, "from", "today"), TaskNotFound()],
)
async def list_occurrences(request: Request) -> ASGIApp:
    """The present occurrence and those after it. Those counted from completion are the ones that come if you complete
    each on its day.
    """
    query = request.query
    id = validation.task_id(request.path_params["id"])
    first = validation.day("from", query["from"]) if "from" in query else date.min
    last = validation.day("to", query["to"]) if "to" in query else date.max
    limit = validation.limit(query.get("limit"), OCCURRENCES_MAX) or OCCURRENCES_USUAL
    return json(200, await request.core.tasks.occurrences(request.actor, request.owner, id, first, last, limit))


@router.get(
    "/api/{user_id}/completed",
    operation_id="listCompleted",
    summary="List what was done, newest first",
    scope=Scope.READ,
    parameters=[
        _edge("from", "The first day where the user is, or the first instant.", DAY_OR_INSTANT),
        _edge("to", "The last day, or the instant that the list ends before.", DAY_OR_INSTANT),
        _limit(PAGE_MAX, COMPLETED_USUAL),
        CURSOR,
    ],
    response_model=list[shapes.Completion],
    responses={200: json_response("What was done.", [shapes.COMPLETION], Link=NEXT_PAGE)},
)
async def list_completed(request: Request) -> ASGIApp:
    """Complete tasks, and each occurrence of a recurring task that was done. The entry of a task disappears when you
    reopen the task; all entries of a task disappear when it is deleted.
    """
    query = request.query
    limit = validation.limit(query.get("limit"), PAGE_MAX) or COMPLETED_USUAL
    entries, further = await request.core.tasks.completed(request.actor, request.owner, query, limit)
    if further is None:
        return json(200, entries)
    following = urlencode({**query, "limit": limit, "cursor": further})
    return json(200, entries, (b"link", f'<{own_path(request.scope)}?{following}>; rel="next"'.encode()))
