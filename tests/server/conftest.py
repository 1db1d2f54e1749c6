from collections.abc import AsyncIterator

import pytest

from hosting import Client, Host, serving


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    async with serving() as host:
        yield host


@pytest.fixture
async def impatient() -> AsyncIterator[Host]:
    """One whose patience is soon over."""
    async with serving(DOABLE_CLIENT_TIMEOUT="0.05") as host:
        yield host


@pytest.fixture
async def client(host: Host) -> Client:
    return await host.connect()
