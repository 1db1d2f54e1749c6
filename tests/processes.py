"""`doable` as others run it: a process, with nothing of our environment but what the test gives it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlencode

import psutil

from doable.settings import Settings
from doable.store.address import Address

DOABLE = [sys.executable, "-m", "doable"]
SETTINGS = {str(field.alias) for field in Settings.model_fields.values()}


def environment(**variables: str) -> dict[str, str]:
    """That of this process, without any setting of Doable but `variables`."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS} | variables


def run(
    *args: str, cwd: Path | str = "/", program: list[str] = DOABLE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [*program, *args],
        env=environment(**variables),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def database_url(address: Address) -> str:
    """The setting that names this database."""
    credential = quote(address.user or "") + (f":{quote(address.password)}" if address.password else "")
    query = {"host": address.host, "port": address.port}
    if root := getattr(address, "root", ""):  # of a pooler with TLS
        query |= {"sslmode": "verify-full", "sslrootcert": root}
    return f"postgresql://{credential}@/{address.database}?{urlencode(query)}"


def free_port() -> int:
    """A port that no program listens on, for one that can't choose its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def place() -> Iterator[Path]:
    """A directory that PostgreSQL's user can enter, also when that is not us."""
    path = Path(tempfile.mkdtemp(prefix="doable-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, onerror=unless_gone)


def unless_gone(_function: object, _path: str, failure: tuple[type[BaseException], BaseException, object]) -> None:
    """A program that is ending can still remove files."""
    if not isinstance(failure[1], FileNotFoundError):
        raise failure[1]


class Service:
    """`doable serve` on a free port; what it says is in `said`, and its log in `log`."""

    def __init__(self, *args: str, cwd: Path | str = "/", program: list[str] = DOABLE, **variables: str) -> None:
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in `wait`
        self.process = subprocess.Popen(
            [*program, "serve", "--port", "0", *args],
            env=environment(**variables),
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.said: list[str] = []
        self.url = ""

    def ready(self) -> Self:
        """Wait for it. What it says up to then is in `said`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith("Doable is ready at "):
                # Not by its name, which would be looked up for each connection.
                self.url = line.split()[4].replace("localhost", "127.0.0.1")
                return self
        raise AssertionError(f"the service ended with {self.process.wait()}: {self.log}")

    def stop(self) -> int:
        """In order; returns the exit status."""
        self.process.terminate()
        return self.wait()

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def wait(self) -> int:
        status = self.process.wait(60)
        assert self.process.stdout is not None
        with self.process.stdout as stdout:
            self.said += stdout.read().splitlines()
        return status

    @property
    def log(self) -> str:
        return self.log_since(0)

    def log_since(self, start: int) -> str:
        """The log from this byte on. This leaves the file's position alone: the process shares it, and writes there."""
        file = self._log.fileno()
        return os.pread(file, os.fstat(file).st_size - start, start).decode()

    def __enter__(self) -> Self:
        return self.ready()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()


def workers_of(service: Service) -> list[psutil.Process]:
    """The processes that answer for it, when there are several."""
    found = []
    for process in psutil.Process(service.process.pid).children():
        with suppress(psutil.Error):
            if "spawn_main" in " ".join(process.cmdline()):
                found.append(process)
    return found


def eventually(holds: Callable[[], object], seconds: float = 30) -> None:
    """The one bounded wait of the tests that look at processes."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
