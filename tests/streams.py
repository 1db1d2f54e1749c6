"""Reading live events as a client does: over ASGI from the application itself, or over a socket from any service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
import msgspec
from starlette.types import ASGIApp, Message

from openapi import our_contract
from tokens import hs256

CHANGE = {"$ref": "#/components/schemas/ChangeEvent"}
PATIENCE = 10  # seconds: what does not come by then will not come


@dataclass
class Event:
    """One block of the stream: an event when it has data."""

    id: str | None = None
    type: str = "message"
    data: Any = None
    fields: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, block: str) -> Self:
        event = cls()
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            event.fields.append(name)
            if name == "id":
                event.id = value
            elif name == "event":
                event.type = value
            elif name == "data":
                event.data = msgspec.json.decode(value)
        if event.type == "change":
            our_contract().validator(CHANGE).validate(event.data)
        return event

    @property
    def is_comment(self) -> bool:
        return self.fields == [""]


class Blocks:
    """Chunks in, blocks out."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, chunk: str) -> list[Event]:
        *blocks, self._rest = (self._rest + chunk).split("\n\n")
        return [Event.parse(block) for block in blocks]


class Stream:
    """An answer that is read as it comes, from the application itself. `is_slow` stops the reading."""

    def __init__(self, app: ASGIApp, path: str, headers: dict[str, str], method: str = "GET") -> None:
        path, _, query = path.partition("?")
        headers = {"host": "doable.test", **headers}
        self._scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "root_path": "",
            "scheme": "http",
        }
        self._app = app
        self._gone = asyncio.Event()
        self._has_asked = False
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._blocks = Blocks()
        self._events: list[Event] = []
        self._start: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self.may_write = asyncio.Event()
        self.may_write.set()
        self.first = Event()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self.task = asyncio.create_task(self._run())
        start = await asyncio.wait_for(self._start, PATIENCE)
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}

    async def close(self) -> None:
        """As a client that goes away."""
        self._gone.set()
        self.may_write.set()
        assert self.task is not None
        await asyncio.wait_for(self.task, PATIENCE)

    async def block(self) -> Event | None:
        """The next one, None at the end."""
        while not self._events:
            chunk = await asyncio.wait_for(self._chunks.get(), PATIENCE)
            if chunk is None:
                return None
            self._events = self._blocks.feed(chunk.decode())
        return self._events.pop(0)

    async def event(self) -> Event:
        """The next block with data."""
        while (event := await self.block()) is not None:
            if event.data is not None:
                return event
        raise AssertionError("The stream has ended")

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._receive, self._send)
        finally:
            self._chunks.put_nowait(None)

    async def _receive(self) -> Message:
        if not self._has_asked:
            self._has_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await self.may_write.wait()
        if message["type"] == "http.response.start":
            self._start.set_result(message)
        elif not self._gone.is_set():
            self._chunks.put_nowait(message["body"])


@asynccontextmanager
async def listening(
    app: ASGIApp,
    user: str = "alice",
    *,
    cursor: str | None = None,
    last_event_id: str | None = None,
    token: str | None = None,
    **query: str,
) -> AsyncIterator[Stream]:
    """A stream that has begun, its first block read as `first`."""
    headers = {} if "ticket" in query else {"authorization": f"Bearer {token or hs256(user)}"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    if cursor is not None:
        query["cursor"] = cursor
    stream = Stream(app, f"/api/me/events?{httpx.QueryParams(query)}", headers)
    await stream.open()
    try:
        if stream.status == 200:
            first = await stream.block()
            assert first is not None
            stream.first = first
        yield stream
    finally:
        await stream.close()


async def events_of(answer: httpx.Response) -> AsyncIterator[Event]:
    """The blocks of an answer that comes over a socket."""
    blocks = Blocks()
    async for chunk in answer.aiter_text():
        for event in blocks.feed(chunk):
            yield event


class Reader:
    """Follows one user's changes through whatever service there is, as an EventSource does."""

    def __init__(self, user: str, url: str = "") -> None:
        self.url = url
        self._token = hs256(user)
        self.events: list[Event] = []
        self._last_id = ""

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def run(self) -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            while True:
                try:
                    await self._follow(client)
                except httpx.TransportError:
                    await asyncio.sleep(0.05)

    async def _follow(self, client: httpx.AsyncClient) -> None:
        headers = {"authorization": f"Bearer {self._token}"}
        if self._last_id:
            headers["last-event-id"] = self._last_id
        async with client.stream("GET", f"{self.url}/api/me/events", headers=headers) as answer:
            assert answer.status_code == 200
            async for event in events_of(answer):
                self._last_id = event.id or self._last_id
                if event.data is not None:
                    self.events.append(event)

    async def saw(self, revision: int) -> None:
        async with asyncio.timeout(20):
            while not self.events or self.events[-1].data["revision"] < revision:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
