"""The Idempotency-Key: one effect and one answer, however often a request is sent and wherever it is cut off."""

import asyncio
import json

import httpx
import pytest

from doable.core.idempotency import IdempotencyService
from doable.core.owners import Owners
from doable.errors import DoableError, TokenInvalid
from doable.fields import example
from doable.model import Actor, KeptResponse, Task
from doable.rest import kept_responses
from doable.rest.idempotency import _refuse as refuse
from doable.store import idempotency
from doable.store.database import Database, Executor
from openapi import our_contract

KEY = {"idempotency-key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}
ANSWERED = {"x-request-id", "idempotency-replayed"}


async def add(client: httpx.AsyncClient, title: str = "Buy groceries", **headers: str) -> httpx.Response:
    return await client.post("/api/me/tasks", json={"title": title}, headers=headers)


async def titles(client: httpx.AsyncClient) -> list[str]:
    return [task["title"] for task in (await client.get("/api/me/tasks")).json()]


def same(first: httpx.Response, second: httpx.Response) -> bool:
    """Status, body and headers are those of the first, and only the second says that it is a replay."""
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    told = [
        {name: value for name, value in answer.headers.items() if name not in ANSWERED} for answer in (first, second)
    ]
    return (first.status_code, first.content, told[0]) == (second.status_code, second.content, told[1])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/me/tasks", {"title": "New"}, 201),
        ("PUT", "/api/me/tasks/{id}", {"title": "New"}, 200),
        ("PATCH", "/api/me/tasks/{id}/complete", None, 200),
        ("PATCH", "/api/me/tasks/{id}/incomplete", None, 200),
        ("DELETE", "/api/me/tasks/{id}", None, 204),
        ("POST", "/api/me/batch", {"operations": [{"op": "create", "task": {"title": "New"}}]}, 200),
        ("POST", "/api/me/tasks", {"title": ""}, 400),
        ("PUT", "/api/me/tasks/0", {"title": "New"}, 400),
        ("DELETE", "/api/me/tasks/{absent}", None, 404),
        ("DELETE", "/api/me/tokens/{absent}", None, 404),
        (
            "POST",
            "/api/me/batch",
            {"operations": [{"op": "create", "task": {"title": "x"}}, {"op": "delete", "id": 1}]},
            404,
        ),
    ],
)
async def test_a_repeated_request_gets_the_first_answer_and_has_no_second_effect(
    alice: httpx.AsyncClient, method: str, path: str, body: dict | None, status: int
) -> None:
    task = (await add(alice)).json()
    url = path.format(id=task["id"], absent=2**62)
    first = await alice.request(method, url, json=body, headers=KEY)
    assert first.status_code == status
    after = (await alice.get("/api/me/sync")).json()
    assert same(first, await alice.request(method, url, json=body, headers=KEY))
    assert (await alice.get("/api/me/sync")).json() == after


async def test_what_was_refused_stays_refused_though_it_would_go_now(alice: httpx.AsyncClient) -> None:
    task = (await add(alice)).json()
    url = f"/api/me/tasks/{task['id']}"
    stale = await alice.put(url, json={"title": "New"}, headers={**KEY, "if-match": '"2"'})
    assert stale.status_code == 412
    await alice.patch(f"{url}/complete")
    assert same(stale, await alice.put(url, json={"title": "New"}, headers={**KEY, "if-match": '"2"'}))


