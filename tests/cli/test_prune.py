"""`doable prune`."""

from doable.store.address import Address
from doable.store.database import Database
from processes import database_url, run

MAKE = "insert into doable.tasks (user_id, title) select 'alice', n::text from generate_series(1, 10500) n"


async def test_prune_says_what_it_removed(db: Database, address: Address) -> None:
    url = database_url(address)
    assert run("prune", DATABASE_URL=url).stdout == "There was nothing to remove.\n"
    await db.write("insert into doable.users (id) values ('alice')")
    await db.write(MAKE)
    await db.write("update doable.changes set at = at - interval '8 days'")
    done = run("prune", DATABASE_URL=url, CHANGES_RETENTION_DAYS="7")
    assert (done.stdout, done.returncode) == ("Removed 10500 rows.\n", 0)
    assert done.stderr == "10000 rows so far …\n"
