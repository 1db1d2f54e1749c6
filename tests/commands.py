"""`doable` in tests: fixtures for every test, and each command in this process."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

import processes
from doable.cli import main
from doable.store.address import Address

Doable: TypeAlias = Callable[..., Result]


@pytest.fixture
def place() -> Iterator[Path]:
    with processes.place() as path:
        yield path


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A data directory with a database, for the tests of a file that leave no service on it."""
    with processes.place() as path:
        assert processes.run("migrate", DOABLE_DATA_DIR=str(path / "data")).returncode == 0
        yield path / "data"


@pytest.fixture
def doable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doable:
    """A command in this process: `doable("user", "list", DATABASE_URL=…)`."""
    monkeypatch.chdir(tmp_path)  # without anybody's .env

    def run(*args: str, input: str | None = None, **variables: str) -> Result:
        for name in processes.SETTINGS:
            monkeypatch.delenv(name, raising=False)
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            return CliRunner().invoke(main, args, input=input, env=variables, catch_exceptions=False)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    return run


@pytest.fixture
def url(address: Address) -> str:
    """DATABASE_URL of a migrated database with nothing in it."""
    return processes.database_url(address)
