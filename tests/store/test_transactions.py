"""Several statements that take effect together or not at all, whatever breaks in between."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from doable.errors import TaskNotFound, Unavailable
from doable.store.address import Address
from doable.store.database import Database, Executor, Transaction
from doable.store.pool import PoolLimits
from proxy import Proxy

ADD = "insert into doable.users (id) values ($1)"


@pytest.fixture
async def proxy(address: Address) -> AsyncIterator[Proxy]:
    async with Proxy(address) as proxy:
        yield proxy


@pytest.fixture
async def far(proxy: Proxy) -> AsyncIterator[Database]:
    """The database, as reached through the proxy, with one connection."""
    database = Database(proxy.address, PoolLimits(size=1, overflow=0), deadline=2)
    yield database
    await database.close()


async def users(db: Executor) -> set[str]:
    return {row[0] for row in await db.read("select id from doable.users")}


async def test_a_refusal_undoes_everything_and_keeps_the_connection(db: Database) -> None:
    async def refuse() -> None:
        async with db.transaction() as transaction:
            await transaction.write(ADD, "one")
            raise TaskNotFound

    with pytest.raises(TaskNotFound):
        await refuse()
    assert await users(db) == set()
    assert db.statistics["open"] == 1


async def test_any_other_error_undoes_everything_and_closes_the_connection(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as transaction:
            await transaction.write(ADD, "one")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert db.statistics["open"] == 0
    assert await users(db) == set()


async def test_a_refused_part_is_undone_and_the_rest_stays(db: Database) -> None:
    async def refuse(transaction: Transaction) -> None:
        async with transaction.transaction() as part:
            await part.write(ADD, "undone")
            async with part.transaction() as inner:
                await inner.write(ADD, "undone too")
            raise TaskNotFound

    async with db.transaction() as transaction:
        await transaction.write(ADD, "before")
        async with transaction.transaction() as part:
            await part.write(ADD, "kept")
        with pytest.raises(TaskNotFound):
            await refuse(transaction)
        await transaction.write(ADD, "after")
    assert await users(db) == {"before", "kept", "after"}


async def test_a_dead_connection_is_replaced_before_anything_has_run(far: Database, proxy: Proxy) -> None:
    await users(far)
    proxy.cut(0, delivered=False)
    async with far.transaction() as transaction:
        await transaction.write(ADD, "one")
    assert proxy.was_cut
    assert await users(far) == {"one"}


@pytest.mark.parametrize("message", range(1, 5))
@pytest.mark.parametrize("delivered", [True, False])
async def test_a_connection_that_breaks_in_the_middle_leaves_nothing(
    far: Database, proxy: Proxy, message: int, delivered: bool
) -> None:
    """Begin, prepare, run, savepoint, release: only the commit, after them, counts."""

    async def work() -> None:
        async with far.transaction() as transaction:
            await transaction.write(ADD, "one")
            async with transaction.transaction():
                pass

    await users(far)
    proxy.cut(message, delivered=delivered)
    with pytest.raises(Unavailable):
        await work()
    assert await users(far) == set()


async def test_a_database_that_stays_away_is_told_in_time(far: Database, proxy: Proxy) -> None:
    async def work() -> None:
        async with far.transaction():
            pytest.fail("it was never begun")

    await users(far)
    far._deadline = 0.04  # Less than the first pause: no time to try again.
    proxy.cut(0, delivered=False)
    with pytest.raises(Unavailable):
        await work()
    await proxy.__aexit__()
    with pytest.raises(Unavailable):
        await work()


async def test_a_caller_who_leaves_while_it_begins_takes_the_connection_with_him(far: Database) -> None:
    async def work() -> None:
        async with far.transaction():
            pytest.fail("it was never begun")

    await users(far)
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert far.statistics["open"] == 0


async def test_two_that_wait_for_each_other_are_told_to_try_again(db: Database) -> None:
    await db.write("insert into doable.users (id) values ('one'), ('two')")
    barrier = asyncio.Barrier(2)

    async def lock(*order: str) -> bool:
        try:
            async with db.transaction() as transaction:
                for user in order:
                    await transaction.write("select id from doable.users where id = $1 for update", user)
                    if user == order[0]:
                        await barrier.wait()
        except Unavailable:
            return False
        return True

    assert sorted(await asyncio.gather(lock("one", "two"), lock("two", "one"))) == [False, True]
