"""The endpoints for tasks."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from starlette.responses import StreamingResponse
from starlette.types import ASGIApp

from doable.core import cursors, forms, moves, occurrences, validation
from doable.core.tasks import INBOX, PAGE_MAX, Page
from doable.encoding import encode_tasks
from doable.errors import CycleOfParents, Invalid, LimitReached, ListNotFound, Stale, TaskNotFound, TooMuch, absent
from doable.http.etags import is_unchanged, list_tag, object_tag, revisions
from doable.http.request import Request, own_path
from doable.http.response import JSON, Response, json
from doable.model import ID_MAX, LABEL_MAX, STATUS, Scope
from doable.rest import shapes
from doable.rest.list_cache import ListCache
from doable.rest.operation import Router, refused
from doable.rest.parameters import (
    CURSOR,
    DELETED,
    ETAG,
    ID,
    IF_MATCH,
    IF_NONE_MATCH,
    LIST_ETAG,
    NEXT_PAGE,
    NOT_MODIFIED,
    PERMANENT,
    deleted,
    has,
)
from doable.rest.shapes import Document, json_response, string_header

MERGE_PATCH: Final = b"application/merge-patch+json"  # RFC 7396
LOCATION: Final = string_header("The path of the task.")
ONE: Final = json_response("The task.", shapes.TASK, ETag=ETAG)
DONE: Final = json_response("The task.", {**shapes.TASK, "completed_occurrence": shapes.OCCURRENCE}, ETag=ETAG)
COMPLETING: Final[Document] = {
    "model": shapes.Completing,
    "example": {"occurrence": "2026-12-01", "completed_at": "2026-11-21T09:30:00Z", "time_zone": "Europe/Berlin"},
    "optional": True,
}
# What can be done with a new task.
NEXT: Final[Document] = {
    operation: {
        "operationId": operation,
        "parameters": {"user_id": "$request.path.user_id", "id": "$response.body#/id"},
    }
    for operation in ("getTask", "updateTask", "patchTask", "completeTask", "reopenTask", "skipTask", "deleteTask")
}
BAD_ID: Final = refused(validation.task_id, "0")
STALE: Final = Stale(shapes.TASK)
TOO_MANY: Final = LimitReached(100_000, "tasks")
NO_TITLE: Final = refused(forms.TASK.new, {})
NOTHING: Final = refused(forms.TASK.edit, {})
BAD_MOVE: Final = refused(moves.read, {"to": "top"})
BAD_MOMENT: Final = refused(occurrences.read, {"completed_at": "yesterday"})
NO_LIST: Final = Invalid(absent("list_id", ListNotFound))
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
    tag = object_tag(task.revision)
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
            "name": "list",
            "in": "query",
            "description": "Only tasks in this list, with their subtasks; `inbox` for those in no list.",
            "schema": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": ID_MAX}, {"const": INBOX}]},
        },
        {
            "name": "parent",
            "in": "query",
            "description": "Only the direct subtasks of this task.",
            "schema": {"type": "integer", "minimum": 1, "maximum": ID_MAX},
        },
        {
            "name": "label",
            "in": "query",
            "description": "Only tasks with this label.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LABEL_MAX},
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
    raises=[refused(validation.status, "done"), NO_LIST],
)
async def list_tasks(request: Request) -> ASGIApp:
    """Without `limit`, the response contains every task. It is streamed, without a size limit."""
    query = request.query
    service = request.core.tasks
    by = await service.narrow(request.actor, request.owner, query) if query else {}
    limit = validation.limit(query.get("limit"), PAGE_MAX)
    cursor = query.get("cursor")
    if cursor is not None:
        cursors.LIST.read(cursor, request.owner)  # Only a valid request can get 304.
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
    page = await service.list(request.actor, request.owner, by=by, cursor=cursor, limit=limit or PAGE_MAX)
    # A list in several reads has the tag of the first one. So the tag can be too old, but never too new.
    etag = (b"etag", list_tag(page.version, url_query).encode())
    if page.next is not None and limit is None:
        return StreamingResponse(
            _stream(request, by, page), headers={"ETag": etag[1].decode()}, media_type="application/json"
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
        200: json_response(
            "The task with this `uid`, also one in the trash.", shapes.TASK, ETag=ETAG, Location=LOCATION
        )
        | {"model": shapes.Task},
        201: json_response("The task.", shapes.TASK, ETag=ETAG, Location=LOCATION) | {"links": NEXT},
    },
    raises=[NO_TITLE, NO_LIST, TOO_MANY],
)
async def create_task(request: Request) -> ASGIApp:
    """A new task is incomplete. With a `uid` of your own, you can repeat the request at any time: the task is created
    once.
    """
    task, is_new = await request.core.tasks.create(request.actor, request.owner, await request.read_object())
    location = f"{own_path(request.scope)}/{task.id}".encode()
    return json(201 if is_new else 200, task, object_tag(task.revision), (b"location", location))


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
    raises=[BAD_ID, NOTHING, NO_LIST, TaskNotFound(), CycleOfParents(), STALE],
)
async def update_task(request: Request) -> ASGIApp:
    """Fields that you do not send keep their values."""
    id = validation.task_id(request.path_params["id"])
    fields = await request.read_object()
    task = await request.core.tasks.update(request.actor, request.owner, id, fields, if_match=await _seen(request, id))
    return json(200, task, object_tag(task.revision))


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
    response_model=shapes.CompletedTask,
    responses={200: DONE},
    raises=[BAD_ID, NOTHING, NO_LIST, TaskNotFound(), CycleOfParents(), STALE],
)
async def patch_task(request: Request) -> ASGIApp:
    """Replaces the fields that you send; `null` clears a field (RFC 7396). Fields whose values are objects or arrays
    are replaced as a whole.
    """
    id = validation.task_id(request.path_params["id"])
    fields = await request.read_object(MERGE_PATCH)
    task = await request.core.tasks.patch(request.actor, request.owner, id, fields, if_match=await _seen(request, id))
    return json(200, task, object_tag(task.revision))


@router.post(
    "/api/{user_id}/tasks/{id}/move",
    operation_id="moveTask",
    summary="Move a task to another place in the order",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    body={"model": shapes.TaskMove, "example": {"to": "first"}},
    response_model=shapes.Task,
    responses={200: ONE},
    raises=[BAD_ID, TaskNotFound(), STALE, BAD_MOVE, CycleOfParents()],
)
async def move_task(request: Request) -> ASGIApp:
    """Moves a task, with its subtasks, to another list, another parent or another place there."""
    id = validation.task_id(request.path_params["id"])
    fields = await request.read_object()
    task = await request.core.tasks.move(request.actor, request.owner, id, fields, if_match=await _seen(request, id))
    return json(200, task, object_tag(task.revision))


@router.delete(
    "/api/{user_id}/tasks/{id}",
    operation_id="deleteTask",
    summary="Delete a task",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, PERMANENT, IF_MATCH],
    status_code=204,
    responses={204: {"description": "The task is deleted.", "headers": DELETED}},
    raises=[BAD_ID, TaskNotFound(), STALE, TooMuch()],
)
async def delete_task(request: Request) -> ASGIApp:
    """The task and its subtasks go to the trash, where you can restore them for `TRASH_RETENTION_DAYS`."""
    id, permanent = validation.task_id(request.path_params["id"]), has(request, "permanent", "true")
    seen = await _seen(request, id)
    service = request.core.tasks
    return deleted(await service.delete(request.actor, request.owner, id, permanent=permanent, if_match=seen))


@router.patch(
    "/api/{user_id}/tasks/{id}/complete",
    operation_id="completeTask",
    summary="Mark a task complete",
    scope=Scope.WRITE,
    keyed=True,
    parameters=[ID, IF_MATCH],
    body=COMPLETING | {"model": shapes.CompletingTask},
    response_model=shapes.CompletedTask,
    responses={200: DONE},
    raises=[BAD_ID, BAD_MOMENT, TaskNotFound(), STALE],
)
async def complete_task(request: Request) -> ASGIApp:
    """A task that recurs stays open and moves to its next occurrence, and its complete subtasks are reopened. If the
    task is complete already, nothing changes.
    """
    id = validation.task_id(request.path_params["id"])
    fields = await request.read_optional_object()
    if occurrences.MEMBERS.isdisjoint(fields):
        fields = {}  # Once a body had no meaning here, and clients may still send one.
    seen = await _seen(request, id)
    task = await request.core.tasks.complete(request.actor, request.owner, id, fields, if_match=seen)
    return json(200, task, object_tag(task.revision))


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
    task = await request.core.tasks.reopen(request.actor, request.owner, id, if_match=await _seen(request, id))
    return json(200, task, object_tag(task.revision))


async def _stream(request: Request, by: Mapping[str, object], page: Page) -> AsyncIterator[bytes]:
    """Stream the whole list as one array, page by page: memory holds one page, and no connection waits."""
    yield b"[" + encode_tasks(page.tasks)[1:-1]
    while page.next is not None:
        page = await request.core.tasks.list(request.actor, request.owner, by=by, cursor=page.next)
        if page.tasks:  # The rest can be deleted by now.
            yield b"," + encode_tasks(page.tasks)[1:-1]
    yield b"]"


async def _seen(request: Request, id: int) -> Sequence[int] | None:
    """The revisions of the task that the request may change."""
    return await revisions(request, request.core.tasks, id)
