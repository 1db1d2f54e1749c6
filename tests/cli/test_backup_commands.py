"""`doable backup`, `doable restore` and `doable export`, as an operator types them."""

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner, Result

from doable.cli import main
from doable.cli.files import Meter
from doable.store import embedded
from doable.store.address import Address
from doable.store.connection import connect


def database_url(address: Address) -> str:
    credential = quote(address.user or "") + (f":{quote(address.password)}" if address.password else "")
    return f"postgresql://{credential}@/{address.database}?{urlencode({'host': address.host, 'port': address.port})}"


def doable(*args: str | Path, input: bytes | None = None, **variables: str) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], input=input, env=variables)


@pytest.fixture
async def url(address: Address) -> str:
    connection = await connect(address)
    await connection.execute("insert into doable.users (id, email) values ('alice', 'alice@example.com')")
    await connection.execute("insert into doable.addresses (address, user_id) values ('alice@example.com', 'alice')")
    await connection.execute("insert into doable.tasks (user_id, title) values ('alice', 'Water'), ('alice', 'Sun')")
    await connection.close()
    return database_url(address)


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that PostgreSQL's user can enter, also when that is not us."""
    path = Path(tempfile.mkdtemp(prefix="doable-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def test_a_backup_is_written_and_restored(url: str, tmp_path: Path, fresh_address: Address) -> None:
    file = tmp_path / "doable.backup"
    answer = doable("backup", file, DATABASE_URL=url)
    assert (answer.exit_code, answer.output) == (0, "Backed up 1 users with 2 tasks.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    answer = doable("restore", file, DATABASE_URL=database_url(fresh_address))
    assert (answer.exit_code, answer.output) == (0, "Restored 1 users with 2 tasks.\n")
    answer = doable("export", "alice", DATABASE_URL=database_url(fresh_address))
    assert [task["title"] for task in json.loads(answer.stdout)["tasks"]] == ["Water", "Sun"]


def test_the_embedded_database_is_backed_up_and_restored(url: str, place: Path) -> None:
    piped = doable("backup", "-", DATABASE_URL=url).stdout_bytes
    data = str(place / "data")
    answer = doable("restore", "-", input=piped, DOABLE_DATA_DIR=data)
    assert answer.exit_code == 0, answer.output
    with embedded.running(place / "data") as server:
        server.share()
        # A backup may be taken from a running service, and a restore must not be done under it.
        answer = doable("backup", place / "again", DOABLE_DATA_DIR=data)
        assert answer.stderr == "Backed up 1 users with 2 tasks.\n"
        answer = doable("restore", place / "again", "--replace", DOABLE_DATA_DIR=data)
        assert answer.exit_code == 2
        assert answer.stderr == "doable: The service is running on this database; stop it first\n"
    answer = doable("restore", place / "again", "--replace", DOABLE_DATA_DIR=data)
    assert answer.stderr.endswith("Restored 1 users with 2 tasks.\n")


def test_a_backup_that_fails_leaves_the_last_one_in_place(url: str, tmp_path: Path) -> None:
    file = tmp_path / "doable.backup"
    file.write_bytes(b"the last one")
    answer = doable("backup", file, DATABASE_URL=url.replace("doable_test", "doable_no_such"))
    assert answer.exit_code == 2
    assert file.read_bytes() == b"the last one"
    assert list(tmp_path.iterdir()) == [file]
    assert doable("backup", file, DATABASE_URL=url).exit_code == 0
    assert file.read_bytes()[:2] == b"\x1f\x8b"
    assert list(tmp_path.iterdir()) == [file]


def test_what_a_link_names_is_replaced_and_not_the_link(url: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert doable("backup", tmp_path / "link", DATABASE_URL=url).exit_code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes()[:2] == b"\x1f\x8b"


def test_a_pipe_is_written_to_and_not_replaced(url: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert doable("backup", pipe, DATABASE_URL=url).exit_code == 0
    reader.join(10)
    assert read[0][:2] == b"\x1f\x8b"
    assert pipe.is_fifo()


def test_a_place_that_can_not_be_written_is_named(url: str) -> None:
    answer = doable("backup", "/proc/nowhere/file", DATABASE_URL=url)
    assert (answer.exit_code, answer.stderr) == (
        2,
        "doable: /proc/nowhere/file can't be written: No such file or directory\n",
    )


def test_a_full_disk_is_told_and_leaves_nothing(url: str) -> None:
    answer = doable("export", "alice", "--output", "/dev/full", DATABASE_URL=url)
    assert (answer.exit_code, answer.stderr) == (2, "doable: /dev/full can't be written: No space left on device\n")


def test_a_backup_that_is_not_there_is_named(url: str) -> None:
    answer = doable("restore", "/nowhere", DATABASE_URL=url)
    assert (answer.exit_code, answer.stderr) == (2, "doable: /nowhere can't be read: No such file or directory\n")


def test_nobody_to_export_is_told(url: str, tmp_path: Path) -> None:
    answer = doable("export", "carol", "--output", tmp_path / "carol.json", DATABASE_URL=url)
    assert (answer.exit_code, answer.stderr) == (1, "doable: User not found\n")
    assert not list(tmp_path.iterdir())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_at_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    meter = Meter()
    meter("tasks", 1000)
    meter("tasks", 1001)  # too soon to be worth painting
    meter.clear()
    assert terminal.getvalue() == "\r\x1b[Ktasks: 1,000 rows\r\x1b[K"


def test_a_backup_is_not_painted_on_a_terminal(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(sys, "stderr", complaints := io.StringIO())
    with pytest.raises(SystemExit, match="2"):
        main(["backup", "-"])
    assert complaints.getvalue() == "doable: A backup can't go to a terminal; give the name of a file\n"
