"""What a client gets that is slow, wants too much, or comes when there is too much to do: over real connections."""

import asyncio
import io
import json
from typing import cast

import pytest

from doable.logs import RequestLog
from doable.server import connection as bounds
from doable.server.connection import Connection
from hosting import Client, Host, serving
from waits import until

PAGE = "http://localhost:3000"


# Answers.


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the server hands to the system, piece by piece."""
    pieces: list[bytes] = []
    connection_made = Connection.connection_made

    class Listened:
        def __init__(self, transport: asyncio.Transport) -> None:
            self._transport = transport

        def write(self, data: bytes) -> None:
            pieces.append(data)
            self._transport.write(data)

        def __getattr__(self, name: str) -> object:
            return getattr(self._transport, name)

    monkeypatch.setattr(
        Connection,
        "connection_made",
        lambda self, transport: connection_made(self, cast("asyncio.Transport", Listened(transport))),
    )
    return pieces


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/health"), ("HEAD", "/health"), ("GET", "/api/me"), ("OPTIONS", "/")]
)
async def test_an_answer_is_sent_in_one_piece(writes: list[bytes], client: Client, method: str, path: str) -> None:
    client.ask(path, "Origin: x", "Access-Control-Request-Method: GET", method=method)
    head = (await client.reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = 0 if method in {"HEAD", "OPTIONS"} else int(head.partition("content-length: ")[2].partition("\r")[0])
    body = await client.reader.readexactly(length)
    assert writes == [writes[0]]
    assert writes[0].lower() == head.encode() + body.lower()
    client.ask()
    assert (await client.hear()).status == 200  # What follows is not a body that was not announced.


async def test_an_answer_in_parts_is_sent_as_they_come(writes: list[bytes], client: Client) -> None:
    client.ask("/parts")
    assert (await client.hear()).body == b"ab"
    assert writes[1:] == [b"a", b"b"]


async def test_an_answer_waits_until_the_one_before_it_is_read(host: Host, client: Client) -> None:
    client.ask("/large")
    client.ask("/health")
    (connection,) = host.state.connections
    await until(lambda: not connection.can_write.is_set() and host.state.tasks)
    assert len((await client.hear()).body) == 2**23
    assert (await client.hear()).status == 200


async def test_an_answer_that_is_not_ours_is_sent_too(client: Client) -> None:
    client.ask("/foreign")
    assert (await client.hear()).body == b"foreign"


@pytest.mark.parametrize("way", ["silently", "loudly", "longer"])
async def test_what_is_not_as_long_as_it_said_can_be_seen_to_break_off(client: Client, way: str) -> None:
    client.ask(f"/broken/{way}")
    with pytest.raises(asyncio.IncompleteReadError):
        await client.hear()


async def test_a_header_can_not_forge_another(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.ask("/forged")
    answer = await client.hear()
    assert (answer.status, "set-cookie" in answer.headers) == (500, False)
    assert "a line break in a header" in caplog.text


@pytest.mark.parametrize(("headers", "version"), [(["Connection: close"], "1.1"), ([], "1.0")])
async def test_a_client_that_wants_one_answer_gets_one(client: Client, headers: list[str], version: str) -> None:
    client.ask("/health", *headers, version=version)
    answer = await client.hear()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert await client.is_closed()


async def test_who_is_answered_while_the_service_stops_is_told_to_go(host: Host, client: Client) -> None:
    host.state.headers.append((b"connection", b"close"))
    client.ask()
    assert (await client.hear()).headers["connection"] == "close"
    assert await client.is_closed()


async def test_nothing_is_said_to_who_is_gone(host: Host, writes: list[bytes], client: Client) -> None:
    client.ask("/health/slow")
    await until(lambda: host.state.tasks)
    client.reset()
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


async def test_the_time_for_what_can_not_be_read_is_not_counted(impatient: Host) -> None:
    client = await impatient.connect()
    client.ask("/health/slow")
    client.say("HELO")
    (connection,) = impatient.state.connections
    await until(lambda: connection._is_deaf)
    silent = await impatient.connect()
    await impatient.look_until(lambda: len(impatient.state.connections) == 1)
    impatient.may_answer.set()
    assert [(await client.hear()).status for _ in range(2)] == [200, 400]
    assert await silent.is_closed()


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
    host: Host, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "KEEP_ALIVE_SECONDS", 0.2)
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
    client.say("POST /echo HTTP/1.1", "Host: x", f"Content-Length: {bounds.MIN_BYTES_PER_SECOND * 60}", "", "")
    client.say("x" * (bounds.MIN_BYTES_PER_SECOND * 59))
    await until(lambda: any(one._received > bounds.MIN_BYTES_PER_SECOND * 20 for one in impatient.state.connections))
    await impatient.look_until(lambda: len(impatient.state.connections) == 1)
    assert await silent.is_closed()
    client.say("x" * bounds.MIN_BYTES_PER_SECOND)
    assert len((await client.hear()).body) == bounds.MIN_BYTES_PER_SECOND * 60


async def test_nobody_is_blamed_for_what_we_do_not_read(impatient: Host) -> None:
    client = await impatient.connect()
    client.say("POST /slow HTTP/1.1", "Host: x", "Content-Length: 1000000", "", "")
    client.say("x" * 200_000)
    (connection,) = impatient.state.connections
    await until(lambda: connection._is_paused)
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
    monkeypatch.setattr(bounds, "MIN_BYTES_PER_SECOND", 2**40)
    client = await impatient.connect()
    client.ask("/large")
    await impatient.look_until(impatient.is_empty)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await client.hear()


async def test_who_reads_slowly_gets_all_of_it(host: Host, client: Client) -> None:
    client.ask("/large")
    (connection,) = host.state.connections
    await until(lambda: not connection.can_write.is_set())
    host.look()
    assert len((await client.hear()).body) == 2**23
    assert host.state.unread.total == 0


async def test_what_nobody_reads_is_bounded_for_all_together(host: Host) -> None:
    several = [await host.connect() for _ in range(8)]
    host.state.unread._most = 2**23  # One alone may wait, however little the system takes of it.
    for one in several:
        newest = next(reversed(host.state.unread._sizes), None)
        one.ask("/large")
        await until(lambda newest=newest: next(reversed(host.state.unread._sizes), None) is not newest)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await several[0].hear()
    assert len((await several[-1].hear()).body) == 2**23


# Too much.


async def test_headers_without_an_end_are_refused(host: Host, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.say("GET /health HTTP/1.1", "Host: x", "X-A: " + "a" * bounds.HEAD_MAX)
    answer = await client.hear()
    assert (answer.status, answer.code) == (431, "headers_too_large")
    assert await client.is_closed()
    assert not host.is_empty()  # It has time to read that.
    monkeypatch.setattr(bounds, "LINGER_SECONDS", 0)
    await host.look_until(host.is_empty)


async def test_what_is_not_http_is_refused_with_a_problem(client: Client) -> None:
    client.say("HELO example.com", "", "")
    answer = await client.hear()
    assert (answer.status, answer.code, answer.headers["connection"]) == (400, "malformed_request", "close")
    assert await client.is_closed()


@pytest.mark.parametrize(
    ("rest", "status"), [("HELO", 400), ("GET / HTTP/1.1\r\nX-A: " + "a" * bounds.HEAD_MAX * 2, 431)]
)
async def test_what_can_not_be_read_is_refused_after_the_answers_before_it(
    host: Host, client: Client, rest: str, status: int
) -> None:
    client.say("POST /slow HTTP/1.1", "Host: x", "Content-Length: 0", "", "")
    client.ask("/health")
    client.say(rest)
    (connection,) = host.state.connections
    await until(lambda: connection._ahead)
    host.may_answer.set()
    assert [(await client.hear()).status for _ in range(3)] == [200, 200, status]
    assert await client.is_closed()


async def test_some_requests_may_be_sent_ahead_and_are_answered_in_turn(client: Client) -> None:
    for number in range(bounds.PIPELINED_MAX):
        client.ask("/health", f"X-Request-ID: {number}")
    ids = [(await client.hear()).headers["x-request-id"] for _ in range(bounds.PIPELINED_MAX)]
    assert ids == [str(number) for number in range(bounds.PIPELINED_MAX)]


async def test_too_many_requests_sent_ahead_are_cut_off(host: Host, client: Client) -> None:
    (connection,) = host.state.connections
    client.say("GET /health HTTP/1.1\r\n\r\n" * (5 * bounds.PIPELINED_MAX))
    await until(host.is_empty)
    assert len(connection._ahead) <= bounds.PIPELINED_MAX


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
    monkeypatch.setattr(bounds, "SURPLUS_CONNECTIONS", 0)
    async with serving(DOABLE_MAX_CONNECTIONS="1") as host:
        await host.connect()
        reader, writer = await asyncio.open_connection("127.0.0.1", host.port)
        assert await Client(reader, writer).is_closed()
        writer.close()


NINE = "Content-Length: 9\r\n\r\n1"


async def test_what_the_server_answers_itself_is_logged_once(impatient: Host) -> None:
    """But for those that it turns away, of which it tells once a second how many there were."""
    log = io.StringIO()
    impatient.app.outermost._log = requests = RequestLog(log, json=True)
    for sent in (
        "HELO\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "a:\r\n" * 200,
        "GET /half?secret=1 HTTP/1.1\r\n",
        "POST /e%63ho?secret=1 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\nX-Request-ID: me\r\n" + NINE,
    ):
        (await impatient.connect()).say(sent)
        await impatient.look_until(impatient.is_empty)
    impatient.length = 4
    client = await impatient.connect()
    client.ask("/api/me/tasks")
    assert (await client.hear()).code == "overloaded"
    requests.flush()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["method"], line["path"], line["status"], line["code"], line["client"]) for line in lines] == [
        ("", "", 400, "malformed_request", "127.0.0.1"),
        ("", "", 431, "headers_too_large", "127.0.0.1"),
        ("", "", 408, "request_timeout", "127.0.0.1"),
        ("POST", "/echo", 408, "request_timeout", "192.0.2.1"),
    ]
    assert lines[-1]["request_id"] == "me"


# Too much to do.


async def test_who_comes_when_there_is_too_much_to_do_is_told_at_once(host: Host, client: Client) -> None:
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
async def test_who_looks_after_the_service_is_always_answered(host: Host, client: Client, path: str) -> None:
    host.length = 4
    client.ask(path)
    assert (await client.hear()).status != 503


async def test_a_browser_may_always_ask_first(host: Host, client: Client) -> None:
    host.length = 4
    client.ask("/api/me/tasks", f"Origin: {PAGE}", "Access-Control-Request-Method: POST", method="OPTIONS")
    assert (await client.hear(bare=True)).status == 204


async def test_a_long_body_that_was_refused_gets_no_second_answer(host: Host, client: Client) -> None:
    host.length = 4
    size = 2 * bounds.HEAD_MAX
    client.say("POST /echo HTTP/1.1", "Host: x", f"Content-Length: {size}", "", "")
    assert (await client.hear()).status == 503
    host.length = 0
    client.say("x" * size)
    client.ask()
    assert (await client.hear()).status == 200


async def test_the_connection_goes_on_after_a_refusal(host: Host, client: Client) -> None:
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


async def test_who_did_not_wait_is_refused_again_while_the_overload_lasts(host: Host, client: Client) -> None:
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


async def test_who_waited_is_heard_again(host: Host, client: Client) -> None:
    host.length = 4
    client.ask("/api/me")
    assert (await client.hear()).status == 503
    (connection,) = host.state.connections
    await until(lambda: not connection._is_paused)
    await until(lambda: not connection._is_late)
    host.length = 0
    host.admission.is_overloaded = True
    host.admission._ends_at = host.admission._busy_at = float("inf")
    client.ask("/api/me")
    assert (await client.hear()).status == 401


async def test_what_was_sent_ahead_with_a_refused_request_is_answered(host: Host, client: Client) -> None:
    host.length = 4
    client.say("GET /api/me HTTP/1.1\r\nHost: x\r\n\r\n", "GET /health/slow HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await client.hear()).status == 503
    (connection,) = host.state.connections
    await until(lambda: not connection._is_paused)
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
    host: Host, client: Client, headers: list[str], version: str
) -> None:
    host.length = 4
    client.ask("/echo", *headers, method="POST", version=version)
    answer = await client.hear()
    assert (answer.status, answer.headers["connection"]) == (503, "close")
    assert await client.is_closed()


async def test_who_is_refused_while_the_service_stops_is_told_to_go(host: Host, client: Client) -> None:
    host.state.headers.append((b"connection", b"close"))
    host.length = 4
    client.ask("/api/me")
    assert (await client.hear()).status == 503
    assert await client.is_closed()


async def test_who_goes_away_after_a_refusal_is_forgotten(host: Host, client: Client) -> None:
    host.length = 4
    client.ask("/api/me")
    await client.hear()
    (connection,) = host.state.connections
    connection.transport.abort()
    await until(host.is_empty)
    connection._listen_again()


async def test_nobody_is_refused_before_an_answer_that_is_due(host: Host, client: Client) -> None:
    client.ask("/slow", "Content-Length: 0", method="POST")
    await until(lambda: host.admission.starting == 0 and host.state.tasks)
    host.length = 4
    client.ask("/api/me")
    (connection,) = host.state.connections
    await until(lambda: connection._ahead)
    host.may_answer.set()
    assert [(await client.hear()).status for _ in range(2)] == [200, 401]


async def test_who_floods_while_there_is_too_much_to_do_is_refused_twice_at_most(host: Host, client: Client) -> None:
    host.length = 4
    client.say("GET /api/me HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
    answers = [await client.hear() for _ in range(2)]
    assert [(answer.status, answer.headers.get("connection")) for answer in answers] == [(503, None), (503, "close")]
    assert await client.is_closed()
    assert host.admission.refused == 2


async def test_a_question_that_is_always_answered_does_not_end_the_pause(host: Host, client: Client) -> None:
    host.length = 4
    client.say("GET /api/me HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [(await client.hear()).status for _ in range(2)] == [503, 200]
    (connection,) = host.state.connections
    assert connection._is_paused
    await until(lambda: not connection._is_paused)


async def test_a_refusal_is_not_added_to_what_nobody_reads(host: Host, client: Client) -> None:
    client.ask("/large")
    (connection,) = host.state.connections
    await until(lambda: not connection.can_write.is_set())
    await until(lambda: not host.state.tasks)
    host.length = 4
    client.ask("/api/me")
    await until(lambda: host.admission.refused)
    assert len((await client.hear()).body) == 2**23
    assert (await client.hear()).headers["connection"] == "close"
    assert await client.is_closed()
