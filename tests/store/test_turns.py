"""Writers of one user wait for a turn before they take a connection."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeAlias

import asyncpg
import pytest

from doable.errors import Overloaded, Unavailable
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database, Transaction
from doable.store.turns import AT_A_TIME, WAITING_MAX, Turns
from waits import until

Writing: TypeAlias = Callable[[Database], Awaitable[object]]

RENAME = "update doable.users set name = $2 where id = $1 returning id"


async def acquire(turns: Turns, user_id: str, seconds: float = 10) -> None:
    if not turns.take(user_id):
        await turns.wait(user_id, monotonic() + seconds)


async def rename(tx: Transaction) -> object:
    return await tx.write_one(RENAME, "alice", "Alice")


WAYS: dict[str, Writing] = {
    "write": lambda db: db.write(RENAME, "alice", "Alice"),
    "write_one": lambda db: db.write_one(RENAME, "alice", "Alice"),
    "transact": lambda db: db.transact(rename, "alice"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_writers_of_one_user_leave_connections_for_the_others(address: Address, db: Database, way: str) -> None:
    await db.write("insert into doable.users (id) values ($1), ($2)", "alice", "bob")
    other: asyncpg.Connection = await connect(address)
    holding = other.transaction()
    await holding.start()
    await other.execute("select from doable.users where id = 'alice' for update")
    writing = [asyncio.ensure_future(WAYS[way](db)) for _ in range(50)]
    await until(lambda: db.statistics["busy"] == AT_A_TIME)
    # Nobody else waits: neither for a turn nor for a connection.
    assert await db.write_one(RENAME, "bob", "Bob")
    assert (db.statistics["busy"], db.waiting()) == (AT_A_TIME, 0)
    await holding.commit()
    await other.close()
    await asyncio.gather(*writing)
    assert db.statistics["busy"] == 0


async def test_turns_come_in_the_order_of_asking() -> None:
    turns, came = Turns(), list[int]()

    async def write(number: int) -> None:
        await acquire(turns, "alice")
        came.append(number)
        await asyncio.sleep(0)
        turns.release("alice")

    await asyncio.gather(*map(write, range(20)))
    assert came == list(range(20))


async def test_only_so_many_may_wait() -> None:
    turns = Turns()
    waiting = [asyncio.ensure_future(acquire(turns, "alice")) for _ in range(AT_A_TIME + WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await acquire(turns, "alice")
    await acquire(turns, "bob")
    for task in waiting:
        await task
        turns.release("alice")
    await acquire(turns, "alice")


async def test_a_turn_that_does_not_come_in_time_is_not_waited_for() -> None:
    turns = Turns()
    for _ in range(AT_A_TIME):
        await acquire(turns, "alice")
    with pytest.raises(Unavailable) as refused:
        await acquire(turns, "alice", 0.01)
    assert type(refused.value) is Unavailable  # Not that there is too much to do.
    turns.release("alice")
    await acquire(turns, "alice")


@pytest.mark.parametrize("is_late", [False, True], ids=["before its turn", "as its turn comes"])
async def test_a_caller_that_is_gone_takes_no_turn(*, is_late: bool) -> None:
    turns = Turns()
    for _ in range(AT_A_TIME):
        await acquire(turns, "alice")
    gone = asyncio.ensure_future(acquire(turns, "alice"))
    next_one = asyncio.ensure_future(acquire(turns, "alice"))
    await asyncio.sleep(0)
    steps = [gone.cancel, lambda: turns.release("alice")]
    for step in reversed(steps) if is_late else steps:
        step()
    await next_one
    assert gone.cancelled()
