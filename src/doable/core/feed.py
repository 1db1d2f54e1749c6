"""Live changes, found by polling (docs/decisions/0003-poll-for-changes.md).

While there are followers, one statement every `POLL_SECONDS` checks whether any process wrote to the database. Only
then a second statement checks which of the followed users have changes. A follower reads the log from its own position,
whether it is days or one change behind. So it misses nothing between catching up and live changes.
"""

import asyncio
import logging
from contextlib import suppress
from contextvars import Context
from time import monotonic
from typing import Final, TypeAlias

from doable.core import cursors
from doable.errors import LimitReached, Unavailable
from doable.metrics import Readings
from doable.model import Change, Counter
from doable.store import changes
from doable.store.database import Executor

POLL_SECONDS: Final = 0.4  # seconds, so that a change reaches followers in other processes within one second
RETRY_AFTER_SECONDS: Final = 10  # seconds, for a client above the limit
BATCH_CHANGES: Final = 100  # changes per read, so that a follower that is far behind does not fill the memory

_logger: Final = logging.getLogger("doable.feed")

_Found: TypeAlias = tuple[Counter, list[Change]] | None


class Follower:
    """Reads one user's changes after a revision. You must close it."""

    def __init__(self, topic: "_Topic", counter: Counter, position: int) -> None:
        self._topic = topic
        self._counter = counter
        self._position = position
        self._woken = asyncio.Event()
        self._is_over = False

    def cursor(self, position: int | None = None) -> str:
        """The cursor of a client that knows every change up to `position` (default: every change read so far)."""
        reached = cursors.at(self._counter, self._position if position is None else position)
        return cursors.SYNC.write(reached, self._topic.owner)

    async def next(self) -> list[Change]:
        """Wait for the next changes and return them. You can cancel the call, and call again.

        An empty list means that the stream is over: the service stops, changes were pruned, the user was deleted, or
        the database was restored. A client that presents its cursor again learns whether it has expired.
        """
        while not self._is_over:
            if self._topic.revision <= self._position:
                self._woken.clear()
                await self._woken.wait()
                continue
            with suppress(Unavailable):  # The database is away: try again. Each attempt waits for it.
                found = await self._topic.fetch(self._position)
                # Revisions have no gaps. If the next one is missing, it was pruned.
                if found is None or found[1][0].revision != self._position + 1 or not self._is_of_our_time(found[0]):
                    break
                self._counter, news = found
                self._position = news[-1].revision
                self._topic.saw(self._position)
                return news
        return []

    def wake(self) -> None:
        self._woken.set()

    def end(self) -> None:
        """Make `next` return an empty list immediately."""
        self._is_over = True
        self._woken.set()

    def close(self) -> None:
        self._topic.remove(self)

    def was_born(self) -> bool:
        """Whether the user existed at the last read."""
        return self._counter.born is not None

    def _is_of_our_time(self, counter: Counter) -> bool:
        return counter.epoch == self._counter.epoch and self._counter.born in {None, counter.born}


class _Topic:
    """One user, and the followers of their changes in this process. `revision` is the user's latest that we know."""

    def __init__(self, feed: "Feed", owner: str) -> None:
        self._feed = feed
        self._fetching: dict[int, asyncio.Task[_Found]] = {}
        self.owner = owner
        self.revision = 0
        self.followers: set[Follower] = set()

    def saw(self, revision: int) -> None:
        if revision > self.revision:
            self.revision = revision
            for follower in self.followers:
                follower.wake()

    def was_born(self) -> bool:
        return any(follower.was_born() for follower in self.followers)

    def end(self) -> None:
        for follower in self.followers:
            follower.end()

    def remove(self, follower: Follower) -> None:
        self.followers.remove(follower)
        self._feed.left(self)

    async def fetch(self, after: int) -> _Found:
        """Read the log after a revision. Followers at the same position share one statement."""
        task = self._fetching.get(after)
        if task is None:
            task = asyncio.create_task(changes.after(self._feed.db, self.owner, after, BATCH_CHANGES))
            self._fetching[after] = task
            task.add_done_callback(lambda _: self._fetching.pop(after))
        return await asyncio.shield(task)


