"""`doable backup`."""

import asyncio
import sys

import click

from doable.cli.files import Meter, written
from doable.cli.text import say
from doable.errors import Misconfigured
from doable.operations.backup import back_up
from doable.operations.databases import as_it_is
from doable.settings import load


@click.command("backup")
@click.argument("file")
def command(file: str) -> None:
    """Write all data as of one moment to FILE; `-` writes to standard output.

    You can do this while the service runs. FILE is replaced when the backup is complete. If the backup fails, FILE
    stays as it was. It contains password hashes and signing keys: keep it where only you can read it, and keep a
    copy on another machine. Restore it with `doable restore` or psql.
    """
    if file == "-" and sys.stdout.isatty():
        raise Misconfigured("A backup can't go to a terminal; give the name of a file")
    meter = Meter()
    with as_it_is(load(), say) as address, written(file) as out:
        total = asyncio.run(back_up(address, out, meter))
        meter.clear()
    say(f"Backed up {total['users']:,} users with {total['tasks']:,} tasks.")
