"""Behind PgBouncer in transaction mode, over TLS, with fewer servers than those who ask: nobody notices."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.errors import Unavailable
from doable.settings import Settings
from doable.store import connection as connections
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database, Transaction
from doable.store.inspection import inspect
from doable.store.pool import PoolLimits
from pgbouncer import RELEASES, PgBouncer, Pooled
from processes import Service, database_url, environment
from rounds import Rounds
from tokens import SECRET, hs256

ROOT = Path(__file__).parents[2]
FEW = ["tests/contract/test_six_endpoints.py"]
# Schemathesis asks nothing of the pooler that these do not. Ten thousand tasks take seconds, with or without a pooler.
FULL = ["tests/contract", "tests/sync", "--ignore", "tests/contract/test_schemathesis.py", "-k", "not ten_thousand"]
# One release is enough for the statements of each route: the older one prepares none, which the others show.
MORE = {"1.18": [], "1.24": ["tests/rest"]}
SERVERS = 4
OPEN = "select from pg_stat_activity where datname = $1 and state = 'idle in transaction'"


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pooled(release: str, fresh_address: Address, place: Path) -> Iterator[Pooled]:
    """A database of the test's own, behind a PgBouncer of its own."""
    with PgBouncer(release, place, fresh_address.direct, default_pool_size=SERVERS) as address:
        yield address


@pytest.fixture
async def far(pooled: Pooled) -> AsyncIterator[Database]:
    db = Database(pooled)
    yield db
    await db.close()


async def test_ten_at_once_are_served_by_four(db: Database, pytestconfig: pytest.Config) -> None:
    """Or by ten where no pooler stands between."""
    asked = (db.read_one("select pg_backend_pid() from pg_sleep(0.1)") for _ in range(10))
    pids = {row[0] for row in await asyncio.gather(*asked) if row}
    assert len(pids) <= SERVERS if pytestconfig.getoption("pooler") else len(pids) == 10


