"""What happens to the tasks of lists. `limit 20001`: one more than one request can change."""

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
