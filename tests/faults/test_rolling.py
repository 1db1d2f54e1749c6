"""Instances behind a load balancer are replaced one by one: whoever writes or follows through it notices nothing."""

import asyncio
from contextlib import ExitStack

from balancer import Balancer
from doable.store.address import Address
from doable.store.database import Database
from processes import Service, database_url
from rounds import Rounds
from streams import Reader
from tokens import SECRET
from writers import Writers


class Fleet:
    """The instances behind a balancer."""

    def __init__(self, balancer: Balancer, address: Address, stack: ExitStack) -> None:
        self._balancer = balancer
        self._url = database_url(address)
        self._stack = stack
        self._services: list[Service] = []

    async def add(self) -> None:
        """One more, as soon as it is ready."""
        service = Service(DATABASE_URL=self._url, BETTER_AUTH_SECRET=SECRET, DOABLE_STOP_DELAY="2")
        self._stack.push(service.__exit__)
        await asyncio.to_thread(service.ready)
        self._services.append(service)
        self._balancer.instances.append(service.url)
        async with asyncio.timeout(60):
            while service.url not in self._balancer.ready:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def stop_the_oldest(self) -> None:
        service = self._services.pop(0)
        assert await asyncio.to_thread(service.stop) == 0
        self._balancer.instances.remove(service.url)
        assert service.url not in self._balancer.ready
        assert "Exception" not in service.log


async def test_instances_are_replaced_and_nobody_notices(address: Address, db: Database, rounds: Rounds) -> None:
    instances = rounds(few=2, full=4)
    with ExitStack() as stack:
        async with Balancer() as balancer:
            fleet = Fleet(balancer, address, stack)
            await asyncio.gather(*(fleet.add() for _ in range(instances)))
            writers = Writers(lambda: balancer.url, seed="rolling")
            reader = Reader("user-0", balancer.url)
            async with reader.following():
                async with writers.writing():
                    while not reader.events:
                        await writers.have_written(1)
                    for _ in range(rounds(few=1, full=2 * instances)):
                        await fleet.stop_the_oldest()
                        await writers.have_written(20)
                        await fleet.add()
                count = await writers.require_exactly_that(db)
                assert writers.repeated == 0, count
                last = await db.read_one("select revision from doable.users where id = 'user-0'")
                assert last is not None
                await reader.saw(last[0])
    told = [event.data["revision"] for event in reader.events]
    assert told == list(range(told[0], last[0] + 1))
