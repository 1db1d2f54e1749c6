"""A real PostgreSQL for every test: one server for the run, one migrated template, one clone of it per worker.

`TEST_DATABASE_URL` names another server to run on, with a role that may make databases. With `--pooler` everything but
the making of databases goes through a PgBouncer; tests/faults/test_pgbouncer.py runs the suite so.
"""

import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.logs import LOGGER
from doable.settings import Settings
from doable.store import migrate
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from pgbouncer import RELEASES, PgBouncer
from postgres import Server, distribute
from processes import Service, database_url, place
from rounds import Rounds
from tokens import SECRET

pytest_plugins = ["commands"]

Reach: TypeAlias = Callable[[Address], Address]


@pytest.fixture(autouse=True)
def log_level() -> None:
    """An application that an earlier test has made may have said that only errors are logged."""
    LOGGER.setLevel("INFO")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pooler", choices=RELEASES, help="put this release of PgBouncer before the database")
    parser.addoption("--citus", action="store_true", help="TEST_DATABASE_URL is the coordinator of a Citus cluster")
    parser.addoption("--rounds", choices=("few", "full"), default="few", help="how much the long tests do")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("citus"):
        for item in items:
            if item.get_closest_marker("one_server"):
                item.add_marker(pytest.mark.skip("it looks into one server, or asks it for what Citus can't do"))


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> Rounds:
    return Rounds(pytestconfig.getoption("rounds") == "full")


@pytest.fixture(scope="session")
def server() -> Iterator[Address]:
    """The server that this worker makes its databases on."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield Address.parse(url)
        return
    directory = Path(tempfile.mkdtemp(prefix="doable-test-"))
    with Server(directory) as address:
        yield address
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
async def is_superuser(server: Address) -> bool:
    connection = await connect(server)
    found: bool = await connection.fetchval("select rolsuper from pg_catalog.pg_roles where rolname = current_user")
    await connection.close()
    return found


@pytest.fixture
def superuser(request: pytest.FixtureRequest, *, is_superuser: bool) -> None:
    """For a test that does to the server what only a superuser may."""
    if not is_superuser:
        pytest.skip(f"{request.node.name} needs a superuser, and the role in TEST_DATABASE_URL is none")


@pytest.fixture(scope="session")
def reach(server: Address, pytestconfig: pytest.Config) -> Iterator[Reach]:
    """How the tests get to a database of the server: directly, or through the pooler that this run is for."""
    release = pytestconfig.getoption("pooler")
    if release is None:
        yield lambda address: address
        return
    with place() as directory:
        pooler = PgBouncer(release, directory, server)
        with pooler:
            yield pooler.at


@pytest.fixture(scope="session")
async def template(server: Address, worker: str, *, on_citus: bool) -> Address:
    """A migrated database that nobody connects to, to be cloned. On Citus, which can't clone one, the only database."""
    if on_citus:
        await migrate.upgrade(server)
        await distribute(server)
        return server
    return await _recreate(server, f"doable_template_{worker}", migrated=True)


@pytest.fixture(scope="session")
def on_citus(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("citus"))


@pytest.fixture(scope="session")
def worker() -> str:
    return re.sub(r"\W", "", os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="session")
async def worker_address(server: Address, template: Address, worker: str, reach: Reach, *, on_citus: bool) -> Address:
    return template if on_citus else reach(await _recreate(server, f"doable_test_{worker}", template=template.database))


@pytest.fixture(scope="session")
def service(worker_address: Address) -> Iterator[Service]:
    """The service as it is run, on the database of the tests, for those that need a real connection."""
    with Service(DATABASE_URL=database_url(worker_address), BETTER_AUTH_SECRET=SECRET) as service:
        yield service


@pytest.fixture
async def address(worker_address: Address) -> Address:
    """A migrated database with nothing in it, for one test."""
    connection = await connect(worker_address.direct)
    for table in ("users", "addresses", "signing_keys", "sign_in_failures"):
        await connection.execute(f"delete from doable.{table}")  # noqa: S608 - one of ours
    await connection.close()
    return worker_address


@pytest.fixture(scope="session")
def cloning(server: Address, *, on_citus: bool) -> Address:
    """The server, for databases of a test's own."""
    if on_citus:
        pytest.skip("a distributed database can't be cloned")
    return server


@pytest.fixture
async def fresh_address(cloning: Address, template: Address, worker: str, reach: Reach) -> Address:
    """A clone of the template that the test may ruin."""
    return reach(await _recreate(cloning, f"doable_fresh_{worker}", template=template.database))


@pytest.fixture(scope="module")
async def module_address(cloning: Address, template: Address, worker: str) -> Address:
    """A clone of the template that the tests of one file fill."""
    return await _recreate(cloning, f"doable_module_{worker}", template=template.database)


@pytest.fixture
async def empty_address(cloning: Address, worker: str, reach: Reach) -> Address:
    """A database without our tables."""
    return reach(await _recreate(cloning, f"doable_empty_{worker}"))


@pytest.fixture
async def db(address: Address) -> AsyncIterator[Database]:
    database = Database(address)
    yield database
    await database.close()


@pytest.fixture
def settings() -> Settings:
    """As a front end with Better Auth and a shared secret would set it up."""
    return Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET)


@pytest.fixture
async def app(settings: Settings, address: Address) -> AsyncIterator[FastAPI]:
    app = create_app(settings, address)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a credential, on the application itself."""
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def alice(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, "alice") as client:
        yield client


@pytest.fixture
async def bob(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, "bob") as client:
        yield client


async def _recreate(server: Address, name: str, *, template: str | None = None, migrated: bool = False) -> Address:
    connection = await connect(server)
    await connection.execute(f'drop database if exists "{name}" with (force)')
    await connection.execute(f'create database "{name}"' + (f' template "{template}"' if template else ""))
    await connection.close()
    address = replace(server, database=name)
    if migrated:
        await migrate.upgrade(address)
    return address
