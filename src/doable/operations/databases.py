"""The database of the settings: in DATABASE_URL, or the embedded one. `say` gets a sentence about slow steps."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TypeVar

from doable.errors import Misconfigured
from doable.settings import Settings
from doable.store import embedded
from doable.store.address import Address, address_of, direct_address_of
from doable.store.database import Database
from doable.store.failures import is_refusal
from doable.store.inspection import inspect, require_current
from doable.store.postgresql import Say

LOGGER: Final = logging.getLogger("doable")

T = TypeVar("T")


@contextmanager
def opened(settings: Settings, say: Say) -> Iterator[Address]:
    """The database for a short command, with the tables of this code in it."""
    if settings.database_url is not None:
        yield _current(settings)
        return
    with _borrowed(settings, say) as server:
        address = Address.parse(server.url)
        if server.is_ours:
            _migrate(address)
        elif not asyncio.run(inspect(address)).schema.is_current:
            raise Misconfigured(
                "The service that runs on this database has another version; stop it, and start this one: "
                "`doable serve` migrates the database when it starts"
            )
        yield address


@contextmanager
def as_it_is(settings: Settings, say: Say, *, alone: bool = False) -> Iterator[Address]:
    """The database past any pooler, with any schema. Raises Misconfigured, also when it can't be had `alone`."""
    if settings.database_url is not None:
        yield direct_address_of(settings)
        return
    with _borrowed(settings, say) as server:
        if alone and not server.is_ours:
            raise Misconfigured("The service is running on this database; stop it first")
        yield Address.parse(server.url)


@contextmanager
def for_service(settings: Settings, say: Say, *, migrate: bool) -> Iterator[tuple[Settings, Path | None]]:
    """The settings with a database that is ready; and where a new embedded one keeps its data."""
    if settings.database_url is not None:
        if migrate and (version := _migrate(direct_address_of(settings))):
            say(f"Migrated the database to {version}.")
        _current(settings)
        yield settings, None
        return
    directory = embedded.choose_directory(settings.data_dir)
    connections = settings.workers * (settings.pool_size + settings.pool_overflow)
    with embedded.running(directory, connections=connections, say=say) as server:
        _migrate(Address.parse(server.url))
        server.share()
        yield settings.with_database(server.url), directory if server.is_new else None


def on_database(settings: Settings, do: Callable[[Database], Awaitable[T]], say: Say) -> T:
    """What `do` makes of the database, for a command that is over then. Raises what `do` does."""

    async def call(address: Address) -> T:
        db = Database(address)
        try:
            return await do(db)
        finally:
            await db.close()

    with opened(settings, say) as address:
        return asyncio.run(call(address))


def migrate(settings: Settings, say: Say) -> str | None:
    """Migrate if necessary; returns the new version. An embedded database is migrated whenever it is started."""
    if settings.database_url is not None:
        return _migrate(direct_address_of(settings))
    with opened(settings, say):
        return None


def is_usual(directory: Path) -> bool:
    """Whether an embedded database is there without any setting."""
    return directory == embedded.choose_directory(None)


def refusal(error: Exception) -> str | None:
    """What the database said, for the operator; None if the error is not from there."""
    return f"The database refused this: {error}" if is_refusal(error) else None


def _borrowed(settings: Settings, say: Say) -> AbstractContextManager[embedded.Server]:
    return embedded.borrowed(embedded.choose_directory(settings.data_dir), say=say)


def _current(settings: Settings) -> Address:
    """Raises Misconfigured unless the database in DATABASE_URL has the tables of this code."""
    address = address_of(settings)
    require_current(address, asyncio.run(inspect(address)).schema)
    return address


def _migrate(address: Address) -> str | None:
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
