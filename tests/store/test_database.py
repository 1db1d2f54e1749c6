"""Statements in, rows out, and what becomes of them when the server is not there."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

import asyncpg
import pytest

from clients import client_of
from doable.app import create_app
from doable.errors import TaskNotFound, Unavailable, UserNotFound
from doable.settings import Settings
from doable.store import migrate, users
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database, Executor
from doable.store.pool import PoolLimits
from postgres import Server
from proxy import Proxy
from tokens import SECRET
from waits import until, until_blocked

ADD_USER = "insert into doable.users (id, email) values ($1, $2) returning id"
SLEEPING = (
    "select from pg_stat_activity"
    " where datname = current_database() and state = 'active' and query = 'select pg_sleep(600)'"
)
ADD_TASK = "insert into doable.tasks (user_id, title) values ($1, $2)"


@asynccontextmanager
async def opened(address: Address, *, deadline: float = 10) -> AsyncIterator[Database]:
    database = Database(address, PoolLimits(size=2, overflow=0), deadline=deadline)
    yield database
    await database.close()


@asynccontextmanager
async def mute() -> AsyncIterator[Address]:
    """A server that lets everybody in and says nothing."""
    writers = []

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield Address.parse(f"postgresql://postgres@127.0.0.1:{port}/x?sslmode=disable")
    server.close()
    for writer in writers:
        writer.close()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server of the test's own, to be stopped and started."""
    directory = Path(tempfile.mkdtemp(prefix="doable-test-"))
    server = Server(directory)
    with server:
        yield server
    shutil.rmtree(directory, ignore_errors=True)


async def test_rows_come_out_one_or_all(db: Database) -> None:
    assert [row["n"] for row in await db.read("select generate_series(1, $1::int) as n", 3)] == [1, 2, 3]
    row = await db.read_one("select $1::text as word", "naïve ☃")
    assert row is not None
    assert row["word"] == "naïve ☃"
    assert await db.read_one("select 1 where false") is None
    assert await db.write_one("update doable.users set name = 'x' where id = $1 returning id", "nobody") is None


async def test_a_constraint_that_means_something_is_that_error(db: Database) -> None:
    with pytest.raises(UserNotFound):
        await db.write(ADD_TASK, "nobody", "x")
    assert db.statistics["open"] == 1, "the connection is as good as before"


async def test_a_constraint_that_means_nothing_is_a_mistake_of_ours_that_names_nobodys_data(db: Database) -> None:
    await db.write(ADD_USER, "alice", None)
    for run in (db.write, db.write_one):
        with pytest.raises(asyncpg.CheckViolationError) as mistake:
            await run(ADD_TASK, "alice", "my diary " * 99)
        assert "diary" not in str(mistake.value)
        assert mistake.value.constraint_name == "tasks_title_check"
    async with db.transaction() as transaction:
        with pytest.raises(asyncpg.CheckViolationError) as mistake:
            await transaction.write(ADD_TASK, "alice", "my diary " * 99)
        assert "diary" not in str(mistake.value)
        await transaction.execute("rollback; begin")


@pytest.mark.parametrize(
    ("statement", "args", "error"),
    [
        ("select $1::int", [2**40], asyncpg.DataError),
        ("select $1::text", [5], asyncpg.DataError),
        ("select 1 / $1::int", [0], asyncpg.DivisionByZeroError),
        ("select nonsense", [], asyncpg.UndefinedColumnError),
    ],
)
async def test_a_mistake_of_ours_shows_at_once(
    db: Database, statement: str, args: list[object], error: type[Exception]
) -> None:
    for run in (db.read, db.write):
        began = monotonic()
        with pytest.raises(error):
            await run(statement, *args)
        assert monotonic() - began < 5


@pytest.mark.one_server
@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("connection to the remote node postgres@10.0.0.7:5432 failed", "08006"),
        ("server closed the connection unexpectedly", "XX000"),
    ],
)
async def test_users_of_other_nodes_go_on_while_one_node_is_away(db: Database, message: str, code: str) -> None:
    """What the node has done is unknown: the statement is not tried again, and the database counts as there."""
    await db.write("create sequence if not exists tries")
    await db.write("select setval('tries', 1)")
    fails = f"do $$ begin perform nextval('tries'); raise exception '{message}' using errcode = '{code}'; end $$"
    failed: list[Callable[[], Awaitable[object]]] = [
        lambda: db.read(fails),
        lambda: db.write(fails),
        lambda: db.transact(lambda transaction: transaction.execute(fails)),
    ]
    for number, run in enumerate(failed, start=1):
        began = monotonic()
        with pytest.raises(Unavailable):
            await run()
        assert await db.read_one("select 1"), "nobody else is refused"
        assert monotonic() - began < 1
        row = await db.read_one("select last_value from tries")
        assert row is not None
        assert row["last_value"] == number + 1, "it ran once"


