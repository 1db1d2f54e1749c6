"""The endpoint that lists tasks."""

from collections.abc import AsyncIterator, Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.responses import StreamingResponse
from starlette.types import ASGIApp

from doable import sorting
from doable.core import cursors, filters, validation, views
from doable.core.tasks import INBOX, PAGE_MAX, Page
from doable.core.views import SEARCH_MAX, View
from doable.encoding import encode_tasks
from doable.errors import Invalid, ListNotFound, absent
from doable.filter_parser import LENGTH_MAX
from doable.filter_tree import Clock
from doable.http.etags import is_unchanged, list_tag
from doable.http.request import Request, own_path
from doable.http.response import JSON, Response
from doable.model import ID_MAX, LABEL_MAX, STATUS, Scope
from doable.rest import shapes
from doable.rest.list_cache import ListCache
from doable.rest.operation import Router, refused
from doable.rest.parameters import CURSOR, IF_NONE_MATCH, LIST_ETAG, NEXT_PAGE, NOT_MODIFIED, TIME_ZONE
from doable.rest.shapes import Document, json_response
from doable.text import NAME

_ID: Final[Document] = {"type": "integer", "minimum": 1, "maximum": ID_MAX}


def _parameter(name: str, description: str, schema: Mapping[str, object]) -> Document:
    return {"name": name, "in": "query", "description": description, "schema": schema}


router: Final = Router(tags=["tasks"])


@router.get(
    "/api/{user_id}/tasks",
    operation_id="listTasks",
    summary="List tasks, newest first",
    scope=Scope.READ,
    parameters=[
        _parameter("status", "Only tasks with this status.", STATUS.schema),
        _parameter(
            "list",
            "Only tasks in this list, with their subtasks; `inbox` for those in no list.",
            {"anyOf": [_ID, {"const": INBOX}]},
        ),
        _parameter("parent", "Only the direct subtasks of this task.", _ID),
        _parameter("label", "Only tasks with this label.", {"type": "string", "minLength": 1, "maxLength": LABEL_MAX}),
        _parameter(
            "filter",
            "Only tasks that this filter finds, such as `today | overdue`; see docs/filters.md. Unless the filter or"
            " `status` says otherwise, these are incomplete tasks.",
            {"type": "string", "minLength": 1, "maxLength": LENGTH_MAX},
        ),
        _parameter(
            "search",
            "Only tasks with these words in title, description or labels. The last one can be the beginning of a word."
            " Unless you sort, the best of the newest 500 come first.",
            {"type": "string", "minLength": 1, "maxLength": SEARCH_MAX, "pattern": NAME},
        ),
        _parameter(
            "sort",
            f"The order: one or more of {', '.join(f'`{name}`' for name in sorting.SORTS)}, with commas between them."
            " `-` reverses. What has no value comes last.",
            {"type": "string", "pattern": sorting.PATTERN},
        ),
        _parameter(
            "limit",
            "The maximum number of tasks on the page. Without it, the response contains every task.",
            {"type": "integer", "minimum": 1, "maximum": PAGE_MAX},
        ),
        CURSOR,
        TIME_ZONE,
        IF_NONE_MATCH,
    ],
    response_model=list[shapes.Task],
    responses={
        200: json_response("The tasks.", [shapes.TASK], Link=NEXT_PAGE, ETag=LIST_ETAG),
        304: NOT_MODIFIED,
    },
    raises=[
        refused(validation.status, "done"),
        Invalid(absent("list_id", ListNotFound)),
        refused(filters.parse, "tommorow"),
    ],
)
async def list_tasks(request: Request) -> ASGIApp:
    """All parameters that you send must hold. Without `limit`, the response contains every task. It is streamed,
    without a size limit.
    """
    query = request.query
    limit = validation.limit(query.get("limit"), PAGE_MAX)
    if not views.PARAMETERS.isdisjoint(query):
        return await _view(request, limit)
    if "time_zone" in query:
        validation.time_zone(query["time_zone"])
    service = request.core.tasks
    by = await service.narrow(request.actor, request.owner, query) if query else {}
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
    tag = list_tag(page.version, url_query)
    if page.next is not None and limit is None:
        return _streamed(page, _rest(request, by, page), tag)
    response = _whole(request, page, limit, tag)
    lists.keep(request.owner, target, response)
    return response


async def _view(request: Request, limit: int | None) -> ASGIApp:
    """Tasks that a filter or a search selects, or in another order.

    Where they depend on the day, the tag and what is kept have the viewer's day and zone in them. Where they depend on
    the time of day, there is no tag, and nothing is kept.
    """
    service = request.core.views
    view = await service.prepare(request.actor, request.owner, request.query)
    lists: ListCache = request.app.state.lists
    target = request.scope["raw_path"], request.scope["query_string"] + view.day.encode()
    tag = None if view.clock is Clock.TIME else list_tag(view.version, target[1])
    if is_unchanged(request, tag or "") and tag is not None:
        return Response(304, b"", (b"etag", tag.encode()))
    kept = lists.find(request.owner, target)
    if kept is not None and tag is not None and (b"etag", tag.encode()) in kept.headers:
        return kept
    page, following = await service.page(request.actor, request.owner, view, limit or PAGE_MAX)
    if page.next is not None and limit is None:
        return _streamed(page, _rest_of_view(request, following, page), tag)
    response = _whole(request, page, limit, tag)
    if tag is not None:
        lists.keep(request.owner, target, response)
    return response


def _whole(request: Request, page: Page, limit: int | None, tag: str | None) -> Response:
    headers = [] if tag is None else [(b"etag", tag.encode())]
    if page.next is not None:
        following = {**request.query, "limit": limit, "cursor": page.next}
        headers.append((b"link", f'<{own_path(request.scope)}?{urlencode(following)}>; rel="next"'.encode()))
    return Response(200, encode_tasks(page.tasks), JSON, *headers)


def _streamed(page: Page, rest: AsyncIterator[Page], tag: str | None) -> StreamingResponse:
    headers = {} if tag is None else {"ETag": tag}
    return StreamingResponse(_array(page, rest), headers=headers, media_type="application/json")


async def _array(page: Page, rest: AsyncIterator[Page]) -> AsyncIterator[bytes]:
    """Stream the whole list as one array, page by page: memory holds one page, and no connection waits."""
    yield b"[" + encode_tasks(page.tasks)[1:-1]
    async for following in rest:
        if following.tasks:  # The rest can be deleted by now.
            yield b"," + encode_tasks(following.tasks)[1:-1]
    yield b"]"


async def _rest(request: Request, by: Mapping[str, object], page: Page) -> AsyncIterator[Page]:
    while page.next is not None:
        page = await request.core.tasks.list(request.actor, request.owner, by=by, cursor=page.next)
        yield page


async def _rest_of_view(request: Request, view: View, page: Page) -> AsyncIterator[Page]:
    while page.next is not None:
        page, view = await request.core.views.page(request.actor, request.owner, view, PAGE_MAX)
        yield page
