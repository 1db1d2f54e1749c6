"""The algorithm of rate limits: GCRA, a token bucket with one number per key.

A key may use its whole quota in one moment, and gets it back evenly over the window. Each process counts separately.
"""

from collections.abc import Callable
from time import monotonic_ns
from typing import Final

from doable.errors import RateLimited
from doable.rate import Rate

KEYS_MAX: Final = 100_000  # about 15 MB
NANOSECONDS: Final = 10**9  # per second; whole numbers keep the sums exact


class Limiter:
    """Limits many keys to one rate. `allowed` and `refused` count its decisions."""

    def __init__(self, rate: Rate, *, most: int = KEYS_MAX, clock: Callable[[], int] = monotonic_ns) -> None:
        """It remembers `most` keys. With more, the keys that were not used recently get their whole quota back."""
        self._window = rate.seconds * NANOSECONDS
        self._interval = max(self._window // rate.count, 1)
        self._clock = clock
        # The time at which each key has its whole quota again. `_older` holds the keys of the previous window. A key
        # that was not used for a whole window has its quota back, so one assignment forgets all such keys.
        self._recent: dict[str, int] = {}
        self._older: dict[str, int] = {}
        self._room = most // 2
        self._turn = 0
        self.allowed = 0
        self.refused = 0

    def take(self, key: str) -> tuple[int, int]:
        """Use one request of the key's quota. Returns how many are left, and the seconds until there is one more.

        Raises RateLimited if none is left. Then the quota does not change.
        """
        now = self._clock()
        if now >= self._turn or len(self._recent) >= self._room:
            self._turn = now + self._window
            self._recent, self._older = {}, self._recent
        known = self._recent.get(key) or self._older.get(key) or now
        full = (max(now, known)) + self._interval
        unspent = self._window - (full - now)
        # Seconds are rounded up, so that a client that waits for them is not too early.
        if unspent < 0:
            self._recent[key] = known
            self.refused += 1
            raise RateLimited(-(unspent // NANOSECONDS))
        self._recent[key] = full
        self.allowed += 1
        left, begun = divmod(unspent, self._interval)
        return left, -((begun - self._interval) // NANOSECONDS)
