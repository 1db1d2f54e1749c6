"""A user's own data, for them to take away."""

from collections.abc import Callable
from datetime import UTC, datetime

from doable.encoding import encode
from doable.errors import UserNotFound
from doable.model import is_user_id
from doable.store.address import Address
from doable.store.export import exporting


async def export(address: Address, user: str, write: Callable[[bytes], object]) -> None:
    """Everything that is stored of the user (an id or an e-mail address), as one JSON object, one row at a time.

    Raises UserNotFound, and Misconfigured when the database can't be read to the end.
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
