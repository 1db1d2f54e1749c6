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
STOP_SECONDS: Final = 2.0  # to tell a server that it may stop; one that hangs is left alone


class Connection(_Connection):
    """Names its prepared statements as no other connection does.

    The driver counts from 1 in every process. Behind a pooler that hands servers from one client to the next as they
    are, two of our processes would run each other's statements, a DELETE for a SELECT. Now the worst is 26000.
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
        """Run what is prepared at once: the driver's own way there, for all that we do not use, is 3 % of a create."""
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
        """Where the server writes ISO 8601 in UTC, read that: the driver needs four times as long for eight bytes."""
        settings = self.get_settings()
        if getattr(settings, "TimeZone", "") in _UTC and settings.DateStyle.startswith("ISO"):
            # What set_type_codec does once it has asked the server for the number.
            codecs = self._protocol.get_settings()  # type: ignore[attr-defined]
            codecs.add_python_codec(
                _TIMESTAMPTZ, "timestamptz", "pg_catalog", [], "scalar", str, datetime.fromisoformat, "text"
            )

    @property
    def is_stopping(self) -> bool:
        """Whether a statement was given up, and the driver is about to tell the server."""
        return bool(self._cancellations)

    async def let_go(self) -> None:
        """Terminate when the server knows that it may stop: by itself it would run a statement to its end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(*self._cancellations, return_exceptions=True)
        self.terminate()


async def connect(address: Address, seconds: float | None = None, *, caches: bool = True) -> Connection:
    """A connection outside of any pool; `seconds` to wait for it. `caches` statements, prepared, for later use."""
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
        # Neon's proxy drops the last two; what it has then is seen below.
        server_settings={"application_name": address.application_name, "timezone": "UTC", "datestyle": "ISO"},
    )
    connection.take_times_as_text()
    return connection
