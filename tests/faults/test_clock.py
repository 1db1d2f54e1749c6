"""The wall clock of service and database jumps, as when a virtual machine wakes up or somebody sets it."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from clock import Clock
from doable.store import migrate
from doable.store.address import Address
from doable.store.database import Database
from postgres import FAST, Server
from processes import Service, database_url, place
from rounds import Rounds
from streams import events_of
from tokens import SECRET, hs256
from writers import Writers

JUMPS = ["+1h", "-1h", "+1d", "-1d", "+0"]


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    with place() as directory:
        yield Clock(directory)


@pytest.fixture(scope="module")
def faked(clock: Clock) -> Iterator[Address]:
    with place() as directory, Server(directory, settings=FAST, environment=clock.environment) as address:
        asyncio.run(migrate.upgrade(address))
        yield address


@pytest.fixture(scope="module")
def service(faked: Address, clock: Clock) -> Iterator[Service]:
    with Service(DATABASE_URL=database_url(faked), BETTER_AUTH_SECRET=SECRET, **clock.environment) as service:
        yield service


async def test_writers_and_readers_do_not_notice(
    service: Service, faked: Address, clock: Clock, rounds: Rounds
) -> None:
    db = Database(faked)
    writers = Writers(lambda: service.url, seed="clock")
    headers = {"authorization": f"Bearer {hs256('user-0', iat=None, exp=1 << 32)}"}
    async with (
        httpx.AsyncClient(base_url=service.url, headers=headers, timeout=30) as client,
        client.stream("GET", "/api/me/events") as stream,
        writers.writing(),
    ):
        told = (event.data["revision"] async for event in events_of(stream) if event.data)
        for jump in JUMPS * rounds(few=1, full=10):
            clock.set(jump)
            before = await db.read_one("select revision from doable.users where id = 'user-0'")
            await writers.have_written(20, seconds=20)
            last = before[0] if before else 0
            async with asyncio.timeout(20):
                while await anext(told) <= last:
                    pass
    assert writers.repeated == 0
    print(await writers.require_exactly_that(db))  # noqa: T201
    span = await db.read_one("select max(at) - min(at) from doable.changes")
    assert span is not None
    assert span[0] > timedelta(days=1)
    updates: dict[int, list[datetime]] = {}
    for row in await db.read("select object_id, at from doable.changes where kind <> 'deleted' order by revision"):
        updates.setdefault(row["object_id"], []).append(row["at"])
    assert all(earlier < later for times in updates.values() for earlier, later in pairwise(times))
    await db.close()


async def test_a_token_expires_by_the_wall_clock(service: Service, clock: Clock) -> None:
    async def status(name: str) -> int:
        token = hs256("alice", iat=None, jti=name)  # Another one each time: what is known is not looked at again soon.
        async with httpx.AsyncClient(base_url=service.url) as client:
            return (await client.get("/api/me", headers={"authorization": f"Bearer {token}"})).status_code

    assert await status("now") == 200
    clock.set("+1d")
    assert await status("a day later") == 401
    clock.set("-1d")
    assert await status("a day earlier") == 200
