"""Whom to take on when there is more to do than can be done.

What waits is what was accepted and has not begun, and what waits for a database connection. A queue that empties
again and again is a burst, and a burst is only served a little later. A queue that stands makes everybody late and
serves nobody more: then only half as many may wait as there are connections, and the others are told at once.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final

from doable.metrics import TURNED_AWAY, Readings

STANDING: Final = 0.25  # seconds that a queue may stay long before it counts as one that stands
CALM: Final = 0.5  # seconds without much of a queue after which the overload is over
CALM_MAX: Final = 4.0  # seconds; twice as long each time when it is back as soon as it was thought to be over


class Admission:
    """Judges by the length of the queue. Whoever asks counts what is `starting` and what was `refused`."""

    def __init__(
        self, waiting: Callable[[], int], *, room: int, most: int, clock: Callable[[], float] = monotonic
    ) -> None:
        """`waiting`: how many wait for the database; `room` of all may wait under overload, `most` at any time."""
        self._waiting = waiting
        self._room = room
        self._most = most
        self._clock = clock
        self._calm = CALM
        self._long_since: float | None = None
        self._busy_at = 0.0
        self._ended_at = float("-inf")
        self.is_overloaded = False
        self.starting = 0
        self.refused = 0

    def readings(self) -> Readings:
        return {(TURNED_AWAY,): self.refused, ("doable_overloaded",): self.is_overloaded}

    def admit(self, *, late: bool) -> bool:
        """Whether to take on one more. One that is `late` was sent a while ago: nobody is served well by it."""
        queue = self.starting + self._waiting()
        if self.is_overloaded:
            now = self._clock()
            if 2 * queue >= self._room:
                self._busy_at = now
            if now - self._busy_at < self._calm:
                return not late and queue < self._room
            self.is_overloaded, self._long_since, self._ended_at = False, None, now
        if queue < self._room:
            self._long_since = None
            return True
        now = self._clock()
        is_back = now - self._ended_at < self._calm
        if self._long_since is None:
            self._long_since = now
        if is_back or now - self._long_since > STANDING:
            self.is_overloaded, self._busy_at = True, now
            self._calm = min(2 * self._calm, CALM_MAX) if is_back else CALM
            return False
        return queue < self._most