async def test_who_is_cancelled_gives_the_connection_up(db: Database) -> None:
    task = asyncio.create_task(db.read("select pg_sleep(60)"))
    await until(lambda: db.statistics["busy"])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert db.statistics["open"] == 0
    assert await db.read_one("select 1")


async def test_a_statement_that_takes_too_long_is_given_up(address: Address) -> None:
    async with opened(address, deadline=0.1) as slow:
        for run in (slow.read, slow.write):
            with pytest.raises(Unavailable):
                await run("select pg_sleep(60)")
        assert slow.statistics["open"] == 0


async def test_a_queue_counts_only_while_the_database_answers(address: Address) -> None:
    async with opened(address) as db:
        held = [await db._pool.acquire() for _ in range(2)]
        waiter = asyncio.create_task(db.read("select 1"))
        await until(db._pool.waiting)
        db._circuit.answered_at = float("inf")
        assert db.waiting() == 1
        assert db.longest_wait() > 0
        db._circuit.answered_at = float("-inf")
        assert db.waiting() == 0
        for lease in held:
            db._pool.release(lease)
        await waiter
        assert (db.waiting(), db.longest_wait()) == (0, 0)


async def test_what_nobody_waits_for_is_stopped(address: Address) -> None:
    """A server that is not told so would run a statement to its end."""
    watcher = await connect(address.direct)
    async with opened(address, deadline=0.2) as hurried, opened(address) as patient:
        with pytest.raises(Unavailable):
            await hurried.read("select pg_sleep(600)")
        with pytest.raises(Unavailable):
            async with hurried.transaction() as transaction:
                await transaction.read("select pg_sleep(600)")
        task = asyncio.create_task(patient.read("select pg_sleep(600)"))
        async with asyncio.timeout(20):
            while not await watcher.fetch(SLEEPING):
                pass
            task.cancel()
            while await watcher.fetch(SLEEPING):
                pass
    await watcher.close()


async def test_a_server_that_never_answers_costs_no_more_than_the_deadline() -> None:
    async with mute() as address, opened(address, deadline=0.2) as database:
        for run in (database.read, database.write):
            began = monotonic()
            with pytest.raises(Unavailable):
                await run("select 1")
            assert monotonic() - began < 5


async def test_no_server_costs_no_more_than_the_deadline(address: Address) -> None:
    async with opened(replace(address, host="/nowhere"), deadline=0.2) as database:
        began = monotonic()
        with pytest.raises(Unavailable):
            await database.read("select 1")
        with pytest.raises(Unavailable):
            async with database.transaction():
                pass
        assert monotonic() - began < 5


async def test_a_read_is_tried_again_and_a_write_is_not(address: Address) -> None:
    """The connection breaks when the server has got the statement, and nobody knows whether it ran."""
    async with Proxy(address) as proxy, opened(proxy.address) as far:
        await far.read("select 1")
        proxy.cut(0, delivered=True)
        assert len(await far.read("select 1")) == 1
        assert proxy.was_cut
        proxy.cut(0, delivered=True)
        with pytest.raises(Unavailable):
            await far.write("select 1")


@pytest.mark.usefixtures("superuser")
async def test_a_deadlock_is_tried_again(db: Database) -> None:
    """Two that wait for each other: PostgreSQL ends one, which has then not run at all."""
    await db.write(ADD_USER, "a", None)
    await db.write(ADD_USER, "b", None)
    swap = "update doable.users set name = coalesce(name, '') || 'x' where id in ($1, $2)"
    async with db.transaction() as one:
        await one.write("set local deadlock_timeout = '10s'")
        await one.write("update doable.users set name = '' where id = 'b'")
        # The other one takes `a`, waits for `b`, and is the one that looks for the deadlock.
        other = asyncio.create_task(db.write(swap, "a", "b"))
        await until_blocked(db.read)
        await one.write("update doable.users set name = '' where id = 'a'")
    await other
    rows = await db.read("select name from doable.users order by id")
    assert [row[0] for row in rows] == ["x", "x"]