class Feed:
    """Sends followers the changes of all processes. It runs no statement while there are no followers."""

    def __init__(self, db: Executor, *, most: int, most_of_one: int) -> None:
        """There are at most `most` followers, and at most `most_of_one` of one user's changes."""
        self.db = db
        self._room = most
        self._topics: dict[str, _Topic] = {}
        self._watching: asyncio.Task[None] | None = None
        self._notified: set[str] = set()
        self._nudge = asyncio.Event()
        self._is_closed = False
        self._most = most
        self._most_of_one = most_of_one
        self._looked = 0.0

    def readings(self) -> Readings:
        """The number of followers, and the seconds since the last successful poll: usually below 2 * `POLL_SECONDS`."""
        lag = monotonic() - self._looked if self._watching else 0.0
        return {("doable_streams_open",): self._most - self._room, ("doable_feed_lag_seconds",): lag}

    def follow(self, owner: str, counter: Counter, position: int) -> Follower:
        """Add a follower. Raises LimitReached, and Unavailable if there are too many followers or the service stops."""
        if self._is_closed or self._room == 0:
            raise Unavailable(RETRY_AFTER_SECONDS)
        if owner in self._topics and len(self._topics[owner].followers) >= self._most_of_one:
            raise LimitReached(self._most_of_one, "open event streams")
        self._room -= 1
        topic = self._topics.setdefault(owner, _Topic(self, owner))
        topic.saw(counter.revision)
        follower = Follower(topic, counter, position)
        topic.followers.add(follower)
        if self._watching is None:
            self._looked = monotonic()
            # An empty context: the task serves all followers, and outlives the request that starts it.
            self._watching = asyncio.create_task(self._watch(), context=Context())
        return follower

    def left(self, topic: _Topic) -> None:
        """A follower of this topic was closed. Polling stops when there are no followers."""
        self._room += 1
        if not topic.followers:
            del self._topics[topic.owner]
        if not self._topics and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def notify(self, owner: str) -> None:
        """The user may have changed something: wake their followers in this process without waiting for a poll."""
        if owner in self._topics:
            self._notified.add(owner)
            self._nudge.set()

    def close(self) -> None:
        """The service stops: end every follower, and accept no new one."""
        self._is_closed = True
        self._end()

    def _end(self) -> None:
        for topic in self._topics.values():
            topic.end()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        seen: str | None = None
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(due):
                        await self._nudge.wait()
                self._nudge.clear()
                owners, self._notified = self._notified, set()
                before, seen = seen, None
                began = monotonic()
                is_due = loop.time() >= due
                with suppress(Unavailable):  # The database is away. When it is back, we check every followed user.
                    if is_due:
                        due = loop.time() + POLL_SECONDS
                        now = await changes.snapshot(self.db)
                        if now is None or now != before:
                            owners = set(self._topics)
                    else:
                        now = before
                    await self._look(owners)
                    seen = now
                    if is_due:
                        self._looked = began
        except Exception:
            _logger.exception("The feed broke off")
            self._watching = None
            self._end()  # Followers would get no more changes. Their clients connect again.

    async def _look(self, owners: set[str]) -> None:
        """Wake the followers of those owners who have changes."""
        known = [(topic, topic.revision) for topic in map(self._topics.get, owners) if topic]
        if not known:
            return
        present = await changes.revisions(self.db, [topic.owner for topic, _ in known])
        for topic, revision in known:
            topic.saw(present.get(topic.owner, 0))
            if present.get(topic.owner, 0) < revision or (topic.owner not in present and topic.was_born()):
                topic.end()  # The user was deleted, or the database was restored.
