"""Whatever one statement does, to how many rows of how many people: it is counted row by row, without a gap."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest

from doable.store.address import Address
from doable.store.connection import Connection, connect

# For each owner: the counter, the revisions of the log, and whether what the log tells is what is there.
AUDIT = """
select users.id, users.revision,
  array(select revision from doable.changes where user_id = users.id order by revision) as revisions,
  (
    select coalesce(jsonb_object_agg(id, to_jsonb(tasks)), '{}') from doable.tasks where user_id = users.id
  )::text as there,
  (
    select coalesce(jsonb_object_agg(object_id, after) filter (where after is not null), '{}')
    from (
      select distinct on (object_id) object_id, after from doable.changes where user_id = users.id
      order by object_id, revision desc
    ) as last
  )::text as told,
  (
    select bool_and(before is not distinct from previous)
    from (
      select before, lag(after) over (partition by object_id order by revision) as previous
      from doable.changes where user_id = users.id
    ) as steps
  ) as is_linked
from doable.users
order by users.id
"""
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
    for user_id, revision, logged, there, told, is_linked in await connection.fetch(AUDIT):
        assert list(logged) == list(range(1, revision + 1)), user_id
        assert msgspec.json.decode(told) == msgspec.json.decode(there), user_id
        assert is_linked in {True, None}, user_id
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
    logged = [plan for plan in plans if "insert into doable.changes" in plan]
    assert ["Full Join" in plan for plan in logged] == [True, True], logged


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
        await until_waiting(connection)
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
        await until_waiting(connection)
    assert writing.result() == "tasks_user_id_fkey"
    assert tuple(await connection.fetchrow(LEFT) or ()) == (0, 0, 0)


async def until_waiting(connection: Connection) -> None:
    """Until somebody waits for a lock that this connection holds."""
    query = "select exists (select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid)))"
    async with asyncio.timeout(10):
        while not await connection.fetchval(query):  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)


async def refused(connection: Connection, statement: str) -> str | None:
    with pytest.raises(asyncpg.ForeignKeyViolationError) as refusal:
        await connection.execute(statement)
    return refusal.value.constraint_name
