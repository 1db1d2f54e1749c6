"""Whatever one statement does, to how many rows of how many people: it is counted row by row, without a gap."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import asyncpg
import msgspec
import pytest
import sqlalchemy

from doable.store import functions, migrate
from doable.store.address import Address
from doable.store.connection import Connection, connect
from past import walk_back
from waits import until_blocked

ADD = "insert into doable.tasks (user_id, title) select {}, n::text from generate_series(1, 40) n"
EVERYBODYS = ADD.format("(array['a b', 'bob', '7 x', 'carol'])[1 + n % 4]")
IN_BLOCKS = ADD.format("(array['a b', 'bob', '7 x', 'carol'])[1 + (n - 1) / 10]")
THREE_AT_ONCE = f"""
with gone as (delete from doable.tasks where title < '2' returning id),
changed as (update doable.tasks set status = 'complete' where title > '3' returning id)
{EVERYBODYS}
"""  # noqa: S608

LAST_AT_FIRST = f"""
with added as ({EVERYBODYS} returning id),
changed as (update doable.tasks set status = 'complete' where title > '3' returning id)
delete from doable.tasks where title < '2'
"""  # noqa: S608
ONE = "insert into doable.tasks (user_id, title) values ('bob', 'x')"


@pytest.fixture
async def connection(address: Address) -> AsyncIterator[Connection]:
    connection = await connect(address)
    await connection.execute("insert into doable.users (id) select unnest(array['a b', 'bob', '7 x', 'carol'])")
    yield connection
    await connection.close()


async def revisions(connection: Connection) -> dict[str, int]:
    """Everybody's counter, once all is found to be as it must."""
    counters = {}
    for user_id, revision in await connection.fetch("select id, revision from doable.users order by id"):
        log = await connection.fetch("select * from doable.changes where user_id = $1 order by revision", user_id)
        assert [change["revision"] for change in log] == list(range(1, revision + 1)), user_id
        rows = await connection.fetch("select to_jsonb(tasks) from doable.tasks where user_id = $1", user_id)
        walk_back(log, [row[0] for row in rows])
        counters[user_id] = revision
    return counters


@pytest.mark.parametrize("statement", [EVERYBODYS, IN_BLOCKS], ids=["in turn", "one after the other"])
async def test_the_rows_of_several_owners(connection: Connection, statement: str) -> None:
    await connection.execute(statement)
    assert await revisions(connection) == {"7 x": 10, "a b": 10, "bob": 10, "carol": 10}


async def test_updates_and_deletions_of_several_owners(connection: Connection) -> None:
    await connection.execute(EVERYBODYS)
    await connection.execute("update doable.tasks set title = title || '!' where id % 3 > 0 or user_id = 'bob'")
    await connection.execute("update doable.tasks set status = 'complete' where user_id in ('a b', 'carol')")
    await connection.execute("delete from doable.tasks where title like '1%'")
    found = await revisions(connection)
    there = await connection.fetchval("select count(*) from doable.tasks")
    assert there < 40
    changed = await connection.fetchval("select count(*) from doable.changes")
    assert sum(found.values()) == changed > 100


@pytest.mark.parametrize("statement", [THREE_AT_ONCE, LAST_AT_FIRST], ids=["insert last", "insert first"])
async def test_several_writes_in_one_statement(connection: Connection, statement: str) -> None:
    await connection.execute(EVERYBODYS)
    await connection.execute(statement)
    assert sum((await revisions(connection)).values()) > 80


@pytest.mark.parametrize(("statement", "updates"), [(ONE, 1), (ADD.format("'bob'"), 2)], ids=["one row", "many rows"])
async def test_an_owner_is_updated_once_for_one_row_and_twice_for_many(
    connection: Connection, statement: str, updates: int
) -> None:
    async with connection.transaction():
        await connection.execute(statement)
        query = "select n_tup_upd from pg_stat_xact_user_tables where relid = 'doable.users'::regclass"
        assert await connection.fetchval(query) == updates


async def test_what_a_savepoint_undoes_was_never_counted(connection: Connection) -> None:
    async with connection.transaction():
        await connection.execute(ADD.format("'bob'"))
        with pytest.raises(asyncpg.CheckViolationError):
            async with connection.transaction():
                await connection.execute(ADD.format("'bob'") + " union all select 'bob', ''")
        await connection.execute(ADD.format("'bob'"))
    assert (await revisions(connection))["bob"] == 80


