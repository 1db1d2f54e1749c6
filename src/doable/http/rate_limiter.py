"""Rate limits: GCRA, the token bucket that needs one number for each key.

A key may use its whole quota in one moment, and gets it back evenly over the window. Each process counts for itself.
"""

from collections.abc import Callable
from time import monotonic_ns
from typing import Final

from doable.errors import RateLimited
from doable.rate import Rate

KEYS_MAX: Final = 100_000  # about 15 MB
NANOSECONDS: Final = 10**9  # nanoseconds, so that the sums are exact


class Limiter:
    """Counts keys against one rate. `allowed` and `refused` are how many times it said what."""

    def __init__(self, rate: Rate, *, most: int = KEYS_MAX, clock: Callable[[], int] = monotonic_ns) -> None:
        """`most`: how many keys are remembered; with more of them those that did not ask of late begin anew."""
        self._window = rate.seconds * NANOSECONDS
        self._interval = max(self._window // rate.count, 1)
        self._clock = clock
        # When each key has its whole quota again. A key that moved to `_older` when the window before this one ended
        # and has not asked since has it by now, so a whole generation is forgotten at no cost.
        self._recent: dict[str, int] = {}
        self._older: dict[str, int] = {}
        self._room = most // 2
        self._turn = 0
        self.allowed = 0
        self.refused = 0

    def take(self, key: str) -> tuple[int, int]:
        """Use one of the key's quota. Returns how many are left, and in how many seconds there is one more.

        Raises RateLimited, and uses nothing, when none are left.
        """
        now = self._clock()
        if now >= self._turn or len(self._recent) >= self._room:
            self._turn = now + self._window
            self._recent, self._older = {}, self._recent
        known = self._recent.get(key) or self._older.get(key) or now
        full = (max(now, known)) + self._interval
        unspent = self._window - (full - now)
        # Seconds are rounded up: who comes then does not come too early.
        if unspent < 0:
            self._recent[key] = known
            self.refused += 1
            raise RateLimited(-(unspent // NANOSECONDS))
        self._recent[key] = full
        self.allowed += 1
        left, begun = divmod(unspent, self._interval)
        return left, -((begun - self._interval) // NANOSECONDS)
