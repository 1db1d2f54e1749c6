"""Which requests to accept under overload.

The backlog is the requests that were accepted and have not begun, and those that wait for a database connection. A
backlog is no problem as long as it is short in time. When every request waits for long, a longer backlog delays all of
them and serves no more of them. Then only a few requests may wait, and the others are refused immediately.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final, Protocol

from doable.metrics import TURNED_AWAY, Readings

# Seconds in the queue; 32 clients who send batches of a hundred without a pause wait 50 ms.
LONG_WAIT_SECONDS: Final = 0.08
STANDING_SECONDS: Final = 0.25  # seconds for which the wait has to be long without a break: a burst is no overload
# Seconds for which an overload is taken to last: to find out whether it does makes some wait long.
OVERLOAD_SECONDS: Final = 15.0
CALM_SECONDS: Final = 0.5  # seconds with hardly a queue that end it before
TRIAL_SECONDS: Final = 1.0  # seconds after that in which one long wait is enough to begin again


class Queue(Protocol):
    """Those who wait for the database."""

    def waiting(self) -> int: ...

    def longest_wait(self) -> float:
        """Seconds."""
        ...


class Admission:
    """Decides by the queue. The caller counts the requests that are `starting` and those that it `refused`."""

    def __init__(self, queue: Queue, *, room: int, most: int, clock: Callable[[], float] = monotonic) -> None:
        """`room` of all may wait under overload, `most` at any time."""
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
        """Whether to accept one more request. One that is `late` was sent a while ago: its client may have given up."""
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
