"""The application behind real connections, with a queue as long as a test says, and clients that say what they like."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from doable.app import create_service
from doable.http import response as http
from doable.rest.application import RestApplication
from doable.server.admission import Admission
from doable.server.connection import Connection
from doable.server.state import State
from doable.settings import Settings
from doable.store.address import Address
from waits import until

NOWHERE = Address.parse("postgresql://nobody@localhost/none")  # Nothing here asks the database.


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        assert self.headers["content-type"] == "application/problem+json"
        problem = json.loads(self.body)
        assert problem["status"] == self.status
        return str(problem["code"])


@dataclass
class Client:
    """A client that says what it likes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, *parts: str) -> None:
        self.writer.write("\r\n".join(parts).encode())

    def ask(self, path: str = "/health", *headers: str, method: str = "GET", version: str = "1.1") -> None:
        self.say(f"{method} {path} HTTP/{version}", "Host: x", *headers, "", "")

    async def hear(self, *, bare: bool = False) -> Answer:
        """The next answer; one to HEAD is `bare`."""
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])}
            body = b"" if bare else await self.reader.readexactly(int(headers["content-length"]))
        return Answer(int(head[0].split()[1]), headers, body)

    async def pause(self) -> None:
        """So that what follows comes by itself."""
        await asyncio.sleep(0.02)

    def end(self) -> None:
        """Send no more, and go on reading."""
        self.writer.write_eof()

    def reset(self) -> None:
        """Go, so that the other side knows that nobody reads."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def is_closed(self) -> bool:
        async with asyncio.timeout(10):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True


@dataclass
class Host:
    """The application behind its protocol, with a queue as long as the test says."""

    app: RestApplication
    state: State
    port: int
    length: int = 0
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    counted: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def waiting(self) -> int:
        return self.length

    def longest_wait(self) -> float:
        return 0.0

    async def connect(self) -> Client:
        """A connection that the server knows of."""
        before = len(self.state.connections)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        await until(lambda: len(self.state.connections) > before)
        return Client(reader, writer)

    def look(self) -> None:
        for connection in list(self.state.connections):
            connection.look()

    async def look_until(self, holds: Callable[[], object]) -> None:
        await until(lambda: self.look() or holds())

    @property
    def admission(self) -> Admission:
        return self.state.limits.admission

    def is_empty(self) -> bool:
        return not self.state.connections


async def large(_: Request) -> http.Response:
    return http.Response(200, b"x" * 2**23)


async def echo(request: Request) -> http.Response:
    return http.Response(200, await request.body())


async def forged(_: Request) -> http.Response:
    return http.Response(200, b"x", (b"x-a", b"b\r\nset-cookie: forged=1"))


async def foreign(_: Request) -> PlainTextResponse:
    return PlainTextResponse("foreign")


async def broken(scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    if scope["path"].endswith("/longer"):
        await send({"type": "http.response.body", "body": b"bc"})
    if scope["path"].endswith("/loudly"):
        raise RuntimeError("halfway")


async def parts(_: Request) -> StreamingResponse:
    return StreamingResponse(iter(["a", "b"]), headers={"content-length": "2"})


async def endless(_: Request) -> StreamingResponse:
    return StreamingResponse(iter(["a", "", "b"]))


async def ticking(_: Request) -> ASGIApp:
    """A stream that goes on until the client leaves."""

    async def send_ticks(_scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not gone.done():
            await send({"type": "http.response.body", "body": b"tick", "more_body": True})
            await asyncio.wait([gone], timeout=0.01)
            if gone.done() and (await gone)["type"] == "http.request":
                gone = asyncio.create_task(receive())

    return send_ticks


async def nothing(_: Request) -> Response:
    return Response(status_code=204)


async def seen(request: Request) -> http.Response:
    await request.body()
    return http.Response(200, b", ".join(name for name, _ in request.scope["headers"]))


async def host_of(request: Request) -> http.Response:
    return http.Response(200, request.headers["host"].encode())


async def unread(_: Request) -> http.Response:
    return http.Response(200, b"unread")


def routes_of(host: Host) -> list[BaseRoute]:
    """What there is to ask for besides the application's own."""

    async def slow(_: Request) -> http.Response:
        await host.may_answer.wait()
        return http.Response(200, b"slow")

    async def count(_: Request) -> http.Response:
        host.counted += 1
        return http.Response(200, b"counted")

    return [
        Route("/endless", endless),
        Route("/ticking", ticking),
        Route("/nothing", nothing),
        Route("/seen", seen, methods=["POST"]),
        Route("/host", host_of),
        Route("/unread", unread, methods=["POST"]),
        Route("/count", count, methods=["POST"]),
        Route("/forged", forged),
        Route("/foreign", foreign),
        Mount("/broken", broken),
        Route("/parts", parts),
        Route("/slow", slow, methods=["POST"]),
        Route("/health/slow", slow),
        Route("/large", large),
        Route("/echo", echo, methods=["POST"]),
    ]


@asynccontextmanager
async def serving(**variables: str) -> AsyncIterator[Host]:
    settings = Settings(_env_file=None, LOG_LEVEL="error", **variables)  # type: ignore[arg-type]
    app, limits = create_service(settings, address=NOWHERE)
    state = State(app, limits, asyncio.get_running_loop())
    host = Host(app, state, 0)
    state.limits = replace(limits, admission=Admission(host, room=2, most=4))
    app.others.routes.extend(routes_of(host))
    listener = await host.state.loop.create_server(lambda: Connection(host.state), "127.0.0.1", 0)
    host.port = listener.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        host.may_answer.set()
        for writer in host.writers:
            writer.transport.abort()
        listener.close()
        await until(host.is_empty)
