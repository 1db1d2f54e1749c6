"""One connection to PostgreSQL."""

from secrets import token_hex
from typing import TYPE_CHECKING, Final

import asyncpg
from asyncpg import Record

from doable.store.address import Address

if TYPE_CHECKING:
    _Connection = asyncpg.Connection[Record]
else:
    _Connection = asyncpg.Connection

CACHED_STATEMENTS: Final = 100


class Connection(_Connection):
    """Names its prepared statements as no other connection does.

    The driver counts from 1 in every process. Behind a pooler that hands servers from one client to the next as they
    are, two of our processes would run each other's statements, a DELETE for a SELECT. Now the worst is 26000.
    """

    def _get_unique_id(self, prefix: str) -> str:
        return f"doable_{prefix}_{token_hex(8)}"


async def connect(address: Address, seconds: float | None = None, *, caches: bool = True) -> Connection:
    """A connection outside of any pool; `seconds` to wait for it. `caches` statements, prepared, for later use."""
    return await asyncpg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        database=address.database,
        ssl=address.tls,
        timeout=seconds or address.timeout,
        statement_cache_size=CACHED_STATEMENTS if caches else 0,
        connection_class=Connection,
        server_settings={"application_name": address.application_name},
    )
