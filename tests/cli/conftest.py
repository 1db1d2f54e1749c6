from collections.abc import Iterator
from pathlib import Path

import pytest

import processes


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
