"""`kill -9`, again and again, under writers who repeat until they are told: everything they were told is there once.

What was killed is started again at once, as an operator's supervisor would. `DOABLE_TEST_SEED` makes the choices of a
run that failed once more, though never at quite the same moments.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random, SystemRandom

import psutil
import pytest

from doable.store import migrate
from doable.store.address import Address
from doable.store.database import Database
from pgbouncer import PgBouncer
from postgres import Server
from processes import Service, database_url, eventually, place, run, workers_of
from rounds import Rounds
from tokens import SECRET
from writers import Writers

# What is committed is written: otherwise a killed server forgets the last moments.
DURABLE = ["-c", "fsync=off", "-c", "max_connections=60"]

Kill = Callable[[], None]


@pytest.fixture
def chance() -> Random:
    seed = os.environ.get("DOABLE_TEST_SEED") or str(SystemRandom().randrange(10**6))
    print(f"DOABLE_TEST_SEED={seed}")  # noqa: T201 - shown when the test fails
    return Random(seed)


@pytest.fixture
def directory() -> Iterator[Path]:
    with place() as path:
        yield path


class Instance:
    """A service that is killed and started again at the same port."""

    def __init__(self, chance: Random, workers: int, **variables: str) -> None:
        self._chance = chance
        self._variables = {"BETTER_AUTH_SECRET": SECRET, "DOABLE_WORKERS": str(workers), **variables}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._killed: list[Service] = []
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Until one runs: the workers of the one before may have the port for another moment."""
        while True:
            self.service = Service("--port", str(self._port), **self._variables)
            with suppress(AssertionError):
                self.service.ready()
                return
            assert "is in use" in self.service.log, self.service.log
            self.service.__exit__()

    def kill_worker(self) -> None:
        eventually(lambda: workers_of(self.service))
        kill(self._chance.choice(workers_of(self.service)))

    def kill_supervisor(self) -> None:
        self.service.process.kill()
        self._restart()

    def kill_family(self) -> None:
        """At the same moment, as when the machine runs out of memory."""
        parent = psutil.Process(self.service.process.pid)
        for process in [parent, *parent.children(recursive=True)]:
            kill(process)
        self._restart()

    def stop(self) -> None:
        assert self.service.stop() == 0
        self.service.__exit__()
        for service in self._killed:
            service.wait()
            service.__exit__()

    def _restart(self) -> None:
        self.service.process.wait(20)
        self._killed.append(self.service)
        self.start()


@contextmanager
def instance(chance: Random, workers: int, **variables: str) -> Iterator[Instance]:
    running = Instance(chance, workers, **variables)
    try:
        yield running
    finally:
        running.stop()


def kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):  # It may just have ended by itself.
        process.kill()


def one_of(postmaster: int, chance: Random) -> psutil.Process:
    """A process of this PostgreSQL: one that works for a client, or one in the background."""
    eventually(psutil.Process(postmaster).children)
    return chance.choice(psutil.Process(postmaster).children())


async def survive(writers: Writers, kills: list[Kill], chance: Random) -> None:
    """Kill at random moments, which requests on their way measure; after each, writes go on."""
    async with writers.writing():
        await writers.have_written(10)
        for kill_it in kills:
            await writers.have_sent(chance.randrange(1, 30))
            for _ in range(chance.randrange(30)):
                await asyncio.sleep(0)
            await asyncio.to_thread(kill_it)
            await writers.have_written(chance.randrange(1, 15))


def schedule(kinds: dict[Kill, tuple[int, int]], rounds: Rounds, chance: Random) -> list[Kill]:
    """Each as often as it says for a few rounds, or for all of them."""
    kills = [kind for kind, (few, full) in kinds.items() for _ in range(rounds(few=few, full=full))]
    chance.shuffle(kills)
    return kills


async def test_whatever_is_killed_what_was_acknowledged_is_there_once(
    directory: Path, chance: Random, rounds: Rounds
) -> None:
    (directory / "postgresql").mkdir()
    (directory / "pgbouncer").mkdir()
    server = Server(directory / "postgresql", settings=DURABLE)
    # It would wait fifteen seconds after a login that failed.
    pooler = PgBouncer("1.24", directory / "pgbouncer", server.address, server_login_retry=0.2)

    def kill_postgresql() -> None:
        server.kill()
        server.start()

    def kill_backend() -> None:
        assert server.process is not None
        kill(one_of(server.process.pid, chance))

    def kill_pooler() -> None:
        pooler.kill()
        pooler.start()

    with server as address, pooler as pooled:
        await migrate.upgrade(address)
        with instance(chance, 2, DATABASE_URL=database_url(pooled)) as service:
            kinds = {
                service.kill_worker: (1, 65),
                service.kill_supervisor: (0, 10),
                service.kill_family: (1, 15),
                kill_postgresql: (1, 35),
                kill_backend: (1, 40),
                kill_pooler: (1, 35),
            }
            writers = Writers(lambda: service.url, seed=chance.random())
            await survive(writers, schedule(kinds, rounds, chance), chance)
        db = Database(address)
        print(await writers.require_exactly_that(db))  # noqa: T201
        await db.close()
    assert writers.repeated > 0


async def test_whatever_is_killed_the_embedded_database_stays_whole(
    directory: Path, chance: Random, rounds: Rounds
) -> None:
    data = directory / "data"

    def postmaster() -> int:
        return int((data / "postgresql" / "postmaster.pid").read_text().split()[0])

    def kill_postgresql() -> None:
        """The service starts it again."""
        with suppress(FileNotFoundError, IndexError, psutil.NoSuchProcess):  # It may be starting after the last time.
            kill(psutil.Process(postmaster()))

    def start_a_second_one() -> None:
        second = run("serve", "--port", "0", DOABLE_DATA_DIR=str(data))
        assert second.returncode == 2
        assert f"{data} is in use by another Doable (process {service.service.process.pid})" in second.stderr

    with instance(chance, rounds(few=1, full=2), DOABLE_DATA_DIR=str(data)) as service:
        kinds = {
            service.kill_supervisor: (1, 5),
            service.kill_family: (0, 7),
            kill_postgresql: (1, 12),
            start_a_second_one: (0, 1),
        }
        writers = Writers(lambda: service.url, seed=chance.random())
        await survive(writers, schedule(kinds, rounds, chance), chance)
        db = Database(Address.parse((data / "doable.lock").read_text().split()[2]))
        print(await writers.require_exactly_that(db))  # noqa: T201
        await db.close()
    assert writers.repeated > 0
    assert not (data / "postgresql" / "postmaster.pid").exists()
