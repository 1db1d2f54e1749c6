"""The PostgreSQL that comes with the package: which process may use a data directory, and how long the server runs.

A data directory contains:

    doable.lock        locked by the process that runs the server; names it, and where others reach the server
    postgresql/        PostgreSQL's own data directory, with its socket
    postgresql.log     PostgreSQL's log; the log of the previous run is postgresql.log.old
    programs-18.6.3/   a copy of PostgreSQL's programs, only if PostgreSQL's user can't reach the installed ones

The server outlives this process only when the process is killed. The next one that takes the lock restarts the server.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import IO, Final, Literal, NamedTuple, TypeAlias

import platformdirs
import psutil

from doable.errors import Misconfigured
from doable.store import postgresql
from doable.store.postgresql import PostgreSQL, Say

ROOT_DIRECTORY: Final = Path("/var/lib/doable")
POLL_SECONDS: Final = 0.02  # seconds between two looks at the lock
LOCK_WAIT_SECONDS: Final = 30.0  # seconds to wait for another command to finish with the directory

Role: TypeAlias = Literal["service", "command"]


def choose_directory(setting: Path | None) -> Path:
    """The directory of the setting, or the platform's user data directory without one.

    For root it is /var/lib/doable: root's home is closed to the user who runs PostgreSQL for root.
    """
    try:
        str(setting).encode()
        directory = (
            platformdirs.user_data_path("doable", appauthor=False) if setting is None else setting
        ).expanduser()
    except UnicodeEncodeError:
        raise Misconfigured("DOABLE_DATA_DIR is not valid UTF-8; choose another directory") from None
    except RuntimeError:  # There is no such user, or this one has no home.
        directory = Path("~")
    if "~" in directory.parts[:1]:
        raise Misconfigured("There is no home directory for the data; choose a directory with DOABLE_DATA_DIR")
    if setting is not None:
        return directory.absolute()
    reached = os.geteuid() != 0 or directory.exists() or postgresql.can_reach(postgresql.account(), directory)
    return directory if reached else ROOT_DIRECTORY


def require_possible(directory: Path) -> None:
    """Raises Misconfigured when a database can't be created there, as far as is known without creating it."""
    there = directory
    while not there.exists():
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise Misconfigured(
            f"The data directory {directory} can't be made in {there}; "
            "make that a directory that you may write to, or choose another one with DOABLE_DATA_DIR"
        )
    postgresql.require_reach(postgresql.account(), directory)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL at `url`; `is_new` if this process created it, `is_ours` if it ends with this process."""

    url: str
    is_new: bool
    is_ours: bool
    share: Callable[[], None]  # from now on, commands in other processes may use this server


def quietly(_: str) -> None:
    """For callers that show no progress."""


@contextmanager
def running(directory: Path, *, connections: int = 100, say: Say = quietly) -> Iterator[Server]:
    """The server of `directory`, for the one service that may run it; it is stopped at the end.

    `connections` is how many it must accept; `say` gets messages about what takes long. Raises Misconfigured when the
    directory can't be used, or is in use.
    """
    with _taken(directory, "service") as lock:
        if lock.holder:
            raise Misconfigured(
                f"{directory} is in use by another Doable (process {lock.holder.pid}); "
                "stop that one, or choose another directory with DOABLE_DATA_DIR"
            )
        with _started(directory, connections, say) as (server, is_new):
            yield Server(server.url, is_new, is_ours=True, share=lambda: lock.write("service", server.url))


@contextmanager
def borrowed(directory: Path, *, say: Say = quietly) -> Iterator[Server]:
    """The server of `directory`, for a command: the service's server if the service runs, or a temporary one."""
    with _taken(directory, "command") as lock:
        if lock.holder:
            yield Server(lock.holder.url, is_new=False, is_ours=False, share=lambda: None)
            return
        with _started(directory, 100, say) as (server, is_new):
            yield Server(server.url, is_new, is_ours=True, share=lambda: None)


@contextmanager
def _started(directory: Path, connections: int, say: Say) -> Iterator[tuple[PostgreSQL, bool]]:
    with _misconfigured(directory):
        server = PostgreSQL(directory, connections, say)
        is_new = server.prepare()
    try:
        with _misconfigured(directory):
            server.start()
        Thread(target=server.watch, name="postgresql", daemon=True).start()
        yield server, is_new
    finally:
        server.stop()


@contextmanager
def _misconfigured(directory: Path) -> Iterator[None]:
    """Turn errors of the system into a sentence for the operator."""
    try:
        yield
    except OSError as error:
        raise Misconfigured(
            f"The data directory {directory} can't be used ({error.filename}: {error.strerror}); "
            "make it writable, or choose another one with DOABLE_DATA_DIR"
        ) from None


@contextmanager
def _taken(directory: Path, role: Role) -> Iterator["_Lock"]:
    """The lock on `directory`; if a service has it, the lock is not ours and has a `holder`."""
    with _misconfigured(directory):
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
        if not any(directory.iterdir()):
            postgresql.give(directory, postgresql.account())
        file = (directory / "doable.lock").open("a+", errors="replace")
    with file:
        lock = _Lock(file, role)
        try:
            yield lock
        finally:
            lock.leave()


class _Holder(NamedTuple):
    role: str
    pid: int
    url: str


class _Lock:
    """A lock that is ours, or that a service has: the `holder` (for a command, as soon as the server can be used).

    The system releases it when the process ends in any way. Raises Misconfigured when another process keeps it.
    """

    def __init__(self, file: IO[str], role: Role) -> None:
        self._file = file
        self.holder: _Holder | None = None
        deadline = monotonic() + LOCK_WAIT_SECONDS
        while not self._try():
            found = self._read()
            # The text may be of a process that is gone, as long as the new holder has not written yet.
            if found.role == "service" and psutil.pid_exists(found.pid) and (role == "service" or found.url):
                self.holder = found
                return
            if monotonic() > deadline:
                raise Misconfigured(
                    f"{Path(file.name).parent} is in use by another Doable that does not finish (process {found.pid}); "
                    "try again later"
                )
            sleep(POLL_SECONDS)
        self.write(role)

    def write(self, role: Role, url: str = "") -> None:
        """Name this process, for others that find the lock taken."""
        self._file.truncate(0)
        self._file.write(f"{role} {os.getpid()} {url}")
        self._file.flush()

    def leave(self) -> None:
        """Remove our name: the next process has the lock a moment before it writes its name."""
        if self.holder is None:
            self._file.truncate(0)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _read(self) -> _Holder:
        self._file.seek(0)
        match self._file.read().split(" "):
            case [role, pid, url] if pid.isdigit():
                return _Holder(role, int(pid), url)
            case _:
                return _Holder("", 0, "")
