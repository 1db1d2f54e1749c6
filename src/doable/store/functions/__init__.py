"""The functions of the database. The current text of each stands in `NAME.sql`, and a migration takes it from there.

An applied migration never changes, but its functions do: a migration names the digest of the text that it was written
for, and the database keeps it as the function's comment. So `changed` also finds a text that no migration brings.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection

from doable.store.columns import TASK

_FILES: Final = Path(__file__).parent
NAMES: Final = tuple(sorted(path.stem for path in _FILES.glob("*.sql")))
TRIGGERS: Final = (
    """
    create trigger count_change before insert or update on doable.{table}
    for each row execute function doable.count_change()
    """,
    """
    create trigger log_insert after insert on doable.{table} referencing new table as after
    for each statement execute function doable.log_change('{type}')
    """,
    """
    create trigger log_update after update on doable.{table} referencing old table as before new table as after
    for each statement execute function doable.log_change('{type}')
    """,
    """
    create trigger log_delete after delete on doable.{table} referencing old table as before
    for each statement execute function doable.log_change('{type}')
    """,
)

DEFINITIONS: Final = """
-- Each function of ours as PostgreSQL has it, and the digest of the text that a migration was written for.
select oid::regprocedure::text, proname::text, pg_get_functiondef(oid), obj_description(oid, 'pg_proc')
from pg_catalog.pg_proc
where pronamespace = 'doable'::regnamespace and prokind <> 'a'
"""


class Operations(Protocol):
    """`alembic.op`, as far as it is needed here."""

    def get_bind(self) -> Connection: ...


def text(name: str) -> str:
    """The statement that makes the function, or replaces it."""
    return (_FILES / f"{name}.sql").read_text("utf-8").replace("{assignments}", TASK.patched("tasks", "change.patch"))


def digest(name: str) -> str:
    return sha256(text(name).encode()).hexdigest()[:12]


def replace(op: Operations, name: str, digest: str) -> None:
    """Give the function its current text; `digest` is that of the text for which the migration was written."""
    _make(op.get_bind(), name, digest)


def count(op: Operations, *, table: str, type: str) -> None:
    """Count and log every change to a table that users own; its objects are of this `type` in the log.

    The table has the columns `user_id` and `id`, its key, and `created_at`, `updated_at` and `revision`.
    """
    for trigger in TRIGGERS:
        op.get_bind().exec_driver_sql(trigger.format(table=table, type=type))


def changed(connection: Connection) -> list[str]:
    """The names of the functions in the database that are not what the files make, also missing and surplus ones."""
    present = _definitions(connection)
    with connection.begin_nested() as attempt:
        for signature, *_ in present:
            connection.exec_driver_sql(f"drop function {signature} cascade")
        for name in NAMES:
            _make(connection, name, digest(name))
        wanted = _definitions(connection)
        attempt.rollback()
    return sorted({name for _, name, *_ in present ^ wanted})


def _make(connection: Connection, name: str, digest: str) -> None:
    connection.exec_driver_sql(text(name))
    connection.exec_driver_sql(f"comment on function doable.{name} is '{digest}'")


def _definitions(connection: Connection) -> set[tuple[str, str, str, str | None]]:
    return {(row[0], row[1], row[2], row[3]) for row in connection.exec_driver_sql(DEFINITIONS)}
