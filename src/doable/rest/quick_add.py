"""The endpoint for quick add: one sentence becomes a task."""

from typing import Final

from pydantic import Field
from starlette.types import ASGIApp

from doable import model
from doable.core.quick_add.service import FORM, Preview, QuickAdd
from doable.fields import Write, example
from doable.http.etags import object_tag
from doable.http.request import Request, own_path
from doable.http.response import json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router, refused
from doable.rest.parameters import ETAG
from doable.rest.shapes import Document, Shape, declared, json_response, ref
from doable.rest.tasks import LOCATION, TOO_MANY

TEXT: Final = example(QuickAdd)["text"]
PARSED: Final[list[Document]] = [
    {"start": 9, "end": 18, "field": "recurrence"},
    {"start": 19, "end": 23, "field": "due"},
    {"start": 24, "end": 29, "field": "list_id"},
    {"start": 30, "end": 36, "field": "labels"},
    {"start": 37, "end": 39, "field": "priority"},
]
_UNDERSTOOD: Final = "What was understood, in the order of the text."
PLAN: Final[Document] = {
    "title": "Pay rent",
    "list_id": 2,
    "priority": "high",
    "labels": ["bills"],
    "due": {"date": "2026-12-01", "time": "09:00"},
    "recurrence": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1", "basis": "schedule", "anchor": "2026-12-01"},
}
router: Final = Router(tags=["tasks"])


class QuickAddition(Shape):
    model_config = declared(shapes.inputs(QuickAdd, Write.CREATE), *shapes.required(QuickAdd))


class Span(Shape):
    start: int = Field(description="Where the part begins in the text, in code points.", ge=0)
    end: int = Field(description="Where the part ends.", ge=0)
    field: str = Field(description="The field of the task that it sets.")


class QuickAddPreview(Shape):
    task: shapes.TaskCreate = Field(description="The fields that the new task would have.")
    parsed: list[Span] = Field(description=_UNDERSTOOD)


class QuickAddedTask(Shape):
    parsed: list[Span] = Field(description=_UNDERSTOOD)
    model_config = declared(
        shapes.outputs(model.Task) | {"parsed": {"type": "array", "items": ref(Span), "description": _UNDERSTOOD}},
        *shapes.TASK,
        "parsed",
    )


@router.post(
    "/api/{user_id}/tasks/quick",
    operation_id="quickAddTask",
    summary="Create a task from one sentence",
    scope=Scope.WRITE,
    keyed=True,
    body={"model": QuickAddition, "example": {"text": TEXT}},
    status_code=201,
    response_model=QuickAddedTask,
    responses={
        200: {
            **json_response("With `dry_run`: what would be created.", {"task": PLAN, "parsed": PARSED}),
            "model": QuickAddPreview | QuickAddedTask,
        },
        201: json_response(
            "The task, and what was understood.",
            {**shapes.TASK, **PLAN, "parsed": PARSED},
            ETag=ETAG,
            Location=LOCATION,
        ),
    },
    raises=[refused(FORM.new, {}), TOO_MANY],
)
async def quick_add_task(request: Request) -> ASGIApp:
    """Reads English: days, times, `every …`, `#list`, `@label` and `p1` to `p3`. What is not understood stays in the
    title. With a `uid` that a task has, the response has status 200 and that task, unchanged.
    """
    found, is_new = await request.core.quick_add.add(request.actor, request.owner, await request.read_object())
    if isinstance(found, Preview):
        return json(200, found)
    location = f"{own_path(request.scope).removesuffix('/quick')}/{found.id}".encode()
    return json(201 if is_new else 200, found, object_tag(found.revision), (b"location", location))
