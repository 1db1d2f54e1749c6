"""Copies a whole database, as of one moment, and restores the copy: COPY in one transaction on each side.

Names come from PostgreSQL's catalog and not from `schema.py`, so no table can be forgotten, and a database that has
not been migrated yet can be backed up too.
"""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from graphlib import TopologicalSorter
from typing import Final, Literal, NamedTuple, TypeAlias
from uuid import uuid4

import asyncpg

from doable.errors import Misconfigured
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.version import VERSION

Sink: TypeAlias = Callable[[bytes], Coroutine[None, None, None]]

SETTINGS: Final = """
-- For this transaction only. A role may have limits that suit a service, but not a copy of everything. The output must
-- not depend on how a server formats times and bytes.
set local statement_timeout = 0;
set local lock_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local datestyle = 'ISO, YMD';
set local timezone = 'UTC';
set local bytea_output = 'hex';
"""

TABLES = """
-- The tables that hold data, with their columns and the tables that they refer to. Tables that migrations fill and
-- tables that are emptied within the hour are left out.
select
  class.relname::text as name,
  array(
    select attname::text from pg_attribute
    where attrelid = class.oid and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum
  ) as columns,
  array(
    select other.relname::text from pg_constraint join pg_class as other on other.oid = confrelid
    where conrelid = class.oid and contype = 'f' and confrelid <> conrelid
  ) as needs
from pg_class as class
where class.relnamespace = 'doable'::regnamespace and class.relkind in ('r', 'p') and not class.relispartition
  and class.relname not in ('alembic_version', 'installation', 'sign_in_failures')
order by class.relname
"""

SEQUENCES = """
select relname::text as name from pg_class
where relnamespace = 'doable'::regnamespace and relkind = 'S'
order by relname
"""


class BackupTable(NamedTuple):
    name: str
    columns: Sequence[str]


class SequenceState(NamedTuple):
    """A sequence; `is_called` when it has returned `last`."""

    name: str
    last: int
    is_called: bool


class Snapshot:
    """A consistent view of a database, for as long as reading it takes."""

    def __init__(
        self, connection: "asyncpg.Connection[asyncpg.Record]", version: str, tables: list[BackupTable]
    ) -> None:
        """`tables` are sorted: each comes after those that it refers to."""
        self._connection = connection
        self.version = version
        self.tables = tables

    async def copy(self, table: BackupTable, sink: Sink) -> None:
        """PostgreSQL's text format: each row ends with a newline, and contains no other newline."""
        await self._connection.copy_from_table(table.name, columns=table.columns, schema_name="doable", output=sink)

    async def counters(self) -> list[SequenceState]:
        """Call this after reading the rows: sequences ignore transactions, so then none is behind the rows."""
        names = [row[0] for row in await self._connection.fetch(SEQUENCES)]
        found = [await self._connection.fetchrow(f'select last_value, is_called from doable."{n}"') for n in names]
        return [SequenceState(name, *row) for name, row in zip(names, found, strict=True) if row]


@asynccontextmanager
async def snapshot(address: Address) -> AsyncIterator[Snapshot]:
    """Raises Misconfigured when the database can't be read to the end."""
    async with transaction(address, "repeatable_read") as connection:
        rows = await connection.fetch(TABLES)
        columns = {name: columns for name, columns, _ in rows}
        order = TopologicalSorter({name: [needed for needed in needs if needed in columns] for name, _, needs in rows})
        tables = [BackupTable(name, columns[name]) for name in order.static_order()]
        yield Snapshot(connection, await connection.fetchval(VERSION), tables)


EMPTY = """
-- Wait for all writers, lock the tables, and delete all rows, also those that a service creates when it starts.
do $$ begin
  execute (
    select 'truncate ' || string_agg(oid::regclass::text, ', ') from pg_class
    where relnamespace = 'doable'::regnamespace and relkind in ('r', 'p')
      and relname not in ('alembic_version', 'installation')
  );
end $$
"""

HAS_USERS = """
select exists (select 1 from doable.users)
"""

BEGIN = """
-- Rows are restored unchanged: the triggers must not count them again.
do $$ declare one regclass; begin
  for one in select oid from pg_class where relnamespace = 'doable'::regnamespace and relkind in ('r', 'p') loop
    execute format('alter table %s disable trigger user', one);
  end loop;
end $$
"""

LEAVE_A_GAP = """
-- The changes after this backup are lost, but clients have seen them. The gap in the revisions makes their ETags
-- invalid: no lost revision is used a second time. The log has no changes for the gap, so its end is the floor for new
-- cursors.
update doable.users set revision = revision + 1000000000, floor = revision + 1000000000
"""

BEGIN_EPOCH = """
-- And this makes their cursors invalid.
update doable.installation set epoch = $1
"""

END = """
do $$ declare one regclass; begin
  for one in select oid from pg_class where relnamespace = 'doable'::regnamespace and relkind in ('r', 'p') loop
    execute format('alter table %s enable trigger user', one);
  end loop;
end $$
"""

SET_COUNTER = """
select setval($1::text::regclass, $2, $3)
"""


class Loading:
    """An empty database that is being filled."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def fill(self, table: BackupTable, rows: AsyncIterable[bytes]) -> None:
        await self._connection.copy_to_table(table.name, columns=table.columns, schema_name="doable", source=rows)

    async def set(self, counter: SequenceState) -> None:
        await self._connection.fetchval(SET_COUNTER, f'doable."{counter.name}"', counter.last, counter.is_called)


@asynccontextmanager
async def loading(address: Address, *, replace: bool) -> AsyncIterator[Loading]:
    """Fill the database in one transaction. Only the owner of the tables may do this.

    Raises Misconfigured when that fails, and for a database that has users unless it is to `replace` them.
    """
    async with transaction(address) as connection:
        # Before HAS_USERS, so that no user can be added after it.
        await connection.execute("lock table doable.users in access exclusive mode")
        if not replace and await connection.fetchval(HAS_USERS):
            raise Misconfigured(f"The database {address} has users; add --replace to delete them and all their data")
        await connection.execute(EMPTY)
        await connection.execute(BEGIN)
        yield Loading(connection)
        await connection.execute(LEAVE_A_GAP)
        await connection.execute(BEGIN_EPOCH, uuid4())
        await connection.execute(END)


@asynccontextmanager
async def transaction(
    address: Address, isolation: Literal["read_committed", "repeatable_read"] = "read_committed"
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """On a new connection, not through a pooler. A refusal of PostgreSQL becomes a sentence for the operator."""
    connection = await connect(address.direct)
    try:
        async with connection.transaction(isolation=isolation):
            await connection.execute(SETTINGS)
            yield connection
        await connection.close(timeout=5)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Misconfigured(f"The database {address} refused this, and nothing was changed: {error}") from error
    finally:
        connection.terminate()
