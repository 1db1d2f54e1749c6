"""Requests that could be read in two ways are refused by the application itself, whatever server it runs below."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from timeit import timeit
from typing import Any

import pytest
from fastapi import FastAPI

from doable.http.framing import HOST_MAX, HOSTS_MAX, LINES_MAX, TARGET_MAX, _known_hosts, refusal
from tokens import hs256

HOST = (b"host", b"doable.test")
CHUNKED = (b"transfer-encoding", b"chunked")


@dataclass
class Answer:
    status: int
    headers: dict[bytes, bytes]
    body: dict[str, Any]


def scope_of(*headers: tuple[bytes, bytes], version: str = "1.1", path: bytes = b"/health", query: bytes = b"") -> Any:
    return {
        "type": "http",
        "http_version": version,
        "method": "GET",
        "path": path.decode(),
        "raw_path": path,
        "query_string": query,
        "headers": list(headers),
        "scheme": "http",
    }


async def ask(app: FastAPI, *headers: tuple[bytes, bytes], **scope: Any) -> Answer:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("nobody reads the body of a request that is refused, or that needs none")

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope_of(*headers, **scope), receive, send)
    start, end = sent
    return Answer(start["status"], dict(start["headers"]), json.loads(end["body"]))


def require_refused(answer: Answer, status: int = 400, code: str = "malformed_request") -> None:
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers[b"content-type"] == b"application/problem+json"
    assert answer.headers[b"connection"] == b"close"
    assert answer.headers[b"x-request-id"]
    assert answer.body["error"]


@pytest.mark.parametrize("version", ["1.0", "1.1", "2", "3"])
async def test_a_request_as_it_should_be_is_served_in_every_version(app: FastAPI, version: str) -> None:
    answer = await ask(app, HOST, version=version)
    assert (answer.status, answer.headers.get(b"connection")) == (200, None)


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "3.0", "", "1", "9.9"])
async def test_a_version_that_is_none_is_refused(app: FastAPI, version: str) -> None:
    require_refused(await ask(app, HOST, version=version))


@pytest.mark.parametrize(("version", "status"), [("1.0", 200), ("1.1", 400), ("2", 200), ("3", 200)])
async def test_only_http_1_1_must_name_a_host(app: FastAPI, version: str, status: int) -> None:
    assert (await ask(app, version=version)).status == status


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("other", [b"doable.test", b"evil.example", b""])
async def test_two_hosts_are_refused_also_equal_ones(app: FastAPI, version: str, other: bytes) -> None:
    require_refused(await ask(app, HOST, (b"host", other), version=version))


@pytest.mark.parametrize(
    "host",
    [
        *(
            "x",
            "localhost:8000",
            "tasks.example.com:",
            "192.0.2.1:80",
            "[::1]",
            "[2001:db8::7]:8000",
            "a_b",
            "caf%C3%A9",
        ),
        *("xn--caf-dma.example", "a,b", "~", "%41", "[::ffff:192.0.2.1]", "x" * (HOST_MAX - 6) + ":65535"),
    ],
)
async def test_a_host_is_a_name_or_an_address_with_or_without_a_port(app: FastAPI, host: str) -> None:
    assert (await ask(app, (b"host", host.encode()))).status == 200


@pytest.mark.parametrize(
    "host",
    [
        *("", " ", ":80", "a b", "a/b", "a\\b", "http://a", "a@b", "user:pw@a", "a:b", "a:80:80", "a:-1", "a:123456"),
        *(
            "a?b",
            "a#b",
            "café",
            "a\tb",
            "a\0",
            "a\n",
            "%4",
            "%zz",
            "[",
            "[]",
            "[::1",
            "::1",
            "[x]",
            "[:::]",
            "[1.2.3.4]",
        ),
        *("[::1%eth0]", "[v1.a]", "[::1]80", "a, a", "<script>", '"', "x" * (HOST_MAX + 1)),
    ],
)
async def test_what_is_no_host_is_refused(app: FastAPI, host: str) -> None:
    for version in ("1.0", "1.1", "2"):
        assert (await ask(app, (b"host", host.encode("latin-1")), version=version)).status == 400


async def test_few_hosts_are_remembered_and_all_are_served(app: FastAPI) -> None:
    for number in range(3 * HOSTS_MAX):
        assert refusal(scope_of((b"host", b"%d.example" % number))) is None
        assert len(_known_hosts) <= HOSTS_MAX
    assert (await ask(app, HOST)).status == 200


async def test_an_answer_in_http_2_has_no_connection_header(app: FastAPI) -> None:
    answer = await ask(app, (b"host", b"a b"), version="2")
    assert (answer.status, b"connection" in answer.headers) == (400, False)


@pytest.mark.parametrize("coding", [b"chunked", b"Chunked", b"CHUNKED"])
async def test_a_body_in_chunks_is_fine(app: FastAPI, coding: bytes) -> None:
    assert (await ask(app, HOST, (b"transfer-encoding", coding))).status == 200


@pytest.mark.parametrize(
    "coding",
    [
        *(
            b"gzip, chunked",
            b"chunked, gzip",
            b"chunked, chunked",
            b"identity",
            b"xchunked",
            b"chunked;q=1",
            b"chunked,",
        ),
        *(b"", b"gzip", b" chunked", b"chunked ", b"\x0bchunked", b'"chunked"', b"chunk"),
    ],
)
async def test_another_transfer_coding_is_not_implemented(app: FastAPI, coding: bytes) -> None:
    require_refused(await ask(app, HOST, (b"transfer-encoding", coding)), 501, "transfer_coding_unsupported")


async def test_two_transfer_codings_are_not_implemented(app: FastAPI) -> None:
    require_refused(await ask(app, HOST, CHUNKED, CHUNKED), 501, "transfer_coding_unsupported")


@pytest.mark.parametrize("coding", [b"chunked", b"gzip", b"identity"])
async def test_a_length_beside_a_transfer_coding_is_refused(app: FastAPI, coding: bytes) -> None:
    both = [(b"content-length", b"5"), (b"transfer-encoding", coding)]
    require_refused(await ask(app, HOST, *both))
    require_refused(await ask(app, HOST, *reversed(both)))


@pytest.mark.parametrize("version", ["1.0", "2", "3"])
async def test_only_http_1_1_has_transfer_codings(app: FastAPI, version: str) -> None:
    assert (await ask(app, HOST, CHUNKED, version=version)).status == 400


@pytest.mark.parametrize("length", [b"0", b"5", b"00005", b"0" * 18, b"9" * 18])
async def test_a_length_is_a_number(app: FastAPI, length: bytes) -> None:
    assert (await ask(app, HOST, (b"content-length", length))).status == 200


@pytest.mark.parametrize(
    "length",
    [
        *(b"", b"-1", b"+5", b"5 ", b" 5", b"5,5", b"5, 5", b"0x5", b"5_0", b"1e3", b"5.0", b"x", b"\xb2", b"\xd9\xa5"),
        *(b"9" * 19, b"0" * 19, b"9" * 5000),
    ],
)
async def test_what_is_no_length_is_refused(app: FastAPI, length: bytes) -> None:
    require_refused(await ask(app, HOST, (b"content-length", length)))


async def test_two_lengths_are_refused_also_equal_ones(app: FastAPI) -> None:
    for other in (b"5", b"6", b""):
        require_refused(await ask(app, HOST, (b"content-length", b"5"), (b"content-length", other)))


@pytest.mark.parametrize(
    "name",
    [
        *(b"authorization", b"content-type", b"idempotency-key", b"last-event-id", b"origin", b"referer"),
        b"access-control-request-method",
    ],
)
async def test_a_header_that_has_one_value_comes_once(app: FastAPI, name: bytes) -> None:
    require_refused(await ask(app, HOST, (name, b"a"), (name, b"a")))
    assert (await ask(app, HOST, (name, b"a"))).status == 200


@pytest.mark.parametrize("name", [b"cookie", b"if-match", b"if-none-match", b"x-forwarded-for", b"accept", b"via"])
async def test_a_header_that_is_a_list_may_come_in_several_lines(app: FastAPI, name: bytes) -> None:
    assert (await ask(app, HOST, (name, b"a"), (name, b"b"))).status == 200


async def test_a_second_media_type_is_not_hidden_behind_the_first(app: FastAPI) -> None:
    types = [(b"content-type", b"application/json; a=b"), (b"content-type", b"text/plain")]
    credential = (b"authorization", f"Bearer {hs256('alice')}".encode())
    require_refused(await ask(app, HOST, credential, *types, path=b"/api/me/tasks"))


def many(name: bytes, value: bytes, lines: int) -> Iterable[tuple[bytes, bytes]]:
    return [(name, value)] * lines


async def test_a_hundred_lines_are_enough(app: FastAPI) -> None:
    assert (await ask(app, HOST, *many(b"x-a", b"a", LINES_MAX - 1))).status == 200
    answer = await ask(app, HOST, *many(b"x-a", b"a", LINES_MAX))
    require_refused(answer, 431, "headers_too_large")


async def test_fifteen_thousand_equal_headers_are_never_joined(app: FastAPI) -> None:
    scope = scope_of(HOST, *many(b"x-a", b"a" * 10, 15_000))
    assert timeit(lambda: refusal(dict(scope)), number=100) / 100 < 0.001  # joining them takes 17 ms
    require_refused(await ask(app, *scope["headers"]), 431, "headers_too_large")


async def test_a_path_and_a_query_have_a_bound_together(app: FastAPI) -> None:
    query = b"a" * (TARGET_MAX - len("/health"))
    assert (await ask(app, HOST, query=query)).status == 200
    require_refused(await ask(app, HOST, query=query + b"a"), 414, "target_too_long")
    require_refused(await ask(app, HOST, path=b"/" + b"a" * TARGET_MAX), 414, "target_too_long")


async def test_a_preflight_is_held_to_the_same(app: FastAPI) -> None:
    asks = [(b"origin", b"http://localhost:3000"), (b"access-control-request-method", b"GET")]
    scope = scope_of(*asks) | {"method": "OPTIONS"}
    found = refusal(scope)
    assert found is not None
    assert found.code == "malformed_request"
    answer = await ask(app, *asks)
    require_refused(answer)
    assert answer.headers[b"access-control-allow-origin"] == b"http://localhost:3000"  # The page may read why.
