"""Keeps the instants of tasks right when the rules of time zones change."""

from functools import partial
from typing import Final

from doable import zones
from doable.store import instants
from doable.store.database import Database

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
                await db.transact(partial(instants.store, user_id=task.user_id, id=task.id), task.user_id)
                changed += 1
        after = (page[-1].user_id, page[-1].id)
    await instants.set_zones(db, version)
    return changed
