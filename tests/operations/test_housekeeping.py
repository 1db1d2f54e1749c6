"""What is old goes, a little at a time, and who needed it is told to begin anew."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from doable.operations import housekeeping as core
from doable.operations import instants
from doable.operations.housekeeping import Housekeeping
from doable.store import housekeeping as store
from doable.store import instants as stored_instants
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from doable.store.tasks import lock_parents
from postgres import Server
from processes import place
from waits import until_blocked

RETENTION = timedelta(days=90)
TRASH = timedelta(days=30)
MOST = 10_000  # changes of one user


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def pruned(db: Database, *, most: int = MOST) -> int:
    return sum([removed async for removed in Housekeeping(db, RETENTION, most=most, trash=TRASH).prune()])


async def make_changes(db: Database, user: str, count: int) -> None:
    await db.write("insert into doable.users (id) values ($1)", user)
    await db.write(
        "insert into doable.tasks (user_id, title) select $1, n::text from generate_series(1, $2) n", user, count
    )


async def age(db: Database, user: str, up_to: int) -> None:
    statement = "update doable.changes set at = at - interval '91 days' where user_id = $1 and revision <= $2"
    await db.write(statement, user, up_to)


async def state(db: Database, user: str) -> tuple[int, int, int]:
    """The user's floor, revision, and number of changes."""
    row = await db.read_one(
        "select floor, revision, (select count(*) from doable.changes where user_id = id) as changes"
        " from doable.users where id = $1",
        user,
    )
    assert row is not None
    return row[0], row[1], row[2]


async def test_changes_older_than_the_retention_go_and_the_floor_rises(db: Database) -> None:
    await make_changes(db, "alice", 5)
    await make_changes(db, "bob", 3)
    await age(db, "alice", 3)
    assert await pruned(db) == 3
    assert await state(db, "alice") == (3, 5, 2)
    assert await state(db, "bob") == (0, 3, 3)
    assert await pruned(db) == 0
    tasks = await db.read("select id from doable.tasks where user_id = 'alice'")
    assert len(tasks) == 5


async def test_of_one_user_only_so_many_changes_are_kept(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "BATCH_ROWS", 4)
    await make_changes(db, "alice", 20)
    await make_changes(db, "bob", 6)
    await make_changes(db, "carol", 7)
    await age(db, "alice", 3)
    assert await pruned(db, most=6) == 14 + 1
    assert await state(db, "alice") == (14, 20, 6)
    assert await state(db, "bob") == (0, 6, 6)
    assert await state(db, "carol") == (1, 7, 6)
    assert await pruned(db, most=6) == 0


async def test_much_goes_in_small_transactions(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "BATCH_ROWS", 4)
    await make_changes(db, "alice", 9)
    await make_changes(db, "bob", 3)
    await age(db, "alice", 9)
    await age(db, "bob", 2)
    batches = [removed async for removed in Housekeeping(db, RETENTION, most=MOST, trash=TRASH).prune()]
    assert sum(batches) == 11
    assert max(batches) <= 4
    assert (await state(db, "alice"), await state(db, "bob")) == ((9, 9, 0), (2, 3, 1))


async def test_a_cursor_from_below_the_floor_is_refused(alice: httpx.AsyncClient, db: Database) -> None:
    await alice.post("/api/me/tasks", json={"title": "one"})
    old = (await alice.get("/api/me/sync")).json()["cursor"]
    task = (await alice.post("/api/me/tasks", json={"title": "two"})).json()
    new = (await alice.get("/api/me/sync")).json()["cursor"]
    await age(db, "alice", task["revision"])
    assert await pruned(db) == 2
    refused = await alice.get("/api/me/sync", params={"cursor": old})
    assert (refused.status_code, refused.json()["code"]) == (410, "cursor_expired")
    assert (await alice.get("/api/me/sync", params={"cursor": new})).status_code == 200
    assert len((await alice.get("/api/me/sync")).json()["tasks"]) == 2


async def test_stored_answers_go_after_a_day(alice: httpx.AsyncClient, db: Database) -> None:
    for key in ("old", "new"):
        await alice.post("/api/me/tasks", json={"title": key}, headers={"idempotency-key": key})
    await db.write("update doable.idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'")
    assert await pruned(db) == 1
    assert [row[0] for row in await db.read("select key from doable.idempotency_keys")] == ["new"]


