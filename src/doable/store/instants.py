"""The instants of tasks that are due or start in a time zone, stored in the columns `due` and `start`."""

from typing import Final, NamedTuple

import msgspec

from doable.schedule import Due
from doable.store import objects
from doable.store.columns import TASK, stored
from doable.store.database import Executor
from doable.store.objects import TASKS

ZONES = """
-- After a restore, the epoch is another one, and nothing is known.
select split_part(zones, ' ', 1) from doable.installation where zones like '% ' || epoch
"""


async def zones(db: Executor) -> str | None:
    """The version of the time zones that all instants are computed with; None if that is not known."""
    row = await db.read_one(ZONES)
    return row[0] if row else None


SET_ZONES = """
update doable.installation set zones = $1 || ' ' || epoch
"""


async def set_zones(tx: Executor, version: str) -> None:
    await tx.write(SET_ZONES, version)


# Also in the trash.
_LIVING: Final = f" and {TASKS.living}"
LOCK = objects.LOCK["task"].replace(_LIVING, "")
UPDATE = objects.UPDATE["task"].replace(_LIVING, "")


async def store(tx: Executor, user_id: str, id: int) -> None:
    """Compute the instants of a task anew, as those of what is written, if it is still there."""
    row = await tx.write_one(LOCK, user_id, id)
    if row is not None:
        task = TASK.make(row)
        values = {"due": task.due, "start": task.start}
        await tx.write(UPDATE, user_id, id, TASK.change_mask(values), None, *TASK.change_arguments(values))


class Found(NamedTuple):
    """A task by its key. `is_right`: its instants are those of the time zones as they are."""

    user_id: str
    id: int
    is_right: bool


PAGE = """
-- The next tasks of all users, each with what is in a time zone.
select user_id, id,
  case when due ->> 'time_zone' is not null then due::text end,
  case when start ->> 'time_zone' is not null then start::text end
from (
  select user_id, id, due, start
  from doable.tasks
  where (user_id, id) > ($1, $2)
  order by user_id, id
  limit $3
) as page
"""


async def page(db: Executor, user_id: str, id: int, limit: int) -> list[Found]:
    """At most `limit` tasks after this one."""
    rows = await db.read(PAGE, user_id, id, limit)
    return [Found(row[0], row[1], all(map(_is_right, row[2:]))) for row in rows]


_decode = msgspec.json.Decoder(Due).decode


def _is_right(text: str | None) -> bool:
    return text is None or msgspec.json.decode(text) == msgspec.to_builtins(stored(_decode(text)))