async def test_an_owner_who_comes_again_in_one_transaction_counts_from_one(connection: Connection) -> None:
    async with connection.transaction():
        await connection.execute(ADD.format("'bob'"))
        await connection.execute("delete from doable.users where id = 'bob'")
        await connection.execute("insert into doable.users (id) values ('bob')")
        await connection.execute(ADD.format("'bob'"))
    assert (await revisions(connection))["bob"] == 40


@pytest.mark.usefixtures("superuser")
async def test_many_rows_after_one_take_no_longer_each(connection: Connection) -> None:
    """The plan that the log keeps for a session was made for one row; PostgreSQL tells which it is."""
    await connection.execute(ONE)
    for _ in range(10):
        await connection.execute("update doable.tasks set title = title || '.' where user_id = 'bob'")
    await connection.execute("load 'auto_explain'")
    await connection.execute("set auto_explain.log_min_duration = 0")
    await connection.execute("set auto_explain.log_nested_statements = on")
    await connection.execute("set client_min_messages = log")
    plans: list[str] = []
    connection.add_log_listener(lambda _, message: plans.append(str(message)))
    await connection.execute("update doable.tasks set title = title || '.' where user_id = 'bob'")
    await connection.execute("delete from doable.tasks where user_id = 'bob'")
    logged = [plan for plan in plans if "before full join" in plan]
    assert ["Full Join" in plan for plan in logged] == [True, True], logged


@pytest.fixture
async def made_up(fresh_address: Address) -> AsyncIterator[Connection]:
    """A second table with an owner, whose columns are called like anything in the functions."""
    async with migrate._engine(fresh_address).begin() as connection:
        await connection.exec_driver_sql(MADE_UP)
        await connection.run_sync(lambda sync: functions.count(_Operations(sync), table="made_up", type="thing"))
        assert await connection.run_sync(functions.changed) == []
    connection = await connect(fresh_address)
    await connection.execute("insert into doable.users (id) select unnest(array['a b', 'bob'])")
    yield connection
    await connection.close()


class _Operations(NamedTuple):
    connection: sqlalchemy.Connection

    def get_bind(self) -> sqlalchemy.Connection:
        return self.connection


MADE_UP = """
create table doable.made_up (
  user_id text not null references doable.users on delete cascade, id bigint generated always as identity,
  kind text, actor jsonb, counter int[], counted bigint default 7, operation text, action text, "before" text,
  "after" text, "owner" text, gone int, "It's" text, twice bigint generated always as (counted * 2) stored,
  position text not null, created_at timestamptz not null, updated_at timestamptz not null, revision bigint not null,
  primary key (user_id, id)
)
"""


async def test_another_table_of_users_is_counted_and_logged_by_one_call(made_up: Connection) -> None:
    add = "insert into doable.made_up (user_id, kind, actor) select {}, n::text, '[1]' from generate_series(1, {}) n"
    await made_up.execute(add.format("'bob'", 1))
    await made_up.execute(add.format("(array['a b', 'bob'])[1 + n % 2]", 40))
    await made_up.execute("update doable.made_up set kind = 'x', counter = '{1,2}', counted = null where id = 1")
    await made_up.execute('update doable.made_up set "It\'s" = id, actor = null where id % 2 = 0')
    await made_up.execute("update doable.made_up set actor = '[1]'")
    await made_up.execute("delete from doable.made_up where id < 20")
    log = await made_up.fetch("select * from doable.changes where user_id = 'bob' order by revision")
    assert {change["type"] for change in log} == {"thing"}
    assert [change["revision"] for change in log] == list(range(1, len(log) + 1))
    assert await made_up.fetchval("select revision from doable.users where id = 'bob'") == len(log) > 40
    rows = await made_up.fetch("select to_jsonb(made_up) from doable.made_up where user_id = 'bob'")
    past = walk_back(log, [row[0] for row in rows])
    (first,) = (change for change in log if change["object_id"] == 1 and change["kind"] == "updated")
    changed = {"kind", "counter", "counted", "twice", "updated_at", "revision"}
    assert set(msgspec.json.decode(first["undo"])) == changed
    before, after = past[first["revision"]]
    assert before is not None
    assert after is not None
    assert (before["kind"], before["counter"], after["counter"], after["twice"]) == ("1", None, [1, 2], None)


