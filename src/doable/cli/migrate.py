"""`doable migrate`."""

import click

from doable import settings
from doable.cli.database import direct_address_of, migrate_to_current, opened
from doable.cli.text import tell


@click.command("migrate")
def command() -> None:
    """Migrate the tables of the database to this version of Doable.

    You can run this at any time, and from several places at the same time: they wait for each other. All steps are
    one transaction. If the database is up to date, nothing happens. Migrations can't go through a pooler, so set
    DATABASE_URL_UNPOOLED if DATABASE_URL is a pooler.
    """
    loaded = settings.load()
    if loaded.database_url is None:
        with opened(loaded):
            version = None  # An embedded database is migrated whenever it is started.
    else:
        version = migrate_to_current(direct_address_of(loaded))
    tell(f"Migrated the database to {version}." if version else "The database is up to date.")