async def test_tickets_that_nobody_used_go(alice: httpx.AsyncClient, db: Database) -> None:
    for _ in range(2):
        await alice.post("/api/me/event-ticket")
    await db.write(
        "update doable.event_tickets set expires_at = now() - interval '1 s'"
        " where hash = (select min(hash) from doable.event_tickets)"
    )
    assert [await pruned(db), len(await db.read("select from doable.event_tickets"))] == [1, 1]


async def test_sessions_that_have_expired_go(db: Database) -> None:
    await db.write("insert into doable.users (id) values ('alice'), ('bob')")
    await db.write(
        "insert into doable.sessions (user_id, token_hash, expires_at)"
        " select id, convert_to(id || days, 'utf8'), now() + days * interval '1 day'"
        " from doable.users, unnest(array[-1, 1]) as days"
    )
    assert await pruned(db) == 2
    assert [row[0] for row in await db.read("select user_id from doable.sessions order by 1")] == ["alice", "bob"]


async def test_one_instance_at_a_time(db: Database, address: Address) -> None:
    await make_changes(db, "alice", 2)
    await age(db, "alice", 2)
    other = Database(address)
    async with other.transaction() as transaction:
        assert await store.claim(transaction)
        assert await pruned(db) == 0
    await other.close()
    assert await pruned(db) == 2


async def test_writers_and_leavers_go_on_while_it_prunes(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "BATCH_ROWS", 20)
    for user in ("alice", "bob"):
        await make_changes(db, user, 200)
        await age(db, user, 200)

    async def write() -> None:
        for _ in range(50):
            await db.write("insert into doable.tasks (user_id, title) values ('alice', 'x')")

    await asyncio.gather(pruned(db), write(), db.write("delete from doable.users where id = 'bob'"))
    await pruned(db)
    assert await state(db, "alice") == (200, 250, 50)
    assert await db.read("select 1 from doable.changes where user_id = 'bob'") == []


async def test_it_prunes_every_hour_and_only_while_the_database_is_awake(
    db: Database, address: Address, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "doable.housekeeping")
    clock = Clock()
    asleep = Database(address)
    housekeeping = Housekeeping(asleep, RETENTION, most=MOST, trash=TRASH, clock=clock)
    await make_changes(db, "alice", 2)
    await age(db, "alice", 1)
    await housekeeping.look()
    assert asleep.statistics["open"] == 0
    assert await state(db, "alice") == (0, 2, 2)
    await asleep.read("select 1")
    await housekeeping.look()
    assert await state(db, "alice") == (1, 2, 1)
    assert [record.facts for record in caplog.records] == [{"rows": 1}]
    await age(db, "alice", 2)
    await housekeeping.look()
    assert await state(db, "alice") == (1, 2, 1)
    clock.now += core.ROUND_SECONDS
    await housekeeping.look()
    assert await state(db, "alice") == (2, 2, 0)
    clock.now += core.ROUND_SECONDS
    await housekeeping.look()
    assert len(caplog.records) == 2
    await asleep.close()


async def test_instants_follow_new_rules_of_time_zones(
    alice: httpx.AsyncClient, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "doable.housekeeping")
    zoned = {"date": "2026-12-01", "time": "17:00", "time_zone": "Europe/Berlin"}
    for due in (zoned, {"date": "2026-12-01"}, None):
        assert (await alice.post("/api/me/tasks", json={"title": "x", "due": due, "start": due})).status_code == 201
    right = [{**zoned, "at": "2026-12-01T16:00:00"}, {"date": "2026-12-01"}, None]
    assert await instants_of(db) == right
    wrong = json.dumps({**zoned, "at": "2026-12-01T15:00:00"})
    trashed = (await alice.post("/api/me/tasks", json={"title": "x", "due": zoned, "start": zoned})).json()["id"]
    await alice.delete(f"/api/me/tasks/{trashed}")
    await db.write("update doable.tasks set start = $1::text::jsonb where start ? 'at'", wrong)
    await db.write("update doable.installation set zones = '2026a ' || epoch")
    await Housekeeping(db, RETENTION, most=MOST, trash=TRASH).look()
    assert [record.facts for record in caplog.records] == [{"tasks": 2}]
    assert await instants_of(db) == [*right, right[0]]
    last = (await alice.get("/api/me/sync")).json()["tasks"][-1]
    assert (last["revision"], last["due"], last["start"]) == (8, zoned, zoned)
    await db.write("update doable.tasks set start = $1::text::jsonb where start ? 'at'", wrong)
    assert await instants.refresh(db) == 0  # It looks only when there is another version.


