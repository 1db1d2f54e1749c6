"""Turns: the writers of one user wait here, before they take a connection.

A transaction that writes for a user holds the lock on that user's row until it ends, so the writers of one user run one
after another. If they waited for the lock in the database, each would hold a connection that other users need.
"""

import asyncio
from collections import OrderedDict
from time import monotonic
from typing import Final

from doable.errors import Overloaded, Unavailable

AT_A_TIME: Final = 2  # The one that holds the lock, and one that waits in the database for it.
WAITING_MAX: Final = 100  # for one user


class Turns:
    """The turns of one process. The queue of one user has no effect on other users."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}  # by user
        self._lines: dict[str, OrderedDict[asyncio.Future[None], None]] = {}  # in the order in which they came

    def take(self, user_id: str) -> bool:
        """Take a turn if one is free, which it never is while others wait. Give it back with `release`."""
        taken = self._taken.get(user_id, 0)
        if taken == AT_A_TIME:
            return False
        self._taken[user_id] = taken + 1
        return True

    async def wait(self, user_id: str, deadline: float) -> None:
        """Wait for a turn until `deadline`, in seconds of the monotonic clock.

        Raises Overloaded when too many wait already, and Unavailable when the turn does not come in time: then the
        database does not respond to the writers before.
        """
        line = self._lines.setdefault(user_id, OrderedDict())
        if len(line) == WAITING_MAX:
            raise Overloaded
        turn = asyncio.get_running_loop().create_future()
        line[turn] = None
        try:
            async with asyncio.timeout(deadline - monotonic()):
                await turn
        except BaseException as error:
            if not turn.cancelled():  # The turn came after we gave up.
                self.release(user_id)
            elif line.pop(turn, turn) is None and not line:
                del self._lines[user_id]
            if isinstance(error, TimeoutError):
                raise Unavailable from error
            raise

    def release(self, user_id: str) -> None:
        """Give the turn to the first writer that waits."""
        line = self._lines.get(user_id)
        while line:
            turn, _ = line.popitem(last=False)
            if not line:
                del self._lines[user_id]
            if not turn.cancelled():
                turn.set_result(None)
                return
        self._taken[user_id] -= 1
        if not self._taken[user_id]:
            del self._taken[user_id]
