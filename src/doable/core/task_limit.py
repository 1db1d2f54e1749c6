"""How many tasks a user may have."""

from collections import OrderedDict
from typing import Final

from doable.errors import LimitReached
from doable.store import tasks
from doable.store.database import Executor

WATCHED_MAX: Final = 10_000  # users
ROOM_SHARES: Final = 8  # Of the room that a count found, this part is filled before the next one.


class TaskLimit:
    """Of one process; `most` tasks for each user.

    Each task has taken a revision of its user, so a user whose revision is not above `most` can't have more tasks than
    that: only the others are watched, and counted now and then. Several processes together may let a user have a few
    more: each lets the first requests pass before it watches, and fills its share of the room.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._room: OrderedDict[str, int] = OrderedDict()
        self._pending: dict[str, int] = {}

    def watches(self, owner: str) -> bool:
        """Whether `reserve` has anything to do."""
        return owner in self._room

    async def reserve(self, db: Executor, owner: str, more: int) -> int:
        """Reserve room for this many tasks more. Give the result to `done` afterwards; 0 for a user who is not watched.

        Raises LimitReached.
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
        """A task was created with this revision."""
        if revision > self._most and owner not in self._room:
            self._room[owner] = 0
            if len(self._room) > WATCHED_MAX:
                self._room.popitem(last=False)

    async def _count_room(self, db: Executor, owner: str, others: int, more: int) -> int:
        """In a turn of the owner's, as counting takes a while where there are many."""
        counted = await db.transact(lambda tx: tasks.count(tx, owner, self._most), owner)
        left = self._most - counted - others
        if left < more:
            raise LimitReached(self._most, "tasks")
        return max(left // ROOM_SHARES, more)
