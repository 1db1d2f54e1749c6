"""Reads from a real streaming replica that is paused, away or in the way: nobody ever reads their own past."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import monotonic

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store import migrate
from doable.store.address import Address
from doable.store.database import Database, Executor
from doable.store.replica import Replica
from postgres import Server
from processes import database_url, place
from standby import catch_up, impatient, pause, resume, standby
from tokens import SECRET

ADD = "insert into doable.tasks (user_id, title) values ('alice', 'x')"


@dataclass
class Pair:
    primary: Address
    replica: Address
    server: Server  # the replica's


@pytest.fixture(scope="module")
def servers() -> Iterator[Pair]:
    with place() as one, place() as other, Server(one) as primary:
        asyncio.run(migrate.upgrade(primary))
        server = standby(other, of=primary)
        with server:
            yield Pair(primary, server.address, server)


@pytest.fixture
async def pair(servers: Pair) -> AsyncIterator[Pair]:
    db = Database(servers.primary)
    await db.write("delete from doable.users")
    await db.write("insert into doable.users (id) values ('alice')")
    await db.close()
    await catch_up(servers.replica, servers.primary)
    yield servers
    await resume(servers.replica)


@pytest.fixture
async def primary(pair: Pair) -> AsyncIterator[Database]:
    db = Database(pair.primary)
    yield db
    await db.close()


@pytest.fixture
async def replica(primary: Database, pair: Pair) -> AsyncIterator[Replica]:
    replica = Replica(primary, Database(pair.replica, deadline=1))
    yield replica
    await replica.close()


async def is_copy(db: Executor) -> bool:
    row = await db.read_one("select pg_is_in_recovery() from (select count(*) from doable.tasks) as tasks")
    assert row is not None
    return bool(row[0])


async def test_it_answers_while_it_has_all_that_the_reader_has_written(
    primary: Database, replica: Replica, pair: Pair
) -> None:
    assert await replica.read("alice", is_copy)
    await pause(pair.replica)
    assert await replica.read("alice", is_copy), "nothing was written"
    await primary.write(ADD)
    assert await replica.read("alice", is_copy) is None
    assert await replica.read("bob", is_copy), "it has all of his"
    await resume(pair.replica)
    await catch_up(pair.replica, pair.primary)
    assert await replica.read("alice", is_copy)


@pytest.mark.parametrize(
    "change",
    [
        "delete from doable.users where id = 'alice'",
        "delete from doable.users where id = 'alice'; insert into doable.users (id, revision) values ('alice', 1)",
        "update doable.installation set epoch = gen_random_uuid()",
    ],
    ids=["deleted", "made anew", "restored"],
)
async def test_a_number_that_means_something_else_now_is_no_proof(
    primary: Database, replica: Replica, pair: Pair, change: str
) -> None:
    await primary.write(ADD)
    await catch_up(pair.replica, pair.primary)
    assert await replica.read("alice", is_copy)
    await pause(pair.replica)
    async with primary.transaction() as transaction:
        await transaction.execute(change)
    assert await replica.read("alice", is_copy) is None


async def test_a_replica_that_is_away_costs_a_moment_and_then_nothing(replica: Replica, pair: Pair) -> None:
    assert await replica.read("alice", is_copy)
    await asyncio.to_thread(pair.server.__exit__)
    began = monotonic()
    assert await replica.read("alice", is_copy) is None
    assert await asyncio.gather(*(replica.read("alice", is_copy) for _ in range(100))) == [None] * 100
    assert monotonic() - began < 5
    await asyncio.to_thread(pair.server.__enter__)
    async with asyncio.timeout(20):
        while not await replica.read("alice", is_copy):
            pass


async def test_a_replica_that_could_not_follow_because_of_us_leaves_it_to_the_primary(
    primary: Database, replica: Replica, pair: Pair
) -> None:
    await primary.write(ADD)

    async def stand_in_the_way(there: Executor) -> bool:
        assert await is_copy(there)
        await primary.write("delete from doable.tasks")
        await primary.write("vacuum doable.tasks")
        async with asyncio.timeout(20):
            while await is_copy(there):
                pass
        return False

    async with asyncio.timeout(20):
        while not await replica.read("alice", is_copy):
            pass
    async with impatient(pair.replica):
        assert await replica.read("alice", stand_in_the_way) is None


async def test_a_replica_without_our_tables_leaves_it_to_the_primary(db: Database, empty_address: Address) -> None:
    replica = Replica(db, Database(empty_address))
    assert await replica.read("alice", is_copy) is None
    await replica.close()


@asynccontextmanager
async def instance(pair: Pair) -> AsyncIterator[FastAPI]:
    settings = Settings(
        _env_file=None,
        BETTER_AUTH_SECRET=SECRET,
        DATABASE_URL=database_url(pair.primary),
        DATABASE_READ_URL=database_url(pair.replica),
    )
    app = create_app(settings, pair.primary)
    async with app.router.lifespan_context(app):
        yield app


async def test_nobody_reads_their_own_past_through_whatever_instance(pair: Pair) -> None:
    """Writes through one, reads through another at once, while the replica stands still, follows or is just behind."""
    state: dict[int, str] = {}
    async with AsyncExitStack() as stack:
        apps = [await stack.enter_async_context(instance(pair)) for _ in range(2)]
        clients = [await stack.enter_async_context(client_of(app, "alice")) for app in apps]
        cursor: dict[str, str] = {}
        copied: dict[int, str] = {}
        for turn in range(60):
            if turn % 10 == 3:
                await pause(pair.replica)
            elif turn % 10 == 7:
                await resume(pair.replica)
            writer, reader = random.sample(clients, 2)
            id = await write(writer, state)
            listed = (await reader.get("/api/me/tasks")).json()
            assert {task["id"]: task["title"] for task in listed} == state
            delta = (await reader.get("/api/me/sync", params=cursor)).json()
            cursor = {"cursor": delta["cursor"]}
            copied |= {task["id"]: task["title"] for task in delta["tasks"]}
            for gone in delta["removed"]:
                copied.pop(gone["id"], None)
            assert copied == state
            history = (await reader.get(f"/api/me/tasks/{id}/history")).json()
            assert (history[0]["kind"] == "deleted") is (id not in state)
        assert (await clients[0].get("/api/me/tasks/1/history")).status_code == 404


async def test_lists_sync_and_history_are_read_there(pair: Pair, primary: Database) -> None:
    """As shows when the primary lets nobody at them."""
    async with instance(pair) as app, client_of(app, "alice") as alice:
        task = (await alice.post("/api/me/tasks", json={"title": "x"})).json()
        await catch_up(pair.replica, pair.primary)
        await pause(pair.replica)  # Or it would be locked there, too.
        async with primary.transaction() as transaction:
            await transaction.execute("lock table doable.tasks, doable.changes in access exclusive mode")
            assert (await alice.get("/api/me/tasks")).json() == [task]
            assert (await alice.get("/api/me/sync")).json()["tasks"] == [task]
            assert len((await alice.get(f"/api/me/tasks/{task['id']}/history")).json()) == 1


async def write(client: httpx.AsyncClient, state: dict[int, str]) -> int:
    """A random change; returns the task that it was of."""
    if not state or random.random() < 0.4:
        task = (await client.post("/api/me/tasks", json={"title": "new"})).json()
        state[task["id"]] = "new"
        return int(task["id"])
    id = random.choice(list(state))
    if random.random() < 0.5:
        assert (await client.delete(f"/api/me/tasks/{id}")).status_code == 204
        del state[id]
        return id
    state[id] = f"title {random.random()}"
    assert (await client.put(f"/api/me/tasks/{id}", json={"title": state[id]})).status_code == 200
    return id
