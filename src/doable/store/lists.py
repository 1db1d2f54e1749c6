"""The names of lists, and what happens to their tasks. `limit 20001`: one more than one request can change."""

from doable.store.database import Executor

TASKS = """
select id from doable.tasks where user_id = $1 and list_id = $2 and deleted_at is null limit 20001
"""


async def tasks(db: Executor, user_id: str, id: int) -> list[int]:
    """The ids of the tasks of a list, with their subtasks."""
    return [row[0] for row in await db.read(TASKS, user_id, id)]


EMPTY = """
-- The tasks of a list go to the Inbox, with their subtasks.
update doable.tasks set list_id = null where user_id = $1 and id = any($2)
"""


async def empty(db: Executor, user_id: str, id: int) -> None:
    await db.write(EMPTY, user_id, await tasks(db, user_id, id))


NAMES = """
-- For filters, which name lists and leave out those that are archived.
select id, name, coalesce(archived, false) from doable.lists where user_id = $1 and deleted_at is null
"""


async def names(db: Executor, user_id: str) -> list[tuple[int, str, bool]]:
    """The id and the name of each list, and whether it is archived."""
    return [(row[0], row[1], row[2]) for row in await db.read(NAMES, user_id)]
