"""The log, walked back from the table, gives every state that there was."""

import asyncio
import random

import msgspec
import pytest

from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from past import Row, name_of, walk_back

WRITERS = 8
ACTIONS = 60  # of each

LEFT = " returning to_jsonb(tasks)"
CREATE = f"insert into doable.tasks (user_id, title) values ('alice', $2 || $1::bigint){LEFT}"  # noqa: S608
DELETE = "delete from doable.tasks where user_id = 'alice' and id = $1 and $2 <> '' returning null"
UPDATES = [
    "title = $2",
    "description = $2, status = 'complete'",
    "description = nullif($2, 'a')",
    "status = left('complete' || $2, 8)",
    "status = left('incomplete' || $2, 10)",
]
STATEMENTS = [*(f"update doable.tasks set {one} where user_id = 'alice' and id = $1{LEFT}" for one in UPDATES), DELETE]  # noqa: S608


async def act(address: Address, ids: list[int], *, seed: int) -> list[Row]:
    """Do something at random to one of a few tasks, as others do too; gives what each statement left."""
    chance = random.Random(seed)
    connection = await connect(address.direct)
    left = []
    for _ in range(ACTIONS):
        statement = CREATE if chance.random() < 0.2 else chance.choice(STATEMENTS)
        id = chance.choice(ids) + chance.choice([0, 0, 0, len(ids)])
        if row := await connection.fetchval(statement, id, chance.choice("abc")):
            left.append(msgspec.json.decode(row))
    await connection.close()
    return left


@pytest.mark.one_server
async def test_the_log_leads_back_to_every_state_that_there_was_whatever_many_did_at_once(
    address: Address, db: Database
) -> None:
    await db.write("insert into doable.users (id) values ('alice')")
    rows = await db.write(
        "insert into doable.tasks (user_id, title) select 'alice', 'x' from generate_series(1, 12) returning id"
    )
    ids = [row["id"] for row in rows]
    told = await asyncio.gather(*(act(address, ids, seed=seed) for seed in range(WRITERS)))

    log = await db.read("select * from doable.changes order by revision")
    assert [change["revision"] for change in log] == list(range(1, len(log) + 1))
    table = await db.read("select to_jsonb(tasks) from doable.tasks")
    past = walk_back(log, [row[0] for row in table])
    assert {name_of(*both) for both in past.values()} == {"created", "updated", "completed", "reopened", "deleted"}
    for states in told:
        assert all(past[state["revision"]][1] == state for state in states)
    for before, after in past.values():
        if before and after:
            assert (before["created_at"], before["updated_at"]) < (after["created_at"], after["updated_at"])
    assert (await db.read("select revision from doable.users"))[0][0] == len(log)
