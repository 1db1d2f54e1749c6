"""`doable migrate`."""

import click

from doable.cli.text import say, tell
from doable.operations.databases import migrate
from doable.settings import load


@click.command("migrate")
def command() -> None:
    """Migrate the tables of the database to this version of Doable.

    You can run this at any time, and from several places at the same time: they wait for each other. All steps are
    one transaction. If the database is up to date, nothing happens. Migrations can't go through a pooler, so set
    DATABASE_URL_UNPOOLED if DATABASE_URL is a pooler.
    """
    version = migrate(load(), say)
    tell(f"Migrated the database to {version}." if version else "The database is up to date.")