def test_the_suite_passes_through_it(release: str, rounds: Rounds) -> None:
    """The contract, REST and sync, every test as it is."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pooler", release]
    here = f"{__file__}::test_ten_at_once_are_served_by_four"
    variables = {name: value for name, value in environment().items() if not name.startswith(("PYTEST_", "TEST_"))}
    run = subprocess.run(
        [*command, here, *([*FULL, *MORE[release]] if rounds.are_full else FEW)],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout
    assert "skipped" not in run.stdout or "CI" not in os.environ


async def test_no_request_fails_while_the_service_learns_what_its_pooler_can(pooled: Pooled) -> None:
    """The very first requests, all at once: without support for prepared statements many are lost."""

    async def use(client: httpx.AsyncClient, number: int) -> None:
        me = {"authorization": f"Bearer {hs256(f'user-{number % 5}')}"}
        made = await client.post("/api/me/tasks", json={"title": "x"}, headers=me)
        assert made.status_code == 201, made.text
        task = made.headers["location"]
        batch = {"operations": [{"op": "create", "task": {"title": "y"}}]}
        again = {**me, "idempotency-key": str(number)}
        for method, path, json, headers in (
            ("GET", task, None, me),
            ("GET", "/api/me/tasks", None, me),
            ("GET", "/api/me/sync", None, me),
            ("PATCH", f"{task}/complete", None, me),
            ("POST", "/api/me/batch", batch, me),
            ("POST", "/api/me/tasks", {"title": "z"}, again),
        ):
            answer = await client.request(method, path, json=json, headers=headers)
            assert answer.is_success, answer.text

    with Service(DATABASE_URL=database_url(pooled), BETTER_AUTH_SECRET=SECRET) as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=20) as client:
            await asyncio.gather(*(use(client, number) for number in range(20)))
    assert await count_tasks(pooled) == 60


async def test_no_account_fails_while_the_service_learns_what_its_pooler_can(pooled: Pooled) -> None:
    """Most of them in transactions, which are done again as a whole."""

    async def join(client: httpx.AsyncClient, number: int) -> None:
        person = {"email": f"{number}@example.com", "password": "correct horse", "name": "x"}
        made = await client.post("/api/auth/sign-up/email", json=person)
        assert made.status_code == 200, made.text
        for path in ("/api/auth/token", "/api/auth/jwks", "/api/auth/get-session"):
            answer = await client.get(path, headers={"authorization": f"Bearer {made.json()['token']}"})
            assert answer.status_code == 200, answer.text
        client.cookies.clear()
        assert (await client.post("/api/auth/sign-in/email", json=person)).status_code == 200

    settings = Settings(_env_file=None)
    app = create_app(settings, pooled)
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(client_of(app)) for _ in range(12)]
        async with asyncio.TaskGroup() as group:
            for number, client in enumerate(clients):
                group.create_task(join(client, number))


async def test_a_name_that_another_client_has_given_costs_nothing(
    pooled: Pooled, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """42P05 without support for prepared statements: both prepare under one name on the one server."""
    names = iter(["same", "same"])
    monkeypatch.setattr(connections, "token_hex", lambda _: next(names))
    one, other = (Database(pooled, PoolLimits(size=1, overflow=0)) for _ in range(2))
    assert await one.write_one("select 1") == (1,)
    assert await other.write_one("select 2") == (2,)
    assert (other._uncached_until > 0) is (release == "1.18")
    for db in (one, other):
        await db.close()


async def test_a_plan_that_sticks_to_the_servers_costs_nothing(pooled: Pooled, far: Database) -> None:
    """0A000 on every try, for newcomers too, where the pooler shares prepared statements."""

    async def columns(transaction: Transaction) -> int:
        return len((await transaction.read("select * from things"))[0])  # Our own statements never have a star.

    owner = await connect(pooled.direct)
    await owner.execute("create table things as select 1 as one")
    assert await far.transact(columns) == 1
    await owner.execute("alter table things add column two int")
    assert await far.transact(columns) == 2
    newcomer = Database(pooled)
    assert await newcomer.transact(columns) == 2
    assert len(await newcomer.write("select * from things")) == 1
    await newcomer.close()
    await owner.close()


async def test_what_nobody_waits_for_is_stopped_on_the_server(pooled: Pooled) -> None:
    """The word to stop goes through the pooler too, over TLS, and to nobody else's statement."""
    hurried, patient = Database(pooled, deadline=0.5), Database(pooled)
    others = asyncio.gather(*(patient.read("select pg_sleep(2)") for _ in range(SERVERS - 1)))
    for _ in range(3):
        with pytest.raises(Unavailable):
            await hurried.read("select pg_sleep(600)")
        await patient.read("select 1")  # By the one server that is not taken.
    assert len(await others) == SERVERS - 1
    for db in (hurried, patient):
        await db.close()


async def test_the_limits_of_a_role_hold_through_it(pooled: Pooled) -> None:
    """For a statement that nobody is left to stop, and a transaction that was left open."""
    owner = await connect(pooled.direct)
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        await owner.execute(f"alter role postgres in database \"{pooled.database}\" set {limit} = '300ms'")
    patient = Database(pooled, deadline=30)
    began = monotonic()
    with pytest.raises(Unavailable):
        await patient.read("select pg_sleep(600)")

    async def leave(transaction: Transaction) -> None:
        await transaction.execute("insert into doable.users (id) values ('x')")
        while await owner.fetch(OPEN, pooled.database):
            pass
        await transaction.read("select 1")

    with pytest.raises(Unavailable):
        await patient.transact(leave)
    assert monotonic() - began < 20
    assert await patient.read("select id from doable.users") == []
    await patient.close()
    await owner.close()


async def test_many_look_at_it_at_once(pooled: Pooled) -> None:
    """As services do when they start, before they know what the pooler can."""
    assert all(found.schema.is_current for found in await asyncio.gather(*(inspect(pooled) for _ in range(20))))


async def count_tasks(pooled: Pooled) -> int:
    connection = await connect(pooled.direct)
    number: int = await connection.fetchval("select count(*) from doable.tasks")
    await connection.close()
    return number
