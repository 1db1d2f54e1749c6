"""The connection pool: a few connections stay open, some more open under load, and none when the service is idle.

asyncpg's own pool runs a reset query and starts a task on every release. Nothing that Doable runs leaves state in a
session, so giving a connection to the next request is two operations on a deque (docs/performance.md).
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final

import asyncpg

from doable.errors import Overloaded, Unavailable
from doable.store.connection import Connection

# Neon suspends a compute after 300 s without queries. By then all connections are closed.
IDLE_SECONDS: Final = 240.0
# Opening a connection costs as much as about thirty requests, so one that opened under load stays for a while.
SURPLUS_SECONDS: Final = 5.0


@dataclass(frozen=True)
class PoolLimits:
    """Connections that stay open, more under load; seconds to wait for one; seconds that one lives; longest queue."""

    size: int = 10
    overflow: int = 5
    wait: float = 30.0
    life: float = 3600.0
    queue: int = 1000


@dataclass(slots=True)
class PooledConnection:
    """One connection and its times, by the monotonic clock."""

    connection: Connection
    born: float
    generation: int
    idle_since: float


class Pool:
    """Last in, first out: connections that are not needed stay unused, and are closed."""

    def __init__(
        self,
        connect: Callable[[float], Awaitable[Connection]],
        limits: PoolLimits,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._connect = connect
        self._limits = limits
        self._clock = clock
        self._idle: deque[PooledConnection] = deque()
        # By those who wait: since when.
        self._waiters: OrderedDict[asyncio.Future[PooledConnection | None], float] = OrderedDict()
        self._open = 0
        self._generation = 0
        self._refusals = 0
        self._reaper: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[None]] = set()
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

    def waiting(self) -> int:
        """How many callers wait; it may include one that has given up."""
        return len(self._waiters)

    def longest_wait(self) -> float:
        """Seconds that the first caller in the queue has waited; 0 when the queue is empty."""
        return monotonic() - next(iter(self._waiters.values())) if self._waiters else 0.0

    def take(self, used_since: float) -> PooledConnection | None:
        """An idle connection that was in use after this time, or None: then see `acquire`."""
        if self._idle:
            pooled = self._idle[-1]
            if pooled.idle_since > used_since and self._is_good(pooled):
                return self._idle.pop()
        return None

    async def acquire(self, deadline: float = math.inf) -> PooledConnection:
        """Wait until `deadline` for a connection for this caller alone; give it back with `release` or `discard`.

        Raises Unavailable when none is free in time or too many wait already, and the driver's error when it can't
        connect.
        """
        end = 0.0
        while True:
            while self._idle:
                pooled = self._idle.pop()
                if self._is_good(pooled) and self._clock() - pooled.born < self._limits.life:
                    return pooled
                self.discard(pooled)
            if self._open < self._limits.size + self._limits.overflow:
                self._open += 1
                generation = self._generation
                try:
                    connection = await self._connect(max(deadline - monotonic(), 0.001))
                    return PooledConnection(connection, self._clock(), generation, self._clock())
                except BaseException:
                    self._open -= 1
                    self._wake()
                    raise
            end = end or min(monotonic() + self._limits.wait, deadline)
            refusals = self._refusals
            given = await self._wait(end - monotonic())
            if refusals != self._refusals:
                if given is not None:
                    self.release(given)
                raise Unavailable
            if given is not None:
                self._idle.append(given)  # The loop pops it before another task can run.

    def release(self, pooled: PooledConnection) -> None:
        """Take a connection back."""
        pooled.idle_since = self._clock()
        is_old = pooled.idle_since - pooled.born >= self._limits.life
        if self._closed or is_old or not self._is_good(pooled):
            self.discard(pooled)
            return
        if self._waiters and self._wake(pooled):
            return
        self._idle.append(pooled)
        if self._reaper is None:
            self._reaper = asyncio.get_running_loop().call_later(SURPLUS_SECONDS, self._reap)

    def discard(self, pooled: PooledConnection) -> None:
        """Close a connection that is broken, too old, in an unknown state, or not needed.

        If a statement was given up, a task cancels it on the server. The caller does not wait for that.
        """
        if pooled.connection.is_stopping:
            task = asyncio.create_task(pooled.connection.let_go())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
        else:
            pooled.connection.terminate()
        self._open -= 1
        self._wake()

    def renew(self) -> None:
        """Replace all connections: close the idle ones now, and the busy ones when they come back."""
        self._generation += 1
        while self._idle:
            self.discard(self._idle.pop())

    def refuse(self) -> None:
        """Refuse all callers that wait, also those that were woken and have not run yet."""
        self._refusals += 1
        while self._waiters:
            self._wake()

    async def close(self) -> None:
        """Close the idle connections in order; the busy ones are closed when they come back."""
        self._closed = True
        if self._reaper is not None:
            self._reaper.cancel()
        idle = list(self._idle)
        self._idle.clear()
        self._open -= len(idle)
        await asyncio.gather(*(_part(pooled.connection) for pooled in idle))
        await asyncio.gather(*self._leaving)

    def _is_good(self, pooled: PooledConnection) -> bool:
        return not pooled.connection.is_closed() and pooled.generation == self._generation

    async def _wait(self, seconds: float) -> PooledConnection | None:
        """Wait for a connection, or for room for a new one (None). Raises Unavailable."""
        if len(self._waiters) >= self._limits.queue:
            raise Overloaded
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[PooledConnection | None] = loop.create_future()
        self._waiters[waiter] = monotonic()
        end = loop.call_later(seconds, _refuse, waiter)
        try:
            return await waiter
        except BaseException:
            self._waiters.pop(waiter, None)
            if not waiter.cancelled() and waiter.exception() is None:  # Woken and cancelled: wake the next one.
                given = waiter.result()
                if given is None:
                    self._wake()
                else:
                    self.release(given)
            raise
        finally:
            end.cancel()

    def _wake(self, pooled: PooledConnection | None = None) -> bool:
        """Wake the first caller in the queue, with this connection, so that no later caller gets it first."""
        while self._waiters:
            waiter, _ = self._waiters.popitem(last=False)
            if not waiter.done():
                waiter.set_result(pooled)
                return True
        return False

    def _reap(self) -> None:
        """Close unused connections: those beyond the pool's size after seconds, the others after minutes.

        Connections that the server closed are removed too, so that `open` shows whether the database is awake.
        """
        self._reaper = None
        for pooled in [pooled for pooled in self._idle if pooled.connection.is_closed()]:
            self._idle.remove(pooled)
            self.discard(pooled)
        now = self._clock()
        while self._idle:
            patience = SURPLUS_SECONDS if self._open > self._limits.size else IDLE_SECONDS
            if now - self._idle[0].idle_since < patience:
                self._reaper = asyncio.get_running_loop().call_later(SURPLUS_SECONDS, self._reap)
                return
            self.discard(self._idle.popleft())


def _refuse(waiter: asyncio.Future[PooledConnection | None]) -> None:
    if not waiter.done():
        waiter.set_exception(Unavailable())


async def _part(connection: "Connection") -> None:
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await connection.close(timeout=1)  # Don't wait for a server that does not respond.
