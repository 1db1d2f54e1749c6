"""Many operations in one request."""

from typing import Annotated, Any, Final, Literal

import msgspec
from pydantic import Field
from starlette.types import ASGIApp

from doable import model
from doable.core import batch_forms
from doable.core.batch import Result
from doable.core.batch_forms import OPERATIONS_MAX, REF_MAX
from doable.errors import DoableError, LimitReached, Stale, TaskNotFound, TooMuch
from doable.fields import Write, declared
from doable.http.request import KIB, Request
from doable.http.response import json
from doable.model import ID_MAX, UID_MAX, Scope
from doable.rest import shapes
from doable.rest.operation import Router, refused
from doable.rest.problems import problem
from doable.rest.shapes import Document, Shape, json_response


class Reference(Shape):
    ref: str = Field(description="The `ref` of an earlier `create` in this batch.", min_length=1, max_length=REF_MAX)


class Uid(Shape):
    uid: str = Field(description="The `uid` of an object.", min_length=1, max_length=UID_MAX)


Id = Annotated[int, Field(ge=1, le=ID_MAX)]
Named = Id | Reference | Uid
Target = Annotated[Named, Field(description="An object, or a reference to a new object of this batch.")]
# With a factory, a field can be absent, and the document names no default.
Revision = Annotated[
    int,
    Field(default_factory=int, description="The revision that the object must have; otherwise 412.", ge=1, le=ID_MAX),
]
Ref = Annotated[
    str,
    Field(
        default_factory=str, description="A name that later operations can refer to.", min_length=1, max_length=REF_MAX
    ),
]


def _named(name: str) -> Document:
    """The field of a task that names another object, which can be new in this batch."""
    described = next(field.rule.description for field in declared(model.Task) if field.name == name)
    names = [shapes.ref(Reference), shapes.ref(Uid)]
    return {"description": described, "anyOf": [{"type": "integer", "minimum": 1}, *names, {"type": "null"}]}


NAMED: Final = {name: _named(name) for name in ("list_id", "parent_id")}


class BatchTaskCreate(Shape):
    model_config = shapes.declared(
        shapes.inputs(model.Task, Write.CREATE) | NAMED,
        *shapes.required(model.Task),
    )


class BatchTaskPatch(Shape):
    """At least one field. Fields that are absent keep their values."""

    model_config = shapes.declared(shapes.TASK_PATCH | NAMED, minProperties=1)


class BatchCreate(Shape):
    op: Literal["create"]
    type: Literal["task"] = "task"
    ref: Ref
    task: BatchTaskCreate


class BatchUpdate(Shape):
    op: Literal["update"]
    type: Literal["task"] = "task"
    id: Target
    if_match: Revision
    task: BatchTaskPatch


class BatchComplete(shapes.Completing):
    op: Literal["complete", "skip"]
    type: Literal["task"] = "task"
    id: Target
    if_match: Revision


class BatchReopen(Shape):
    op: Literal["reopen"]
    type: Literal["task"] = "task"
    id: Target
    if_match: Revision


class BatchCreateList(Shape):
    op: Literal["create"]
    type: Literal["list"]
    ref: Ref
    list: shapes.ListCreate


class BatchUpdateList(Shape):
    op: Literal["update"]
    type: Literal["list"]
    id: Target
    if_match: Revision
    list: shapes.ListPatch


class BatchCreateLabel(Shape):
    op: Literal["create"]
    type: Literal["label"]
    ref: Ref
    label: shapes.LabelCreate


class BatchUpdateLabel(Shape):
    op: Literal["update"]
    type: Literal["label"]
    id: Target
    if_match: Revision
    label: shapes.LabelPatch


class BatchCreateFilter(Shape):
    op: Literal["create"]
    type: Literal["filter"]
    ref: Ref
    filter: shapes.FilterCreate


class BatchUpdateFilter(Shape):
    op: Literal["update"]
    type: Literal["filter"]
    id: Target
    if_match: Revision
    filter: shapes.FilterPatch


class BatchRestore(Shape):
    op: Literal["restore"]
    type: Literal["task", "list"] = "task"
    id: Target
    if_match: Revision


class BatchDelete(Shape):
    op: Literal["delete"]
    type: shapes.Type = "task"
    id: Target
    if_match: Revision


def _of_move(name: str) -> str | None:
    return shapes.Move.model_fields[name].description


