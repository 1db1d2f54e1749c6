"""The endpoints for tasks."""

from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp

from doable.core import forms, moves, occurrences, validation
from doable.core.validation import Fields
from doable.errors import CycleOfParents, Invalid, LimitReached, ListNotFound, Stale, TaskNotFound, TooMuch, absent
from doable.http.etags import is_unchanged, object_tag, revisions
from doable.http.json_body import parse
from doable.http.request import Request, own_path
from doable.http.response import Response, json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router, refused
from doable.rest.parameters import DELETED, ETAG, ID, IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED, PERMANENT, deleted, has
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
    fields = await _said(request)
    seen = await _seen(request, id)
    task = await request.core.tasks.complete(request.actor, request.owner, id, fields, if_match=seen)
    return json(200, task, object_tag(task.revision))


async def _said(request: Request) -> Fields:
    """What the body says of a completion. Raises Invalid.

    Once, a body had no meaning here, and clients may still send one: what has none of the members is no body.
    """
    body = await request.read_body()
    if not any(name.encode() in body for name in occurrences.MEMBERS):
        return {}
    fields = parse(body)
    return fields if isinstance(fields, dict) and not occurrences.MEMBERS.isdisjoint(fields) else {}


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


async def _seen(request: Request, id: int) -> Sequence[int] | None:
    """The revisions of the task that the request may change."""
    return await revisions(request, request.core.tasks, id)
