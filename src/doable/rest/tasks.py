"""The endpoints for tasks."""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlencode

from starlette.responses import StreamingResponse
from starlette.types import ASGIApp

from doable.core import cursors, forms, validation
from doable.core.tasks import PAGE_MAX, Page
from doable.encoding import encode_tasks
from doable.errors import LimitReached, Stale, TaskNotFound
from doable.http.etags import is_unchanged, list_tag, revisions, task_tag
from doable.http.request import Request, own_path
from doable.http.response import JSON, Response, json
from doable.model import STATUS, Scope
from doable.rest import shapes
from doable.rest.list_cache import ListCache
from doable.rest.operation import Router, refused
from doable.rest.parameters import (
    CURSOR,
    ETAG,
    ID,
    IF_MATCH,
    IF_NONE_MATCH,
    LIST_ETAG,
    NEXT_PAGE,
    NOT_MODIFIED,
)
from doable.rest.shapes import Document, json_response, string_header

MERGE_PATCH: Final = b"application/merge-patch+json"  # RFC 7396
LOCATION: Final = string_header("The path of the task.")
ONE: Final = json_response("The task.", shapes.TASK, ETag=ETAG)
# What can be done with a new task.
NEXT: Final[Document] = {
    operation: {
        "operationId": operation,
        "parameters": {"user_id": "$request.path.user_id", "id": "$response.body#/id"},
    }
    for operation in ("getTask", "updateTask", "patchTask", "completeTask", "reopenTask", "deleteTask")
}
BAD_ID: Final = refused(validation.task_id, "0")
STALE: Final = Stale(shapes.TASK)
TOO_MANY: Final = LimitReached(100_000, "tasks")
NO_TITLE: Final = refused(forms.TASK.new, {})
NOTHING: Final = refused(forms.TASK.edit, {})
router: Final = Router(tags=["tasks"])


@router.get(
    "/api/{user_id}/tasks/{id}",
    operation_id="getTask",
    summary="Read one task",
    scope=Scope.READ,
    parameters=[ID, IF_NONE_MATCH],
    response_model=shapes.Task,
    responses={200: ONE, 304: NOT_MODIFIED},
    raises=[BAD_ID, TaskNotFound()],
)
async def get_task(request: Request) -> ASGIApp:
    task = await request.core.tasks.get(request.actor, request.owner, validation.task_id(request.path_params["id"]))
    tag = task_tag(task)
    return Response(304, b"", tag) if is_unchanged(request, tag[1].decode()) else json(200, task, tag)


@router.get(
    "/api/{user_id}/tasks",
    operation_id="listTasks",
    summary="List tasks, newest first",
    scope=Scope.READ,
    parameters=[
        {
            "name": "status",
            "in": "query",
            "description": "Only tasks with this status.",
            "schema": STATUS.schema,
        },
        {
            "name": "limit",
            "in": "query",
            "description": "The maximum number of tasks on the page. Without it, the response contains every task.",
            "schema": {"type": "integer", "minimum": 1, "maximum": PAGE_MAX},
        },
        CURSOR,
        IF_NONE_MATCH,
    ],
    response_model=list[shapes.Task],
    responses={
        200: json_response(
            "The tasks.",
            [shapes.TASK],
            Link=NEXT_PAGE,
            ETag=LIST_ETAG,
        ),
        304: NOT_MODIFIED,
    },
    raises=[refused(validation.status, "done")],
)
async def list_tasks(request: Request) -> ASGIApp:
    """Without `limit`, the response contains every task. It is streamed, without a size limit."""
    query = request.query
    status = None if "status" not in query else validation.status(query["status"])
    limit = validation.limit(query.get("limit"), PAGE_MAX)
    cursor = query.get("cursor")
    if cursor is not None:
        cursors.LIST.read(cursor, request.owner)  # Only a valid request can get 304.
    service = request.core.tasks
    lists: ListCache = request.app.state.lists
    url_query = request.scope["query_string"]
    target = request.scope["raw_path"], url_query
    kept = lists.find(request.owner, target)
    if kept is not None or request.header(b"if-none-match") is not None:
        tag = list_tag(await service.version(request.actor, request.owner), url_query)
        etag = (b"etag", tag.encode())
        if is_unchanged(request, tag):
            return Response(304, b"", etag)
        if kept is not None and etag in kept.headers:
            return kept
    page = await service.list(request.actor, request.owner, status=status, cursor=cursor, limit=limit or PAGE_MAX)
    # A list in several reads has the tag of the first one. So the tag can be too old, but never too new.
    etag = (b"etag", list_tag(page.version, url_query).encode())
    if page.next is not None and limit is None:
        return StreamingResponse(
            _stream(request, status, page), headers={"ETag": etag[1].decode()}, media_type="application/json"
        )
    headers = [etag]
    if page.next is not None:
        following = {**query, "limit": limit, "cursor": page.next}
        headers.append((b"link", f'<{own_path(request.scope)}?{urlencode(following)}>; rel="next"'.encode()))
    response = Response(200, encode_tasks(page.tasks), JSON, *headers)
    lists.keep(request.owner, target, response)
    return response


