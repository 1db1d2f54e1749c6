"""The count of what was acknowledged finds what is missing, doubled or skipped: else it would show nothing."""

import pytest

from doable.store.database import Database
from processes import Service
from writers import Writers

WRONGS = [
    "insert into doable.tasks (user_id, title) values ('user-0', '0-0, 1')",
    "delete from doable.tasks where ctid in (select ctid from doable.tasks where user_id = 'user-0' limit 1)",
    "update doable.tasks set status = 'complete', title = 'x' where user_id = 'user-0'",
    "update doable.users set revision = revision + 1 where id = 'user-0'",
    "delete from doable.changes where user_id = 'user-0' and revision = 1",
    "update doable.changes set kind = 'updated' where user_id = 'user-0' and kind = 'created'",
]


@pytest.mark.parametrize("wrong", WRONGS)
async def test_one_thing_wrong_is_found(service: Service, db: Database, wrong: str) -> None:
    writers = Writers(lambda: service.url, seed="count", users=1)
    async with writers.writing():
        await writers.have_written(40)
    await writers.require_exactly_that(db)
    await db.write(wrong)
    with pytest.raises(AssertionError):
        await writers.require_exactly_that(db)