class BatchMove(Shape):
    op: Literal["move"]
    type: shapes.Type = "task"
    id: Target
    if_match: Revision
    list_id: Named | None = Field(None, description="Of a task: its list.")
    parent_id: Named | None = Field(None, description="Of a task: its parent.")
    before: Named | None = Field(None, description=_of_move("before"))
    after: Named | None = Field(None, description=_of_move("after"))
    to: shapes.End | None = Field(None, description=_of_move("to"))
    otherwise: shapes.End | None = Field(None, description=_of_move("otherwise"))


class Batch(Shape):
    atomic: bool = Field(default=True, description="By default, all take effect or none. False: each one on its own.")
    operations: list[
        BatchCreate
        | BatchUpdate
        | BatchComplete
        | BatchReopen
        | BatchCreateList
        | BatchUpdateList
        | BatchCreateLabel
        | BatchUpdateLabel
        | BatchCreateFilter
        | BatchUpdateFilter
        | BatchRestore
        | BatchDelete
        | BatchMove
    ] = Field(min_length=1, max_length=OPERATIONS_MAX)


class BatchDone(Shape):
    status: Literal[200, 201]
    task: shapes.CompletedTask


class BatchDoneList(Shape):
    status: Literal[200, 201]
    list: shapes.List


class BatchDoneLabel(Shape):
    status: Literal[200, 201]
    label: shapes.Label


class BatchDoneFilter(Shape):
    status: Literal[200, 201]
    filter: shapes.Filter


class BatchDeleted(Shape):
    status: Literal[204]


class BatchResult(Shape):
    results: list[BatchDone | BatchDoneList | BatchDoneLabel | BatchDoneFilter | BatchDeleted | shapes.Problem] = Field(
        description="One per operation, in order."
    )


# You can send it repeatedly, because it refers only to its own tasks.
ASKED: Final = {
    "atomic": True,
    "operations": [
        {"op": "create", "ref": "party", "task": {"title": "Plan the party", "description": "Saturday, 20 people"}},
        {"op": "create", "ref": "cake", "task": {"title": "Bake a cake"}},
        {"op": "update", "id": {"ref": "cake"}, "task": {"title": "Bake two cakes"}},
        {"op": "complete", "id": {"ref": "party"}},
        {"op": "delete", "id": {"ref": "cake"}},
    ],
}
_PARTY: Final = shapes.TASK | {"id": 5, "title": "Plan the party", "description": "Saturday, 20 people", "revision": 11}
_CAKE: Final = shapes.TASK | {"id": 6, "title": "Bake a cake", "revision": 12}


def _failure(error: DoableError, index: int) -> DoableError:
    error.index = index
    return error


router: Final = Router(tags=["tasks"])


@router.post(
    "/api/{user_id}/batch",
    operation_id="runBatch",
    summary="Create, update, move, delete and restore many objects",
    scope=Scope.WRITE,
    keyed=True,
    body={"model": Batch, "example": ASKED},
    max_body_size=1024 * KIB,
    response_model=BatchResult,
    responses={
        200: json_response(
            "The result of each operation.",
            {
                "results": [
                    {"status": 201, "task": _PARTY},
                    {"status": 201, "task": _CAKE},
                    {"status": 200, "task": _CAKE | {"title": "Bake two cakes", "revision": 13}},
                    {"status": 200, "task": _PARTY | {"status": "complete", "revision": 14}},
                    {"status": 204},
                ]
            },
        )
    },
    raises=[
        refused(batch_forms.batch, {"operations": [{"op": "create", "task": {}}]}, batch_forms.plain),
        _failure(TaskNotFound(), 3),
        _failure(LimitReached(100_000, "tasks"), 0),
        _failure(Stale(shapes.TASK), 3),
        TooMuch(),
    ],
)
async def run_batch(request: Request) -> ASGIApp:
    """Runs up to 500 operations in order. Each one sees the effects of the operations before it. If a `create` has a
    `ref`, later operations can refer to its task. If an operation of an atomic batch fails, nothing takes effect, and
    the response is the error of the first operation that fails, with its `index`. In a batch that is not atomic, each
    operation succeeds or fails on its own. The result of a failed operation is its error. An operation that refers to
    a failed `create` gets the status 424.
    """
    outcomes = await request.core.batch.run(request.actor, request.owner, await request.read_object())
    return json(200, {"results": [_result(outcome) for outcome in outcomes]})


def _result(outcome: Result) -> dict[str, Any] | msgspec.Raw:
    if isinstance(outcome, DoableError):
        return msgspec.Raw(problem(outcome).body)
    if outcome.object is None:
        return {"status": 204}
    return {"status": 201 if outcome.created else 200, outcome.type: outcome.object}