@router.post(
    "/api/{user_id}/tasks",
    operation_id="createTask",
    summary="Create a task",
    scope=Scope.WRITE,
    keyed=True,
    body={"model": shapes.TaskCreate, "example": {"title": "Buy groceries", "description": "Milk, bread"}},
    status_code=201,
    response_model=shapes.Task,
    responses={
        200: json_response("The task that has this `uid`, unchanged.", shapes.TASK, ETag=ETAG, Location=LOCATION)
        | {"model": shapes.Task},
        201: json_response("The task.", shapes.TASK, ETag=ETAG, Location=LOCATION) | {"links": NEXT},
    },
    raises=[NO_TITLE, TOO_MANY],
)
async def create_task(request: Request) -> ASGIApp:
    """A new task is incomplete. With a `uid` of your own, you can repeat the request at any time: the task is created
    once.
    """
    task, is_new = await request.core.tasks.create(request.actor, request.owner, await request.read_object())
    location = f"{own_path(request.scope)}/{task.id}".encode()
    return json(201 if is_new else 200, task, task_tag(task), (b"location", location))


@router.put(
    "/api/{user_id}/tasks/{id}",
    operation_id="updateTask",
    summary="Update a task",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    body={"model": shapes.TaskUpdate, "example": {"title": "Buy more groceries"}},
    response_model=shapes.Task,
    responses={200: ONE},
    raises=[BAD_ID, NOTHING, TaskNotFound(), STALE],
)
async def update_task(request: Request) -> ASGIApp:
    """Fields that you do not send keep their values."""
    id = validation.task_id(request.path_params["id"])
    fields = await request.read_object()
    task = await request.core.tasks.update(
        request.actor, request.owner, id, fields, if_match=await revisions(request, id)
    )
    return json(200, task, task_tag(task))


@router.patch(
    "/api/{user_id}/tasks/{id}",
    operation_id="patchTask",
    summary="Change fields of a task, also its status",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    body={
        "model": shapes.TaskPatch,
        "example": {"priority": "high", "due": {"date": "2026-12-01", "time": "17:00"}, "start": None},
        "more_media_types": [MERGE_PATCH],
    },
    response_model=shapes.Task,
    responses={200: ONE},
    raises=[BAD_ID, NOTHING, TaskNotFound(), STALE],
)
async def patch_task(request: Request) -> ASGIApp:
    """Replaces the fields that you send; `null` clears a field (RFC 7396). Fields whose values are objects or arrays
    are replaced as a whole.
    """
    id = validation.task_id(request.path_params["id"])
    fields = await request.read_object(MERGE_PATCH)
    task = await request.core.tasks.patch(
        request.actor, request.owner, id, fields, if_match=await revisions(request, id)
    )
    return json(200, task, task_tag(task))


@router.delete(
    "/api/{user_id}/tasks/{id}",
    operation_id="deleteTask",
    summary="Delete a task permanently",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    status_code=204,
    responses={204: {"description": "The task is deleted."}},
    raises=[BAD_ID, TaskNotFound(), STALE],
)
async def delete_task(request: Request) -> ASGIApp:
    id = validation.task_id(request.path_params["id"])
    await request.core.tasks.delete(request.actor, request.owner, id, if_match=await revisions(request, id))
    return Response(204)


@router.patch(
    "/api/{user_id}/tasks/{id}/complete",
    operation_id="completeTask",
    summary="Mark a task complete",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    response_model=shapes.Task,
    responses={200: ONE},
    raises=[BAD_ID, TaskNotFound(), STALE],
)
async def complete_task(request: Request) -> ASGIApp:
    """If the task is complete already, nothing changes."""
    id = validation.task_id(request.path_params["id"])
    task = await request.core.tasks.complete(request.actor, request.owner, id, if_match=await revisions(request, id))
    return json(200, task, task_tag(task))


@router.patch(
    "/api/{user_id}/tasks/{id}/incomplete",
    operation_id="reopenTask",
    summary="Mark a task incomplete",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    response_model=shapes.Task,
    responses={200: ONE},
    raises=[BAD_ID, TaskNotFound(), STALE],
)
async def reopen_task(request: Request) -> ASGIApp:
    """If the task is incomplete already, nothing changes."""
    id = validation.task_id(request.path_params["id"])
    task = await request.core.tasks.reopen(request.actor, request.owner, id, if_match=await revisions(request, id))
    return json(200, task, task_tag(task))


async def _stream(request: Request, status: str | None, page: Page) -> AsyncIterator[bytes]:
    """Stream the whole list as one array, page by page: memory holds one page, and no connection waits."""
    yield b"[" + encode_tasks(page.tasks)[1:-1]
    while page.next is not None:
        page = await request.core.tasks.list(request.actor, request.owner, status=status, cursor=page.next)
        if page.tasks:  # The rest can be deleted by now.
            yield b"," + encode_tasks(page.tasks)[1:-1]
    yield b"]"
