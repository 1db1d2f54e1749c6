"""`doable restore`."""

import asyncio

import click

from doable.cli.database import as_it_is
from doable.cli.files import Meter, opened
from doable.cli.text import say
from doable.operations.backup import restore
from doable.settings import load


@click.command("restore")
@click.argument("file")
@click.option("--replace", is_flag=True, help="Lose what is in the database now.")
def command(file: str, *, replace: bool) -> None:
    """Fill the database from FILE, which `doable backup` wrote; `-` reads standard input.

    Stop the service first. All of the backup is restored or nothing. A database that already has users is left alone
    unless you give --replace. A backup of an older Doable can be restored into an empty database, and is migrated.

    Clients notice: cursors of sync from before are refused, so that every client starts again from what was restored.
    Tokens that were revoked after the backup was taken are valid again.
    """
    meter = Meter()
    with opened(file) as backup, as_it_is(load(), alone=True) as address:
        total = asyncio.run(restore(address, backup, meter, replace=replace))
        meter.clear()
    say(f"Restored {total['users']:,} users with {total['tasks']:,} tasks.")
