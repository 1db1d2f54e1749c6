"""A list of everything, where everything is much."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import psutil
import pytest

from doable.store.address import Address
from doable.store.database import Database
from processes import Service, database_url
from tokens import SECRET, hs256

MUCH = 100_000
GROWTH_MAX = 64 * 1024 * 1024  # bytes
# Past the trigger, which would take its time: only the reading counts here.
FILL = """
insert into doable.tasks (user_id, title, description, created_at, updated_at, revision, position)
select 'alice', 'Task ' || n, repeat('x', 100), now() + n * interval '1 ms', now(), n, lpad(n::text, 6, '0')
from generate_series(1, $1::int) n
"""


@pytest.fixture
async def much(address: Address, db: Database) -> AsyncIterator[Address]:
    """A database in which alice has that many tasks."""
    async with db.transaction() as transaction:
        await transaction.write("insert into doable.users (id, revision) values ('alice', $1)", MUCH)
        await transaction.execute("set local session_replication_role = replica")
        await transaction.write(FILL, MUCH)
    yield address
    await db.write("delete from doable.users")


@pytest.mark.usefixtures("superuser")
def test_a_list_of_100_000_tasks_costs_little_memory(much: Address) -> None:
    headers = {"authorization": f"Bearer {hs256('alice')}"}
    with (
        Service(DATABASE_URL=database_url(much), BETTER_AUTH_SECRET=SECRET) as service,
        httpx.Client(base_url=service.url, headers=headers, timeout=60) as alice,
    ):
        process = psutil.Process(service.process.pid)
        assert len(alice.get("/api/me/tasks", params={"limit": 1000}).json()) == 1000
        before = highest = process.memory_info().rss
        body = bytearray()
        with alice.stream("GET", "/api/me/tasks") as answer:
            assert answer.status_code == 200
            for number, part in enumerate(answer.iter_raw()):
                body += part
                if number % 50 == 0:
                    highest = max(highest, process.memory_info().rss)
        highest = max(highest, process.memory_info().rss)
    titles = [task["title"] for task in msgspec.json.decode(body)]
    assert titles == [f"Task {n}" for n in range(MUCH, 0, -1)]
    assert highest - before < GROWTH_MAX
