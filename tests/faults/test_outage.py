"""The database is gone, hangs, is full or refuses: everybody is told in time, and its return is noticed at once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import monotonic

import pytest

from doable.errors import TaskNotFound, Unavailable
from doable.store import database
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database, Transaction
from doable.store.pool import PoolLimits
from postgres import Server
from processes import place
from proxy import Proxy

DEADLINE = 0.6
FEW = ["-c", "fsync=off", "-c", "max_connections=4", "-c", "superuser_reserved_connections=0"]


@pytest.fixture
def postgres() -> Iterator[Server]:
    """A server of our own, with room for four."""
    with place() as directory:
        server = Server(directory, settings=FEW)
        with server:
            yield server


@pytest.fixture
async def own(postgres: Server) -> AsyncIterator[Database]:
    db = Database(postgres.address, PoolLimits(size=2, overflow=0), deadline=DEADLINE)
    yield db
    await db.close()


async def ask(db: Database) -> bool:
    """Whether the database answers."""
    try:
        await db.read("select 1")
    except Unavailable:
        return False
    return True


async def test_a_dead_database_is_told_at_once_and_its_return_is_noticed(own: Database, postgres: Server) -> None:
    assert await ask(own)
    postgres.kill()
    began = monotonic()
    while await ask(own):  # A process that it leaves behind may answer once more before it notices.
        assert monotonic() - began < DEADLINE
    assert monotonic() - began < 2 * DEADLINE
    began = monotonic()
    assert not any(await asyncio.gather(*(ask(own) for _ in range(100))))
    assert monotonic() - began < DEADLINE
    postgres.start()
    assert await ask(own)
    assert all(await asyncio.gather(*(ask(own) for _ in range(20))))


async def test_a_database_that_hangs_holds_nobody_for_long(own: Database, postgres: Server) -> None:
    """Two wait for an answer and the others for a connection; when the two give up, nobody waits any longer."""
    assert all(await asyncio.gather(ask(own), ask(own)))
    with postgres.hanging():
        began = monotonic()
        assert not any(await asyncio.gather(*(ask(own) for _ in range(30))))
        assert monotonic() - began < 2 * DEADLINE
        began = monotonic()
        assert not any(await asyncio.gather(*(ask(own) for _ in range(30))))
        assert monotonic() - began < 2 * DEADLINE
    assert await ask(own)


async def test_who_waits_for_a_connection_is_told_when_it_is_known_that_none_comes(
    own: Database, postgres: Server
) -> None:
    with postgres.hanging():
        first = [asyncio.create_task(ask(own)) for _ in range(2)]
        await asyncio.sleep(0)
        own._deadline = 30
        began = monotonic()
        patient = [asyncio.create_task(ask(own)) for _ in range(4)]
        assert await asyncio.gather(*first, *patient) == [False] * 6
        assert monotonic() - began < 10
    assert await ask(own)


async def test_a_full_server_is_told_in_time_and_used_when_there_is_room(own: Database, postgres: Server) -> None:
    others = [await connect(postgres.address) for _ in range(4)]
    began = monotonic()
    assert not await ask(own)
    assert monotonic() - began < 2 * DEADLINE
    for other in others:
        await other.close()
    async with asyncio.timeout(20):
        while not await ask(own):
            pass


async def test_past_the_queue_nobody_waits(db: Database) -> None:
    db._pool._limits = PoolLimits(size=1, overflow=0, queue=1)
    async with db.transaction():
        waiting = asyncio.create_task(ask(db))
        await asyncio.sleep(0)
        assert db.statistics["waiting"] == 1
        with pytest.raises(Unavailable):
            await db.read("select 1")
    assert await waiting


@pytest.fixture
async def failing(fresh_address: Address) -> AsyncIterator[Database]:
    """With a function that fails the first time, and only then."""
    connection = await connect(fresh_address)
    await connection.execute("""
        create sequence tries;
        create function fail_once(code text) returns bigint language plpgsql as $$
        declare try bigint := nextval('tries');
        begin
          if try = 1 and code = 'fatal' then
            perform pg_terminate_backend(pg_backend_pid());
          elsif try = 1 then
            raise exception using errcode = code;
          end if;
          return try;
        end $$
    """)
    await connection.close()
    db = Database(fresh_address, deadline=5)
    yield db
    await db.close()


FAIL_ONCE = "select fail_once($1)"


@pytest.mark.parametrize("code", ["40001", "40P01", "26000", "42P05", "53100", "25006"])
async def test_a_write_that_the_server_has_undone_is_done_again(failing: Database, code: str) -> None:
    assert await failing.write_one(FAIL_ONCE, code) == (2,)


@pytest.mark.parametrize("code", ["57014", "55P03", "fatal"])
async def test_a_write_is_not_done_again_when_it_may_have_run_or_would_fail_again(failing: Database, code: str) -> None:
    with pytest.raises(Unavailable):
        await failing.write(FAIL_ONCE, code)
    assert await failing.write_one(FAIL_ONCE, code) == (2,)


async def test_a_read_is_done_again_whatever_became_of_it(failing: Database) -> None:
    assert await failing.read_one(FAIL_ONCE, "fatal") == (2,)


@pytest.mark.parametrize("code", ["40001", "26000"])
async def test_a_transaction_that_the_server_has_undone_is_done_again_from_the_start(
    failing: Database, code: str
) -> None:
    async def work(transaction: Transaction) -> int:
        await transaction.write("insert into doable.users (id) values ('one')")

        async def part(inner: Transaction) -> int:
            row = await inner.write_one(FAIL_ONCE, code)
            assert row is not None
            return int(row[0])

        return await transaction.transact(part)

    assert await failing.transact(work) == 2
    assert [tuple(row) for row in await failing.read("select id from doable.users")] == [("one",)]


async def test_a_transaction_that_was_lost_or_refused_is_not_done_again(failing: Database) -> None:
    async def lose(transaction: Transaction) -> None:
        await transaction.write(FAIL_ONCE, "fatal")

    async def refuse(transaction: Transaction) -> None:
        await transaction.write(FAIL_ONCE, "40001")
        raise TaskNotFound

    with pytest.raises(Unavailable):
        await failing.transact(lose)
    with pytest.raises(TaskNotFound):
        await failing.transact(refuse)
    assert await failing.read_one("select last_value from tries") == (2,)


async def test_an_error_that_nobody_minded_is_not_acknowledged(db: Database) -> None:
    async def work() -> None:
        async with db.transaction() as transaction:
            await transaction.write("insert into doable.users (id) values ('one')")
            with pytest.raises(Exception, match="division by zero"):
                await transaction.read("select 1 / 0")

    with pytest.raises(RuntimeError):
        await work()


@pytest.mark.parametrize("in_transaction", [True, False])
async def test_a_connection_that_died_unnoticed_costs_a_write_nothing(
    address: Address, monkeypatch: pytest.MonkeyPatch, in_transaction: bool
) -> None:
    monkeypatch.setattr(database, "CHECK_AFTER_SECONDS", 0.0)
    add = "insert into doable.users (id) values ('one')"
    async with Proxy(address) as proxy:
        db = Database(proxy.address)
        assert all(await asyncio.gather(ask(db), ask(db)))
        proxy.cut(0, delivered=False)
        if in_transaction:
            async with db.transaction() as transaction:
                await transaction.write(add)
        else:
            await db.write(add)
        assert proxy.was_cut
        assert db.statistics["open"] == 1
        await db.close()


async def test_a_stale_plan_costs_nobody_anything(fresh_address: Address) -> None:
    """Also in a transaction, where the driver itself can't help."""

    async def work(transaction: Transaction) -> int:
        return len((await transaction.read("select * from things"))[0])  # Our own statements never have a star.

    connection = await connect(fresh_address)
    await connection.execute("create table things as select 1 as one")
    db = Database(fresh_address, PoolLimits(size=1, overflow=0))
    assert await db.transact(work) == 1
    await connection.execute("alter table things add column two int")
    assert await db.transact(work) == 2
    await connection.close()
    await db.close()
