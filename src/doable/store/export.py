"""All data of one user, except password and token hashes and stored responses."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from asyncpg import Record

from doable.errors import UserNotFound
from doable.store import accounts
from doable.store.address import Address
from doable.store.backup import transaction
from doable.store.changes import KIND, columns_of
from doable.store.columns import USER as COLUMNS
from doable.store.objects import OBJECTS

USER = f"""
select {COLUMNS.all()}, revision from doable.users
where id = $1
"""

CHANGES = f"""
select revision, type, object_id, {KIND} as kind, at, actor, via, undo, operation from doable.changes
where user_id = $1
order by revision
"""

COMPLETIONS = """
select id, task_id, title, due, occurrence, completed_at, actor, revision, undone from doable.completions
where user_id = $1
order by id
"""

SESSIONS = """
select id, created_at, updated_at, expires_at, remembered, ip_address, user_agent from doable.sessions
where user_id = $1
order by id
"""

ACCESS_TOKENS = """
select id, name, scopes, created_at, expires_at, last_used_at from doable.access_tokens
where user_id = $1
order by id
"""

PARTS: Final[Mapping[str, str]] = {
    **{
        kind.table: f"""
select {kind.columns.all()} from doable.{kind.table}
where user_id = $1
order by id
"""
        for kind in OBJECTS.values()
    },
    "completions": COMPLETIONS,
    "changes": CHANGES,
    "sessions": SESSIONS,
    "access_tokens": ACCESS_TOKENS,
}
AT_ONCE: Final = 500  # rows that are fetched together


@asynccontextmanager
async def exporting(
    address: Address, user: str
) -> AsyncIterator[tuple[Record, dict[str, AsyncIterable[Mapping[str, Any]]]]]:
    """The user, by id or email address, and all data of theirs by name, as of one moment.

    Raises UserNotFound, and Misconfigured when the database can't be read to the end.
    """
    async with transaction(address, "repeatable_read") as connection:
        found = await connection.fetchrow(USER, user)
        if found is None:
            found = await connection.fetchrow(USER, await connection.fetchval(accounts.OWNER, user))
        if found is None:
            raise UserNotFound
        cursors = {part: connection.cursor(sql, found["id"], prefetch=AT_ONCE) for part, sql in PARTS.items()}
        yield found, {part: _rows(part, cursor) for part, cursor in cursors.items()}


_KINDS: Final = {kind.table: kind for kind in OBJECTS.values()}


async def _rows(part: str, cursor: AsyncIterable[Record]) -> AsyncIterator[Mapping[str, Any]]:
    """What a part has, as clients see it."""
    async for row in cursor:
        values = dict(row)
        if part in _KINDS:
            values = msgspec.structs.asdict(_KINDS[part].columns.make(row))
            del values["user_id"]
        elif values.get("undo") is not None:
            values["undo"] = columns_of(values["undo"])
        yield values
