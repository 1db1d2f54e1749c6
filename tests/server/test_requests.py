"""Where one request ends and the next begins, whatever a client writes into it: over real connections."""

import asyncio

import pytest
import uvloop

from doable.http.framing import LINES_MAX
from doable.server import connection as bounds
from hosting import Client, Host, serving
from waits import until

SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADES = [
    ["Connection: Upgrade", "Upgrade: websocket"],
    ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"],
]


@pytest.mark.parametrize("upgrade", UPGRADES)
@pytest.mark.parametrize("is_together", [True, False], ids=["together", "apart"])
async def test_a_request_that_wishes_for_another_protocol_ends_where_its_body_does(
    client: Client, upgrade: list[str], *, is_together: bool
) -> None:
    head = ["POST /echo HTTP/1.1", "Host: x", *upgrade, f"Content-Length: {len(SMUGGLED)}", "", ""]
    if is_together:
        client.say(*head[:-1], SMUGGLED)
    else:
        client.say(*head)
        await client.pause()
        client.say(SMUGGLED)
    client.ask("/health")
    assert (await client.hear()).body == SMUGGLED.encode()
    assert (await client.hear()).status == 200


async def test_such_wishes_may_be_sent_ahead(client: Client) -> None:
    chunked = [*UPGRADES[0], "Transfer-Encoding: chunked"]
    body = "2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"
    for _ in range(20):
        client.say("POST /echo HTTP/1.1", "Host: x", *chunked, "", body)
    assert [(await client.hear()).body for _ in range(20)] == [b"abc"] * 20


@pytest.mark.parametrize("upgrade", UPGRADES)
async def test_such_a_wish_does_not_hide_what_is_wrong(client: Client, upgrade: list[str]) -> None:
    client.say("POST /echo HTTP/1.1", "Host: x", *upgrade, "Transfer-Encoding: xchunked", "", "3\r\nabc\r\n0\r\n\r\n")
    assert (await client.hear()).code == "malformed_request"
    assert await client.is_closed()


async def test_nobody_is_connected_to_somebody_else(client: Client) -> None:
    client.say("CONNECT example.com:443 HTTP/1.1", "Host: example.com:443", "", SMUGGLED)
    assert (await client.hear()).code == "malformed_request"
    assert await client.is_closed()


async def test_a_trailer_is_no_header(client: Client) -> None:
    client.say(
        "POST /seen HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "3\r\nabc\r\n0\r\nX-Forged: y\r\n\r\n"
    )
    assert (await client.hear()).body == b"host, transfer-encoding"


async def test_a_trailer_may_end_the_connection_and_nothing_else(host: Host, client: Client) -> None:
    """The parser heeds it, and could not read a next request."""
    close = ["Host: x", "Transfer-Encoding: chunked", "", "0\r\nConnection: close\r\n\r\n"]
    client.say("POST /echo HTTP/1.1", *close)
    client.say(SMUGGLED)
    answer = await client.hear()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert await client.is_closed()
    client = await host.connect()
    client.say("POST /unread HTTP/1.1", *close[:-1], "")
    assert "connection" not in (await client.hear()).headers
    client.say(close[-1])
    assert await client.is_closed()


async def test_a_head_in_pieces_is_no_longer_than_one_in_one_piece(client: Client) -> None:
    client.say("GET /health HTTP/1.1\r\nHost: x\r\nX-A: ")
    for _ in range(3):
        client.say("a" * 23_000)
        await client.pause()
    client.say("\r\n\r\n")
    assert (await client.hear()).code == "headers_too_large"
    assert await client.is_closed()


