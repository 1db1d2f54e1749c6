"""`doable doctor`."""

import click

from doable.cli.text import say, tell
from doable.operations.examination import examine


@click.command("doctor")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Check settings, database, tables, clock and token issuer, and say what to do about each.

    It changes nothing, and works whether the service runs or not. It exits with 1 when a check fails.
    """
    all_fine = True
    for subject, sentence, fine, doubtful in examine(say):
        mark = "warn " if doubtful else "ok   " if fine else "WRONG"
        tell(f"{mark}  {subject:<9} {sentence}")
        all_fine = all_fine and fine
    if not all_fine:
        ctx.exit(1)
