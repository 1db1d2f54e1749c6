"""Labels by their names, and the names of labels on tasks."""

from collections.abc import Sequence

from doable.model import Label
from doable.store.columns import LABEL
from doable.store.database import Executor

NAMED = f"""
select {LABEL.all()}
from doable.labels
where user_id = $1 and name_key = any($2)
"""


async def named(db: Executor, user_id: str, keys: Sequence[str]) -> list[Label]:
    """The labels with these keys (`text.folded`)."""
    return [LABEL.make(row) for row in await db.read(NAMED, user_id, keys)]


LOCK = NAMED + "for share\n"


async def lock(tx: Executor, user_id: str, keys: Sequence[str]) -> list[Label]:
    """The same, locked so that none is renamed until the transaction ends."""
    return [LABEL.make(row) for row in await tx.write(LOCK, user_id, keys)]


RENAME = """
-- A task that has the new name already only loses the old one.
update doable.tasks
set labels = case
  when labels @> array[$3] then array_remove(labels, $2)
  else array_replace(labels, $2, $3)
end
where user_id = $1 and id in (
  select id from doable.tasks where user_id = $1 and labels is not null and labels @> array[$2] limit 20001
)
"""


async def rename(tx: Executor, user_id: str, old: str, new: str) -> None:
    """Rename a label on all tasks that have it, also in the trash, up to one more than the log allows."""
    await tx.write(RENAME, user_id, old, new)


REMOVE = """
update doable.tasks
set labels = nullif(array_remove(labels, $2), '{}')
where user_id = $1 and id in (
  select id from doable.tasks where user_id = $1 and labels is not null and labels @> array[$2] limit 20001
)
"""


async def remove(tx: Executor, user_id: str, name: str) -> None:
    """Take a label off all tasks that have it, as `rename`."""
    await tx.write(REMOVE, user_id, name)
