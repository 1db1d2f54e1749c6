"""A copy of the database that follows it a little behind, for reads that take a while.

Whether it has followed far enough is asked each time, of both (docs/decisions/0010-check-the-replica.md).
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from doable.errors import Unavailable
from doable.model import Counter
from doable.store import changes
from doable.store.database import Database, Executor

T = TypeVar("T")


class Replica:
    def __init__(self, db: Database, copy: Database) -> None:
        self._db = db
        self._copy = copy

    async def read(self, user_id: str, ask: Callable[[Executor], Awaitable[T]]) -> T | None:
        """What `ask` gives on the copy, if the copy has all that the user had when this began; else None.

        Also None when the copy is away, has no room, ends the statement so that it can follow, or lacks a migration.
        """
        now = await changes.counter(self._db, user_id)
        try:
            async with self._copy.snapshot() as there:
                if _has_reached(await changes.counter(there, user_id), now):
                    return await ask(there)
        except (Unavailable, asyncpg.PostgresError):
            pass
        return None

    async def close(self) -> None:
        await self._copy.close()


def _has_reached(then: Counter, now: Counter) -> bool:
    """A number alone would not do: it begins again with a user who is made anew, and goes back with a restore."""
    return (then.epoch, then.born) == (now.epoch, now.born) and then.revision >= now.revision
