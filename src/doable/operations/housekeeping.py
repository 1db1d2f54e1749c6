"""Housekeeping: removes expired rows, so that the database does not grow without limit, and follows time zones."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from math import inf
from time import monotonic
from typing import Final, Self, TypeAlias

from doable.errors import Unavailable
from doable.operations import instants
from doable.settings import Settings
from doable.store import housekeeping
from doable.store.database import Database, Transaction
from doable.store.idempotency import IDEMPOTENCY_KEY_LIFETIME

BATCH_ROWS: Final = 1000  # rows per transaction, so that writers wait for at most a few milliseconds
ROUND_SECONDS: Final = 3600.0  # seconds between two rounds of one process
POLL_SECONDS: Final = 60.0  # seconds between two checks whether a round is due
PROGRESS_ROWS: Final = 10_000  # rows between two messages, which take about a second
Step: TypeAlias = Callable[[Transaction], Awaitable[int]]
_logger: Final = logging.getLogger("doable.housekeeping")


class Housekeeping:
    """Removes changes beyond the retention period or the limit per user, kept responses older than a day, sessions and
    tickets that have expired, and what has been in the trash for too long.
    """

    def __init__(
        self,
        db: Database,
        retention: timedelta,
        *,
        most: int,
        trash: timedelta,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`most` is the limit of changes per user, and `trash` the time that objects stay in the trash."""
        self._db = db
        self._most = most
        self._log = retention
        self._retention = {
            "tasks": trash,
            "lists": trash,
            "idempotency_keys": IDEMPOTENCY_KEY_LIFETIME,
            "event_tickets": timedelta(),
            "sessions": timedelta(),
        }
        self._clock = clock
        self._last = -inf

    @classmethod
    def of(cls, db: Database, settings: Settings) -> Self:
        return cls(
            db,
            timedelta(days=settings.changes_retention_days),
            most=settings.user_max_changes,
            trash=timedelta(days=settings.trash_retention_days),
        )

    async def prune(self) -> AsyncIterator[int]:
        """Remove expired rows in small transactions, and yield the number of rows after each.

        Ends when no expired rows are left, or immediately if another process is pruning. Raises Unavailable.
        """
        steps: list[Step] = [
            *(
                partial(housekeeping.prune, table=table, retention=time, limit=BATCH_ROWS)
                for table, time in self._retention.items()
            ),
            partial(housekeeping.prune_log, retention=self._log, limit=BATCH_ROWS),
            partial(housekeeping.prune_excess, most=self._most, limit=BATCH_ROWS),
        ]
        for step in steps:
            while removed := await self._alone(step):
                yield removed

    async def run(self) -> None:
        """Prune every hour until cancelled, but don't wake a database that may be asleep."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Prune if a round is due and the database is awake."""
        # The pool closes idle connections before a database falls asleep. So an open one was in use recently.
        if self._clock() - self._last < ROUND_SECONDS or not self._db.statistics["open"]:
            return
        self._last = self._clock()
        try:
            removed = sum([count async for count in self.prune()])
            refreshed = await instants.refresh(self._db)
        except Unavailable:
            return
        if refreshed:
            _logger.info("Computed instants for new time zones", extra={"facts": {"tasks": refreshed}})
        if removed:
            _logger.info("Pruned", extra={"facts": {"rows": removed}})

    async def _alone(self, prune: Step) -> int:
        """Prune a few rows, unless another process is pruning."""

        async def work(tx: Transaction) -> int:
            return await prune(tx) if await housekeeping.claim(tx) else 0

        return await self._db.transact(work)


async def prune(db: Database, settings: Settings, progress: Callable[[int], object]) -> int:
    """Prune everything that is due. Returns how many rows; `progress` gets the number about once a second."""
    total = told = 0
    async for removed in Housekeeping.of(db, settings).prune():
        total += removed
        if total - told >= PROGRESS_ROWS:
            told = total
            progress(total)
    return total
