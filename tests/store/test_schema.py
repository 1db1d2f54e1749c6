"""What the database itself promises, whoever writes to it."""

import re
from datetime import datetime

import asyncpg
import msgspec
import pytest
from alembic.script import ScriptDirectory

from doable.errors import TaskNotFound
from doable.store import migrate
from doable.store.address import Address
from doable.store.database import Database
from doable.store.failures import CONSTRAINTS, RACES
from doable.store.objects import OBJECTS
from doable.store.schema import Tasks, metadata
from doable.store.version import KNOWN, MIGRATIONS, Version, version

# Tables with an owner whose rows are nothing that a client follows, each with the reason.
UNCOUNTED = {
    "changes": "is the count itself",
    "completions": "go with changes of their tasks",
    "idempotency_keys": "answers that were given, kept beside what they did",
    "passwords": "never leave the database",
    "sessions": "never leave the database",
    "event_tickets": "are good for a minute",
    "access_tokens": "are listed whole, and no client keeps a copy",
}
OWNED = {table.name for table in metadata.sorted_tables if "user_id" in table.primary_key.columns}


@pytest.fixture
async def alice(db: Database) -> Database:
    """A database with one user in it."""
    await db.write("insert into doable.users (id) values ('alice')")
    return db


async def revision(db: Database) -> int:
    row = await db.read_one("select revision from doable.users where id = 'alice'")
    assert row is not None
    number: int = row[0]
    return number


async def add(db: Database, title: str = "x") -> int:
    row = await db.write_one("insert into doable.tasks (user_id, title) values ('alice', $1) returning id", title)
    assert row is not None
    id: int = row[0]
    return id


async def kinds(db: Database) -> list[str]:
    rows = await db.read("select kind from doable.changes where user_id = 'alice' order by revision")
    return [row[0] for row in rows]


async def test_every_table_that_a_user_owns_counts_its_changes(db: Database) -> None:
    rows = await db.read(
        "select tgrelid::regclass::text, array_agg(tgname::text order by tgname) from pg_trigger"
        " where not tgisinternal group by tgrelid"
    )
    counted = {row[0].removeprefix("doable."): row[1] for row in rows}
    triggers = ["count_change", "log_delete", "log_insert", "log_update"]
    assert "stamp_completion" in counted["tasks"]
    counted["tasks"].remove("stamp_completion")
    assert counted == {**dict.fromkeys(OWNED - set(UNCOUNTED), triggers), "users": ["count_settings", "drop_changes"]}
    assert set(UNCOUNTED) <= OWNED


async def test_every_table_that_a_user_owns_goes_with_the_user_and_has_the_owner_in_its_key(db: Database) -> None:
    for table in OWNED:
        row = await db.read_one(
            """
            select (select confdeltype::text from pg_constraint
                    where conrelid = $1::text::regclass and contype = 'f' and confrelid = 'doable.users'::regclass),
              (select conkey[1] from pg_constraint where conrelid = $1::text::regclass and contype = 'p'),
              (select attnum from pg_attribute where attrelid = $1::text::regclass and attname = 'user_id')
            """,
            f"doable.{table}",
        )
        assert row is not None
        cascades = None if table == "changes" else "c"  # ADR 4; the trigger `drop_changes` does it.
        assert (row[0], row[1]) == (cascades, row[2]), f"{table} is not its owner's"


async def test_what_plain_sql_writes_is_counted_like_anything_else(alice: Database) -> None:
    id = await add(alice, "one")
    await alice.write("update doable.tasks set title = 'two' where id = $1", id)
    await alice.write("update doable.tasks set status = 'complete', title = 'three' where id = $1", id)
    await alice.write("update doable.tasks set status = 'incomplete' where id = $1", id)
    await alice.write("delete from doable.tasks where id = $1", id)
    assert await revision(alice) == 5
    rows = await alice.read(
        "select revision, kind, object_id, actor, undo, operation, action from doable.changes order by revision"
    )
    assert [(row[0], row[1]) for row in rows] == [
        (1, "created"),
        (2, "updated"),
        (3, "updated"),
        (4, "updated"),
        (5, "deleted"),
    ]
    assert {(row["object_id"], row["actor"]) for row in rows} == {(id, "alice")}
    stamps = {"updated_at", "revision"}
    undone = [msgspec.json.decode(row["undo"] or "{}") for row in rows]
    assert [undo.keys() - stamps for undo in undone[:-1]] == [
        set(),
        {"title"},
        {"title", "status", "completed_at"},
        {"status", "completed_at"},
    ]
    assert [(undo.get("title"), undo.get("status"), undo.get("revision")) for undo in undone] == [
        (None, None, None),
        ("one", None, 1),
        ("two", "incomplete", 2),
        (None, "complete", 3),
        ("three", "incomplete", 4),
    ]
    assert set(undone[-1]) == set(Tasks.model_fields)
    assert {(row["operation"], row["action"]) for row in rows} == {(None, None)}


