"""What a user can read about changes: sync, the history of a task, and live changes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec

from doable.core import access, cursors
from doable.core.feed import Feed, Follower
from doable.core.objects import Kind
from doable.core.owners import Owners
from doable.errors import NotFound
from doable.model import ID_MAX, Actor, Change, Counter, HistoryEntry, Removed, Scope, User
from doable.store import changes, objects
from doable.store.database import Executor
from doable.store.objects import OBJECTS
from doable.store.replica import Replica

SYNC_MAX: Final = 1000
SYNC_USUAL: Final = 500
HISTORY_MAX: Final = 1000
HISTORY_USUAL: Final = 100
T = TypeVar("T")
# After every possible revision.
_NEVER: Final = ID_MAX


class Delta(msgspec.Struct, frozen=True):
    """What changed since a cursor: the changed objects by the name of their table, and the removed objects.

    `user` is None if their settings have not changed. `cursor` is for the next request.
    """

    present: dict[str, list[msgspec.Struct]]
    user: User | None
    removed: list[Removed]
    cursor: str
    has_more: bool


class ChangeService:
    def __init__(self, db: Executor, feed: Feed, *, owners: Owners, replica: Replica | None = None) -> None:
        self._db = db
        self._owners = owners
        self._replica = replica
        self._feed = feed

    async def sync(self, actor: Actor, owner: str, *, cursor: str | None = None, limit: int = SYNC_USUAL) -> Delta:
        """Return what changed since the cursor, oldest change first. Without a cursor, return all objects.

        Raises Forbidden, Invalid for a malformed or foreign cursor, CursorExpired.
        """
        access.require(actor, owner, Scope.READ)
        known = cursors.SYNC.read(cursor, owner) if cursor is not None else None
        after = known.position if known else 0
        # The client never got an object that was removed before its first page was read.
        start = max(after, known.start) if known else _NEVER
        # One object above the limit shows that there is another page.
        counter, found = await self._read(owner, lambda db: changes.sync(db, owner, after, start, limit + 1))
        self._require_born(actor, counter)
        if known:
            known.require_valid(counter, start)
        page = _latest([what for _, what in found[:limit]])
        has_more = len(found) > limit
        reached = cursors.at(
            counter,
            found[limit - 1][0] if has_more else counter.revision,
            known.start if known else counter.revision,
        )
        return Delta(
            {kind.table: [one for one in page if type(one) is kind.struct] for kind in OBJECTS.values()},
            next((one for one in page if type(one) is User), None),
            [gone for gone in page if type(gone) is Removed],
            cursors.SYNC.write(reached, owner),
            has_more,
        )

    async def history(
        self, actor: Actor, owner: str, kind: Kind, id: int, *, cursor: str | None = None, limit: int = HISTORY_USUAL
    ) -> tuple[list[HistoryEntry], str | None]:
        """Return the history of an object, newest first, and the cursor of the next page (None on the last page).

        A deleted object has a history too. Raises Forbidden, Invalid for a malformed or foreign cursor, NotFound.
        """
        access.require(actor, owner, Scope.READ)
        before = cursors.HISTORY.read(cursor, owner).revision if cursor is not None else _NEVER
        try:
            found = await self._read(owner, lambda db: _history(db, kind, owner, id, before, limit + 1))
        except NotFound:
            await self._owners.require(self._db, actor)
            raise
        if len(found) <= limit:
            return found, None
        return found[:limit], cursors.HISTORY.write(cursors.Before(found[limit - 1].revision), owner)

    async def _read(self, owner: str, ask: Callable[[Executor], Awaitable[T]]) -> T:
        """Read from the replica if it has all of the owner's changes, else from the database."""
        response = None if self._replica is None else await self._replica.read(owner, ask)
        return await ask(self._db) if response is None else response

    async def follow(self, actor: Actor, owner: str, *, cursor: str | None = None) -> Follower:
        """Follow the owner's changes: those after the cursor and all new ones. Without a cursor, only new ones.

        Raises Forbidden, Invalid for a malformed or foreign cursor, CursorExpired, LimitReached, and Unavailable if
        there are too many followers.
        """
        access.require(actor, owner, Scope.READ)
        known = cursors.SYNC.read(cursor, owner) if cursor is not None else None
        counter = await changes.counter(self._db, owner)
        self._require_born(actor, counter)
        if known:
            known.require_valid(counter, known.position)
        return self._feed.follow(owner, counter, known.position if known else counter.revision)

    async def with_objects(self, owner: str, found: Sequence[Change]) -> list[Change]:
        """Return changes of the owner whom a follower follows, each with its object as it is now."""
        return await changes.with_objects(self._db, owner, found)

    def _require_born(self, actor: Actor, counter: Counter) -> None:
        if counter.born is None:
            self._owners.refuse_gone(actor)

    def close(self) -> None:
        """The service stops: end every follower, and accept no new one."""
        self._feed.close()


def _latest(page: Sequence[Any]) -> list[Any]:
    """The page with each object once: it can have been deleted, and restored later."""
    types = {kind.struct: kind.name for kind in OBJECTS.values()}
    names = [(one.type if type(one) is Removed else types.get(type(one)), one.id) for one in page]
    latest = dict(zip(names, page, strict=True))
    return [one for name, one in zip(names, page, strict=True) if latest[name] is one]


async def _history(db: Executor, kind: Kind, owner: str, id: int, before: int, limit: int) -> list[HistoryEntry]:
    """Read the history of an object. Raises NotFound if there is no history and no object."""
    found = await changes.history(db, kind.name, owner, id, before, limit)
    # An existing object has no history after all of its changes expire.
    if not found and await objects.find(db, kind.stored, owner, id) is None:
        raise kind.not_found
    return found
