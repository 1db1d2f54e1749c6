"""How many tasks one user may have."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.core import task_limit
from doable.core.task_limit import TaskLimit
from doable.errors import LimitReached
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database

MOST = 10
CREATE = {"op": "create", "task": {"title": "x"}}


@pytest.fixture
async def alice(settings: Settings, address: Address) -> AsyncIterator[httpx.AsyncClient]:
    """At a service that lets a user have few tasks."""
    app = create_app(settings.model_copy(update={"user_max_tasks": MOST}), address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as client:
        yield client


async def add(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/api/me/tasks", json={"title": "x"})


async def batch(client: httpx.AsyncClient, *operations: object, atomic: bool = True) -> httpx.Response:
    return await client.post("/api/me/batch", json={"operations": operations, "atomic": atomic})


async def test_a_user_has_only_so_many_tasks(alice: httpx.AsyncClient) -> None:
    statuses = [(await add(alice)).status_code for _ in range(2 * MOST)]
    # The first revision above the limit is that of the first task too many.
    assert statuses == [201] * (MOST + 1) + [409] * (MOST - 1)
    refused = await add(alice)
    assert (refused.json()["code"], refused.json()["error"]) == ("limit_reached", f"You can have at most {MOST} tasks")
    (first, second, *_) = (await alice.get("/api/me/tasks")).json()
    for task in (first, second):
        await alice.delete(f"/api/me/tasks/{task['id']}")
    assert [(await add(alice)).status_code for _ in range(2)] == [201, 409]


async def test_requests_at_the_same_moment_keep_the_limit(alice: httpx.AsyncClient) -> None:
    for _ in range(MOST + 1):
        task = (await add(alice)).json()
    for id in (task["id"], task["id"] - 1, task["id"] - 2):
        await alice.delete(f"/api/me/tasks/{id}")
    answers = await asyncio.gather(*(add(alice) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers).count(201) <= 2
    assert len((await alice.get("/api/me/tasks")).json()) <= MOST


async def test_a_refusal_for_the_limit_is_not_kept_for_its_key(alice: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "k"}
    for _ in range(MOST + 1):
        task = (await add(alice)).json()
    assert (await alice.post("/api/me/tasks", json={"title": "x"}, headers=key)).status_code == 409
    for id in (task["id"], task["id"] - 1):
        await alice.delete(f"/api/me/tasks/{id}")
    assert (await alice.post("/api/me/tasks", json={"title": "x"}, headers=key)).status_code == 201


async def test_a_batch_keeps_the_limit(alice: httpx.AsyncClient) -> None:
    assert (await batch(alice, *[CREATE] * MOST)).status_code == 200
    task = (await add(alice)).json()
    await alice.delete(f"/api/me/tasks/{task['id']}")
    complete = {"op": "complete", "id": task["id"] - 1}
    refused = await batch(alice, complete, CREATE)
    assert (refused.status_code, refused.json()["code"], refused.json()["index"]) == (409, "limit_reached", 1)
    each = await batch(alice, {**CREATE, "ref": "a"}, complete, {"op": "delete", "id": {"ref": "a"}}, atomic=False)
    assert [result["status"] for result in each.json()["results"]] == [409, 200, 424]
    await alice.delete(f"/api/me/tasks/{task['id'] - 1}")
    assert (await batch(alice, CREATE)).status_code == 200


async def reserve(limit: TaskLimit, db: Database, owner: str, more: int) -> None:
    """As one who makes so many tasks."""
    limit.done(owner, await limit.reserve(db, owner, more))


async def test_a_user_who_has_room_is_counted_now_and_then(db: Database) -> None:
    await db.write("insert into doable.users (id) values ('alice')")
    limit = TaskLimit(1000)
    limit.saw("alice", 1001)
    await reserve(limit, db, "alice", 25)
    await db.write("insert into doable.tasks (user_id, title) select 'alice', 'x' from generate_series(1, 999)")
    for _ in range(100):  # 125 in all: an eighth of the room of the first count.
        await reserve(limit, db, "alice", 1)
    await reserve(limit, db, "alice", 1)
    with pytest.raises(LimitReached):
        await reserve(limit, db, "alice", 2)


async def test_few_users_are_watched(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_limit, "WATCHED_MAX", 2)
    limit = TaskLimit(1)
    await db.write("insert into doable.users (id) values ('alice'), ('bob'), ('carol')")
    await db.write("insert into doable.tasks (user_id, title) select id, 'x' from doable.users")
    for user in ("alice", "bob", "carol"):
        limit.saw(user, 2)
    await reserve(limit, db, "alice", 1)  # The one who was watched for longest no longer is.
    for user in ("bob", "carol"):
        with pytest.raises(LimitReached):
            await reserve(limit, db, user, 1)
