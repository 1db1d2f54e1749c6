"""`doable`: the command line, for operators of the service."""

from importlib import import_module
from traceback import format_exc
from typing import Any, Final

import click

from doable.cli.text import say
from doable.errors import DoableError, Misconfigured

MISTAKE: Final = (
    "This is a mistake in Doable, not yours. Report it with the lines above, as CONTRIBUTING.md says"
    " (Reporting a mistake)."
)
# Each command is a module of its own here, imported when it is called: `doable --help` loads neither web nor database.
COMMANDS: Final = {
    "serve": "Run the service.",
    "migrate": "Migrate the tables of the database to this version of Doable.",
    "user": "Add, list, disable and remove users, and set their passwords.",
    "token": "Create, list and revoke access tokens.",
    "keys": "List, rotate and revoke the keys that sign the JWTs of the built-in accounts.",
    "doctor": "Check settings, database, clock and token issuer, and say what to do.",
    "backup": "Write all data to a file.",
    "restore": "Fill the database from a backup.",
    "export": "Write the data of one user, as JSON.",
    "prune": "Remove trash, history and stored responses beyond their retention period.",
    "openapi": "Print the OpenAPI document of the service.",
}


class Program(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"doable.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DoableError as error:
            say(f"doable: {error}")
            ctx.exit(2 if isinstance(error, Misconfigured) else 1)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # Click has its own sentence for each.
        except Exception as error:  # noqa: BLE001 - the last one there is
            sentence = _sentence(error)
            if sentence is None:
                for line in format_exc().splitlines():
                    say(line)
            say(f"doable: {sentence or MISTAKE}")
            ctx.exit(1)


def _sentence(error: Exception) -> str | None:
    """What the system or the database said, for the operator; None when the mistake is ours."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    from doable.operations.databases import refusal  # noqa: PLC0415 - `doable --help` loads no database

    return refusal(error)


@click.command(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="doable")
def main() -> None:
    """Doable, the task service that every client can share.

    Without settings, `doable serve` runs its own PostgreSQL and has its own accounts. With DATABASE_URL it uses
    that PostgreSQL. With BETTER_AUTH_SECRET, BETTER_AUTH_URL or JWKS_URL it trusts the tokens of that issuer.
    Settings come from the environment, or from .env in the working directory. docs/settings.md explains each.

    Every command exits with 0 on success, with 1 on failure, and with 2 when a setting or an argument is wrong.
    If it fails, one sentence says what to do.
    """
