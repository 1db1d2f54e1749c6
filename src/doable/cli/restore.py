"""`doable restore`."""

import asyncio

import click

from doable.cli.files import Meter, opened
from doable.cli.text import say
from doable.operations.backup import restore
from doable.operations.databases import as_it_is
from doable.settings import load


@click.command("restore")
@click.argument("file")
@click.option("--replace", is_flag=True, help="Replace all data in the database.")
def command(file: str, *, replace: bool) -> None:
    """Fill the database from FILE, a backup of `doable backup`; `-` reads standard input.

    Stop the service first. The whole backup is restored, or nothing. If the database already has users, give
    --replace. You can restore a backup of an older Doable into an empty database; it is migrated.

    Clients must sync again: older sync cursors are refused, and each client reads the restored data from the start.
    Tokens that were revoked after the backup are valid again.
    """
    meter = Meter()
    with opened(file) as backup, as_it_is(load(), say, alone=True) as address:
        total = asyncio.run(restore(address, backup, meter, replace=replace))
        meter.clear()
    say(f"Restored {total['users']:,} users with {total['tasks']:,} tasks.")
