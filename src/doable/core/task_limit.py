"""Limits the number of tasks of a user."""

from collections import OrderedDict
from typing import Final

from doable.errors import LimitReached
from doable.store import tasks
from doable.store.database import Executor

WATCHED_MAX: Final = 10_000  # users
ROOM_SHARES: Final = 8  # After a count, 1/8 of the free room may fill up before the next count.


class TaskLimit:
    """The limit in this process: each user may have `most` tasks.

    Each task used one revision of its user. So a user whose revision is at most `most` can't have more tasks than that.
    Only the other users are watched, and their tasks are counted from time to time. Several processes together may
    allow a few more tasks: each accepts the first requests before it watches, and fills its own share of the room.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._room: OrderedDict[str, int] = OrderedDict()
        self._pending: dict[str, int] = {}

    def watches(self, owner: str) -> bool:
        """Whether this owner is watched. If not, `reserve` does nothing."""
        return owner in self._room

    async def reserve(self, db: Executor, owner: str, more: int) -> int:
        """Reserve room for `more` tasks, and return their number (0 if the owner is not watched).

        Call `done` with the result after the tasks are created. Raises LimitReached.
        """
        room = self._room.get(owner)
        if room is None:
            return 0
        others = self._pending.get(owner, 0)
        self._pending[owner] = others + more
        if room < more:
            try:
                room = await self._count_room(db, owner, others, more)
            except BaseException:
                self.done(owner, more)
                raise
        self._room[owner] = room - more
        return more

    def done(self, owner: str, reserved: int) -> None:
        if reserved:
            self._pending[owner] -= reserved
            if not self._pending[owner]:
                del self._pending[owner]

    def saw(self, owner: str, revision: int) -> None:
        """A task was created with this revision: watch the owner if they may be near the limit."""
        if revision > self._most and owner not in self._room:
            self._room[owner] = 0
            if len(self._room) > WATCHED_MAX:
                self._room.popitem(last=False)

    async def _count_room(self, db: Executor, owner: str, others: int, more: int) -> int:
        """Count in a turn of the owner's (store/turns.py), because counting many tasks takes long.

        Raises LimitReached.
        """
        counted = await db.transact(lambda tx: tasks.count(tx, owner, self._most), owner)
        left = self._most - counted - others
        if left < more:
            raise LimitReached(self._most, "tasks")
        return max(left // ROOM_SHARES, more)
