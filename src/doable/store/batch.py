"""Many tasks at once: one statement per kind of work, however many tasks there are."""

from collections.abc import Sequence

import msgspec

from doable.model import Task
from doable.store.database import Executor


class Change(msgspec.Struct, frozen=True):
    """What becomes of one task: None stays as it is, and so does the description unless it `replaces`."""

    id: int
    title: str | None
    description: str | None
    replaces: bool
    status: str | None


LOCK = """
-- In the order of the ids, so that two batches can't wait for each other (DESIGN §4).
select id, user_id, title, description, status, created_at, updated_at, revision
from doable.tasks
where user_id = $1 and id = any($2::bigint[])
order by id
for update
"""


async def lock(db: Executor, user_id: str, ids: Sequence[int]) -> list[Task]:
    """Those of the tasks that are there; they stay as they are until the transaction ends."""
    return [Task(*row) for row in await db.write(LOCK, user_id, ids)]


CREATE = """
-- Ids and revisions are taken as the rows come, which is in their place.
insert into doable.tasks (user_id, title, description)
select $1, new.title, new.description
from unnest($2::text[], $3::text[]) with ordinality as new(title, description, place)
order by new.place
returning id, user_id, title, description, status, created_at, updated_at, revision
"""


async def create(db: Executor, user_id: str, titles: Sequence[str], descriptions: Sequence[str | None]) -> list[Task]:
    """The new tasks, in the order in which they were given."""
    rows = await db.write(CREATE, user_id, titles, descriptions)
    return sorted((Task(*row) for row in rows), key=lambda task: task.id)


CHANGE = """
update doable.tasks
set
  title = coalesce(change.title, tasks.title),
  description = case when change.replaces then change.description else tasks.description end,
  status = coalesce(change.status, tasks.status)
from unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::text[])
  as change(id, title, description, replaces, status)
where tasks.user_id = $1 and tasks.id = change.id
returning tasks.id, tasks.user_id, tasks.title, tasks.description, tasks.status, tasks.created_at, tasks.updated_at,
  tasks.revision
"""


async def change(db: Executor, user_id: str, changes: Sequence[Change]) -> list[Task]:
    """The tasks as they are now, in any order; each may be changed only once."""
    columns = zip(*map(msgspec.structs.astuple, changes), strict=True)
    return [Task(*row) for row in await db.write(CHANGE, user_id, *columns)]


DELETE = """
delete from doable.tasks where user_id = $1 and id = any($2::bigint[])
"""


async def delete(db: Executor, user_id: str, ids: Sequence[int]) -> None:
    await db.write(DELETE, user_id, ids)
