import processes
from commands import Doable
from doable.store.address import Address


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
