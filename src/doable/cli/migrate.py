"""`doable migrate`."""

import click

from doable import settings
from doable.cli.database import direct_address_of, migrate_to_current, opened
from doable.cli.text import tell


@click.command("migrate")
def command() -> None:
    """Bring the tables of the database to this version of Doable.

    Safe to run at any time and from several places at once: they wait for each other, all steps are one
    transaction, and there is nothing to do the second time. Uses DATABASE_URL_UNPOOLED when it is set, since
    migrations can't go through a pooler.
    """
    loaded = settings.load()
    if loaded.database_url is None:
        with opened(loaded):
            version = None  # An embedded database is migrated whenever it is started.
    else:
        version = migrate_to_current(direct_address_of(loaded))
    tell(f"Migrated the database to {version}." if version else "The database is up to date.")
