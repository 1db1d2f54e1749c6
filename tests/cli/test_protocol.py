"""What a client gets that is slow, wants too much, or comes when there is too much to do: over real connections."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import cast

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from doable.app import create_app
from doable.cli import protocol
from doable.cli.protocol import Protocol
from doable.core.admission import Admission
from doable.rest import http
from doable.rest.application import RestApplication
from doable.settings import Settings
from doable.store.address import Address
from waits import until

PAGE = "http://localhost:3000"
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
class Connection:
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
    state: ServerState
    port: int
    length: int = 0
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def waiting(self) -> int:
        return self.length

    def longest_wait(self) -> float:
        return 0.0

    async def connect(self) -> Connection:
        """A connection that the server knows of."""
        before = len(self.state.connections)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        await until(lambda: len(self.state.connections) > before)
        return Connection(reader, writer)

    def look(self) -> None:
        for connection in list(self.state.connections):
            connection.look()  # type: ignore[union-attr]

    async def look_until(self, holds: Callable[[], object]) -> None:
        await until(lambda: self.look() or holds())

    @property
    def admission(self) -> Admission:
        return self.app.door.admission

    def is_empty(self) -> bool:
        return not self.state.connections


@asynccontextmanager
async def serving(**variables: str) -> AsyncIterator[Host]:
    settings = Settings(_env_file=None, LOG_LEVEL="error", **variables)  # type: ignore[arg-type]
    app = create_app(settings, NOWHERE)
    host = Host(app, ServerState(), 0)
    app.door = replace(app.door, admission=Admission(host, room=2, most=4))

    async def slow(_: Request) -> http.Answer:
        await host.may_answer.wait()
        return http.Answer(200, b"slow")

    async def large(_: Request) -> http.Answer:
        return http.Answer(200, b"x" * 2**23)

    async def echo(request: Request) -> http.Answer:
        return http.Answer(200, await request.body())

    async def forged(_: Request) -> http.Answer:
        return http.Answer(200, b"x", (b"x-a", b"b\r\nset-cookie: forged=1"))

    async def foreign(_: Request) -> PlainTextResponse:
        return PlainTextResponse("foreign")

    async def broken(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        if scope["path"].endswith("/loudly"):
            raise RuntimeError("halfway")

    async def parts(_: Request) -> StreamingResponse:
        return StreamingResponse(iter(["a", "b"]), headers={"content-length": "2"})

    routes = (
        Route("/forged", forged),
        Route("/foreign", foreign),
        Mount("/broken", broken),
        Route("/parts", parts),
        Route("/slow", slow, methods=["POST"]),
        Route("/health/slow", slow),
        Route("/large", large),
        Route("/echo", echo, methods=["POST"]),
    )
    app.router.routes.extend(routes)
    config = Config(
        lambda: app, factory=True, http=Protocol, ws="none", log_config=None, access_log=False, proxy_headers=False
    )
    config.load()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Protocol(config, host.state, {}, loop), "127.0.0.1", 0)
    host.port = listener.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        host.may_answer.set()
        for writer in host.writers:
            writer.transport.abort()
        listener.close()
        await until(host.is_empty)


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    async with serving() as host:
        yield host


@pytest.fixture
async def impatient() -> AsyncIterator[Host]:
    """One whose patience is soon over."""
    async with serving(DOABLE_CLIENT_TIMEOUT="0.05") as host:
        yield host


@pytest.fixture
async def client(host: Host) -> Connection:
    return await host.connect()


# Answers.


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the server hands to the system, piece by piece."""
    pieces: list[bytes] = []
    connection_made = Protocol.connection_made

    class Listened:
        def __init__(self, transport: asyncio.Transport) -> None:
            self._transport = transport

        def write(self, data: bytes) -> None:
            pieces.append(data)
            self._transport.write(data)

        def __getattr__(self, name: str) -> object:
            return getattr(self._transport, name)

    monkeypatch.setattr(
        Protocol,
        "connection_made",
        lambda self, transport: connection_made(self, cast("asyncio.Transport", Listened(transport))),
    )
    return pieces


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/health"), ("HEAD", "/health"), ("GET", "/api/me"), ("OPTIONS", "/")]
)
async def test_an_answer_is_sent_in_one_piece(writes: list[bytes], client: Connection, method: str, path: str) -> None:
    client.ask(path, "Origin: x", "Access-Control-Request-Method: GET", method=method)
    head = (await client.reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = 0 if method in {"HEAD", "OPTIONS"} else int(head.partition("content-length: ")[2].partition("\r")[0])
    body = await client.reader.readexactly(length)
    assert writes == [writes[0]]
    assert writes[0].lower() == head.encode() + body.lower()
    client.ask()
    assert (await client.hear()).status == 200  # What follows is not a body that was not announced.


async def test_an_answer_in_parts_is_sent_as_they_come(writes: list[bytes], client: Connection) -> None:
    client.ask("/parts")
    assert (await client.hear()).body == b"ab"
    assert writes[1:] == [b"a", b"b"]


async def test_an_answer_waits_until_the_one_before_it_is_read(host: Host, client: Connection) -> None:
    client.ask("/large")
    client.ask("/health")
    (connection,) = host.state.connections
    await until(lambda: connection.flow.write_paused and host.state.tasks)  # type: ignore[union-attr]
    assert len((await client.hear()).body) == 2**23
    assert (await client.hear()).status == 200


async def test_an_answer_that_is_not_ours_is_sent_too(client: Connection) -> None:
    client.ask("/foreign")
    assert (await client.hear()).body == b"foreign"


@pytest.mark.parametrize("way", ["silently", "loudly"])
async def test_what_ends_too_early_can_be_seen_to(client: Connection, way: str) -> None:
    client.ask(f"/broken/{way}")
    with pytest.raises(asyncio.IncompleteReadError):
        await client.hear()


async def test_a_header_can_not_forge_another(client: Connection, caplog: pytest.LogCaptureFixture) -> None:
    client.ask("/forged")
    answer = await client.hear()
    assert (answer.status, "set-cookie" in answer.headers) == (500, False)
    assert "a line break in a header" in caplog.text


@pytest.mark.parametrize(("headers", "version"), [(["Connection: close"], "1.1"), ([], "1.0")])
async def test_a_client_that_wants_one_answer_gets_one(client: Connection, headers: list[str], version: str) -> None:
    client.ask("/health", *headers, version=version)
    answer = await client.hear()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert await client.is_closed()


async def test_who_is_answered_while_the_service_stops_is_told_to_go(host: Host, client: Connection) -> None:
    host.state.default_headers.append((b"connection", b"close"))
    client.ask()
    assert (await client.hear()).headers["connection"] == "close"
    assert await client.is_closed()


async def test_nothing_is_said_to_who_is_gone(host: Host, writes: list[bytes], client: Connection) -> None:
    client.ask("/health/slow")
    await until(lambda: host.state.tasks)
    client.writer.transport.abort()
    await until(host.is_empty)
    host.may_answer.set()
    await until(lambda: not host.state.tasks)
    assert writes == []


# Slow clients.


@pytest.mark.parametrize("part", ["GET /health HT", "GET /health HTTP/1.1\r\nHost: x\r\nX-A: "])
async def test_half_a_head_is_waited_for_and_then_refused(impatient: Host, part: str) -> None:
    client = await impatient.connect()
    client.say(part)
    await impatient.look_until(impatient.is_empty)
    answer = await client.hear()
    assert (answer.status, answer.code, answer.headers["connection"]) == (408, "request_timeout", "close")
    assert await client.is_closed()


async def test_half_a_body_is_waited_for_and_then_refused(impatient: Host) -> None:
    client = await impatient.connect()
    client.say("POST /echo HTTP/1.1", "Host: x", "X-Request-ID: look-for-me", "Content-Length: 10", "", "12345")
    await impatient.look_until(impatient.is_empty)
    answer = await client.hear()
    assert (answer.status, answer.code, answer.headers["x-request-id"]) == (408, "request_timeout", "look-for-me")


async def test_who_says_nothing_at_all_is_left_without_a_word(impatient: Host) -> None:
    client = await impatient.connect()
    await impatient.look_until(impatient.is_empty)
    assert await client.is_closed()


async def test_who_has_had_an_answer_may_keep_the_connection(impatient: Host) -> None:
    client, silent = await impatient.connect(), await impatient.connect()
    client.ask()
    await client.hear()
    await impatient.look_until(lambda: len(impatient.state.connections) == 1)
    client.ask()
    assert (await client.hear()).status == 200
    assert await silent.is_closed()


async def test_a_connection_that_nobody_uses_is_kept_for_a_while(
    host: Host, client: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "KEEP_ALIVE", 0.2)
    client.ask("/slow", "Content-Length: 0", method="POST")
    await until(lambda: host.state.tasks)
    host.look()
    await asyncio.sleep(0.3)
    host.look()
    host.may_answer.set()
    assert (await client.hear()).status == 200
    host.look()
    client.ask()
    assert (await client.hear()).status == 200
    await asyncio.sleep(0.3)
    host.look()
    assert not host.is_empty()
    await host.look_until(host.is_empty)
    assert await client.is_closed()


async def test_what_is_large_may_take_longer(impatient: Host) -> None:
    client, silent = await impatient.connect(), await impatient.connect()
    client.say("POST /echo HTTP/1.1", "Host: x", f"Content-Length: {protocol.SLOWEST * 60}", "", "")
    client.say("x" * (protocol.SLOWEST * 59))
    await until(lambda: any(one._received > protocol.SLOWEST * 20 for one in impatient.state.connections))  # type: ignore[union-attr]
    await impatient.look_until(lambda: len(impatient.state.connections) == 1)
    assert await silent.is_closed()
    client.say("x" * protocol.SLOWEST)
    assert len((await client.hear()).body) == protocol.SLOWEST * 60


async def test_nobody_is_blamed_for_what_we_do_not_read(impatient: Host) -> None:
    client = await impatient.connect()
    client.say("POST /slow HTTP/1.1", "Host: x", "Content-Length: 1000000", "", "")
    client.say("x" * 200_000)
    (connection,) = impatient.state.connections
    await until(lambda: connection.flow.read_paused)
    silent = await impatient.connect()
    await impatient.look_until(lambda: len(impatient.state.connections) == 1)
    assert await silent.is_closed()
    impatient.may_answer.set()
    assert (await client.hear()).status == 200


async def test_an_answer_that_was_given_is_not_followed_by_another(impatient: Host) -> None:
    impatient.may_answer.set()
    client = await impatient.connect()
    client.say("POST /slow HTTP/1.1", "Host: x", "Content-Length: 10", "", "12345")
    assert (await client.hear()).status == 200
    await impatient.look_until(impatient.is_empty)
    assert await client.is_closed()


async def test_who_does_not_read_is_cut_off(impatient: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "SLOWEST", 2**40)
    client = await impatient.connect()
    client.ask("/large")
    await impatient.look_until(impatient.is_empty)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await client.hear()


async def test_who_reads_slowly_gets_all_of_it(host: Host, client: Connection) -> None:
    client.ask("/large")
    (connection,) = host.state.connections
    await until(lambda: connection.flow.write_paused)
    host.look()
    assert len((await client.hear()).body) == 2**23
    assert Protocol.unread._total == 0


async def test_what_nobody_reads_is_bounded_for_all_together(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    several = [await host.connect() for _ in range(8)]
    monkeypatch.setattr(protocol, "UNREAD_MAX", 2**23)  # One alone may wait, however little the system takes of it.
    for one in several:
        newest = next(reversed(Protocol.unread._sizes), None)
        one.ask("/large")
        await until(lambda newest=newest: next(reversed(Protocol.unread._sizes), None) is not newest)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await several[0].hear()
    assert len((await several[-1].hear()).body) == 2**23


# Too much.


async def test_headers_without_an_end_are_refused(host: Host, client: Connection) -> None:
    client.say("GET /health HTTP/1.1", "Host: x", "X-A: " + "a" * protocol.HEAD_MAX)
    answer = await client.hear()
    assert (answer.status, answer.code) == (431, "headers_too_large")
    assert await client.is_closed()
    assert host.is_empty()


async def test_what_is_not_http_is_refused_with_a_problem(client: Connection) -> None:
    client.say("HELO example.com", "", "")
    answer = await client.hear()
    assert (answer.status, answer.code, answer.headers["connection"]) == (400, "malformed_request", "close")
    assert await client.is_closed()


@pytest.mark.parametrize("rest", ["HELO", "GET / HTTP/1.1\r\nX-A: " + "a" * protocol.HEAD_MAX])
async def test_what_follows_a_request_that_has_no_answer_yet_gets_none_in_its_place(
    client: Connection, rest: str
) -> None:
    client.say("POST /slow HTTP/1.1", "Host: x", "Content-Length: 0", "", rest)
    assert await client.is_closed()


async def test_some_requests_may_be_sent_ahead_and_are_answered_in_turn(client: Connection) -> None:
    for number in range(protocol.PIPELINED_MAX):
        client.ask("/health", f"X-Request-ID: {number}")
    ids = [(await client.hear()).headers["x-request-id"] for _ in range(protocol.PIPELINED_MAX)]
    assert ids == [str(number) for number in range(protocol.PIPELINED_MAX)]


async def test_too_many_requests_sent_ahead_are_cut_off(host: Host, client: Connection) -> None:
    (connection,) = host.state.connections
    client.say("GET /health HTTP/1.1\r\n\r\n" * (5 * protocol.PIPELINED_MAX))
    await until(host.is_empty)
    assert len(connection._pipelined) <= protocol.PIPELINED_MAX  # type: ignore[union-attr]


async def test_one_connection_too_many_is_told_so_and_the_others_are_served() -> None:
    async with serving(DOABLE_MAX_CONNECTIONS="1") as host:
        first, second = await host.connect(), await host.connect()
        for path in ("/health", "/api/me"):
            second.ask(path, "X-Request-ID: 7")
            answer = await second.hear()
            first.ask(path)
            served = await first.hear()
            if path == "/health":
                assert answer.status == served.status == 200
        assert served.status == 401
        assert (answer.status, answer.code, answer.headers["connection"]) == (503, "overloaded", "close")
        assert await second.is_closed()


async def test_far_too_many_connections_are_not_even_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "SURPLUS", 0)
    async with serving(DOABLE_MAX_CONNECTIONS="1") as host:
        await host.connect()
        reader, writer = await asyncio.open_connection("127.0.0.1", host.port)
        assert await Connection(reader, writer).is_closed()
        writer.close()


# Too much to do.


async def test_who_comes_when_there_is_too_much_to_do_is_told_at_once(host: Host, client: Connection) -> None:
    host.length = 4
    client.ask("/api/me/tasks", "X-Request-ID: look-for-me", f"Origin: {PAGE}")
    answer = await client.hear()
    assert (answer.status, answer.code) == (503, "overloaded")
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["x-request-id"] == "look-for-me"
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["cache-control"] == "no-store"
    assert host.admission.refused == 1


@pytest.mark.parametrize("path", ["/health", "/health/pool", "/metrics"])
async def test_who_looks_after_the_service_is_always_answered(host: Host, client: Connection, path: str) -> None:
    host.length = 4
    client.ask(path)
    assert (await client.hear()).status != 503


async def test_a_browser_may_always_ask_first(host: Host, client: Connection) -> None:
    host.length = 4
    client.ask("/api/me/tasks", f"Origin: {PAGE}", "Access-Control-Request-Method: POST", method="OPTIONS")
    assert (await client.hear(bare=True)).status == 204


async def test_a_long_body_that_was_refused_gets_no_second_answer(host: Host, client: Connection) -> None:
    host.length = 4
    size = 2 * protocol.HEAD_MAX
    client.say("POST /echo HTTP/1.1", "Host: x", f"Content-Length: {size}", "", "")
    assert (await client.hear()).status == 503
    host.length = 0
    client.say("x" * size)
    client.ask()
    assert (await client.hear()).status == 200


async def test_the_connection_goes_on_after_a_refusal(host: Host, client: Connection) -> None:
    host.length = 4
    client.say("POST /echo HTTP/1.1", "Host: x", "Content-Length: 100", "", "GET / HTTP/1.1")
    assert (await client.hear()).status == 503
    client.say("x" * (100 - len("GET / HTTP/1.1")))
    client.ask("/echo", method="HEAD")
    assert (await client.hear(bare=True)).status == 503
    host.length = 0
    client.ask()
    assert (await client.hear()).status == 200
    assert host.admission.starting == 0


async def test_who_did_not_wait_is_refused_again_while_the_overload_lasts(host: Host, client: Connection) -> None:
    other = await host.connect()
    host.length = 4
    client.ask("/api/me")
    assert (await client.hear()).status == 503
    host.length = 0
    host.admission.is_overloaded = True
    host.admission._ends_at = host.admission._busy_at = float("inf")
    client.ask("/api/me")
    other.ask("/api/me")
    assert (await client.hear()).status == 503
    assert (await other.hear()).status == 401


async def test_who_waited_is_heard_again(host: Host, client: Connection) -> None:
    host.length = 4
    client.ask("/api/me")
    assert (await client.hear()).status == 503
    (connection,) = host.state.connections
    await until(lambda: not connection.flow.read_paused)
    await until(lambda: not connection._is_late)  # type: ignore[union-attr]
    host.length = 0
    host.admission.is_overloaded = True
    host.admission._ends_at = host.admission._busy_at = float("inf")
    client.ask("/api/me")
    assert (await client.hear()).status == 401


async def test_what_was_sent_ahead_with_a_refused_request_is_answered(host: Host, client: Connection) -> None:
    host.length = 4
    client.say("GET /api/me HTTP/1.1\r\nHost: x\r\n\r\n", "GET /health/slow HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await client.hear()).status == 503
    (connection,) = host.state.connections
    await until(lambda: not connection.flow.read_paused)
    host.may_answer.set()
    assert (await client.hear()).status == 200


async def test_refusals_are_counted_for_whoever_watches() -> None:
    async with serving(DOABLE_METRICS_TOKEN="a token of the tests") as host:
        client = await host.connect()
        host.length = 4
        client.ask("/api/me")
        await client.hear()
        client.ask("/metrics", "Authorization: Bearer a token of the tests")
        assert b'doable_problems_total{code="overloaded"} 1.0' in (await client.hear()).body


@pytest.mark.parametrize(
    ("headers", "version"),
    [(["Connection: close"], "1.1"), ([], "1.0"), (["Expect: 100-continue", "Content-Length: 9"], "1.1")],
)
async def test_a_connection_that_can_not_go_on_is_closed(
    host: Host, client: Connection, headers: list[str], version: str
) -> None:
    host.length = 4
    client.ask("/echo", *headers, method="POST", version=version)
    answer = await client.hear()
    assert (answer.status, answer.headers["connection"]) == (503, "close")
    assert await client.is_closed()


async def test_who_is_refused_while_the_service_stops_is_told_to_go(host: Host, client: Connection) -> None:
    host.state.default_headers.append((b"connection", b"close"))
    host.length = 4
    client.ask("/api/me")
    assert (await client.hear()).status == 503
    assert await client.is_closed()


async def test_who_goes_away_after_a_refusal_is_forgotten(host: Host, client: Connection) -> None:
    host.length = 4
    client.ask("/api/me")
    await client.hear()
    (connection,) = host.state.connections
    connection.transport.abort()
    await until(host.is_empty)
    connection._listen()  # type: ignore[union-attr]


async def test_nobody_is_refused_before_an_answer_that_is_due(host: Host, client: Connection) -> None:
    client.ask("/slow", "Content-Length: 0", method="POST")
    await until(lambda: host.admission.starting == 0 and host.state.tasks)
    host.length = 4
    client.ask("/api/me")
    (connection,) = host.state.connections
    await until(lambda: connection._pipelined)
    host.may_answer.set()
    assert [(await client.hear()).status for _ in range(2)] == [200, 401]
