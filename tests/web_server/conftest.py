"""What the tests of the web app need."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from doable.store.address import Address
from processes import Service, place
from web_builds import run, serving, write


@pytest.fixture
def build(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


@pytest.fixture
async def visitor(address: Address, build: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(address, build) as client:
        yield client


@pytest.fixture(scope="module")
def served(worker_address: Address) -> Iterator[Service]:
    """A process that serves the app."""
    with place() as folder:
        write(folder)
        with run(worker_address, folder) as service:
            yield service
