"""What happens to the tasks of lists."""

from doable.store.database import Executor

EMPTY = """
-- The tasks of a list go to the Inbox, with their subtasks.
update doable.tasks set list_id = null where user_id = $1 and list_id = $2
"""


async def empty(db: Executor, user_id: str, id: int) -> None:
    await db.write(EMPTY, user_id, id)
