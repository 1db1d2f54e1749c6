"""Connections to the database: a few kept, some more under load, none while nobody asks.

asyncpg's own pool runs a reset query and starts a task on every release; nothing that Doable runs leaves state in a
session, so handing a connection from one request to the next is two operations on a deque (docs/performance.md).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

import asyncpg

from doable.errors import Unavailable

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

# Neon suspends a compute after 300 s without queries: by then we hold nothing that could keep it or surprise us.
IDLE_SECONDS: Final = 240.0


@dataclass(frozen=True)
class Limits:
    """Connections kept, more of them under load; seconds to wait for one, and seconds that one lives."""

    size: int = 10
    overflow: int = 5
    wait: float = 30.0
    life: float = 3600.0


@dataclass(slots=True)
class Lease:
    """One connection and its times, by the monotonic clock."""

    connection: "Connection"
    born: float
    idle_since: float = 0.0


class Pool:
    """Last in, first out: the connections that are not needed grow old and are closed."""

    def __init__(
        self,
        connect: Callable[[], Awaitable["Connection"]],
        limits: Limits,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._connect = connect
        self._limits = limits
        self._clock = clock
        self._idle: deque[Lease] = deque()
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._open = 0
        self._reaper: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def statistics(self) -> dict[str, int]:
        """Counts of connections (`open`, `idle`, `busy`, `max`) and of requests that wait for one."""
        return {
            "open": self._open,
            "idle": len(self._idle),
            "busy": self._open - len(self._idle),
            "max": self._limits.size + self._limits.overflow,
            "waiting": sum(not waiter.done() for waiter in self._waiters),
        }

    async def acquire(self) -> Lease:
        """A connection for the caller alone, to be given back by `release` or `discard`.

        Raises Unavailable when none came free in time, and what the driver raises when it can't connect.
        """
        deadline = 0.0
        while True:
            while self._idle:
                lease = self._idle.pop()
                if not lease.connection.is_closed() and self._clock() - lease.born < self._limits.life:
                    return lease
                self.discard(lease)
            if self._open < self._limits.size + self._limits.overflow:
                self._open += 1
                try:
                    return Lease(await self._connect(), self._clock())
                except BaseException:
                    self._open -= 1
                    self._wake()
                    raise
            deadline = deadline or monotonic() + self._limits.wait
            await self._wait(deadline - monotonic())

    def release(self, lease: Lease) -> None:
        """Take a connection back; those beyond the pool's size go when nobody waits."""
        if self._closed or lease.connection.is_closed() or (len(self._idle) >= self._limits.size and not self._waiters):
            self.discard(lease)
            return
        lease.idle_since = self._clock()
        self._idle.append(lease)
        if self._waiters:
            self._wake()
        if self._reaper is None:
            self._reaper = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._reap)

    def discard(self, lease: Lease) -> None:
        """Close a connection at once: it is broken, too old, in an unknown state, or one too many."""
        lease.connection.terminate()
        self._open -= 1
        self._wake()

    async def close(self) -> None:
        """Say goodbye to the idle connections; the busy ones are closed as they come back."""
        self._closed = True
        if self._reaper is not None:
            self._reaper.cancel()
        while self._idle:
            lease = self._idle.pop()
            self._open -= 1
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await lease.connection.close(timeout=1)  # A server that does not answer gets no goodbye.

    async def _wait(self, seconds: float) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():
                self._wake()  # Woken and gone at once: the next one takes the place.
            elif waiter in self._waiters:
                self._waiters.remove(waiter)
            if isinstance(error, TimeoutError):
                raise Unavailable from None
            raise

    def _wake(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _reap(self) -> None:
        self._reaper = None
        now = self._clock()
        while self._idle and now - self._idle[0].idle_since >= IDLE_SECONDS:
            self.discard(self._idle.popleft())
        if self._idle:
            wait = IDLE_SECONDS - (now - self._idle[0].idle_since)
            self._reaper = asyncio.get_running_loop().call_later(wait, self._reap)
