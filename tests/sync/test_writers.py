"""Many write at once and others follow: every revision is seen exactly once, and in order.

The same observation of a database that takes its numbers from a sequence must fail, or it would show nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from doable.store.connection import connect
from streams import Stream, listening

WRITERS = 8
WRITES = 250  # of each


@dataclass
class Seen:
    """The revisions that reached the readers of one user, in the order in which they did."""

    by_cursor: list[int]
    by_stream: list[int]


async def write(address: Address, users: list[str], number: int) -> None:
    """Create tasks, each in a transaction; once, one of the writers takes its number early and commits late."""
    connection = await connect(address.direct)
    for turn in range(WRITES):
        async with connection.transaction():
            await connection.execute(
                "insert into doable.tasks (user_id, title) values ($1, 'x')", users[(number + turn) % len(users)]
            )
            if (number, turn) == (0, WRITES // 2):
                await connection.execute("select pg_sleep(1)")  # Longer than readers take to notice what goes on.
    await connection.close()


async def follow_cursor(client: httpx.AsyncClient, writing: "asyncio.Future[object]") -> list[int]:
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        was_over = writing.done()
        delta = (await client.get("/api/me/sync", params=cursor)).json()
        seen += [task["revision"] for task in delta["tasks"]]
        cursor = {"cursor": delta["cursor"]}
        if was_over and not delta["has_more"]:
            return seen


async def follow_stream(stream: Stream, last: int) -> list[int]:
    """Up to the last revision, or to the end if the stream has one."""
    seen: list[int] = []
    while last not in seen[-1:] and (block := await stream.block()) is not None:
        if block.data is not None:
            seen.append(block.data["revision"])
    return seen


@asynccontextmanager
async def service(settings: Settings, address: Address) -> AsyncIterator[FastAPI]:
    app = create_app(settings, address)
    async with app.router.lifespan_context(app):
        yield app


async def observe(settings: Settings, address: Address, users: list[str]) -> list[Seen]:
    """Write to the tasks of these users from many connections, while each of them is followed in two ways."""
    connection = await connect(address.direct)
    await connection.execute("insert into doable.users (id) select unnest($1::text[])", users)
    await connection.close()
    last = WRITERS * WRITES // len(users)
    async with service(settings, address) as one, service(settings, address) as other, AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(listening(one, user)) for user in users]
        clients = [await stack.enter_async_context(client_of(other, user)) for user in users]
        writing = asyncio.gather(*(write(address, users, number) for number in range(WRITERS)))
        by_cursor = asyncio.gather(*(follow_cursor(client, writing) for client in clients))
        by_stream = asyncio.gather(*(follow_stream(stream, last) for stream in streams))
        return [Seen(*both) for both in zip(await by_cursor, await by_stream, strict=True)]


@pytest.mark.parametrize("users", [1, 4])
async def test_every_revision_is_seen_exactly_once_and_in_order(
    settings: Settings, address: Address, users: int
) -> None:
    everything = list(range(1, WRITERS * WRITES // users + 1))
    for seen in await observe(settings, address, [f"user-{number}" for number in range(users)]):
        assert seen.by_cursor == everything
        assert seen.by_stream == everything


async def test_numbers_from_a_sequence_would_be_missed(settings: Settings, fresh_address: Address) -> None:
    await count_by_sequence(fresh_address)
    (seen,) = await observe(settings, fresh_address, ["user-0"])
    everything = set(range(1, WRITERS * WRITES + 1))
    assert set(seen.by_cursor) < everything
    assert set(seen.by_stream) < everything


async def count_by_sequence(address: Address) -> None:
    """The trigger as it is, but for the number: it is taken without the lock, and the user's counter follows later."""
    connection = await connect(address.direct)
    function = await connection.fetchval("select pg_get_functiondef('doable.count_change()'::regprocedure)")
    taken = "update doable.users set revision = revision + 1 where id = new.user_id returning revision into next;"
    kept = "counter := set_config('doable.counter', next || ' ' || new.user_id, true);"
    assert taken in function
    assert kept in function
    await connection.execute("create sequence doable.numbers")
    function = function.replace(taken, "next := nextval('doable.numbers');").replace(kept, "")
    await connection.execute(function.replace("if not found then", "if false then"))
    await connection.execute(ADVANCE)
    await connection.close()


ADVANCE = """
create function doable.advance() returns trigger language plpgsql as $$
begin
  update doable.users set revision = greatest(revision, new.revision) where id = new.user_id;
  return null;
end $$;
create constraint trigger advance after insert on doable.tasks
deferrable initially deferred for each row execute function doable.advance()
"""