@pytest.mark.parametrize("statement", ["read", "write"])
async def test_when_the_server_is_back_the_first_statement_succeeds(own_server: Server, statement: str) -> None:
    async with opened(own_server.address) as database:
        await asyncio.gather(*(database.read("select pg_sleep(0.01)") for _ in range(2)))
        await asyncio.to_thread(own_server.__exit__)
        database._deadline = 0.2
        with pytest.raises(Unavailable):
            await getattr(database, statement)("select 1")
        await asyncio.to_thread(own_server.__enter__)
        database._deadline = 10
        assert await getattr(database, statement)("select 1")
        assert database.statistics["open"] == 1


async def test_a_restart_that_nobody_has_noticed_yet_costs_a_reader_nothing(own_server: Server) -> None:
    """Both connections have got their last word, and the event loop has not read it."""
    async with opened(own_server.address) as database:
        await asyncio.gather(*(database.read("select pg_sleep(0.01)") for _ in range(2)))
        own_server.__exit__()
        own_server.__enter__()
        for _ in range(3):
            assert await database.read("select 1")


async def test_a_server_that_comes_back_in_time_is_never_missed(own_server: Server) -> None:
    async with opened(own_server.address, deadline=30) as database:
        await database.read("select 1")
        await asyncio.to_thread(own_server.__exit__)
        reads = [asyncio.create_task(database.read("select 1")) for _ in range(5)]
        writes = [asyncio.create_task(database.write("select 1")) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.to_thread(own_server.__enter__)
        assert [len(rows) for rows in await asyncio.gather(*reads, *writes)] == [1] * 10


async def test_over_http_it_is_503_in_time_and_all_is_well_afterwards(own_server: Server) -> None:
    await migrate.upgrade(own_server.address)
    settings = Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET, DOABLE_DATABASE_TIMEOUT=0.3)
    app = create_app(settings, own_server.address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as alice:
        assert (await alice.post("/api/me/tasks", json={"title": "x"})).status_code == 201
        await asyncio.to_thread(own_server.__exit__)
        for method, path in (("GET", "/api/me/tasks"), ("POST", "/api/me/tasks"), ("GET", "/health/ready")):
            began = monotonic()
            answer = await alice.request(method, path, json={"title": "y"})
            assert monotonic() - began < 5
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.json()["error"] == "The service is temporarily unavailable"
            assert re.fullmatch("[1-9][0-9]*", answer.headers["retry-after"])
        assert (await alice.get("/health")).status_code == 200
        await asyncio.to_thread(own_server.__enter__)
        assert [task["title"] for task in (await alice.get("/api/me/tasks")).json()] == ["x"]
        assert (await alice.get("/health/ready")).status_code == 200
        pool = (await alice.get("/health/pool")).json()
        assert (pool["busy"], pool["waiting"]) == (0, 0)


async def test_an_older_schema_is_not_ready_and_a_newer_one_is(fresh_address: Address) -> None:
    settings = Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET)
    app = create_app(settings, fresh_address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        assert (await client.get("/health/ready")).json()["status"] == "ok"
        async with opened(fresh_address) as database:
            await database.write("update doable.alembic_version set version_num = '0001'")
            assert (await client.get("/health/ready")).status_code == 503
            await database.write("update doable.alembic_version set version_num = '9999'")
            assert (await client.get("/health/ready")).json()["schema_version"] == "9999"


async def test_a_write_is_announced_once_it_is_committed(address: Address, db: Database) -> None:
    heard: list[str] = []
    writer = Database(address)
    writer.on_write(heard.append)
    await users.provision(writer, "alice")
    assert heard == ["alice"]
    assert len(await db.read("select id from doable.users")) == 1

    async def fail(_: Executor) -> None:
        raise TaskNotFound

    with pytest.raises(TaskNotFound):
        await writer.transact(fail, "alice")
    assert heard == ["alice"]

    async def work(tx: Executor) -> None:
        await users.provision(tx, "bob")
        assert heard == ["alice"]

    await writer.transact(work, "bob")
    assert heard == ["alice", "bob"]
    await writer.read("select id from doable.users where id = $1", "alice")
    assert heard == ["alice", "bob"]
    await writer.close()
