"""The database that a command works on: the one in DATABASE_URL, or the embedded one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from pydantic import SecretStr

from doable.cli.text import say
from doable.errors import Misconfigured
from doable.settings import Settings
from doable.store import embedded
from doable.store.address import Address, address_of
from doable.store.database import Database
from doable.store.inspection import inspect, require_current

LOGGER: Final = logging.getLogger("doable")

T = TypeVar("T")


def direct_address_of(settings: Settings) -> Address:
    """The same database past any pooler, for migrations."""
    if settings.database_url_unpooled is not None:
        return Address.parse(settings.database_url_unpooled.get_secret_value(), "DATABASE_URL_UNPOOLED")
    return address_of(settings).direct


def read_address_of(settings: Settings) -> Address | None:
    """Where DATABASE_READ_URL says that a replica is. Raises Misconfigured."""
    url = settings.database_read_url
    return Address.parse(url.get_secret_value(), "DATABASE_READ_URL") if url else None


@contextmanager
def opened(settings: Settings) -> Iterator[Address]:
    """The database for a short command, with the tables of this code in it."""
    if settings.database_url is not None:
        address = address_of(settings)
        require_current(address, asyncio.run(inspect(address)).schema)
        yield address
        return
    with embedded.borrowed(embedded.choose_directory(settings.data_dir), say=say) as server:
        address = Address.parse(server.url)
        if server.is_ours:
            migrate_to_current(address)
        elif not asyncio.run(inspect(address)).schema.is_current:
            raise Misconfigured(
                "The service that runs on this database has another version; stop it, and start this one: "
                "`doable serve` migrates the database when it starts"
            )
        yield address


@contextmanager
def as_it_is(settings: Settings, *, alone: bool = False) -> Iterator[Address]:
    """The database past any pooler, with any schema. Raises Misconfigured, also when it can't be had `alone`."""
    if settings.database_url is not None:
        yield direct_address_of(settings)
        return
    with embedded.borrowed(embedded.choose_directory(settings.data_dir), say=say) as server:
        if alone and not server.is_ours:
            raise Misconfigured("The service is running on this database; stop it first")
        yield Address.parse(server.url)


def migrate_to_current(address: Address) -> str | None:
    """Migrate if necessary; parallel migrations wait for each other. Returns the new version. Raises Misconfigured."""
    before = asyncio.run(inspect(address)).schema
    if before.is_current:
        return None
    if not before.can_be_migrated:
        require_current(address, before)
    # Here, because Alembic and SQLAlchemy take as long to load as all the rest, and are seldom needed.
    from doable.store import migrate  # noqa: PLC0415

    asyncio.run(migrate.upgrade(address))
    facts = {"database": str(address), "before": before.present, "now": before.needed}
    LOGGER.info("Migrated the database", extra={"facts": facts})
    return before.needed


def with_database(settings: Settings, url: str) -> Settings:
    """The same settings, with the embedded database in place of none: what worker processes get."""
    return settings.model_copy(update={"database_url": SecretStr(url)})


def on_database(settings: Settings, do: Callable[[Database], Awaitable[T]]) -> T:
    """What `do` makes of the database, for a command that is over then. Raises what `do` does."""

    async def call(address: Address) -> T:
        db = Database(address)
        try:
            return await do(db)
        finally:
            await db.close()

    with opened(settings) as address:
        return asyncio.run(call(address))
