"""Turns: the writers of one user wait here, before they take a connection.

A transaction that writes for a user holds the lock on that user's row until it ends, so the writers of one user run one
after another. If they waited for the lock in the database, each would hold a connection that other users need.
"""

import asyncio
from time import monotonic
from typing import Final

from doable.errors import Overloaded, Unavailable

AT_A_TIME: Final = 2  # The one that holds the lock, and one that is there when the lock comes free.
WAITING_MAX: Final = 100  # for one user


class _Line:
    """The writers of one user: those that have a turn or wait for one, in the order in which they came."""

    __slots__ = ("length", "turns")

    def __init__(self) -> None:
        self.length = 0
        self.turns = asyncio.Semaphore(AT_A_TIME)


class Turns:
    """Those of one process. One user's line has no effect on another's."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    async def acquire(self, user_id: str, deadline: float) -> None:
        """Wait for a turn until `deadline`, in seconds of the monotonic clock; give the turn back with `release`.

        Raises Overloaded when too many wait already, and Unavailable when the turn has not come by then: those before
        wait for a database that does not answer.
        """
        line = self._lines.get(user_id)
        if line is None:
            line = self._lines[user_id] = _Line()
        elif line.length >= AT_A_TIME + WAITING_MAX:
            raise Overloaded
        line.length += 1
        if not line.turns.locked():
            await line.turns.acquire()  # does not wait
            return
        try:
            async with asyncio.timeout(deadline - monotonic()):
                await line.turns.acquire()
        except BaseException as error:
            self._leave(user_id, line)
            if isinstance(error, TimeoutError):
                raise Unavailable from error
            raise

    def release(self, user_id: str) -> None:
        line = self._lines[user_id]
        line.turns.release()
        self._leave(user_id, line)

    def _leave(self, user_id: str, line: _Line) -> None:
        line.length -= 1
        if not line.length:
            del self._lines[user_id]
