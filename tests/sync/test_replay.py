"""The log, applied to nothing, gives the table."""

import asyncio
import random

import msgspec

from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database

WRITERS = 8
ACTIONS = 60  # of each

CREATE = "insert into doable.tasks (user_id, title) values ('alice', $2 || $1::bigint)"
OTHERS = [
    "update doable.tasks set title = $2 where user_id = 'alice' and id = $1",
    "update doable.tasks set description = $2, status = 'complete' where user_id = 'alice' and id = $1",
    "update doable.tasks set status = 'complete' where user_id = 'alice' and id = $1 and $2 <> ''",
    "update doable.tasks set status = 'incomplete' where user_id = 'alice' and id = $1 and $2 <> ''",
    "delete from doable.tasks where user_id = 'alice' and id = $1 and $2 <> ''",
]


async def act(address: Address, ids: list[int], *, seed: int) -> None:
    """Do something at random to one of a few tasks, which others do things to as well."""
    chance = random.Random(seed)
    connection = await connect(address.direct)
    for _ in range(ACTIONS):
        statement = CREATE if chance.random() < 0.2 else chance.choice(OTHERS)
        id = chance.choice(ids) + chance.choice([0, 0, 0, len(ids)])
        await connection.execute(statement, id, chance.choice("abc"))
    await connection.close()


async def test_the_log_applied_to_nothing_gives_the_table_whatever_many_did_at_once(
    address: Address, db: Database
) -> None:
    await db.write("insert into doable.users (id) values ('alice')")
    rows = await db.write(
        "insert into doable.tasks (user_id, title) select 'alice', 'x' from generate_series(1, 12) returning id"
    )
    await asyncio.gather(*(act(address, [row["id"] for row in rows], seed=seed) for seed in range(WRITERS)))

    replayed: dict[int, dict[str, object]] = {}
    log = await db.read("select * from doable.changes order by revision")
    assert [change["revision"] for change in log] == list(range(1, len(log) + 1))
    for change in log:
        before, after = (msgspec.json.decode(change[side] or "null") for side in ("before", "after"))
        assert before == replayed.pop(change["object_id"], None)
        if after is not None:
            assert (after["id"], after["revision"]) == (change["object_id"], change["revision"])
            assert before is None or (before["updated_at"], before["created_at"]) < (
                after["updated_at"],
                after["created_at"] + "~",
            )
            replayed[after["id"]] = after
    table = await db.read("select to_jsonb(tasks) as task from doable.tasks")
    assert sorted(replayed.values(), key=str) == sorted((msgspec.json.decode(row["task"]) for row in table), key=str)
    assert {change["kind"] for change in log} == {"created", "updated", "completed", "reopened", "deleted"}
    assert (await db.read("select revision from doable.users"))[0][0] == len(log)