@pytest.mark.parametrize("part", ["a:\r\n", "x-long: " + "y" * 3000 + "\r\n"])
async def test_trailers_have_an_end(host: Host, client: Client, part: str) -> None:
    client.say("POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "0\r\n")
    client.say(part * (4 * bounds.HEAD_MAX // len(part)))
    assert (await client.hear()).code == "malformed_request"
    assert await client.is_closed()
    (connection,) = host.state.connections
    assert connection._received < 4 * bounds.HEAD_MAX


async def test_a_body_is_not_padded_without_end(client: Client) -> None:
    client.say("POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "")
    client.say(f"1;{'x' * bounds.HEAD_MAX}\r\na\r\n" * 4)
    assert (await client.hear()).code == "malformed_request"


async def test_a_body_in_the_smallest_chunks_is_read(client: Client) -> None:
    client.say("POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "1\r\na\r\n" * 100_000 + "0\r\n\r\n")
    assert (await client.hear()).body == b"a" * 100_000


async def test_a_long_body_in_pieces_leaves_the_connection_as_it_was(host: Host, client: Client) -> None:
    (connection,) = host.state.connections
    for _ in range(2):
        client.say("POST /echo HTTP/1.1", "Host: x", "Content-Length: 300000", "", "")
        for number in range(6):
            client.say("x" * 50_000)
            await until(lambda number=number: connection._body >= 50_000 * (number + 1))
        assert len((await client.hear()).body) == 300_000
    client.ask()
    assert (await client.hear()).status == 200
    assert host.state.unfinished.total == 0


async def test_a_head_may_begin_where_a_long_body_ends(client: Client) -> None:
    """What comes with the end of another request is not counted as part of the head."""
    size = bounds.HEAD_MAX - 10
    client.say("POST /echo HTTP/1.1", "Host: x", f"Content-Length: {size}", "", "x" * size + "GET /health HT")
    assert len((await client.hear()).body) == size
    client.say("TP/1.1", "Host: x", "", "")
    assert (await client.hear()).status == 200


async def test_a_head_sent_ahead_is_as_long_as_any_other_may_be(client: Client) -> None:
    client.ask("/health")
    client.ask("/health", "X-A: " + "a" * 3 * bounds.HEAD_MAX)
    assert [(await client.hear()).status for _ in range(2)] == [200, 431]
    assert await client.is_closed()


@pytest.mark.parametrize("way", [["Connection: close"], []], ids=["closing", "old"])
async def test_what_follows_the_last_request_is_not_looked_at(host: Host, client: Client, way: list[str]) -> None:
    client.ask("/health/slow", *way, version="1.1" if way else "1.0")
    client.say(SMUGGLED)
    await until(lambda: host.state.tasks)
    client.say(SMUGGLED)
    await client.pause()
    host.may_answer.set()
    assert (await client.hear()).body == b"slow"
    assert await client.is_closed()


async def test_an_old_client_that_would_like_to_stay_is_told_to_go(client: Client) -> None:
    client.ask("/health", "Connection: keep-alive", version="1.0")
    client.ask("/health", "Connection: keep-alive", version="1.0")
    assert (await client.hear()).headers["connection"] == "close"
    assert await client.is_closed()


async def test_an_old_client_gets_no_chunks(client: Client) -> None:
    client.ask("/endless", version="1.0")
    async with asyncio.timeout(10):
        head, _, body = (await client.reader.read()).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head
    assert body == b"ab"


async def test_an_answer_of_unknown_length_comes_in_chunks(client: Client) -> None:
    client.ask("/endless")
    async with asyncio.timeout(10):
        head = await client.reader.readuntil(b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head
        assert await client.reader.readexactly(17) == b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n"
    client.ask("/nothing")
    head = (await client.reader.readuntil(b"\r\n\r\n")).lower()
    assert b"content-length" not in head
    assert b"transfer-encoding" not in head
    client.ask("/endless", method="HEAD")
    assert (await client.hear(bare=True)).status == 200
    client.ask("/parts", method="HEAD")
    assert (await client.hear(bare=True)).headers["content-length"] == "2"
    client.ask()
    assert (await client.hear()).status == 200


async def test_the_target_says_which_host_is_meant(client: Client) -> None:
    for target, host in (("http://a.example:8080", "a.example:8080"), ("http://[::1]/", "[::1]"), ("/", "x")):
        client.ask(target.removesuffix("/") + "/host?a=b")
        assert (await client.hear()).body == host.encode()
    client.ask("http://a.example")
    assert b"Doable" in (await client.hear()).body
    client.ask("*", method="OPTIONS")
    assert (await client.hear()).status == 404


async def test_who_asks_first_is_told_to_send_the_body_when_somebody_wants_it(client: Client) -> None:
    client.ask("/echo", "Content-Length: 3", "Expect: 100-continue", method="POST")
    async with asyncio.timeout(10):
        assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.say("abc")
    assert (await client.hear()).body == b"abc"


async def test_a_body_that_was_not_asked_for_is_not_taken_for_a_request(client: Client) -> None:
    client.ask("/unread", f"Content-Length: {len(SMUGGLED)}", "Expect: 100-continue", method="POST")
    answer = await client.hear()
    assert (answer.body, answer.headers["connection"]) == (b"unread", "close")
    client.say(SMUGGLED)
    assert await client.is_closed()


async def test_a_body_that_came_unasked_is_read(client: Client) -> None:
    client.say("POST /unread HTTP/1.1", "Host: x", "Content-Length: 3", "Expect: 100-continue", "", "abc")
    assert "connection" not in (await client.hear()).headers
    client.ask("/echo", "Content-Length: 3", "Expect: 100-continue", method="POST", version="1.0")
    client.say("abc")
    assert (await client.hear()).body == b"abc"


async def test_a_body_that_breaks_changes_nothing_and_gets_one_answer(client: Client) -> None:
    client.say("POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "3\r\nabc\r\n")
    await client.pause()
    client.say("x", SMUGGLED)
    assert (await client.hear()).code == "malformed_request"
    assert await client.is_closed()


async def test_a_body_that_breaks_in_a_request_sent_ahead_is_told_in_its_turn(host: Host, client: Client) -> None:
    client.ask("/health/slow")
    client.say("POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "x\r\n")
    (connection,) = host.state.connections
    await until(lambda: connection._is_deaf)
    host.may_answer.set()
    assert [(await client.hear()).status for _ in range(2)] == [200, 400]
    assert await client.is_closed()


async def test_what_is_wrong_with_a_body_that_nobody_reads_is_seen_after_the_answer(host: Host, client: Client) -> None:
    chunked = ["Host: x", "Transfer-Encoding: chunked", "", "3\r\nabc\r\n"]
    client.say("POST /unread HTTP/1.1", *chunked)
    assert (await client.hear()).body == b"unread"
    client.say("x")
    assert await client.is_closed()
    client = await host.connect()
    client.say("POST /slow HTTP/1.1", *chunked)
    await until(lambda: host.admission.starting == 0 and host.state.tasks)
    client.say("x")
    (connection,) = (one for one in host.state.connections if one._parting_since is None)
    await until(lambda: connection._is_deaf)
    host.may_answer.set()
    answer = await client.hear()
    assert (answer.body, answer.headers["connection"]) == (b"slow", "close")
    assert await client.is_closed()


async def test_what_is_refused_before_it_begins_never_begins(host: Host, client: Client) -> None:
    client.say("POST /count HTTP/1.1", "Host: x", "Transfer-Encoding: xchunked", "", "")
    assert (await client.hear()).code == "malformed_request"
    assert host.counted == 0


async def test_requests_of_which_the_rest_does_not_come_are_bounded_for_all_together(host: Host) -> None:
    host.state.unfinished._most = 300_000
    several = [await host.connect() for _ in range(4)]
    for one in several:
        one.say("POST /echo HTTP/1.1", "Host: x", "X-Request-ID: 7", "Content-Length: 100000", "", "x" * 90_000)
        await until(lambda: next(reversed(host.state.unfinished._sizes.values()), 0) > 90_000)
    answer = await several[0].hear()
    assert (answer.status, answer.code, answer.headers["x-request-id"]) == (503, "overloaded", "7")
    assert await several[0].is_closed()
    several[-1].say("x" * 10_000)
    assert len((await several[-1].hear()).body) == 100_000
    assert host.state.unfinished.total < 300_000


async def test_a_connection_that_only_breaks_lines_is_closed(client: Client) -> None:
    client.say("\r\n" * bounds.HEAD_MAX)
    assert (await client.hear()).code == "headers_too_large"
    assert await client.is_closed()


async def test_a_trailer_that_does_not_end_is_not_waited_for(host: Host, client: Client) -> None:
    """The parser tells of a trailer when it ends, and copies what it has of it for each part that comes."""
    client.say("POST /unread HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "")
    assert (await client.hear()).body == b"unread"
    client.say("100000\r\n" + "a" * 2**20 + "\r\n0\r\nx: ")
    (connection,) = host.state.connections
    await until(lambda: connection._body == 2**20)
    client.say("a" * bounds.HEAD_MAX)
    await until(lambda: host.state.unfinished.total >= bounds.HEAD_MAX)
    client.say("a" * 2 * bounds.HEAD_MAX)
    assert await client.is_closed()
    assert host.state.unfinished.total == 0


@pytest.mark.parametrize("upgrade", [[], UPGRADES[0]], ids=["plain", "upgrade"])
async def test_lines_beyond_those_that_there_may_be_are_not_kept(
    host: Host, client: Client, upgrade: list[str]
) -> None:
    client.say("POST /count HTTP/1.1", "Host: x", "X-Request-ID: 7", *upgrade, *["a: b"] * 9_000)
    answer = await client.hear()
    assert (answer.status, answer.code, answer.headers["x-request-id"]) == (431, "headers_too_large", "7")
    assert await client.is_closed()
    (connection,) = host.state.connections
    assert len(connection._headers) == LINES_MAX + 1
    assert host.counted == 0


async def test_what_came_before_a_request_or_twice_is_let_go_with_it(host: Host, client: Client) -> None:
    client.say("\r\n" * 1000)
    await until(lambda: host.state.unfinished.total == 2000)
    client.ask()
    assert (await client.hear()).status == 200
    assert host.state.unfinished.total == 0
    client.say("GET /health HTTP/1.1", "Host: x", *UPGRADES[0], "X-A: " + "a" * 1000)
    await until(lambda: host.state.unfinished.total > 1000)
    client.say("", "", "")
    assert (await client.hear()).status == 200
    assert host.state.unfinished.total == 0


async def test_heads_sent_ahead_count_as_unfinished(host: Host, client: Client) -> None:
    host.state.unfinished._most = 100_000
    client.ask("/health/slow")
    await until(lambda: host.state.tasks)
    for _ in range(2):
        client.ask("/health", "X-A: " + "a" * 40_000)
    (connection,) = host.state.connections
    await until(lambda: connection._ahead)
    await client.pause()
    assert 40_000 < host.state.unfinished.total < 100_000
    other = await host.connect()
    other.say("GET /health HTTP/1.1", "X-A: " + "a" * 60_000)
    assert await client.is_closed()
    await until(lambda: host.state.unfinished.total > 60_000)
    other.say("", "Host: x", "", "")
    assert (await other.hear()).status == 200
    assert host.state.unfinished.total == 0


async def test_a_client_that_has_said_all_gets_its_answer(host: Host, client: Client) -> None:
    client.ask("/slow", "Content-Length: 0", method="POST")
    await until(lambda: host.state.tasks)
    client.end()
    (connection,) = host.state.connections
    await until(lambda: connection._is_done)
    host.may_answer.set()
    answer = await client.hear()
    assert (answer.body, answer.headers["connection"]) == (b"slow", "close")
    assert await client.is_closed()
    await until(host.is_empty)


@pytest.mark.parametrize("ahead", [True, False], ids=["ahead", "alone"])
async def test_half_of_a_request_asks_for_nothing(host: Host, client: Client, *, ahead: bool) -> None:
    if ahead:
        client.ask("/health/slow")
    client.say("POST /echo HTTP/1.1", "Host: x", "Content-Length: 3", "", "ab")
    (connection,) = host.state.connections
    await until(lambda: connection._body == 2)
    connection.eof_received()  # Reading is paused while a request waits, so that the end would be seen later.
    host.may_answer.set()
    if ahead:
        assert (await client.hear()).body == b"slow"
    else:
        connection.transport.close()
    assert await client.is_closed()


async def test_a_stream_ends_with_who_asked_for_it(host: Host, client: Client) -> None:
    client.ask("/ticking")
    await client.reader.readuntil(b"tick")
    client.end()
    await until(host.is_empty)
    client = await host.connect()
    client.say("GET /health HTT")
    await client.pause()
    client.end()
    await until(host.is_empty)


async def test_nothing_stands_between_the_parts_of_an_answer(client: Client) -> None:
    client.ask("/ticking", "Expect: 100-continue")
    async with asyncio.timeout(10):
        assert b"100 Continue" not in await client.reader.readuntil(b"tick\r\n")
        assert await client.reader.readuntil(b"tick\r\n") == b"4\r\ntick\r\n"


def test_a_broken_request_of_a_client_that_is_gone_leaves_nothing() -> None:
    """On the loop of the service, which does not forgive what is written to a connection that is gone."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(break_and_go())


async def break_and_go() -> None:
    async with serving() as host:
        client = await host.connect()
        client.say("POST /slow HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "")
        await until(lambda: host.state.tasks and host.admission.starting == 0)
        client.say("zz\r\n")
        (connection,) = host.state.connections
        await until(lambda: connection._is_deaf)
        client.reset()
        await until(host.is_empty)
        host.may_answer.set()
        await until(lambda: not host.state.tasks)


async def test_who_sends_more_than_the_last_request_is_given_time_to_read(host: Host, client: Client) -> None:
    client.ask("/health/slow", "Connection: close")
    client.say("x" * 100_000)
    await until(lambda: host.state.tasks)
    await client.pause()
    host.may_answer.set()
    assert (await client.hear()).body == b"slow"
    assert await client.is_closed()
    assert not host.is_empty()
