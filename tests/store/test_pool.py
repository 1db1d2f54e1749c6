"""The pool, with real connections and a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from doable.errors import Unavailable
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.pool import IDLE_SECONDS, SURPLUS_SECONDS, Pool, PooledConnection, PoolLimits
from doable.store.pool import _refuse as refuse
from waits import until


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Connector:
    """Connects to the database of the test, unless it is told to fail or to wait."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.failures = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def __call__(self, _seconds: float) -> asyncpg.Connection:
        await self.may_go_on.wait()
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError
        return await connect(self.address)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connector(address: Address) -> Connector:
    return Connector(address)


@pytest.fixture
async def pool(connector: Connector, clock: Clock) -> AsyncIterator[Pool]:
    """Two connections, one more under load, an hour of life."""
    pool = Pool(connector, PoolLimits(size=2, overflow=1, wait=20, life=3600), clock=clock)
    yield pool
    await pool.close()


def counts(pool: Pool) -> tuple[int, int, int, int]:
    """Open, idle, busy, waiting."""
    found = pool.statistics
    return found["open"], found["idle"], found["busy"], found["waiting"]


async def waiting(pool: Pool, number: int) -> None:
    """Until so many wait."""
    await until(lambda: pool.statistics["waiting"] == number)


async def test_nothing_is_opened_before_it_is_needed(pool: Pool) -> None:
    assert counts(pool) == (0, 0, 0, 0)
    lease = await pool.acquire()
    assert counts(pool) == (1, 0, 1, 0)
    assert await lease.connection.fetchval("select 1") == 1
    pool.release(lease)
    assert counts(pool) == (1, 1, 0, 0)


async def test_the_one_that_came_back_last_goes_out_first(pool: Pool) -> None:
    first, second = await pool.acquire(), await pool.acquire()
    pool.release(first)
    pool.release(second)
    assert await pool.acquire() is second
    assert await pool.acquire() is first
    pool.release(first)
    pool.release(second)


async def test_what_is_beyond_the_size_goes_when_nobody_needs_it_for_a_while(pool: Pool, clock: Clock) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    assert pool.statistics["max"] == 3
    for lease in leases:
        pool.release(lease)
    assert counts(pool) == (3, 3, 0, 0)
    pool._reap()
    assert counts(pool) == (3, 3, 0, 0)
    clock.now += SURPLUS_SECONDS
    pool._reap()
    assert counts(pool) == (2, 2, 0, 0)
    assert [lease.connection.is_closed() for lease in leases] == [True, False, False]


async def test_who_comes_too_late_waits_in_turn(pool: Pool) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    order: list[int] = []

    async def use(number: int) -> None:
        lease = await pool.acquire()
        order.append(number)
        pool.release(lease)

    users = []
    for number in range(4):
        users.append(asyncio.create_task(use(number)))
        await waiting(pool, number + 1)
    assert counts(pool) == (3, 0, 3, 4)
    pool.release(leases.pop())
    await asyncio.gather(*users)
    assert order == [0, 1, 2, 3]
    for lease in leases:
        pool.release(lease)


async def test_nobody_overtakes_who_waits(pool: Pool) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    order: list[str] = []

    async def wait() -> None:
        lease = await pool.acquire()
        order.append("who waited")
        pool.release(lease)

    waiter = asyncio.create_task(wait())
    await waiting(pool, 1)
    pool.release(leases.pop())
    leases.append(await pool.acquire())
    order.append("who came just then")
    assert order == ["who waited", "who came just then"]
    await waiter
    for lease in leases:
        pool.release(lease)


async def test_nobody_waits_any_longer_when_all_are_refused_not_even_whose_turn_has_come(pool: Pool) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    waiters = [asyncio.create_task(pool.acquire()) for _ in range(2)]
    await waiting(pool, 2)
    pool.release(leases.pop())
    pool.refuse()
    for waiter in waiters:
        with pytest.raises(Unavailable):
            await waiter
    assert counts(pool) == (3, 1, 2, 0)
    for lease in leases:
        pool.release(lease)


async def test_who_waits_too_long_is_told(connector: Connector) -> None:
    pool = Pool(connector, PoolLimits(size=1, overflow=0, wait=0.01))
    lease = await pool.acquire()
    with pytest.raises(Unavailable):
        await pool.acquire()
    assert counts(pool) == (1, 0, 1, 0)
    pool.release(lease)
    pool.release(await pool.acquire())
    await pool.close()


async def test_who_goes_away_while_waiting_leaves_no_trace(pool: Pool) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    waiter = asyncio.create_task(pool.acquire())
    await waiting(pool, 1)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert counts(pool) == (3, 0, 3, 0)
    for lease in leases:
        pool.release(lease)


@pytest.mark.parametrize("give_up", [Pool.release, Pool.discard], ids=["a connection", "room for a new one"])
async def test_who_goes_away_when_it_is_his_turn_passes_on(
    pool: Pool, give_up: Callable[[Pool, PooledConnection], None]
) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    gone = asyncio.create_task(pool.acquire())
    await waiting(pool, 1)
    next_one = asyncio.create_task(pool.acquire())
    await waiting(pool, 2)
    give_up(pool, leases.pop())
    gone.cancel()
    async with asyncio.timeout(20):
        leases.append(await next_one)
    with pytest.raises(asyncio.CancelledError):
        await gone
    for lease in leases:
        pool.release(lease)


