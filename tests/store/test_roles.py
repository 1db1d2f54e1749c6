"""The role that docs/neon.md gives the service: it can do everything the service does, and nothing to the schema."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from clients import client_of
from commands import Doable
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import connect
from processes import database_url

pytestmark = pytest.mark.usefixtures("superuser")

PAGE = (Path(__file__).parents[2] / "docs/neon.md").read_text()


@pytest.fixture
async def service_address(fresh_address: Address) -> AsyncIterator[Address]:
    """The database as the service's role reaches it, made by the statements of the page."""
    found = re.search(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    name = f"{fresh_address.database}_role"
    owner = await connect(fresh_address)
    await owner.execute(found[1].replace("doable_service", name).replace("'…'", "'secret'"))
    yield replace(fresh_address, user=name, password="secret")
    await owner.execute(f"drop owned by {name}")
    await owner.execute(f"drop role {name}")
    await owner.close()


async def test_the_role_of_the_page_is_enough_for_the_service(settings: Settings, service_address: Address) -> None:
    app = create_app(settings, service_address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as client:
        assert (await client.get("/health/ready")).status_code == 200
        task = await client.post("/api/me/tasks", json={"title": "x"}, headers={"idempotency-key": "once"})
        assert task.status_code == 201
        assert (await client.patch(f"{task.headers['location']}/complete")).status_code == 200
        assert len((await client.get("/api/me/sync")).json()["tasks"]) == 1
        assert (await client.delete(task.headers["location"])).status_code == 204
        assert (await client.post("/api/me/tokens", json={"name": "script"})).status_code == 201
        assert (await client.delete("/api/me")).status_code == 204


def test_the_role_of_the_page_is_enough_for_a_backup(doable: Doable, service_address: Address, tmp_path: Path) -> None:
    written = doable("backup", str(tmp_path / "all.backup"), DATABASE_URL=database_url(service_address))
    assert (written.exit_code, (tmp_path / "all.backup").stat().st_size > 0) == (0, True)


async def test_the_server_ends_what_the_role_of_the_page_has_left_behind(service_address: Address) -> None:
    connection = await connect(service_address)
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        assert await connection.fetchval(f"show {limit}") == "15s"
    await connection.close()
    assert float(Settings(_env_file=None).database_timeout) < 15


@pytest.mark.parametrize(
    "statement",
    ["create table doable.more ()", "drop table doable.tasks", "alter table doable.tasks disable trigger all"],
)
async def test_the_role_of_the_page_cannot_change_the_schema(service_address: Address, statement: str) -> None:
    connection = await connect(service_address)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()
