"""Live events when PostgreSQL or the service is taken away with SIGKILL: nothing is missed, nothing told twice."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.model import Actor
from doable.rest import events
from doable.settings import Settings
from doable.store import migrate
from doable.store.address import Address
from doable.store.database import Database
from postgres import Server
from processes import Service, database_url
from streams import Reader, listening
from tokens import SECRET

# What is committed is written: otherwise a killed server forgets the last moments.
DURABLE = ["-c", "fsync=off", "-c", "max_connections=50"]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    """A server of our own, which we may kill."""
    with tempfile.TemporaryDirectory(prefix="doable-test-") as directory:
        Path(directory).chmod(0o755)
        server = Server(Path(directory), settings=DURABLE)
        with server:
            yield server


@pytest.fixture
async def app(postgres: Server, settings: Settings) -> AsyncIterator[FastAPI]:
    await migrate.upgrade(postgres.address)
    app = create_app(settings.model_copy(update={"database_timeout": 0.3}), postgres.address)
    async with app.router.lifespan_context(app):
        yield app


async def add(client: httpx.AsyncClient) -> int:
    return (await client.post("/api/me/tasks", json={"title": "x"})).status_code


async def test_a_stream_outlives_the_database(app: FastAPI, postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.1)
    core = app.state.core
    token = (await core.tokens.create(Actor("alice"), {"name": "a script"})).token
    async with client_of(app, "alice") as alice, listening(app, token=token) as stream:
        assert await add(alice) == 201
        assert (await stream.event()).data["revision"] == 1

        postgres.kill()
        core.identity.forget("alice")  # So that nobody can say whether the token still holds.
        assert await add(alice) == 503
        for _ in range(3):
            block = await stream.block()
            assert block is not None
            assert block.is_comment

        postgres.start()
        async with asyncio.timeout(20):
            while await add(alice) != 201:
                pass
        assert (await stream.event()).data["revision"] == 2


async def test_streams_of_a_service_that_was_killed_go_on_with_the_next_one(postgres: Server) -> None:
    def service() -> Service:
        return Service(DATABASE_URL=database_url(address), BETTER_AUTH_SECRET=SECRET)

    async def change(db: Database) -> None:
        await db.write("insert into doable.tasks (user_id, title) values ('carol', 'x')")

    address: Address = postgres.address
    await migrate.upgrade(address)
    db = Database(address)
    await db.write("insert into doable.users (id) values ('carol')")
    readers = [Reader("carol"), Reader("carol")]
    following = AsyncExitStack()
    with service() as first:
        for reader in readers:
            reader.url = first.url
            await following.enter_async_context(reader.following())
        while not all(reader.events for reader in readers):
            await change(db)  # A stream begins when it begins: until each has one.
            await asyncio.sleep(0.05)
        first.kill()
    for _ in range(50):
        await change(db)
    with service() as second:
        for reader in readers:
            reader.url = second.url
        await change(db)
        last = (await db.read("select revision from doable.users where id = 'carol'"))[0][0]
        for reader in readers:
            await reader.saw(last)
        assert second.stop() == 0
        assert "graceful shutdown exceeded" not in second.log
    await following.aclose()
    for reader in readers:
        told = [event.data["revision"] for event in reader.events]
        assert told == list(range(told[0], last + 1))
    await db.close()
