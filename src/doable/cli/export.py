"""`doable export`."""

import asyncio

import click

from doable.cli.database import as_it_is
from doable.cli.files import written
from doable.operations.export import export
from doable.settings import load


@click.command("export")
@click.argument("user")
@click.option("--output", default="-", metavar="FILE", help="Where to write it.  [default: standard output]")
def command(user: str, output: str) -> None:
    """Write everything that is stored of USER (an id or an e-mail address), as JSON.

    Tasks, their history, sessions and access tokens, as they are at one moment; no password and no token.
    """
    with as_it_is(load()) as address, written(output) as out:
        asyncio.run(export(address, user, out.write))
