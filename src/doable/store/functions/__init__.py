"""The functions of the database. `NAME.sql` holds the current text of each one, and migrations take it from there.

An applied migration never changes, but its functions do: a migration names the digest of the text that it was written
for, and the database keeps it as the function's comment. So `changed` also finds a text that no migration brings.

Each counted table gets its own copy of `log_change`, with the columns that the table has then: `log_tasks`.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from doable.store.columns import TASK

if TYPE_CHECKING:  # The service runs without it.
    from sqlalchemy import Connection

LOG: Final = "log_change"
_FILES: Final = Path(__file__).parent
NAMES: Final = tuple(sorted(path.stem for path in _FILES.glob("*.sql")))
TRIGGERS: Final = (
    """
    create trigger count_change before insert or update on doable.{table}
    for each row execute function doable.count_change()
    """,
    """
    create trigger log_insert after insert on doable.{table} referencing new table as after
    for each statement execute function doable.log_{table}('{type}')
    """,
    """
    create trigger log_update after update on doable.{table} referencing old table as before new table as after
    for each statement execute function doable.log_{table}('{type}')
    """,
    """
    create trigger log_delete after delete on doable.{table} referencing old table as before
    for each statement execute function doable.log_{table}('{type}')
    """,
)

COUNTED = """
-- The tables whose changes are counted.
select relname::text
from pg_catalog.pg_trigger join pg_catalog.pg_class on pg_class.oid = tgrelid
where relnamespace = 'doable'::regnamespace and tgname = 'count_change'
"""

UNCHANGED = """
-- Elements of an array: the names of the columns that an update leaves unchanged, and null for the others.
select string_agg(
  case
    when attname in ('user_id', 'id', 'created_at') then quote_literal(attname)
    else format('case when before.%1$I is not distinct from after.%1$I then %1$L end', attname)
  end,
  E',\n        ' order by attnum
)
from pg_catalog.pg_attribute
where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attname not in ('updated_at', 'revision')
"""

TRASH = """
-- Whether the rows of a table can go to the trash.
select exists (
  select from pg_catalog.pg_attribute
  where attrelid = $1::text::regclass and attname = 'deleted_at' and not attisdropped
)
"""
UPDATED: Final = "'updated'"
UPDATED_OR_TRASHED: Final = (
    "case when before.deleted_at is null and after.deleted_at is not null then 'deleted' else 'updated' end"
)

DEFINITIONS = """
-- Our functions as PostgreSQL has them, and the digest of the text that a migration was written for.
select oid::regprocedure::text, proname::text, pg_get_functiondef(oid), obj_description(oid, 'pg_proc')
from pg_catalog.pg_proc
where pronamespace = 'doable'::regnamespace and prokind <> 'a'
"""


SOURCES = """
-- The bodies of our functions.
select proname::text, prosrc
from pg_catalog.pg_proc
where pronamespace = 'doable'::regnamespace and prokind <> 'a'
"""


class Operations(Protocol):
    """The part of `alembic.op` that this module needs."""

    def get_bind(self) -> "Connection": ...


def text(name: str) -> str:
    """The statement that creates or replaces the function."""
    return (
        (_FILES / f"{name}.sql")
        .read_text("utf-8")
        .replace("{assignments}", TASK.patched("tasks", "change.patch", "change.row"))
    )


def digest(name: str) -> str:
    return sha256(text(name).encode()).hexdigest()[:12]


def replace(op: Operations, name: str, digest: str) -> None:
    """Give the function its current text; `digest` is that of the text for which the migration was written.

    A migration that adds or drops columns replaces `log_change`.
    """
    connection = op.get_bind()
    _make(connection, name, digest, _counted(connection))


def count(op: Operations, *, table: str, type: str) -> None:
    """Count and log every change to a table that users own. `type` names its objects in the log.

    The table must have its key, `user_id` and `id`, and the columns `position`, `created_at`, `updated_at` and
    `revision`.
    """
    connection = op.get_bind()
    _make(connection, LOG, digest(LOG), [table])
    for trigger in TRIGGERS:
        connection.exec_driver_sql(trigger.format(table=table, type=type))


def changed(connection: "Connection") -> list[str]:
    """The names of functions that differ between the database and the files, including missing and surplus ones."""
    present = _definitions(connection)
    tables = _counted(connection)
    with connection.begin_nested() as attempt:
        connection.exec_driver_sql("set local check_function_bodies = off")  # They may call each other.
        for signature, *_ in present:
            connection.exec_driver_sql(f"drop function {signature} cascade")
        for name in NAMES:
            _make(connection, name, digest(name), tables)
        wanted = _definitions(connection)
        attempt.rollback()
    return sorted({name for _, name, *_ in present ^ wanted})


async def altered(connection: Any) -> list[str]:
    """The same by the bodies alone, with a connection of `store/connection.py`, which changes nothing."""
    present = {row[0]: row[1] for row in await connection.fetch(SOURCES)}
    wanted = {name: _body(text(name)) for name in NAMES if name != LOG}
    for (table,) in await connection.fetch(COUNTED):
        unchanged, has_trash = [await connection.fetchval(one, f"doable.{table}") for one in (UNCHANGED, TRASH)]
        wanted[f"log_{table}"] = _body(_filled(table, unchanged, has_trash=has_trash))
    return sorted(name for name in present.keys() | wanted.keys() if present.get(name) != wanted.get(name))


def _body(statement: str) -> str:
    return statement.partition("$$")[2].rpartition("$$")[0]


def _make(connection: "Connection", name: str, digest: str, tables: Sequence[str]) -> None:
    for function, statement in _texts(connection, name, tables):
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"comment on function doable.{function} is '{digest}'")


def _texts(connection: "Connection", name: str, tables: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The function, or its copies for the tables, each with the statement that creates it."""
    if name != LOG:
        yield name, text(name)
        return
    for table in tables:
        unchanged, has_trash = (
            connection.exec_driver_sql(query, (f"doable.{table}",)).scalar_one() for query in (UNCHANGED, TRASH)
        )
        yield f"log_{table}", _filled(table, unchanged, has_trash=has_trash)


def _filled(table: str, unchanged: str, *, has_trash: bool) -> str:
    updated = UPDATED_OR_TRASHED if has_trash else UPDATED
    return text(LOG).replace("{table}", table).replace("{unchanged}", unchanged).replace("{updated}", updated)


def _counted(connection: "Connection") -> Sequence[str]:
    return connection.exec_driver_sql(COUNTED).scalars().all()


def _definitions(connection: "Connection") -> set[tuple[str, str, str, str | None]]:
    return {(row[0], row[1], row[2], row[3]) for row in connection.exec_driver_sql(DEFINITIONS)}