@pytest.mark.parametrize(
    ("method", "path", "content", "headers"),
    [
        ("POST", "/api/me/tasks", b'{"title":"B"}', {}),
        ("POST", "/api/alice/tasks", b'{"title":"A"}', {}),
        ("POST", "/api/me/batch", b'{"title":"A"}', {}),
        ("DELETE", "/api/me/tasks/1", b"", {}),
        ("POST", "/api/me/tasks", b'{"title":"A"}', {"content-type": "text/plain"}),
        ("POST", "/api/me/tasks", b'{"title":"A"}', {"if-match": '"1"'}),
        ("POST", "/api/me/tasks", b'{"title":"A"}', {"if-none-match": "*"}),
    ],
)
async def test_a_key_stands_for_one_request(
    alice: httpx.AsyncClient, method: str, path: str, content: bytes, headers: dict[str, str]
) -> None:
    mine = {**KEY, "content-type": "application/json"}
    assert (await alice.post("/api/me/tasks", content=b'{"title":"A"}', headers=mine)).status_code == 201
    answer = await alice.request(method, path, content=content, headers={**mine, **headers})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await titles(alice) == ["A"]


async def test_without_the_header_nothing_is_kept(alice: httpx.AsyncClient, db: Database) -> None:
    assert {(await add(alice)).status_code for _ in range(2)} == {201}
    assert len(await titles(alice)) == 2
    assert await db.read("select key from doable.idempotency_keys") == []


async def test_reading_needs_no_key_and_minds_none(alice: httpx.AsyncClient, db: Database) -> None:
    assert (await alice.get("/api/me/tasks", headers={"idempotency-key": "?, ?"})).status_code == 200
    assert await db.read("select key from doable.idempotency_keys") == []


