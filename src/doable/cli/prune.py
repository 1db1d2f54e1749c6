"""`doable prune`."""

from datetime import timedelta
from typing import Final

import click

from doable.cli.database import on_database
from doable.cli.text import say, tell
from doable.operations.housekeeping import Housekeeping
from doable.settings import load
from doable.store.database import Database

SAY_EVERY: Final = 10_000  # rows, which take about a second


@click.command("prune")
def command() -> None:
    """Remove history beyond CHANGES_RETENTION_DAYS or DOABLE_USER_MAX_CHANGES, and stored responses after a day.

    The service does this automatically every hour while it is used. Clients whose last sync is older than the
    stored history must read everything again.
    """
    settings = load()

    async def prune(db: Database) -> int:
        total = said = 0
        housekeeping = Housekeeping(db, timedelta(days=settings.changes_retention_days), most=settings.user_max_changes)
        async for removed in housekeeping.prune():
            total += removed
            if total - said >= SAY_EVERY:
                said = total
                say(f"{total} rows so far …")
        return total

    total = on_database(settings, prune)
    tell(f"Removed {total} rows." if total else "There was nothing to remove.")
