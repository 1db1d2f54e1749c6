"""`doable openapi`."""

import json

import click

from doable.app import create_service
from doable.cli.text import tell
from doable.settings import load


@click.command("openapi")
def command() -> None:
    """Print the OpenAPI document of the service, as JSON.

    You need neither the service nor a database. To generate a client, save the document with
    `doable openapi > openapi.json`.
    """
    service = create_service(load().with_database("postgresql://localhost/doable"))
    tell(*json.dumps(service.app.openapi(), indent=2, ensure_ascii=False).split("\n"))
