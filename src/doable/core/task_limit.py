"""How many tasks a user may have."""

from collections import OrderedDict
from typing import Final

from doable.errors import LimitReached
from doable.store import tasks
from doable.store.database import Executor

WATCHED_MAX: Final = 10_000  # users
SHARE: Final = 8  # Of the room that a count found, this part is filled before the next one.


class TaskLimit:
    """Of one process; `most` tasks for each user.

    Each task has taken a revision of its user, so a user whose revision is not above `most` can't have more tasks than
    that: only the others are watched, and counted now and then. Several processes together may let a user have a few
    more: each lets one request pass before it watches, and fills its share of the room.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._room: OrderedDict[str, int] = OrderedDict()

    async def require(self, db: Executor, owner: str, more: int) -> None:
        """Raises LimitReached when the owner may not have so many tasks more."""
        room = self._room.get(owner)
        if room is None:
            return
        if room < more:
            left = self._most - await tasks.count(db, owner, self._most)
            if left < more:
                raise LimitReached(self._most, "tasks")
            room = max(left // SHARE, more)
        self._room[owner] = room - more

    def saw(self, owner: str, revision: int) -> None:
        """A task was created with this revision."""
        if revision > self._most and owner not in self._room:
            self._room[owner] = 0
            if len(self._room) > WATCHED_MAX:
                self._room.popitem(last=False)
