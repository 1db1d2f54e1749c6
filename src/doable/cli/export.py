"""`doable export`."""

import asyncio

import click

from doable.cli.files import written
from doable.cli.text import say
from doable.operations.databases import as_it_is
from doable.operations.export import export
from doable.settings import load


@click.command("export")
@click.argument("user")
@click.option("--output", default="-", metavar="FILE", help="Where to write it.  [default: standard output]")
def command(user: str, output: str) -> None:
    """Write all data of USER (an id or an email address), as JSON.

    It includes tasks, their history, sessions and access tokens as of one moment, but no passwords and no secrets
    of tokens.
    """
    with as_it_is(load(), say) as address, written(output) as out:
        asyncio.run(export(address, user, out.write))