async def test_many_rows_in_one_statement_are_counted_one_by_one(alice: Database) -> None:
    rows = await alice.write(
        "insert into doable.tasks (user_id, title) select 'alice', n::text from generate_series(1, 50) n"
        " returning revision"
    )
    assert [row[0] for row in rows] == list(range(1, 51))
    assert await revision(alice) == 50


async def test_what_changes_nothing_counts_nothing(alice: Database) -> None:
    id = await add(alice)
    before = await alice.read_one("select title, updated_at, revision from doable.tasks where id = $1", id)
    again = await alice.write_one(
        "update doable.tasks"
        " set title = 'x', status = 'incomplete', revision = 99, updated_at = now(), created_at = now()"
        " where id = $1 returning title, updated_at, revision",
        id,
    )
    assert again == before
    assert await revision(alice) == 1


async def test_nobody_sets_the_stamps(alice: Database) -> None:
    row = await alice.write_one(
        "insert into doable.tasks (user_id, title, revision, created_at, updated_at)"
        " values ('alice', 'x', 99, '2001-01-01', '2001-01-01') returning revision, created_at, updated_at"
    )
    assert row is not None
    assert row["revision"] == 1
    assert row["created_at"] == row["updated_at"] > datetime.fromisoformat("2020-01-01T00:00:00Z")


@pytest.mark.parametrize("change", ["user_id = 'bob'", "id = default"])
async def test_a_key_never_changes(alice: Database, change: str) -> None:
    await alice.write("insert into doable.users (id) values ('bob')")
    await add(alice)
    with pytest.raises(asyncpg.PostgresError, match="the key of a row never changes"):
        await alice.write(f"update doable.tasks set {change}")  # noqa: S608
    assert await kinds(alice) == ["created"]


async def test_who_goes_takes_everything_along_and_counts_nothing(alice: Database) -> None:
    await add(alice)
    await alice.write("delete from doable.users where id = 'alice'")
    for table in OWNED:
        assert await alice.read(f"select user_id from doable.{table}") == []  # noqa: S608


async def test_nothing_is_anybodys_who_is_not_there(db: Database) -> None:
    async def add_for_nobody() -> None:
        async with db.transaction() as transaction:
            await transaction.read("insert into doable.tasks (user_id, title) values ('nobody', 'x')")

    with pytest.raises(asyncpg.ForeignKeyViolationError) as refused:
        await add_for_nobody()
    assert refused.value.constraint_name == "tasks_user_id_fkey"


async def test_what_is_rolled_back_was_never_counted(alice: Database) -> None:
    async def add_and_refuse() -> None:
        async with alice.transaction() as transaction:
            await transaction.write("insert into doable.tasks (user_id, title) values ('alice', 'x')")
            raise TaskNotFound

    with pytest.raises(TaskNotFound):
        await add_and_refuse()
    assert (await revision(alice), await kinds(alice)) == (0, [])


async def test_who_acts_for_the_owner_can_say_so(alice: Database) -> None:
    async with alice.transaction() as transaction:
        await transaction.read("select set_config('doable.actor', 'bob', true)")
        await transaction.write("insert into doable.tasks (user_id, title) values ('alice', 'x')")
    await add(alice)
    rows = await alice.read("select actor from doable.changes order by revision")
    assert [row[0] for row in rows] == ["bob", "alice"]


@pytest.mark.usefixtures("superuser")
async def test_time_goes_on_when_the_clock_was_set_back(alice: Database) -> None:
    id = await add(alice)
    async with alice.transaction() as transaction:
        await transaction.read("select set_config('session_replication_role', 'replica', true)")
        await transaction.write("update doable.tasks set updated_at = '2101-01-01'")
    row = await alice.write_one("update doable.tasks set title = 'y' where id = $1 returning updated_at", id)
    assert row is not None
    assert row[0] > datetime.fromisoformat("2101-01-01T00:00:00Z")
    # Or pruning would forget the deletion, with what it undoes, before the changes that need it.
    await alice.write("delete from doable.tasks where id = $1", id)
    changes = await alice.read("select at from doable.changes order by revision")
    assert [change[0] for change in changes[1:]] == sorted({change[0] for change in changes[1:]})


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("('alice', '', null, 'incomplete')", "tasks_title_check"),
        ("('alice', repeat('x', 256), null, 'incomplete')", "tasks_title_check"),
        ("('alice', 'x', repeat('x', 5001), 'incomplete')", "tasks_description_check"),
        ("('alice', 'x', null, 'done')", "tasks_status_check"),
    ],
)
async def test_the_database_refuses_what_no_task_may_be(alice: Database, values: str, constraint: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await alice.write(f"insert into doable.tasks (user_id, title, description, status) values {values}")  # noqa: S608
    assert refused.value.constraint_name == constraint


async def test_there_is_one_installation(db: Database) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="one_row"):
        await db.write("insert into doable.installation (id) values (2)")


