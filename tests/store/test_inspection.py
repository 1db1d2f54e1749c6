import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from doable.errors import Misconfigured
from doable.store import inspection
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.inspection import inspect
from doable.store.version import KNOWN

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer, seconds: int) -> AsyncIterator[Address]:
    """Something that listens where a PostgreSQL should."""
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield Address.parse(f"postgresql://u@127.0.0.1:{port}/d?sslmode=disable&connect_timeout={seconds}")


async def test_a_database_is_looked_at(address: Address, empty_address: Address) -> None:
    found = await inspect(address)
    assert found.schema.present == KNOWN[-1]
    assert int(found.server.partition(".")[0]) >= inspection.OLDEST_SERVER
    assert abs(found.clock_ahead) < 60
    assert (await inspect(empty_address)).schema.present is None


async def test_functions_that_were_changed_are_found(fresh_address: Address) -> None:
    assert (await inspect(fresh_address)).altered == []
    connection = await connect(fresh_address)
    for name in ("log_tasks", "stamp_completion"):
        await connection.execute(
            f"create or replace function doable.{name}() returns trigger language plpgsql as 'begin return new; end'"
        )
    await connection.execute("drop function doable.search_cut")
    await connection.execute("create function doable.more() returns int language sql as 'select 1'")
    await connection.close()
    found = await inspect(fresh_address)
    assert found.altered == ["log_tasks", "more", "search_cut", "stamp_completion"]


async def test_a_server_that_is_too_old_is_refused() -> None:
    left = asyncio.Event()

    async def old(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """PostgreSQL's protocol, "Start-up": all is well, my version, ask me."""
        await reader.read(1000)
        version = b"server_version\x0014.1\x00"
        writer.write(b"R\0\0\0\x08\0\0\0\0" + b"S" + (len(version) + 4).to_bytes(4, "big") + version + b"Z\0\0\0\x05I")
        await left.wait()  # not a word more, nor a goodbye
        writer.close()

    async with server(old, seconds=20) as address:
        with pytest.raises(Misconfigured, match="PostgreSQL 14 is too old; Doable needs 15 or newer"):
            await inspect(address)
        left.set()


async def test_a_server_that_never_answers_is_given_up() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    began = datetime.now(UTC)
    async with server(silent, seconds=1) as address:
        with pytest.raises(Misconfigured, match=r"can't be reached \(it does not answer\); check DATABASE_URL"):
            await inspect(address)
    assert (datetime.now(UTC) - began).total_seconds() < 20


async def test_why_a_server_refuses_is_told(address: Address) -> None:
    wrong = Address(address.host, address.port, address.user, address.password, "nowhere", tls=False)
    with pytest.raises(Misconfigured, match=r'refuses the connection \(database "nowhere" does not exist\)'):
        await inspect(wrong)
