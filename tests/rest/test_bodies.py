"""What a body may be: how long, and how it may be sent."""

import gzip
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.http.request import KIB, Request
from doable.rest import auth
from doable.rest.application import OPERATIONS
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database

PART = 4 * KIB
BOUNDS = {
    **dict.fromkeys(
        ["createTask", "quickAddTask", "updateTask", "patchTask", "moveTask", "completeTask", "skipTask"], 256
    ),
    **dict.fromkeys(
        [f"{does}{noun}" for does in ("create", "patch", "move") for noun in ("List", "Label", "Filter")], 256
    ),
    "parseFilter": 256,
    "undo": 256,
    "runBatch": 1024,
    **dict.fromkeys(["updateMe", "createToken", "signUp", "signIn", "changePassword", "revokeSession"], 16),
}


def test_every_operation_with_a_body_has_its_bound() -> None:
    operations = [*OPERATIONS, *auth.router.operations]
    assert {one.operation_id: one.body_max // KIB for one in operations if one.body} == BOUNDS


@pytest.fixture
async def visitor(address: Address) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at a service with accounts of its own."""
    app = create_app(Settings(_env_file=None, LOG_LEVEL="error"), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


class Endless:
    """A body that never ends; `read` is how many bytes of it were."""

    read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.read += PART
            yield b" " * PART


ROUTES = [
    pytest.param("POST", "/api/me/tasks", 256, "256 KiB", id="task"),
    pytest.param("PUT", "/api/me/tasks/1", 256, "256 KiB", id="update"),
    pytest.param("POST", "/api/me/batch", 1024, "1 MiB", id="batch"),
    pytest.param("POST", "/api/me/tokens", 16, "16 KiB", id="token"),
]


async def require_bounded(client: httpx.AsyncClient, method: str, path: str, most: int, told: str) -> None:
    kind = {"content-type": "application/json"}
    announced = Endless()
    length = {"content-length": str(most * KIB + 1)}
    answer = await client.request(method, path, content=announced, headers=kind | length)
    assert (answer.status_code, answer.json()["error"]) == (413, f"The request body must be {told} or less")
    assert announced.read == 0
    unannounced = Endless()
    answer = await client.request(method, path, content=unannounced, headers=kind)
    assert (answer.status_code, answer.json()["error"]) == (413, f"The request body must be {told} or less")
    assert unannounced.read == most * KIB + PART
    fits = await client.request(method, path, content=b" " * (most * KIB - 2) + b"[]", headers=kind)
    assert (fits.status_code, fits.json()["errors"][0]["code"]) == (400, "not_an_object")


@pytest.mark.parametrize(("method", "path", "most", "told"), ROUTES)
async def test_a_body_is_read_up_to_the_bound_of_its_route(
    alice: httpx.AsyncClient, method: str, path: str, most: int, told: str
) -> None:
    await require_bounded(alice, method, path, most, told)


@pytest.mark.parametrize("path", ["/api/auth/sign-up/email", "/api/auth/sign-in/email"])
async def test_a_stranger_can_make_us_keep_16_kib(visitor: httpx.AsyncClient, path: str) -> None:
    await require_bounded(visitor, "POST", path, 16, "16 KiB")


async def test_a_body_that_a_key_stands_for_is_bounded_too(alice: httpx.AsyncClient) -> None:
    body = Endless()
    answer = await alice.patch("/api/me/tasks/1/complete", content=body, headers={"idempotency-key": '"a"'})
    assert (answer.status_code, body.read) == (413, 256 * KIB + PART)


async def test_reading_many_small_parts_takes_time_in_proportion() -> None:
    async def seconds(parts: int) -> float:
        left = parts

        async def receive() -> dict[str, Any]:
            nonlocal left
            left -= 1
            return {"type": "http.request", "body": b"12345678", "more_body": left > 0}

        call = Request({"type": "http", "headers": []}, receive)
        call.body_max = 1024 * KIB
        began = time.perf_counter()
        assert await call.read_body() == b"12345678" * parts
        return time.perf_counter() - began

    few, many = await seconds(4_000), await seconds(128_000)
    assert many < 32 * 8 * few  # 32 times as many; putting them together anew each time takes 1000 times as long.


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "unknown"])
async def test_a_compressed_body_is_told_to_come_uncompressed(alice: httpx.AsyncClient, coding: str) -> None:
    headers = {"content-type": "application/json", "content-encoding": coding}
    answer = await alice.post("/api/me/tasks", content=gzip.compress(b'{"title":"x"}'), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert answer.json()["error"] == "The request body must be sent uncompressed"
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("coding", ["identity", "Identity"])
async def test_a_body_as_it_is_may_say_so(alice: httpx.AsyncClient, coding: str) -> None:
    answer = await alice.post("/api/me/tasks", json={"title": "x"}, headers={"content-encoding": coding})
    assert answer.status_code == 201


async def test_a_compressed_body_uses_up_no_key(alice: httpx.AsyncClient, db: Database) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip", "idempotency-key": '"a"'}
    answer = await alice.post("/api/me/tasks", content=gzip.compress(b'{"title":"x"}'), headers=headers)
    assert answer.status_code == 415
    assert await db.read("select key from doable.idempotency_keys") == []
    answer = await alice.post("/api/me/tasks", json={"title": "x"}, headers={"idempotency-key": '"a"'})
    assert answer.status_code == 201


async def test_another_kind_of_body_is_not_told_about_compression(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/api/me/tasks", content=b"x", headers={"content-type": "text/plain"})
    assert (answer.status_code, "accept-encoding" in answer.headers) == (415, False)


def _strays(count: int, *, length: int = 6) -> dict[str, int]:
    return {f"{number:0{length}}": 1 for number in range(count)}


@pytest.mark.parametrize(
    ("path", "body", "faults"),
    [
        ("/api/me/tasks", _strays(20_000), 100),
        ("/api/me/tasks", _strays(100, length=2000), 100),
        ("/api/me/batch", {"operations": [], **_strays(80_000)}, 100),
        ("/api/me/batch", {"operations": [{"op": "create", "task": {}, **_strays(200)}] * 400}, 100),
        ("/api/me/batch", {"operations": [{"op": "delete", "id": {"ref": "x" * 9000}}] * 100}, 100),
        ("/api/me/tokens", {"name": "x", **_strays(1000)}, 100),
    ],
)
async def test_an_answer_does_not_grow_with_what_is_wrong(
    alice: httpx.AsyncClient, path: str, body: dict[str, Any], faults: int
) -> None:
    answer = await alice.post(path, json=body)
    assert (answer.status_code, len(answer.json()["errors"])) == (400, faults)
    assert len(answer.content) < 100 * KIB


async def test_operations_that_fail_one_by_one_share_the_faults_that_are_told(alice: httpx.AsyncClient) -> None:
    operations = [{"op": "create", "task": {"title": "x", **_strays(60)}}] * 200
    answer = await alice.post("/api/me/batch", json={"atomic": False, "operations": operations})
    told = [len(result["errors"]) for result in answer.json()["results"]]
    assert told == [60, 40] + [1] * 198


TWICE = [
    ("POST", "tasks", b'{"title":"a","title":"b"}', "title"),
    ("POST", "tasks", b'{"title":"a","t\\u0069tle":"a"}', "title"),
    ("POST", "tasks", b'{"title":"10:30","description":"a","description":null}', "description"),
    ("POST", "tasks", b'{"title":"a","x":{"y":[{"z:":1,"z:":1e5}]}}', "z:"),
    ("POST", "tasks", b'{"title":"a","title:":1,"":1,"":' + b"9" * 4000 + b"}", ""),
    ("PUT", "tasks/1", b'{"title":"a","title":"a"}', "title"),
    ("POST", "batch", b'{"operations":[{"op":"create","task":{"title":"a","title":"b"}}]}', "title"),
    ("POST", "batch", b'{"operations":[{"op":"complete","id":{"ref":"a","ref":"b"}}]}', "ref"),
    ("POST", "batch", b'{"atomic":true,"operations":[],"atomic":false}', "atomic"),
    ("POST", "tokens", b'{"name":"a","scopes":["tasks:read"],"scopes":["tasks:write"]}', "scopes"),
]


@pytest.mark.parametrize(("method", "path", "body", "name"), TWICE)
async def test_a_name_that_stands_twice_is_refused_and_named(
    alice: httpx.AsyncClient, method: str, path: str, body: bytes, name: str
) -> None:
    """One reader takes the first value, another the last: what one has checked the other does not see."""
    url = f"/api/me/{path}"
    answer = await alice.request(method, url, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        [{"field": name, "code": "repeated_field", "message": f"Field '{name}' appears more than once"}],
    )
    assert (await alice.get("/api/me/tasks")).json() == (await alice.get("/api/me/tokens")).json() == []


async def test_a_stranger_can_not_sign_in_with_two_addresses(visitor: httpx.AsyncClient) -> None:
    for path in ("sign-in/email", "sign-up/email"):
        body = b'{"email":"a@example.com","email":"b@example.com","password":"correct horse","name":"A"}'
        headers = {"content-type": "application/json"}
        answer = await visitor.post(f"/api/auth/{path}", content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "Field 'email' appears more than once")


async def test_names_of_different_objects_may_be_equal(alice: httpx.AsyncClient) -> None:
    body = {"operations": [{"op": "create", "task": {"title": ": at 10:30", "description": '"title":'}}] * 3}
    assert (await alice.post("/api/me/batch", json=body)).status_code == 200


@pytest.mark.parametrize(
    ("number", "whole"),
    [
        *((text, True) for text in ("1", "1.0", "1e0", "10E-1", "0.1e1")),
        *((text, False) for text in ("1.5", "0.0", "-1.0", "true", '"1.0"', "9007199254740994.0", "1e400", "-1e400")),
    ],
)
async def test_a_number_without_a_fraction_is_an_integer(alice: httpx.AsyncClient, number: str, whole: bool) -> None:
    """As JSON Schema has it, which the OpenAPI document speaks; not where a float can't tell it from its neighbour."""
    id = (await alice.post("/api/me/tasks", json={"title": "x"})).json()["id"]
    bodies = {
        "tokens": '{"name":"x","expires_in_days":NUMBER}',
        "batch": f'{{"operations":[{{"op":"complete","id":{id}.0,"if_match":NUMBER}}]}}',
    }
    for path, body in bodies.items():
        content = body.replace("NUMBER", number).encode()
        answer = await alice.post(f"/api/me/{path}", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == ((201 if path == "tokens" else 200) if whole else 400), answer.text


@pytest.mark.parametrize("body", [b'"a:b"', b"[[], 1, {}]", b'[":", [{"a": 1}, 2]]'])
async def test_what_is_no_object_is_refused_however_many_colons_it_has(alice: httpx.AsyncClient, body: bytes) -> None:
    answer = await alice.post("/api/me/tasks", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "not_an_object")
