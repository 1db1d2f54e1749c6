"""A circuit breaker: while the database is known to be away, requests fail without waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from doable.errors import Unavailable


class Circuit:
    """It opens when the database has not responded for a quarter of `deadline`, the seconds after which a caller gives
    up. Then one caller at a time tries, and the others fail.

    It closes after `deadline` seconds without a try: the next caller may wait for the full time.
    """

    def __init__(self, deadline: float) -> None:
        self._patience = deadline / 4
        self._memory = deadline
        self.answered_at = monotonic()
        self._failed: float | None = None
        self._since = 0.0
        self._probing = False

    @property
    def is_open(self) -> bool:
        return (
            self._failed is not None
            and self._failed - self._since >= self._patience
            and monotonic() - self._failed < self._memory
        )

    def answered(self, now: float) -> None:
        """The database responded at this time."""
        self.answered_at = now
        self._failed = None

    def failed(self, since: float) -> None:
        """A try that began at `since` has failed."""
        now = monotonic()
        if self._failed is None or now - self._failed >= self._memory:
            self._since = max(since, self.answered_at)
        self._failed = now

    @contextmanager
    def probe(self) -> Iterator[None]:
        """The one try; raises Unavailable when another one is running."""
        if self._probing:
            raise Unavailable
        self._probing = True
        try:
            yield
        finally:
            self._probing = False
