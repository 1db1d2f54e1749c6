"""Times come as they are, whichever way the driver reads them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from doable.model import TOP
from doable.store.address import Address
from doable.store.connection import Connection, connect

TIMES = ["2026-11-21T09:30:00+00:00", "2026-11-21T09:30:00.1+00:00", "1999-01-01T00:00:00.000001+00:00"]


@pytest.fixture
async def foreign_address(fresh_address: Address) -> Address:
    """A database that speaks in another way and of another zone, where it is not told otherwise."""
    connection = await connect(fresh_address)
    await connection.execute(f"alter database {fresh_address.database} set timezone to 'Asia/Tokyo'")
    await connection.execute(f"alter database {fresh_address.database} set datestyle to 'German'")
    await connection.close()
    return fresh_address


@pytest.fixture(params=["told", "not told"])
async def connection(foreign_address: Address, request: pytest.FixtureRequest) -> AsyncIterator[Connection]:
    if request.param == "told":
        connection = await connect(foreign_address)
    else:  # Behind a proxy that keeps our settings to itself.
        address = foreign_address
        connection = await asyncpg.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=address.database,
            ssl=address.tls,
            connection_class=Connection,
        )
        connection.take_times_as_text()
    yield connection
    await connection.close()


@pytest.mark.parametrize("text", TIMES)
async def test_a_time_goes_in_and_comes_out(connection: Connection, text: str) -> None:
    time = datetime.fromisoformat(text)
    there, back = await connection.fetchrow("select $1::timestamptz::text, $1::timestamptz", time) or (None, None)
    assert back == time
    assert back.tzinfo is UTC
    assert there is not None


async def test_the_first_place_is_before_every_time(connection: Connection) -> None:
    assert await connection.fetchval("select clock_timestamp() < $1", TOP.created_at)


async def test_the_server_is_told_to_write_what_is_read_fast(foreign_address: Address) -> None:
    connection = await connect(foreign_address)
    assert await connection.fetchval("select '2026-11-21T09:30:00Z'::timestamptz::text") == "2026-11-21 09:30:00+00"
    await connection.close()


async def test_a_statement_that_is_prepared_may_give_other_columns_later(fresh_address: Address) -> None:
    """Where it can't be run again at once, since a transaction was lost with it, whoever has that is told."""
    connection = await connect(fresh_address)
    await connection.execute("create table things as select 1 as one")
    assert await connection.fetch("select * from things") == [(1,)]
    await connection.execute("alter table things add column two int")
    assert await connection.fetch("select * from things") == [(1, None)]
    await connection.execute("alter table things add column three int")
    with pytest.raises(asyncpg.InvalidCachedStatementError):
        async with connection.transaction():
            await connection.fetch("select * from things")
    await connection.close()


async def test_a_statement_that_is_prepared_goes_past_the_drivers_own_way(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names below the driver's public ones still mean what they did: uv.lock holds its minor version."""
    connection = await connect(address)
    taken: list[str] = []
    theirs = asyncpg.Connection._execute

    async def noting(self: Connection, query: str, *args: object, **options: object) -> object:
        taken.append(query)
        return await theirs(self, query, *args, **options)

    monkeypatch.setattr(asyncpg.Connection, "_execute", noting)
    for _ in range(3):
        assert await connection.fetchrow("select $1::int + 1", 1) == (2,)
    assert taken == ["select $1::int + 1"]  # the first time, to prepare it
    assert connection._get_unique_id("stmt").startswith("doable_stmt_")
    assert connection.is_stopping is False
    await connection.close()


async def test_a_statement_that_is_prepared_tells_its_status_too(fresh_address: Address) -> None:
    connection = await connect(fresh_address)
    assert await connection.fetchrow("select $1::int", 1) == (1,)
    assert await connection.execute("select $1::int", 1) == "SELECT 1"
    await connection.close()