async def test_the_constraints_that_mean_an_error_are_there(db: Database) -> None:
    rows = await db.read(
        "select conname::text as name from pg_constraint where connamespace = 'doable'::regnamespace"
        " union select indexname from pg_indexes where schemaname = 'doable'"
    )
    assert set(CONSTRAINTS) - {"too_much"} <= {row["name"] for row in rows}


async def test_every_constraint_and_index_has_a_name_that_says_whose_it_is(db: Database) -> None:
    rows = await db.read(
        "select conrelid::regclass::text as owner, conname::text as name from pg_constraint"
        " where connamespace = 'doable'::regnamespace and contype <> 'n'"
        " union select tablename, indexname from pg_indexes where schemaname = 'doable'"
    )
    for row in rows:
        table = row["owner"].removeprefix("doable.")
        if table != "alembic_version":
            assert re.fullmatch(rf"{table}_(?!{table}_)\w*(pkey|key|fkey|check|idx)", row["name"])


def test_the_newest_migration_is_the_version_that_the_code_needs() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [KNOWN[-1]]
    assert sorted(script.revision for script in scripts.walk_revisions()) == list(KNOWN)


COUNT_CHANGE = "create or replace function doable.count_change() returns trigger language plpgsql"
OTHERWISE = {
    "alter table doable.tasks add column colour text": "store/schema.py: .*colour",
    "drop function doable.change_tasks": "store/functions: change_tasks$",
    "create function doable.spare() returns int language sql return 1": "store/functions: spare$",
    "create function doable.count_change(int) returns int language sql return 1": "store/functions: count_change$",
    f"{COUNT_CHANGE} as 'begin return new; end'": "store/functions: count_change$",
    "alter function doable.log_tasks() security definer": "store/functions: log_tasks$",
    # The text is the file's, but no migration brings it to a database that has the one before.
    "comment on function doable.log_tasks is '0123456789ab'": "store/functions: log_tasks$",
}


async def test_the_migrations_make_the_tables_and_functions_of_the_code(fresh_address: Address) -> None:
    await migrate.require_same(fresh_address)
    async with migrate._engine(fresh_address).connect() as connection:
        for statement, told in OTHERWISE.items():
            await connection.exec_driver_sql(statement)
            with pytest.raises(migrate.Differs, match=told):
                await connection.run_sync(migrate._require_same)
            await connection.rollback()


async def test_migrating_tells_where_it_began(empty_address: Address) -> None:
    look = Database(empty_address)
    assert await version(look) == Version(None)
    assert not Version(None).is_newer
    assert await migrate.upgrade(empty_address) == Version(None)
    assert await version(look) == Version(KNOWN[-1])
    assert (await migrate.upgrade(empty_address)).is_current
    await look.close()


@pytest.mark.parametrize(("present", "is_newer"), [("9999", True), ("0006", False)])
async def test_a_database_that_can_not_be_migrated_is_left_as_it_is(
    fresh_address: Address, present: str, is_newer: bool
) -> None:
    look = Database(fresh_address)
    await look.write(f"update doable.alembic_version set version_num = '{present}'")  # noqa: S608
    found = await migrate.upgrade(fresh_address)
    assert found.present == present
    assert (found.is_newer, found.is_too_old, found.is_current) == (is_newer, not is_newer, False)
    assert await version(look) == found
    await look.close()


async def test_a_migration_that_fails_leaves_nothing_behind(empty_address: Address) -> None:
    look = Database(empty_address)
    await look.write("create schema doable")
    await look.write("create table doable.tasks ()")
    with pytest.raises(Exception, match="already exists"):
        await migrate.upgrade(empty_address)
    left = await look.read("select relname::text from pg_class where relnamespace = 'doable'::regnamespace")
    assert [row[0] for row in left] == ["tasks"]
    await look.close()


def test_what_a_new_type_violates_is_known() -> None:
    """The owner who is gone, and a `uid` that another transaction took at the same moment."""
    assert {f"{kind.table}_uid_key" for kind in OBJECTS.values()} <= RACES
    assert {f"{kind.table}_user_id_fkey" for kind in OBJECTS.values()} <= set(CONSTRAINTS)
