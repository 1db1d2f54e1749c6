"""Live changes as Server-Sent Events (HTML standard, §9.2)."""

import asyncio
import random
import time
from contextlib import suppress
from typing import Final

from fastapi.sse import EventSourceResponse
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from doable import model
from doable.core.feed import Follower
from doable.core.opaque import PATTERN
from doable.core.tickets import TICKETS_MAX
from doable.encoding import encode
from doable.errors import CursorExpired, Fault, Invalid, LimitReached, Unauthenticated, Unavailable
from doable.http.authentication import identify, identify_by_ticket
from doable.http.request import Request, headers_of
from doable.http.response import json
from doable.model import Change
from doable.rest import shapes
from doable.rest.change_shapes import ChangeEvent
from doable.rest.operation import Router
from doable.rest.shapes import Document, json_response
from doable.rest.sync import BAD_CURSOR, CURSOR_SCHEMA, EXAMPLE

HEARTBEAT_SECONDS: Final = 15.0  # seconds; proxies close connections that are silent for 30 or 60 seconds
UNREAD_SECONDS: Final = 20.0  # seconds that a client may read nothing
RETRY_MILLISECONDS: Final = 1000  # milliseconds; clients reconnect after one to two times as long
STREAM_HEADERS: Final = (
    (b"content-type", b"text/event-stream"),
    (b"x-accel-buffering", b"no"),  # Otherwise nginx collects the events.
)
STREAM: Final = f"""retry: {RETRY_MILLISECONDS}
id: {EXAMPLE}

event: change
id: {EXAMPLE}
data: {{"revision":12,"type":"task","id":7,"kind":"completed","actor":"user-a"}}

:

"""
STREAM_SCHEMA: Final[Document] = {
    "type": "string",
    "contentMediaType": "text/event-stream",
    "contentSchema": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "event": {"type": "string", "const": "change"},
                "id": CURSOR_SCHEMA,
                "data": {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": shapes.ref(ChangeEvent),
                },
            },
        },
    },
}
OBJECTS: Final = "objects"
NO_INCLUDE: Final = Invalid(Fault("include", "invalid_include", f"Include can only be '{OBJECTS}'"))
router: Final = Router(tags=["changes"])


@router.get(
    "/api/{user_id}/events",
    operation_id="followChanges",
    summary="Stream changes as they happen",
    scope=model.Scope.READ,
    parameters=[
        {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "The `id` of the last event that you received. The stream begins after it.",
            "schema": CURSOR_SCHEMA,
        },
        {
            "name": "lastEventId",
            "in": "query",
            "description": "The same as `Last-Event-ID`, for clients that can't set this header when they reconnect.",
            "schema": CURSOR_SCHEMA,
        },
        {
            "name": "cursor",
            "in": "query",
            "description": "The `cursor` of your last sync, for the first connection. The other two take precedence.",
            "schema": CURSOR_SCHEMA,
        },
        {
            "name": "include",
            "in": "query",
            "description": "With `objects`, each event has the object as it is when the event is sent.",
            "schema": {"type": "string", "enum": [OBJECTS]},
        },
        {
            "name": "ticket",
            "in": "query",
            "description": "A ticket, for clients that can't send an `Authorization` header.",
            "schema": {"type": "string", "pattern": f"^{PATTERN}$"},
        },
    ],
    identify=identify_by_ticket,
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Server-Sent Events that do not end. Each `change` names an object and what happened to it.",
            "content": {"text/event-stream": {"schema": STREAM_SCHEMA, "example": STREAM}},
        }
    },
    raises=[BAD_CURSOR, NO_INCLUDE, CursorExpired(), LimitReached(100, "open event streams")],
)
async def follow_changes(request: Request) -> ASGIApp:
    """Without an id or a cursor, the stream begins with the next change. It ends when the credential expires or is
    revoked, when the service stops, and when you do not read it. Reconnect with the id of the last event. After 410,
    start with a new sync.
    """
    query = request.query
    if query.get("include", OBJECTS) != OBJECTS:
        raise NO_INCLUDE
    cursor = request.header(b"last-event-id") or query.get("lastEventId") or query.get("cursor")
    follower = await request.core.changes.follow(request.actor, request.owner, cursor=cursor)
    stream = EventStream(request, follower, has_objects="include" in query)
    if stream.is_ticketed and request.method != "HEAD":  # Nothing can refuse the request any more.
        try:
            await request.core.tickets.redeem(request.actor, query["ticket"])
        except BaseException:
            follower.close()
            raise
    return stream


