"""`doable token`."""

from datetime import datetime

import click

from doable.cli.text import say, table, tell
from doable.cli.user import as_operator
from doable.core.tokens import DAYS_MAX, SCOPES
from doable.settings import load


@click.group("token")
def command() -> None:
    """Create, list and revoke access tokens.

    Scripts and other programs use a token to act for a user: `Authorization: Bearer dbl_…`. USER is an id, or the
    email address of a built-in account.
    """


@command.command()
@click.argument("user")
@click.argument("name", default="command line")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([*map(str, SCOPES)]),
    help="Give it once for each scope.  [default: all]",
)
@click.option("--days", type=click.IntRange(1, DAYS_MAX), help="Days until it expires.  [default: never]")
def create(user: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Create a token for USER and print it. It is not shown again.

    NAME identifies the token in the list.
    """
    fields = {"name": name, "scopes": list(scopes or SCOPES), "expires_in_days": days}
    made, is_new = as_operator(load(), lambda operator: operator.create_token(user, fields))
    if is_new:
        say(f"{user} is new here. If your issuer has no such user, undo this with `doable user remove`.")
    tell(made.token)
    say(f"This is token {made.id} of {user}, for {' and '.join(made.scopes)}. It is not shown again.")


@command.command("list")
@click.argument("user")
def list_(user: str) -> None:
    """List the tokens of USER, newest first."""
    rows = [
        (
            str(token.id),
            token.name,
            " ".join(token.scopes),
            *map(_day, (token.created_at, token.last_used_at, token.expires_at)),
        )
        for token in as_operator(load(), lambda operator: operator.list_tokens(user))
    ]
    tell(*table("ID", "NAME", "SCOPES", "MADE", "USED", "EXPIRES", rows=rows))


@command.command()
@click.argument("user")
@click.argument("id", type=int)
def revoke(user: str, id: int) -> None:
    """Revoke the token ID of USER, in every process within a minute."""
    as_operator(load(), lambda operator: operator.revoke_token(user, id))
    tell(f"Revoked token {id} of {user}.")


def _day(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d}" if time else "never"
