"""Keeps the instants of tasks right when the rules of time zones change."""

from functools import partial
from typing import Final

from doable import zones
from doable.store import instants, objects
from doable.store.database import Database, Executor

PAGE_TASKS: Final = 1000  # tasks per statement, which then takes a few milliseconds


async def refresh(db: Database, version: str = zones.VERSION) -> int:
    """Compute all instants anew if they come from older time zones. Returns how many tasks changed.

    Each of these is a counted change, so that clients ask again for what depends on it. Raises Unavailable.
    """
    known = await instants.zones(db)
    if known is not None and known >= version:
        return 0
    changed = 0
    after = ("", 0)
    while page := await instants.page(db, *after, PAGE_TASKS):
        for task in page:
            if not task.is_right:
                await db.transact(partial(_store, task.user_id, task.id), task.user_id)
                changed += 1
        after = (page[-1].user_id, page[-1].id)
    await instants.set_zones(db, version)
    return changed


async def _store(user_id: str, id: int, tx: Executor) -> None:
    """The store computes the instants of what it writes."""
    task = await objects.lock(tx, objects.TASKS, user_id, id)
    if task is not None:
        await objects.update(tx, objects.TASKS, user_id, id, {"due": task.due, "start": task.start})
