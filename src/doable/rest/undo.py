"""Undo."""

from typing import Final

from starlette.types import ASGIApp

from doable.errors import ChangedSince, ChangeExpired, ChangeNotFound, Fault, LimitReached, TooMuch
from doable.http.request import Request
from doable.http.response import json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router
from doable.rest.shapes import json_response

router: Final = Router(tags=["changes"])


@router.post(
    "/api/{user_id}/undo",
    operation_id="undo",
    summary="Undo an operation",
    scope=Scope.WRITE,
    keyed=True,
    body={"model": shapes.Undo, "example": {"revision": 57}},
    response_model=shapes.Undone,
    responses={200: json_response("What was undone.", {"undone": [{"type": "task", "id": 1}], "revision": 58})},
    raises=[
        ChangedSince(Fault("title", "changed_since", "The field 'title' of task 1 has changed since")),
        ChangeNotFound(),
        ChangeExpired(),
        LimitReached(100_000, "tasks"),
        TooMuch(),
    ],
)
async def undo(request: Request) -> ASGIApp:
    """Undoes the operation that made the change with this revision, with all its changes: a deletion with everything
    that went to the trash, or a new name of a label on all tasks. What was created goes to the trash. If a field has
    changed since, nothing is undone (409). An undo is an operation too, and you can undo it.
    """
    fields = await request.read_object()
    return json(200, await request.core.undo.undo(request.actor, request.owner, fields))