async def test_a_task_that_goes_while_instants_are_computed_is_left_alone(db: Database) -> None:
    async with db.transaction() as tx:
        await stored_instants.store(tx, "alice", 1)


async def instants_of(db: Database) -> list[object]:
    rows = await db.read("select due::text from doable.tasks where due is not distinct from start order by id")
    return [row[0] and json.loads(row[0]) for row in rows]


async def test_a_database_that_is_away_is_left_for_later() -> None:
    with place() as directory:
        with Server(directory) as address:
            db = Database(address, deadline=0.2)
            await db.read("select 1")
        await Housekeeping(db, RETENTION, most=MOST, trash=TRASH).look()
        await db.close()


async def test_it_looks_again_and_again_until_it_is_cancelled(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "POLL_SECONDS", 0.001)
    await make_changes(db, "alice", 1)
    await age(db, "alice", 1)
    task = asyncio.create_task(Housekeeping(db, RETENTION, most=MOST, trash=TRASH).run())
    async with asyncio.timeout(20):
        while await state(db, "alice") != (1, 1, 0):
            pass  # Each look is a round trip, which lets the task run.
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_what_is_in_the_trash_for_too_long_goes_a_little_at_a_time(
    alice: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "BATCH_ROWS", 2)
    home = (await alice.post("/api/me/lists", json={"name": "Home"})).json()["id"]
    top, other, kept = [
        (await alice.post("/api/me/tasks", json={"title": "x", "list_id": home})).json()["id"] for _ in range(3)
    ]
    await alice.post("/api/me/tasks", json={"title": "sub", "parent_id": top})
    await alice.patch(f"/api/me/tasks/{kept}", json={"list_id": None})
    for path in (f"tasks/{other}", f"lists/{home}"):
        await alice.delete(f"/api/me/{path}")
    for table in ("tasks", "lists"):
        await db.write(f"update doable.{table} set deleted_at = deleted_at - interval '31 days'")  # noqa: S608
    await alice.delete(f"/api/me/tasks/{kept}")
    batches = [removed async for removed in Housekeeping(db, RETENTION, most=MOST, trash=TRASH).prune()]
    assert batches == [2, 1, 1]
    assert [one["object"]["id"] for one in (await alice.get("/api/me/trash")).json()] == [kept]


async def test_each_portion_of_the_trash_costs_as_much_as_it_removes(db: Database) -> None:
    """The index of what is due is read up to the limit, with what went to the trash together."""
    many, together = 6000, 50
    await make_changes(db, "alice", many)
    await make_changes(db, "bob", many)
    trashed = (
        "update doable.tasks set deleted_with = id, deleted_at = now() - interval '31 days' - id / $1 * interval '1 s'"
    )
    await db.write(trashed, together)
    await db.write("analyze doable.tasks")
    read = await db.read(f"explain (analyze, format json) {store.DUE['tasks']}", TRASH, 1000)
    assert 1000 <= most_rows(json.loads(read[0][0])[0]["Plan"]) <= 1000 + 2 * together


def most_rows(plan: dict[str, Any]) -> int:
    """The number of rows of the node of a plan that has the most."""
    return max([plan["Actual Rows"], *map(most_rows, plan.get("Plans", []))])


async def test_a_user_whose_trash_is_in_use_does_not_hold_up_others(db: Database, address: Address) -> None:
    for user in ("alice", "bob"):
        await make_changes(db, user, 2)
    await db.write("update doable.tasks set deleted_with = id, deleted_at = now() - interval '31 days' where id > 0")
    other = Database(address)
    async with other.transaction() as transaction:
        await lock_parents(transaction, "alice")
        pruning = asyncio.create_task(pruned(db))
        await until_blocked(transaction.read)
        left = await db.read("select distinct user_id from doable.tasks")
    await other.close()
    assert ([row[0] for row in left], await pruning) == (["alice"], 4)


async def test_what_comes_back_while_the_trash_is_emptied_stays(
    alice: httpx.AsyncClient, db: Database, address: Address
) -> None:
    task = (await alice.post("/api/me/tasks", json={"title": "x"})).json()
    await alice.delete(f"/api/me/tasks/{task['id']}")
    await db.write("update doable.tasks set deleted_at = deleted_at - interval '31 days'")
    other = await connect(address)
    async with other.transaction():
        await other.execute("update doable.tasks set deleted_at = null, deleted_with = null")
        pruning = asyncio.create_task(pruned(db))
        await until_blocked(other.fetch)
    await other.close()
    await pruning
    assert (await alice.get(f"/api/me/tasks/{task['id']}")).status_code == 200
