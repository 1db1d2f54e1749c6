"""The endpoints for lists, labels and saved filters."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from starlette.types import ASGIApp

from doable.core import forms, validation
from doable.core.collections import CollectionService, FilterService, LabelService, ListService
from doable.core.core import Core
from doable.core.objects import Kind
from doable.errors import LabelTaken, LimitReached, Stale, TooMuch
from doable.http.etags import is_unchanged, list_tag, object_tag, revisions
from doable.http.request import Request, own_path
from doable.http.response import Response, json
from doable.model import Scope
from doable.rest import shapes
from doable.rest.operation import Router, refused
from doable.rest.parameters import (
    DELETED,
    ETAG,
    ID,
    IF_MATCH,
    IF_NONE_MATCH,
    LIST_ETAG,
    NOT_MODIFIED,
    PERMANENT,
    deleted,
    has,
)
from doable.rest.shapes import Document, json_response, string_header
from doable.rest.tasks import BAD_MOVE, MERGE_PATCH


class _Texts(NamedTuple):
    """What the document says of a type."""

    kind: Kind
    example: Document
    shape: type[shapes.Shape]
    create: type[shapes.Shape]
    patch: type[shapes.Shape]
    most: int
    deleted: str


LISTS: Final = _Texts(
    ListService.kind,
    shapes.LIST,
    shapes.List,
    shapes.ListCreate,
    shapes.ListPatch,
    ListService.most,
    "The tasks of the list go to the trash with it. With `tasks=keep`, they go to the Inbox instead.",
)
LABELS: Final = _Texts(
    LabelService.kind,
    shapes.LABEL,
    shapes.Label,
    shapes.LabelCreate,
    shapes.LabelPatch,
    LabelService.most,
    "Takes the label off all tasks.",
)
FILTERS: Final = _Texts(
    FilterService.kind,
    shapes.FILTER,
    shapes.Filter,
    shapes.FilterCreate,
    shapes.FilterPatch,
    FilterService.most,
    "",
)
KEEP: Final[Document] = {
    "name": "tasks",
    "in": "query",
    "description": "`keep`: the tasks of the list go to the Inbox.",
    "schema": {"type": "string", "enum": ["keep"]},
}
MERGE: Final[Document] = {
    "name": "merge",
    "in": "query",
    "description": "`true`: if another label has the name, it takes the place of this one on all tasks, and this one is"
    " removed.",
    "schema": {"type": "string", "enum": ["true", "false"]},
}


def _collection(texts: _Texts, service_of: Callable[[Core], CollectionService[Any]]) -> Router:
    """The operations of one type."""
    noun, nouns, name = texts.kind.name, texts.kind.stored.table, texts.kind.name.capitalize()
    is_label, is_list = texts is LABELS, texts is LISTS
    router = Router(tags=[nouns])
    path = f"/api/{{user_id}}/{nouns}"
    one = json_response(f"The {noun}.", texts.example, ETag=ETAG)
    bad_id = refused(validation.object_id, "0", noun)
    kind = texts.kind
    stale = Stale(texts.example, noun=noun)
    taken = [LabelTaken(texts.example)] if is_label else []
    nothing, no_name = refused(kind.form.patch, {}), refused(kind.form.new, {})

    def at(request: Request) -> int:
        return validation.object_id(request.path_params["id"], noun)

    @router.get(
        path,
        operation_id=f"list{name}s",
        summary=f"List your {nouns}, in their order",
        scope=Scope.READ,
        parameters=[IF_NONE_MATCH],
        response_model=list[texts.shape],  # type: ignore[name-defined]
        responses={200: json_response(f"The {nouns}.", [texts.example], ETag=LIST_ETAG), 304: NOT_MODIFIED},
    )
    async def list_all(request: Request) -> ASGIApp:
        version = await request.core.tasks.version(request.actor, request.owner)
        tag = list_tag(version, nouns.encode())
        if is_unchanged(request, tag):
            return Response(304, b"", (b"etag", tag.encode()))
        found = await service_of(request.core).all(request.actor, request.owner)
        return json(200, found, (b"etag", tag.encode()))

    @router.get(
        f"{path}/{{id}}",
        operation_id=f"get{name}",
        summary=f"Read one {noun}",
        scope=Scope.READ,
        parameters=[ID, IF_NONE_MATCH],
        response_model=texts.shape,
        responses={200: one, 304: NOT_MODIFIED},
        raises=[bad_id, kind.not_found()],
    )
    async def get_one(request: Request) -> ASGIApp:
        found = await service_of(request.core).get(request.actor, request.owner, at(request))
        tag = object_tag(found.revision)
        return Response(304, b"", tag) if is_unchanged(request, tag[1].decode()) else json(200, found, tag)

    @router.post(
        path,
        operation_id=f"create{name}",
        summary=f"Create a {noun}",
        scope=Scope.WRITE,
        keyed=True,
        body={
            "model": texts.create,
            "example": {field: texts.example[field] for field in shapes.required(kind.stored.struct)},
        },
        status_code=201,
        response_model=texts.shape,
        responses={
            200: json_response(f"The {noun} that has this `uid`, unchanged.", texts.example, ETag=ETAG)
            | {"model": texts.shape},
            201: json_response(f"The {noun}.", texts.example, ETag=ETAG, Location=string_header("Its path.")),
        },
        raises=[no_name, LimitReached(texts.most, nouns), *taken],
    )
    async def create(request: Request) -> ASGIApp:
        """A new one comes last. With a `uid` of your own, you can repeat the request at any time."""
        service, fields = service_of(request.core), await request.read_object()
        made, is_new = await service.create(request.actor, request.owner, fields)
        location = (b"location", f"{own_path(request.scope)}/{made.id}".encode())
        return json(201 if is_new else 200, made, object_tag(made.revision), location)

    @router.patch(
        f"{path}/{{id}}",
        operation_id=f"patch{name}",
        summary=f"Change fields of a {noun}",
        scope=Scope.WRITE,
        keyed=True,
        parameters=[ID, IF_MATCH, *([MERGE] if is_label else [])],
        body={"model": texts.patch, "example": {"color": "#3b82f6"}, "more_media_types": [MERGE_PATCH]},
        response_model=texts.shape,
        responses={200: one},
        raises=[bad_id, nothing, kind.not_found(), stale, *taken, *([TooMuch()] if is_label else [])],
    )
    async def patch(request: Request) -> ASGIApp:
        """Replaces the fields that you send; `null` clears a field (RFC 7396)."""
        service, id = service_of(request.core), at(request)
        options = {"merge": has(request, "merge", "true")} if is_label else {}
        fields = await request.read_object(MERGE_PATCH)
        if_match = await revisions(request, service, id)
        found = await service.patch(request.actor, request.owner, id, fields, if_match=if_match, **options)
        return json(200, found, object_tag(found.revision))

    @router.post(
        f"{path}/{{id}}/move",
        operation_id=f"move{name}",
        summary=f"Move a {noun} to another place in the order",
        scope=Scope.WRITE,
        keyed=True,
        parameters=[ID, IF_MATCH],
        body={"model": shapes.Move, "example": {"to": "first"}},
        response_model=texts.shape,
        responses={200: one},
        raises=[bad_id, BAD_MOVE, kind.not_found(), stale],
    )
    async def move(request: Request) -> ASGIApp:
        service, id = service_of(request.core), at(request)
        fields = await request.read_object()
        if_match = await revisions(request, service, id)
        found = await service.move(request.actor, request.owner, id, fields, if_match=if_match)
        return json(200, found, object_tag(found.revision))

    @router.delete(
        f"{path}/{{id}}",
        operation_id=f"delete{name}",
        summary=f"Delete a {noun}",
        description=texts.deleted,
        scope=Scope.WRITE,
        keyed=True,
        parameters=[ID, IF_MATCH, *([KEEP, PERMANENT] if is_list else [])],
        status_code=204,
        responses={204: {"description": f"The {noun} is deleted.", "headers": DELETED}},
        raises=[bad_id, kind.not_found(), stale, TooMuch()],
    )
    async def delete(request: Request) -> ASGIApp:
        service, id = service_of(request.core), at(request)
        options = (
            {"keep_tasks": has(request, "tasks", "keep"), "permanent": has(request, "permanent", "true")}
            if is_list
            else {}
        )
        if_match = await revisions(request, service, id)
        return deleted(await service.delete(request.actor, request.owner, id, if_match=if_match, **options))

    return router


router: Final = Router(tags=["filters"])


@router.post(
    "/api/{user_id}/filters/parse",
    operation_id="parseFilter",
    summary="Check a filter, and write it in its canonical form",
    scope=Scope.READ,
    body={"model": shapes.FilterText, "example": {"filter": "((TODAY)) | Overdue"}},
    response_model=shapes.CanonicalFilter,
    responses={200: json_response("The canonical form.", {"filter": "today | overdue"})},
    raises=[refused(forms.FILTER_TEXT.new, {"filter": "tommorow"})],
)
async def parse_filter(request: Request) -> ASGIApp:
    """The lists and labels that it names need not exist. For a filter that is not valid, `errors` has columns."""
    fields = await request.read_object()
    return json(200, {"filter": await request.core.filters.parse(request.actor, request.owner, fields)})


ROUTERS: Final = [
    _collection(LISTS, lambda core: core.lists),
    _collection(LABELS, lambda core: core.labels),
    router,
    _collection(FILTERS, lambda core: core.filters),
]
