"""A migration while people work, behind a pooler that keeps prepared statements or loses them: nobody notices."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from doable.store import migrate, version
from doable.store.address import Address
from doable.store.database import Database
from pgbouncer import RELEASES, PgBouncer
from processes import Service, database_url
from rounds import Rounds
from tokens import SECRET
from traffic import Person, require_all_there
from waits import until

PEOPLE = 6
USERS = 3
ADD_COLUMN = '''"""Add a column."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("tasks", sa.Column("added_{number}", sa.Text(), server_default="x", nullable=False), schema="doable")
'''


@pytest.fixture
async def add_column(
    fresh_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Awaitable[None]]:
    """Migrate to one more column, as the next release would."""
    migrations = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, migrations)
    monkeypatch.setattr(migrate, "MIGRATIONS", migrations)

    async def add() -> None:
        before, number = version.KNOWN[-1], f"9{len(version.KNOWN):03}"
        (migrations / f"versions/{number}_column.py").write_text(ADD_COLUMN.format(number=number, before=before))
        monkeypatch.setattr(version, "KNOWN", (*version.KNOWN, number))
        assert (await migrate.upgrade(fresh_address.direct)).present == before

    return add


@pytest.mark.parametrize("release", RELEASES)
async def test_a_column_more_costs_nobody_a_request(
    release: str, fresh_address: Address, place: Path, add_column: Callable[[], Awaitable[None]], rounds: Rounds
) -> None:
    people = [Person(f"user-{number % USERS}", f"person-{number}") for number in range(PEOPLE)]
    done = asyncio.Event()

    def changes() -> int:
        return sum(person.changes for person in people)

    async def work(person: Person, service: Service) -> None:
        async with httpx.AsyncClient(base_url=service.url, timeout=20) as client:
            while not done.is_set():
                async for _ in person.day(client):
                    pass

    with PgBouncer(release, place, fresh_address.direct, default_pool_size=4) as pooled:
        url = database_url(pooled)
        services = [Service(DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET) for _ in range(2)]
        with services[0], services[1]:
            async with asyncio.TaskGroup() as group:
                for number, person in enumerate(people):
                    group.create_task(work(person, services[number % 2]))
                for _ in range(rounds(few=2, full=50)):
                    enough = changes() + 30
                    await until(lambda enough=enough: changes() >= enough)
                    await add_column()
                done.set()
    db = Database(fresh_address.direct)
    await require_all_there(db, people)
    await db.close()
