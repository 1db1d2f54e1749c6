"""Decides which requests to accept under overload.

The backlog consists of the accepted requests that have not started, and those that wait for a database connection. A
backlog is no problem while requests wait only for a short time. If every request waits long, a longer backlog delays
all requests and serves no more of them. Then only a few requests may wait, and the others are refused immediately.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final, Protocol

from doable.metrics import TURNED_AWAY, Readings

# Seconds in the queue. With 32 clients that send batches of a hundred without a pause, requests wait 50 ms.
LONG_WAIT_SECONDS: Final = 0.08
STANDING_SECONDS: Final = 0.25  # seconds of long waits without a break that make an overload: a burst is none
# Seconds until we check whether an overload has ended. The check makes some requests wait long, so it is rare.
OVERLOAD_SECONDS: Final = 15.0
CALM_SECONDS: Final = 0.5  # seconds with a short backlog that end an overload earlier
TRIAL_SECONDS: Final = 1.0  # seconds after these 15 in which one long wait begins a new overload


class Queue(Protocol):
    """The requests that wait for a database connection."""

    def waiting(self) -> int: ...

    def longest_wait(self) -> float:
        """Seconds that the first request in the queue has waited."""
        ...


class Admission:
    """Decides which requests to accept. The caller counts those that are `starting`, and those that it `refused`."""

    def __init__(self, queue: Queue, *, room: int, most: int, clock: Callable[[], float] = monotonic) -> None:
        """Under overload, `room` requests may wait, and otherwise `most`."""
        self._queue = queue
        self._room = room
        self._most = most
        self._clock = clock
        self._long_since: float | None = None
        self._busy_at = 0.0
        self._ends_at = float("-inf")
        self.is_overloaded = False
        self.starting = 0
        self.refused = 0

    def readings(self) -> Readings:
        return {(TURNED_AWAY,): self.refused, ("doable_overloaded",): self.is_overloaded}

    def admit(self, *, late: bool) -> bool:
        """Whether to accept one more request. The client of a `late` request sent it a while ago, and may be gone."""
        length = self.starting + self._queue.waiting()
        if self.is_overloaded:
            now = self._clock()
            if 2 * length >= self._room:
                self._busy_at = now
            if now < self._ends_at and now - self._busy_at < CALM_SECONDS:
                return not late and length < self._room
            self.is_overloaded = False
        if length < self._room:
            self._long_since = None
            return True
        if self._queue.longest_wait() < LONG_WAIT_SECONDS:
            self._long_since = None
            return length < self._most
        now = self._clock()
        if self._long_since is None:
            self._long_since = now
        if now - self._long_since < STANDING_SECONDS and now - self._ends_at > TRIAL_SECONDS:
            return length < self._most
        self.is_overloaded, self._long_since = True, None
        self._busy_at, self._ends_at = now, now + OVERLOAD_SECONDS
        return False
