import asyncio
from pathlib import Path

import processes
from commands import Doable
from doable.store.address import Address
from doable.store.connection import connect
from processes import Service


def test_migrate_brings_an_empty_database_up_to_date(doable: Doable, empty_address: Address) -> None:
    url = processes.database_url(empty_address)
    first = doable("migrate", DATABASE_URL=url)
    assert first.exit_code == 0
    assert first.stdout.startswith("Migrated the database to ")
    again = doable("migrate", DATABASE_URL=url)
    assert (again.exit_code, again.stdout) == (0, "The database is up to date.\n")


def test_migrations_go_past_the_pooler(doable: Doable, empty_address: Address) -> None:
    direct = processes.database_url(empty_address)
    migrated = doable("migrate", DATABASE_URL="postgresql://127.0.0.1:1/pooler", DATABASE_URL_UNPOOLED=direct)
    assert migrated.exit_code == 0
    assert migrated.stdout.startswith("Migrated the database to ")


def test_commands_want_an_up_to_date_database(doable: Doable, empty_address: Address) -> None:
    refused = doable("user", "list", DATABASE_URL=processes.database_url(empty_address))
    assert refused.exit_code == 2
    assert "has no tables of Doable; run `doable migrate`" in refused.stderr


def test_a_service_of_another_version_is_named_where_it_runs(doable: Doable, data_dir: Path) -> None:
    with Service(DOABLE_DATA_DIR=str(data_dir)):
        assert doable("migrate", DOABLE_DATA_DIR=str(data_dir)).stdout == "The database is up to date.\n"
        url = (data_dir / "doable.lock").read_text().split()[-1]
        asyncio.run(_set_version(Address.parse(url), "0001"))
        ended = doable("migrate", DOABLE_DATA_DIR=str(data_dir))
        assert ended.exit_code == 2
        assert "has another version; stop it, and start this one" in ended.stderr


async def _set_version(address: Address, version: str) -> None:
    connection = await connect(address)
    await connection.execute("update doable.alembic_version set version_num = $1", version)
    await connection.close()
