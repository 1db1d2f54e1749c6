"""`doable openapi`."""

import json

import click

from doable.app import create_app
from doable.cli.text import tell
from doable.settings import load


@click.command("openapi")
def command() -> None:
    """Print the OpenAPI document of the service, as JSON.

    You need neither the service nor a database. To generate a client, save the document with
    `doable openapi > openapi.json`.
    """
    app = create_app(load().with_database("postgresql://localhost/doable"))
    tell(*json.dumps(app.openapi(), indent=2, ensure_ascii=False).split("\n"))