async def test_keys_are_each_users_own(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    assert (await add(alice, "hers", **KEY)).status_code == 201
    assert (await add(bob, "his", **KEY)).status_code == 201
    assert (await titles(alice), await titles(bob)) == (["hers"], ["his"])


@pytest.mark.parametrize(
    "header", ['"a"', "a", "A-Za-z0-9:/_+=.@~!#$%&'()*<>?[]^`{|}", '" b, c; \\"d\\\\ "', '"' + "x" * 255 + '"']
)
async def test_a_key_is_a_string_with_or_without_quotes(alice: httpx.AsyncClient, header: str) -> None:
    first = await add(alice, **{"idempotency-key": header})
    assert first.status_code == 201
    assert same(first, await add(alice, **{"idempotency-key": f" {header} "}))


async def test_quotes_are_not_part_of_the_key(alice: httpx.AsyncClient) -> None:
    assert same(await add(alice, **{"idempotency-key": '"a"'}), await add(alice, **{"idempotency-key": "a"}))


@pytest.mark.parametrize(
    "header",
    [
        "",
        '""',
        '"',
        '"a',
        'a"b',
        "a b",
        "a, b",
        "a;b",
        "a\\b",
        '"a\\b"',
        '"\t"',
        '"é"',
        "x" * 256,
        '"' + "x" * 256 + '"',
    ],
)
async def test_a_key_that_is_none_is_refused(alice: httpx.AsyncClient, header: str) -> None:
    answer = await alice.post(
        "/api/me/tasks", json={"title": "x"}, headers=[(b"idempotency-key", header.encode("latin-1"))]
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_key")
    assert await titles(alice) == []


async def test_who_may_not_pass_touches_no_key(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, db: Database
) -> None:
    assert (await client.post("/api/alice/tasks", json={"title": "x"}, headers=KEY)).status_code == 401
    assert (await bob.post("/api/alice/tasks", json={"title": "x"}, headers=KEY)).status_code == 403
    large = b'{"title": "' + b"x" * 256 * 1024 + b'"}'
    assert (await alice.post("/api/me/tasks", content=large, headers=KEY)).status_code == 413
    assert await db.read("select key from doable.idempotency_keys") == []


CONTRACT = our_contract()
UNKEYED = [
    (method, path)
    for method, path, entry in CONTRACT.operations()
    if method != "GET" and all(parameter["name"] != "Idempotency-Key" for parameter in entry["parameters"])
]


@pytest.mark.parametrize(("method", "path"), UNKEYED)
async def test_a_write_whose_answer_cannot_be_kept_refuses_a_key(
    alice: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await alice.request(method, path.format(user_id="me"), json={}, headers=KEY)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "key_not_supported")


def test_every_write_of_tasks_takes_a_key() -> None:
    reading = {"/api/{user_id}/filters/parse"}
    assert {path for _, path in UNKEYED if "{user_id}" in path} == reading
    assert set(UNKEYED) >= {("POST", "/api/me/tokens"), ("DELETE", "/api/me")}


async def test_while_the_first_request_runs_the_second_is_told_to_wait(alice: httpx.AsyncClient, db: Database) -> None:
    await add(alice)
    async with db.transaction() as transaction:
        assert await idempotency.claim(transaction, "alice", "k")
        answer = await add(alice, **{"idempotency-key": "k"})
        assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
        assert answer.headers["retry-after"] == "1"
        assert (await add(alice, **{"idempotency-key": "another"})).status_code == 201
    assert (await add(alice, **{"idempotency-key": "k"})).status_code == 201


async def test_many_at_once_with_one_key_have_one_effect(alice: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(add(alice, **KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    bodies = {answer.content for answer in answers if answer.status_code == 201}
    assert bodies == {(await add(alice, **KEY)).content}
    assert len(await titles(alice)) == 1


async def test_after_a_day_a_key_is_as_new(alice: httpx.AsyncClient, db: Database) -> None:
    first = await add(alice, "first", **KEY)
    await db.write("update doable.idempotency_keys set created_at = now() - interval '23 hours 59 minutes'")
    assert same(first, await add(alice, "first", **KEY))
    await db.write("update doable.idempotency_keys set created_at = now() - interval '24 hours 1 minute'")
    second = await add(alice, "second", **KEY)
    assert second.status_code == 201
    assert same(second, await add(alice, "second", **KEY))
    assert await titles(alice) == ["second", "first"]


async def test_an_account_that_is_gone_has_no_keys(db: Database) -> None:
    service = IdempotencyService(db, owners=Owners(provisions=False))

    async def act(_: Executor) -> KeptResponse:
        pytest.fail("it was done")

    with pytest.raises(TokenInvalid):
        await service.once(Actor("nobody"), "k", b"", act, _raise, _same)


async def test_a_refusal_of_the_caller_is_not_kept(alice: httpx.AsyncClient, db: Database) -> None:
    """As when the account goes while its request runs."""
    await add(alice)
    service = IdempotencyService(db, owners=Owners(provisions=True))

    async def act(transaction: Executor) -> KeptResponse:
        await transaction.write("delete from doable.tasks")
        raise TokenInvalid

    with pytest.raises(TokenInvalid):
        await service.once(Actor("alice"), "k", b"", act, refuse, _same)
    assert len(await titles(alice)) == 1
    assert await db.read("select key from doable.idempotency_keys") == []


async def test_a_short_request_leaves_little_however_long_its_answer(alice: httpx.AsyncClient, db: Database) -> None:
    """Five batches that complete and reopen one task with a long description, each with a key of its own."""
    long = "\U0001f4a5" * 5000
    task = (await alice.post("/api/me/tasks", json={"title": "x", "description": long})).json()
    turns = [{"op": op, "id": task["id"]} for op in ("complete", "reopen")] * 250
    for number in range(5):
        wanted = {"operations": turns, "atomic": number % 2 == 0}
        first = await alice.post("/api/me/batch", json=wanted, headers={"idempotency-key": str(number)})
        assert len(first.content) > 10_000_000
    size = "select sum(length(body)) from doable.idempotency_keys"
    assert (await db.read(size))[0][0] < 5 * 50_000

    again = await alice.post("/api/me/batch", json=wanted, headers={"idempotency-key": "4"})
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    present = (await alice.get(f"/api/me/tasks/{task['id']}")).json()
    assert again.json()["results"] == [{"status": 200, "task": present}] * 500


async def test_a_long_answer_comes_again_with_the_tasks_as_they_are(alice: httpx.AsyncClient) -> None:
    creates = [{"op": "create", "task": {"title": f"task {n}", "description": "d" * 100}} for n in range(50)]
    wanted = {"operations": [*creates, {"op": "delete", "id": {"ref": "a"}}]}
    wanted["operations"][0]["ref"] = "a"
    first = (await alice.post("/api/me/batch", json=wanted, headers=KEY)).json()["results"]
    changed, gone = first[1]["task"], first[2]["task"]
    await alice.put(f"/api/me/tasks/{changed['id']}", json={"title": "changed"})
    await alice.delete(f"/api/me/tasks/{gone['id']}")
    again = await alice.post("/api/me/batch", json=wanted, headers=KEY)
    await CONTRACT.require_conforming(again)
    results = again.json()["results"]
    assert [result["status"] for result in results] == [201] * 50 + [204]
    assert results[0]["task"] == {**first[0]["task"], "description": None}  # It went within the batch.
    assert results[1]["task"]["title"] == "changed"
    assert results[1]["task"]["description"] == "d" * 100
    assert results[2]["task"] == {**gone, "description": None}
    assert results[3:] == first[3:]


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_long_answer_without_tasks_comes_again_as_it_was(alice: httpx.AsyncClient, *, atomic: bool) -> None:
    tasks = [(await add(alice)).json()["id"] for _ in range(300 if atomic else 1)]
    wanted = {"operations": [{"op": "delete", "id": id} for id in tasks * (1 if atomic else 100)], "atomic": atomic}
    first = await alice.post("/api/me/batch", json=wanted, headers=KEY)
    assert (first.status_code, len(first.content) > 4096) == (200, True)
    assert same(first, await alice.post("/api/me/batch", json=wanted, headers=KEY))


async def test_a_long_refusal_comes_again_as_it_was(alice: httpx.AsyncClient) -> None:
    wanted = {f"unknown-{number}": 1 for number in range(90)}
    first = await alice.post("/api/me/tasks", json=wanted, headers=KEY)
    assert (first.status_code, len(first.content) > 4096) == (400, True)
    assert same(first, await alice.post("/api/me/tasks", json=wanted, headers=KEY))


async def test_a_long_answer_of_one_task_keeps_its_first_headers(alice: httpx.AsyncClient) -> None:
    wanted = {"title": "x", "description": "d" * 5000}
    first = await alice.post("/api/me/tasks", json=wanted, headers=KEY)
    assert same(first, await alice.post("/api/me/tasks", json=wanted, headers=KEY))
    await alice.put(first.headers["location"], json={"title": "changed"})
    again = await alice.post("/api/me/tasks", json=wanted, headers=KEY)
    assert (again.status_code, again.json()["title"], again.json()["revision"]) == (201, "changed", 2)
    assert [again.headers[name] for name in ("location", "etag")] == [first.headers["location"], '"1"']


def _same(outcome: KeptResponse) -> KeptResponse:
    return outcome


def _raise(error: DoableError) -> KeptResponse:
    raise error


def test_the_stored_form_of_a_long_response_stays_what_it_was() -> None:
    """Another release, or the one before, repeats what this one has stored."""
    stored = b'{"$tasks":{"7":{"id":7,"title":"then"}},"answer":{"results":[{"status":201,"task":{"$task":7}}]}}'
    assert kept_responses.ids(stored) == [7]
    whole = b'{"results":[{"status":201,"task":{"id":7,"title":"then"}}]}'
    assert kept_responses.whole(stored, []) == whole
    task = example(Task) | {"description": "x" * 5000}
    shortened = json.loads(kept_responses.shortened(json.dumps(task).encode()))
    assert shortened == {"$tasks": {str(task["id"]): task | {"description": None}}, "answer": {"$task": task["id"]}}
    stored = b'{"$tasks":{"7":{"id":7}},"answer":{"$task":7,"completed_occurrence":{"id":9}}}'
    assert kept_responses.whole(stored, []) == b'{"id":7,"completed_occurrence":{"id":9}}'
