"""A read replica of the database, for reads that take a while.

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
        """The result of `ask` on the replica, if the replica has all that the user had when this began; else None.

        Also None when the replica is away, is full, cancels the statement to follow the primary, or lacks a migration.
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
    """Compare more than the revision: it starts again when a user is created again, and goes back with a restore."""
    return (then.epoch, then.born) == (now.epoch, now.born) and then.revision >= now.revision
