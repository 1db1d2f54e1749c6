"""The list of what was done, newest first."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from doable import zones
from doable.core import cursors, owners
from doable.errors import Fault, Invalid
from doable.model import TOP, Completion, Position
from doable.schedule import parse_day, parse_instant
from doable.store import completions
from doable.store.database import Executor

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


async def page(db: Executor, owner: str, query: Mapping[str, str], limit: int) -> tuple[list[Completion], str | None]:
    """Return a page, and the cursor of the next one; `query` can have `from`, `to` and `cursor`. Raises Invalid."""
    zone = (await owners.settings(db, owner)).time_zone
    since = _edge("from", query["from"], zone) if "from" in query else _ALWAYS
    until = Position(_edge("to", query["to"], zone, days=1), 0) if "to" in query else TOP
    place = cursors.COMPLETED.read(query["cursor"], owner).position if "cursor" in query else TOP
    # One entry above the limit shows that there is a next page.
    found = await completions.completed(db, owner, min(place, until), since, limit + 1)
    entries = [entry for entry, _ in found[:limit]]
    if len(found) <= limit:
        return entries, None
    last, id = found[limit - 1]
    return entries, cursors.COMPLETED.write(cursors.Place.of(Position(last.completed_at, id)), owner)


def _edge(field: str, text: str, zone: str, *, days: int = 0) -> datetime:
    """Return an instant, or the start of the day that is `days` after the one that `text` names. Raises Invalid."""
    day = parse_day(text)
    if day is not None:
        later = date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))
        return zones.instant(datetime.combine(later, time()), zone)
    moment = parse_instant(field, text, [])
    if moment is None:
        sentence = f"{field.capitalize()} must be a day, or a time with an offset, such as 2026-12-01T09:00:00Z"
        raise Invalid(Fault(field, "invalid_instant", sentence))
    return moment
