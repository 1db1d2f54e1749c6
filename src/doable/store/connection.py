"""One connection to PostgreSQL."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

import asyncpg
from asyncpg import Record

from doable.store.address import Address

if TYPE_CHECKING:
    _Connection = asyncpg.Connection[Record]
else:
    _Connection = asyncpg.Connection

CACHED_STATEMENTS: Final = 100
_TIMESTAMPTZ: Final = 1184  # its number in every PostgreSQL
_UTC: Final = frozenset({"UTC", "Etc/UTC", "GMT"})
STOP_SECONDS: Final = 2.0  # to cancel a statement on a server; we give up on one that hangs


class Connection(_Connection):
    """A connection whose names of prepared statements are unique.

    The driver counts from 1 in every process. Behind a pooler that gives one client's server to the next without a
    reset, two of our processes would run each other's statements, a DELETE for a SELECT. Now they get error 26000.
    """

    _cancellations: set[asyncio.Task[None]]

    def _get_unique_id(self, prefix: str) -> str:
        return f"doable_{prefix}_{token_hex(8)}"

    async def _execute(
        self,
        query: str,
        args: Sequence[object],
        limit: int,
        timeout: float | None,  # noqa: ASYNC109 - the driver's
        *,
        record_class: None = None,
        **options: object,
    ) -> Any:
        """Run a prepared statement directly.

        The driver's own way has features that we don't use. They cost 9 µs of CPU per statement: 8 % of finding a task
        and 7 % of creating one, in the store alone (medians of 14 interleaved rounds).
        """
        prepared = None if options else self._stmt_cache.get((query, Record, False))  # type: ignore[attr-defined]
        if prepared is not None:
            try:
                return await self._protocol.bind_execute(  # type: ignore[attr-defined]
                    prepared, args, "", limit, return_extra=False, timeout=timeout
                )
            except asyncpg.InvalidCachedStatementError:
                if self.is_in_transaction():
                    raise
        return await super()._execute(query, args, limit, timeout, record_class=record_class, **options)  # type: ignore[misc]

    def take_times_as_text(self) -> None:
        """Read times as text if the server writes ISO 8601 in UTC: the driver's binary way takes four times as long."""
        settings = self.get_settings()
        if getattr(settings, "TimeZone", "") in _UTC and settings.DateStyle.startswith("ISO"):
            # As `set_type_codec` does, without asking the server for the type's number.
            codecs = self._protocol.get_settings()  # type: ignore[attr-defined]
            codecs.add_python_codec(
                _TIMESTAMPTZ, "timestamptz", "pg_catalog", [], "scalar", str, datetime.fromisoformat, "text"
            )

    @property
    def is_stopping(self) -> bool:
        """Whether a statement was given up, and the driver is about to cancel it on the server."""
        return bool(self._cancellations)

    async def let_go(self) -> None:
        """Terminate after the server got the cancellation: otherwise it would run the statement to its end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(*self._cancellations, return_exceptions=True)
        self.terminate()


async def connect(address: Address, seconds: float | None = None, *, caches: bool = True) -> Connection:
    """A connection outside of any pool; `seconds` to wait for it. With `caches`, prepared statements are reused."""
    connection: Connection = await asyncpg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        database=address.database,
        ssl=address.tls,
        timeout=seconds or address.timeout,
        statement_cache_size=CACHED_STATEMENTS if caches else 0,
        connection_class=Connection,
        # Neon's proxy drops the last two; `take_times_as_text` checks the result.
        server_settings={"application_name": address.application_name, "timezone": "UTC", "datestyle": "ISO"},
    )
    connection.take_times_as_text()
    return connection
