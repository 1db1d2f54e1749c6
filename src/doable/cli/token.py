"""`doable token`."""

from datetime import datetime

import click

from doable.cli.database import on_database
from doable.cli.text import say, table, tell
from doable.cli.user import find_id, require_id
from doable.core.owners import Owners
from doable.core.tokens import DAYS_MAX, SCOPES, NewAccessToken, TokenService
from doable.errors import UserNotFound
from doable.model import AccessToken, Actor, is_user_id
from doable.settings import Provider, Settings, load
from doable.store.database import Database


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
    settings = load()
    fields = {"name": name, "scopes": list(scopes or SCOPES), "expires_in_days": days}

    async def make(db: Database) -> NewAccessToken:
        return await _service(settings, db).create(await _new_actor(settings, db, user), fields)

    made = on_database(settings, make)
    tell(made.token)
    say(f"This is token {made.id} of {user}, for {' and '.join(made.scopes)}. It is not shown again.")


@command.command("list")
@click.argument("user")
def list_(user: str) -> None:
    """List the tokens of USER, newest first."""
    settings = load()

    async def read(db: Database) -> list[AccessToken]:
        return await _service(settings, db).list(Actor(await require_id(db, user)))

    rows = [
        (
            str(token.id),
            token.name,
            " ".join(token.scopes),
            *map(_day, (token.created_at, token.last_used_at, token.expires_at)),
        )
        for token in on_database(settings, read)
    ]
    tell(*table("ID", "NAME", "SCOPES", "MADE", "USED", "EXPIRES", rows=rows))


@command.command()
@click.argument("user")
@click.argument("id", type=int)
def revoke(user: str, id: int) -> None:
    """Revoke the token ID of USER, in every process within a minute."""
    settings = load()

    async def delete(db: Database) -> None:
        await _service(settings, db).revoke(Actor(await require_id(db, user)), id)

    on_database(settings, delete)
    tell(f"Revoked token {id} of {user}.")


def _service(settings: Settings, db: Database) -> TokenService:
    owners = Owners(provisions=settings.provider is not Provider.ACCOUNTS)
    return TokenService(db, lambda _: None, owners=owners, most=settings.user_max_tokens)


async def _new_actor(settings: Settings, db: Database, user: str) -> Actor:
    """Also for a user whom only the external issuer knows, by the id that it gives. Raises UserNotFound."""
    id = await find_id(db, user)
    if id is None and not may_be_new(settings, user):
        raise UserNotFound(f"There is no user {user} here; give an address that has an account, or the user's id")
    if id is None:
        say(f"{user} is new here. If your issuer has no such user, undo this with `doable user remove`.")
    return Actor(id or user)


def may_be_new(settings: Settings, user: str) -> bool:
    """An issuer's ids are no addresses, unless the ids are taken from the claim `email`."""
    is_address = "@" in user and settings.jwt_user_claim != "email"
    return settings.provider is not Provider.ACCOUNTS and is_user_id(user) and not is_address


def _day(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d}" if time else "never"
