"""`doable prune`."""

import click

from doable.cli.text import say, tell
from doable.operations.databases import on_database
from doable.operations.housekeeping import prune
from doable.settings import load


@click.command("prune")
def command() -> None:
    """Remove what has been in the trash for TRASH_RETENTION_DAYS, history beyond CHANGES_RETENTION_DAYS or
    DOABLE_USER_MAX_CHANGES, and stored responses after a day.

    The service does this automatically every hour while it is used. Clients whose last sync is older than the
    stored history must read everything again.
    """
    settings = load()

    def progress(rows: int) -> None:
        say(f"{rows} rows so far …")

    total = on_database(settings, lambda db: prune(db, settings, progress), say)
    tell(f"Removed {total} rows." if total else "There was nothing to remove.")
