"""Exports the data of a user."""

from collections.abc import Callable
from datetime import UTC, datetime

from doable.encoding import encode
from doable.errors import UserNotFound
from doable.model import is_user_id
from doable.store.address import Address
from doable.store.export import exporting


async def export(address: Address, user: str, write: Callable[[bytes], object]) -> None:
    """Write everything that is stored about a user as one JSON object, one row at a time.

    `user` is an id or an email address. Raises UserNotFound, and Misconfigured if the database can't be read.
    """
    if not is_user_id(user):
        raise UserNotFound
    async with exporting(address, user) as (who, parts):
        write(b'{"exported_at":%b,\n"user":%b' % (encode(datetime.now(UTC)), encode(dict(who))))
        for name, rows in parts.items():
            write(b',\n"%b":[' % name.encode())
            separator = b"\n"
            async for row in rows:
                write(separator + encode(dict(row)))
                separator = b",\n"
            write(b"]")
    write(b"}\n")