async def test_whose_turn_has_just_come_is_not_refused() -> None:
    served = asyncio.get_running_loop().create_future()
    served.set_result(None)
    refuse(served)
    assert served.result() is None


async def test_who_goes_away_just_before_his_turn_is_passed_over(pool: Pool) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    gone = asyncio.create_task(pool.acquire())
    await waiting(pool, 1)
    next_one = asyncio.create_task(pool.acquire())
    await waiting(pool, 2)
    gone.cancel()
    pool.release(leases.pop())
    async with asyncio.timeout(20):
        leases.append(await next_one)
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert counts(pool) == (3, 0, 3, 0)
    for lease in leases:
        pool.release(lease)


async def test_who_can_not_connect_leaves_the_place_to_the_next(connector: Connector) -> None:
    pool = Pool(connector, PoolLimits(size=1, overflow=0, wait=20))
    connector.may_go_on.clear()
    first = asyncio.create_task(pool.acquire())
    second = asyncio.create_task(pool.acquire())
    await waiting(pool, 1)
    connector.failures = 1
    connector.may_go_on.set()
    with pytest.raises(ConnectionRefusedError):
        await first
    pool.release(await second)
    assert counts(pool) == (1, 1, 0, 0)
    await pool.close()


async def test_who_goes_away_while_connecting_leaves_the_place(pool: Pool, connector: Connector) -> None:
    connector.may_go_on.clear()
    task = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)
    assert counts(pool) == (1, 0, 1, 0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert counts(pool) == (0, 0, 0, 0)


async def test_a_connection_that_has_lived_its_life_is_replaced(pool: Pool, clock: Clock) -> None:
    old = await pool.acquire()
    pool.release(old)
    clock.now += 3599
    assert await pool.acquire() is old
    pool.release(old)
    clock.now += 1
    new = await pool.acquire()
    assert new is not old
    assert old.connection.is_closed()
    assert counts(pool) == (1, 0, 1, 0)
    pool.release(new)


async def test_a_connection_that_grew_old_in_use_is_closed(pool: Pool, clock: Clock) -> None:
    lease = await pool.acquire()
    clock.now += 3600
    pool.release(lease)
    assert lease.connection.is_closed()
    assert counts(pool) == (0, 0, 0, 0)


async def test_one_that_was_in_use_just_now_is_had_without_waiting(pool: Pool, clock: Clock) -> None:
    assert pool.take(clock.now - 1) is None
    lease = await pool.acquire()
    pool.release(lease)
    assert pool.take(clock.now) is None
    assert pool.take(clock.now - 1) is lease
    assert counts(pool) == (1, 0, 1, 0)
    pool.release(lease)
    lease.connection.terminate()
    assert pool.take(clock.now - 1) is None


async def test_what_nobody_needs_is_closed(pool: Pool, clock: Clock) -> None:
    first, second = await pool.acquire(), await pool.acquire()
    pool.release(first)
    clock.now += IDLE_SECONDS / 2
    pool.release(second)
    clock.now += IDLE_SECONDS / 2
    pool._reap()
    assert (first.connection.is_closed(), second.connection.is_closed()) == (True, False)
    assert pool._reaper is not None
    clock.now += IDLE_SECONDS
    pool._reaper.cancel()
    pool._reap()
    assert counts(pool) == (0, 0, 0, 0)
    assert pool._reaper is None


async def test_what_the_server_closed_does_not_count_for_long(pool: Pool, address: Address) -> None:
    leases = [await pool.acquire() for _ in range(3)]
    gone = leases[1].connection.get_server_pid()
    for lease in leases:
        pool.release(lease)
    other = await connect(address.direct)
    await other.execute(f"select pg_terminate_backend({gone})")
    await other.close()
    await until(leases[1].connection.is_closed)
    assert pool._reaper is not None
    pool._reaper.cancel()
    pool._reap()
    assert counts(pool) == (2, 2, 0, 0)


async def test_what_the_server_closed_is_replaced(pool: Pool, address: Address) -> None:
    lease = await pool.acquire()
    pid = lease.connection.get_server_pid()
    pool.release(lease)
    other = await connect(address)
    await other.execute(f"select pg_terminate_backend({pid})")
    await other.close()
    await until(lease.connection.is_closed)
    new = await pool.acquire()
    assert await new.connection.fetchval("select 1") == 1
    assert counts(pool) == (1, 0, 1, 0)
    pool.release(new)


async def test_what_broke_in_use_is_not_kept(pool: Pool) -> None:
    lease = await pool.acquire()
    lease.connection.terminate()
    pool.release(lease)
    assert counts(pool) == (0, 0, 0, 0)


async def test_a_closed_pool_keeps_nothing(connector: Connector) -> None:
    pool = Pool(connector, PoolLimits(size=2))
    idle, busy = await pool.acquire(), await pool.acquire()
    pool.release(idle)
    await pool.close()
    assert (idle.connection.is_closed(), busy.connection.is_closed()) == (True, False)
    pool.release(busy)
    assert busy.connection.is_closed()
    assert counts(pool) == (0, 0, 0, 0)
