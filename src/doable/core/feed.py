"""Live changes, found by polling (docs/decisions/0003-poll-for-changes.md).

While there are followers, one statement every `POLL_SECONDS` finds out whether anything was written since the last
time. Only then another finds out which of the followed users have changes. A follower reads the log after its own
position, whether it has days to catch up or only the last change, so there is no seam between the two.
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

POLL_SECONDS: Final = 0.4  # seconds: a change reaches readers in other processes well within one
RETRY_AFTER_SECONDS: Final = 10  # seconds, for one more than we have room for
BATCH_CHANGES: Final = 100  # changes at a time, so that a reader with much to catch up does not fill the memory

_logger: Final = logging.getLogger("doable.feed")

_Found: TypeAlias = tuple[Counter, list[Change]] | None


class Follower:
    """One reader of one user's changes, from a revision on. It must be closed."""

    def __init__(self, topic: "_Topic", counter: Counter, position: int) -> None:
        self._topic = topic
        self._counter = counter
        self._position = position
        self._woken = asyncio.Event()
        self._is_over = False

    def cursor(self, position: int | None = None) -> str:
        """The cursor of one who knows everything up to `position`, or up to where we are."""
        reached = cursors.at(self._counter, self._position if position is None else position)
        return cursors.SYNC.write(reached, self._topic.owner)

    async def next(self) -> list[Change]:
        """The next changes, as soon as there are any; none when it is over. It may be cancelled and asked again.

        Over means that the service stops, or that the numbers no longer mean the same changes: they were pruned, the
        user was deleted, the database restored. The cursor will tell which, when it is used again.
        """
        while not self._is_over:
            if self._topic.revision <= self._position:
                self._woken.clear()
                await self._woken.wait()
                continue
            with suppress(Unavailable):  # The database is away; it has been waited for, and will be again.
                found = await self._topic.fetch(self._position)
                # Revisions are dense, so a follower that misses the next one has fallen behind what is kept.
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
        """Let `next` return None immediately."""
        self._is_over = True
        self._woken.set()

    def close(self) -> None:
        self._topic.remove(self)

    def was_born(self) -> bool:
        """Whether the user was there when we last heard of them."""
        return self._counter.born is not None

    def _is_of_our_time(self, counter: Counter) -> bool:
        return counter.epoch == self._counter.epoch and self._counter.born in {None, counter.born}


class _Topic:
    """One user, and the followers of their changes in this process. `revision` is the last one we know of."""

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
        """What stands in the log after a revision; followers who are equally far share the statement."""
        task = self._fetching.get(after)
        if task is None:
            task = asyncio.create_task(changes.after(self._feed.db, self.owner, after, BATCH_CHANGES))
            self._fetching[after] = task
            task.add_done_callback(lambda _: self._fetching.pop(after))
        return await asyncio.shield(task)


class Feed:
    """Sends followers the changes that any process made. It runs no statement while there are no followers."""

    def __init__(self, db: Executor, *, most: int, most_of_one: int) -> None:
        """`most`: how many may follow at the same time; `most_of_one`: how many of them one user's changes."""
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
        """How many follow, and the seconds since all knew everything: less than twice `POLL_SECONDS` as a rule."""
        lag = monotonic() - self._looked if self._watching else 0.0
        return {("doable_streams_open",): self._most - self._room, ("doable_feed_lag_seconds",): lag}

    def follow(self, owner: str, counter: Counter, position: int) -> Follower:
        """Raises LimitReached, and Unavailable when too many follow already or the service stops."""
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
            # Of no request: what it does is for all who follow, and goes on when the first of them is gone.
            self._watching = asyncio.create_task(self._watch(), context=Context())
        return follower

    def left(self, topic: _Topic) -> None:
        """One of the followers of this topic is gone."""
        self._room += 1
        if not topic.followers:
            del self._topics[topic.owner]
        if not self._topics and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def notify(self, owner: str) -> None:
        """Something of this user's may have changed: their followers here need not wait for the next poll."""
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
                with suppress(Unavailable):  # It is away; when it is back we look at everybody.
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
            self._end()  # They would get no changes any more; their clients connect again.

    async def _look(self, owners: set[str]) -> None:
        """Wake the followers of those that have changes."""
        known = [(topic, topic.revision) for topic in map(self._topics.get, owners) if topic]
        if not known:
            return
        present = await changes.revisions(self.db, [topic.owner for topic, _ in known])
        for topic, revision in known:
            topic.saw(present.get(topic.owner, 0))
            if present.get(topic.owner, 0) < revision or (topic.owner not in present and topic.was_born()):
                topic.end()  # The user was deleted, or the database restored.