async def test_a_change_says_its_operation_and_what_happened(connection: Connection) -> None:
    async with connection.transaction():
        await connection.execute("set local doable.operation = 1; set local doable.action = 'x'")
        await connection.execute(ONE)
        await connection.execute("update doable.tasks set status = 'complete'")
        await connection.execute("set local doable.action = ''")
        await connection.execute("delete from doable.tasks")
    await connection.execute(ONE)
    rows = await connection.fetch("select kind, operation, action from doable.changes order by revision")
    assert [tuple(row) for row in rows] == [
        ("created", 1, "x"),
        ("updated", 1, "x"),
        ("deleted", 1, None),
        ("created", None, None),
    ]


async def test_a_hundred_completions_of_a_long_task_cost_kilobytes(connection: Connection) -> None:
    """No description has more than 5000 characters, and none of these says the same thing twice."""
    text = "".join(chr(0x1F300 + n * 7919 % 4973 % 1000) for n in range(5000))
    assert len(text.encode()) == 20_000
    await connection.execute("insert into doable.tasks (user_id, title, description) values ('bob', 'x', $1)", text)
    for _ in range(50):
        await connection.execute("update doable.tasks set status = 'complete' where user_id = 'bob'")
        await connection.execute("update doable.tasks set status = 'incomplete' where user_id = 'bob'")
    size = "select sum(pg_column_size(changes.*)) from doable.changes where user_id = 'bob'"
    assert await connection.fetchval(size) < 101 * 250
    await connection.execute("delete from doable.tasks where user_id = 'bob'")
    assert await connection.fetchval(size) > 101 * 250


LEFT = """
select
  (select count(*) from doable.users where id = 'bob') as users,
  (select count(*) from doable.tasks where user_id = 'bob') as tasks,
  (select count(*) from doable.changes where user_id = 'bob') as changes
"""


@pytest.fixture
async def other(address: Address) -> AsyncIterator[Connection]:
    connection = await connect(address)
    yield connection
    await connection.close()


async def test_who_goes_while_somebody_writes_leaves_nothing(connection: Connection, other: Connection) -> None:
    """No foreign key holds the changes: the lock on the owner's row does."""
    await connection.execute(ONE)
    async with asyncio.TaskGroup() as group, connection.transaction():
        await connection.execute("update doable.tasks set status = 'complete' where user_id = 'bob'")
        going = group.create_task(other.execute("delete from doable.users where id = 'bob'"))
        await until_blocked(connection.fetch)
    assert going.result() == "DELETE 1"
    assert tuple(await connection.fetchrow(LEFT) or ()) == (0, 0, 0)


async def test_who_goes_by_an_old_snapshot_is_stopped(connection: Connection, other: Connection) -> None:
    async with other.transaction(isolation="repeatable_read"):
        await other.execute("select from doable.users")
        await connection.execute(ONE)
        with pytest.raises(asyncpg.SerializationError):
            await other.execute("delete from doable.users where id = 'bob'")
    assert (await revisions(connection))["bob"] == 1


async def test_nobody_writes_for_who_is_going(connection: Connection, other: Connection) -> None:
    await connection.execute(ONE)
    async with asyncio.TaskGroup() as group, connection.transaction():
        await connection.execute("delete from doable.users where id = 'bob'")
        writing = group.create_task(refused(other, ONE))
        await until_blocked(connection.fetch)
    assert writing.result() == "tasks_user_id_fkey"
    assert tuple(await connection.fetchrow(LEFT) or ()) == (0, 0, 0)


async def refused(connection: Connection, statement: str) -> str | None:
    with pytest.raises(asyncpg.ForeignKeyViolationError) as refusal:
        await connection.execute(statement)
    return refusal.value.constraint_name


async def test_the_changes_of_an_operation_have_the_number_of_the_first(connection: Connection) -> None:
    await connection.execute(f"{ONE}; {ONE}")
    async with connection.transaction():
        await connection.execute("select set_config('doable.operation', 'new', true)")
        for statement in (
            "update doable.tasks set title = 'x'",  # changes nothing
            "update doable.tasks set title = case when id = (select min(id) from doable.tasks) then 'y' else 'x' end",
            ONE,
            "update doable.tasks set deleted_at = now(), deleted_with = id",
            "delete from doable.tasks",
        ):
            await connection.execute(statement)
    log = await connection.fetch("select kind, operation from doable.changes order by revision")
    assert [change["operation"] for change in log] == [None] * 2 + [3] * 8
    assert [change["kind"] for change in log[2:]] == ["updated", "created", *["deleted"] * 6]
    await connection.execute(ONE)
    async with connection.transaction():
        await connection.execute("select set_config('doable.operation', 'new', true)")
        await connection.execute("delete from doable.tasks")
    assert await connection.fetchval("select operation from doable.changes order by revision desc limit 1") == 12
