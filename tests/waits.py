"""The bounded waits of tests on an event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

# Not `pg_stat_activity`: within a transaction it stays as it was when first read.
# Who waits for a transaction names no database there, but has locked a table of one.
BLOCKED = """
select distinct waiting.pid from pg_locks waiting join pg_locks of using (pid)
where not waiting.granted and of.database = (select oid from pg_database where datname = current_database())
"""


async def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Let everything else run until it holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what it looks at tells nobody
            await asyncio.sleep(0)


async def until_blocked(read: Callable[[str], Awaitable[Sequence[object]]], count: int = 1) -> None:
    """Let everything else run until so many sessions wait for a lock in the database that `read` reads."""
    async with asyncio.timeout(20):
        while len(await read(BLOCKED)) < count:  # noqa: ASYNC110 - PostgreSQL tells nobody
            await asyncio.sleep(0.01)
