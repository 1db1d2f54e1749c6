"""On a compute that sleeps when nobody asks: it is never kept awake, and nobody who wakes it notices."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from compute import Compute
from doable.store import migrate
from doable.store.database import CHECK_AFTER_SECONDS, Database
from processes import Service, database_url, place
from rounds import Rounds
from tokens import SECRET
from traffic import EVERY_ROUTE, Person, require_all_there

IDLE = CHECK_AFTER_SECONDS + 0.2  # seconds; a compute that sleeps sooner could cut off what has just been sent


@asynccontextmanager
async def serving(compute: Compute) -> AsyncIterator[Service]:
    """The compute answers in this event loop, so nothing here may wait for the service in it."""
    service = Service(DATABASE_URL=database_url(compute.address), BETTER_AUTH_SECRET=SECRET)
    await asyncio.to_thread(service.__enter__)
    try:
        yield service
    finally:
        await asyncio.to_thread(service.__exit__)


async def for_ever(person: Person, client: httpx.AsyncClient) -> AsyncIterator[None]:
    while True:
        async for _ in person.day(client):
            yield


async def trickle(compute: Compute, service: Service, sleeps: int) -> None:
    """Requests by one and by two at random moments: before it sleeps, as it falls asleep, while it wakes."""
    people = [Person("alice", "one"), Person("alice", "two"), Person("bob", "three")]
    async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:
        days = [for_ever(person, client) for person in people]
        for person, day in zip(people, days, strict=True):
            while person.used != EVERY_ROUTE:  # However soon it ends, everybody has done everything once.
                await anext(day)
        compute.sleeps = 0
        while compute.sleeps < sleeps:
            await asyncio.sleep(random.uniform(0.9, 1.6) * IDLE)
            await asyncio.gather(*(anext(day) for day in random.sample(days, random.randint(1, len(days)))))
        for day in days:
            await day.aclose()
    db = Database(compute.address)
    await require_all_there(db, people)
    await db.close()


async def test_nobody_notices_that_it_sleeps_and_it_sleeps_as_long_as_nobody_asks(rounds: Rounds) -> None:
    one_at_a_time = asyncio.Lock()

    async def use(sleeps: int) -> None:
        with place() as directory:
            async with Compute(directory, IDLE) as compute:
                async with one_at_a_time:  # Alembic's context is one for the process.
                    await migrate.upgrade(compute.address)
                async with serving(compute) as service:
                    await trickle(compute, service, sleeps)
                    await compute.asleep.wait()
                    with pytest.raises(TimeoutError):
                        async with asyncio.timeout(rounds(few=2, full=65)):  # Housekeeping looks every minute.
                            await compute.woken.wait()
                    async with httpx.AsyncClient(base_url=service.url) as client:
                        assert (await client.get("/health/ready")).is_success

    async with asyncio.TaskGroup() as group:
        for sleeps in (0, *[rounds(few=1, full=50)] * rounds(few=1, full=4)):
            group.create_task(use(sleeps))
