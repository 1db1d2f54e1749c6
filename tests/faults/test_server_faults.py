"""What a service answers while PostgreSQL is in trouble: in time, honestly, and well again with the first request."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

import asyncpg
import httpx
import pytest

from doable.store import migrate
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from postgres import Server
from processes import Service, database_url, place
from tokens import SECRET, hs256

TIMEOUT = 1.0  # DOABLE_DATABASE_TIMEOUT
ROOM = 10  # connections
SETTINGS = ["fsync=off", f"max_connections={ROOM}", "superuser_reserved_connections=0", "max_wal_size=32MB"]
DISK = "160m"

Fault = Callable[[Server], AbstractAsyncContextManager[None]]


@pytest.fixture(scope="module")
def disk() -> Iterator[tuple[Path, str]]:
    """A place for data, small where we may mount one; otherwise why not."""
    with place() as directory:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", directory]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        yield directory, done.stderr
        if done.returncode == 0:
            subprocess.run(["umount", directory], check=True)


@pytest.fixture(scope="module")
def postgres(disk: tuple[Path, str]) -> Iterator[Server]:
    server = Server(disk[0], settings=[part for setting in SETTINGS for part in ("-c", setting)])
    with server as address:
        asyncio.run(migrate.upgrade(address))
        yield server


@pytest.fixture(scope="module")
def service(postgres: Server) -> Iterator[Service]:
    with Service(
        DATABASE_URL=database_url(postgres.address),
        BETTER_AUTH_SECRET=SECRET,
        DOABLE_DATABASE_TIMEOUT=str(TIMEOUT),
        DOABLE_POOL_SIZE="4",
        DOABLE_POOL_OVERFLOW="0",
    ) as service:
        yield service


@asynccontextmanager
async def gone(server: Server) -> AsyncIterator[None]:
    server.kill()
    yield
    server.start()


@asynccontextmanager
async def silent(server: Server) -> AsyncIterator[None]:
    with server.hanging():
        yield


@asynccontextmanager
async def crowded(server: Server) -> AsyncIterator[None]:
    """Others have every connection that there is."""
    others = [await connect(server.address)]
    await others[0].execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where backend_type = 'client backend' and pid <> pg_backend_pid()"
    )
    while len(others) < ROOM:
        with suppress(asyncpg.TooManyConnectionsError):
            others.append(await connect(server.address))
    yield
    for other in others:
        await other.close()
    async with asyncio.timeout(20):
        while not await has_room(server.address):
            pass


async def has_room(address: Address) -> bool:
    try:
        await (await connect(address)).close()
    except asyncpg.TooManyConnectionsError:
        return False
    return True


@asynccontextmanager
async def full(server: Server) -> AsyncIterator[None]:
    """Not a byte is left on the disk; who looks after it makes room, and starts what has ended meanwhile."""
    filler = server.directory / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 12))
    yield
    filler.unlink()
    assert server.process is not None
    if server.process.poll() is not None:
        server.start()


class Client:
    """`acknowledged` is what it was told to be there."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._titles = 0
        self.acknowledged: list[str] = []

    async def write(self) -> bool:
        self._titles += 1
        title = str(self._titles)
        task = {"title": title, "description": os.urandom(2000).hex()}  # which can't be made shorter
        is_done = await self._ask("POST", "/api/me/tasks", json=task)
        if is_done:
            self.acknowledged.append(title)
        return is_done

    async def read(self) -> bool:
        return await self._ask("GET", "/api/me/sync?limit=1")

    async def check_health(self) -> None:
        assert (await self._client.get("/health")).status_code == 200

    async def _ask(self, method: str, path: str, **more: object) -> bool:
        """Whether it was done. Else it must be a 503 that says nothing else."""
        answer = await self._client.request(method, path, **more)
        if answer.is_success:
            return True
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json() == {
            "type": "/docs/errors#unavailable",
            "title": "Service Unavailable",
            "status": 503,
            "detail": "The service is temporarily unavailable",
            "error": "The service is temporarily unavailable",
            "code": "unavailable",
        }
        return False


async def seconds(work: Awaitable[object]) -> float:
    began = monotonic()
    await work
    return monotonic() - began


@pytest.fixture
async def client(service: Service, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {hs256(request.node.name)}"}
    async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=30) as client:
        yield Client(client)


@pytest.mark.parametrize("fault", [gone, silent, crowded, full], ids=lambda fault: fault.__name__)
async def test_everybody_is_told_in_time_and_what_was_acknowledged_stays(
    fault: Fault, postgres: Server, client: Client, disk: tuple[Path, str], request: pytest.FixtureRequest
) -> None:
    if fault is full and disk[1]:
        pytest.skip(f"no disk can be made to fill: {disk[1]}")
    assert await client.write()
    async with fault(postgres):
        refused = 0
        async with asyncio.timeout(120):
            while refused < 20:
                asking = asyncio.gather(*(client.write() for _ in range(5)), client.read())
                busy, took = await asyncio.gather(seconds(client.check_health()), seconds(asking))
                assert took < TIMEOUT + 1 + busy  # Asking for health needs no database, and shows how busy we are.
                refused += (await asking).count(False)
    assert await client.write()
    assert await client.read()
    db = Database(postgres.address)
    there = [row[0] for row in await db.read("select title from doable.tasks where user_id = $1", request.node.name)]
    await db.close()
    assert len(set(there)) == len(there)
    assert set(client.acknowledged) <= set(there), f"{len(client.acknowledged)} acknowledged, {len(there)} there"