@router.post(
    "/api/me/event-ticket",
    operation_id="createEventTicket",
    summary="Get a ticket for an event stream",
    scope=model.Scope.READ,
    status_code=201,
    response_model=shapes.Ticket,
    responses={201: json_response("The ticket.", {"ticket": "A" * 43, "expires_at": model.MOMENT})},
    raises=[LimitReached(TICKETS_MAX, "unused tickets")],
)
async def create_event_ticket(request: Request) -> ASGIApp:
    """Send it without a body. A browser's `EventSource` can't send a header. It opens the stream with `?ticket=`
    instead, within 60 seconds. A ticket is good for one stream, which ends with the credential that you get the ticket
    with.
    """
    return json(201, await request.core.tickets.create(request.actor))


class EventStream:
    """A response that goes on until there are no more changes to follow."""

    def __init__(self, request: Request, follower: Follower, *, has_objects: bool) -> None:
        self._request = request
        self._has_objects = has_objects
        self.is_ticketed = b"authorization" not in headers_of(request.scope)
        self._follower = follower

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        leaving = asyncio.create_task(self._await_departure(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(STREAM_HEADERS)})
            if scope["method"] != "HEAD":
                await self._stream(send)
            await _send(send, b"", more=False)
        finally:
            leaving.cancel()
            self._follower.close()

    async def _await_departure(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._follower.end()

    async def _stream(self, send: Send) -> None:
        # An id without data is no event, but the client keeps it, so it misses nothing when it is cut off now.
        retry = RETRY_MILLISECONDS + random.randrange(RETRY_MILLISECONDS)  # noqa: S311 - so that clients come back at different times
        await _send(send, f"retry: {retry}\nid: {self._follower.cursor()}\n\n".encode())
        loop = asyncio.get_running_loop()
        due = self._next_check()
        while True:
            found = None
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    found = await self._follower.next()
            if found == []:
                return
            if found and self._has_objects:
                found = await self._request.core.changes.with_objects(self._request.owner, found)
            events = b"".join(map(self._event, found or ()))
            if found is None or loop.time() >= due:
                if not await self._is_still_welcome():
                    return
                events += b":\n\n"
                due = self._next_check()
            await _send(send, events)

    def _event(self, change: Change) -> bytes:
        cursor = self._follower.cursor(change.revision).encode()
        return b"event: change\nid: %b\ndata: %b\n\n" % (cursor, encode(change))

    def _next_check(self) -> float:
        """The time of the next heartbeat or of the end of the credential, by the clock of the loop."""
        expires_at = self._request.actor.expires_at
        pause = HEARTBEAT_SECONDS if expires_at is None else min(HEARTBEAT_SECONDS, expires_at - time.time())
        return asyncio.get_running_loop().time() + pause

    async def _is_still_welcome(self) -> bool:
        expires_at = self._request.actor.expires_at
        if expires_at is not None and time.time() >= expires_at:
            return False
        core = self._request.core
        try:
            if self.is_ticketed:
                return await core.tickets.holds(self._request.actor)
            await identify(self._request, core.identity)
        except Unauthenticated:
            return False
        except Unavailable:  # Unknown for now; the next heartbeat checks again.
            return True
        return True


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    """Raises ClientDisconnect if the client does not read, so that its buffer does not grow."""
    try:
        async with asyncio.timeout(UNREAD_SECONDS):
            await send({"type": "http.response.body", "body": body, "more_body": more})
    except TimeoutError:
        raise ClientDisconnect from None
