"""`doable backup`."""

import asyncio
import sys

import click

from doable.cli.database import as_it_is
from doable.cli.files import Meter, written
from doable.cli.text import say
from doable.errors import Misconfigured
from doable.operations.backup import back_up
from doable.settings import load


@click.command("backup")
@click.argument("file")
def command(file: str) -> None:
    """Write all data to FILE, as it is at one moment; `-` writes to standard output.

    The service may go on working meanwhile. FILE is replaced once the backup is complete, and not touched when it
    fails. It holds everything, also password hashes and signing keys: keep it where nobody else can read it, and
    keep another copy elsewhere. `doable restore` reads it, and so can psql.
    """
    if file == "-" and sys.stdout.isatty():
        raise Misconfigured("A backup is not for a terminal; give it a file's name")
    meter = Meter()
    with as_it_is(load()) as address, written(file) as out:
        total = asyncio.run(back_up(address, out, meter))
        meter.clear()
    say(f"Backed up {total['users']:,} users with {total['tasks']:,} tasks.")
