"""Every SQL constant of the store, found by looking, against the real schema."""

import json
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from doable import store
from doable.store.columns import TASK
from doable.store.database import Database
from doable.store.housekeeping import EXPIRING
from doable.store.schema import metadata

# Statements on owned tables that can't name the owner, each with the reason.
WITHOUT_OWNER = {
    **{f"housekeeping.DUE.{table}": "asks what there is to forget" for table in EXPIRING},
    "housekeeping.OWNERS_OF_LOG": "asks who has changes to forget",
    "instants.PAGE": "looks at everybody's instants when time zones change",
    "sessions.OWNER": "asks whose session this is",
    "tokens.OWNER": "asks whose token this is",
}
OWNED = {table.name for table in metadata.sorted_tables if "user_id" in table.primary_key.columns}


def statements() -> Iterator[tuple[str, str]]:
    """Name and text of each UPPERCASE constant that is SQL, those of more than one line; of a mapping, each text."""
    for module in pkgutil.iter_modules(store.__path__):
        for name, value in vars(import_module(f"doable.store.{module.name}")).items():
            if name.isupper():
                texts = value.items() if isinstance(value, dict) else [("", value)]
                for key, text in texts:
                    if isinstance(text, str) and text.startswith("\n"):
                        yield f"{module.name}.{name}{key and f'.{key}'}", text


STATEMENTS = dict(statements())
every_statement = pytest.mark.parametrize("name", STATEMENTS)


def bare(name: str) -> str:
    """The statement without its comments."""
    return re.sub(r"--.*", "", STATEMENTS[name])


def test_the_statements_are_found() -> None:
    assert {"objects.CREATE.task", "tasks.NARROWED.status", "users.PROVISION", "version.VERSION"} <= set(STATEMENTS)


@every_statement
async def test_a_statement_is_one_that_the_schema_has(db: Database, name: str, *, on_citus: bool) -> None:
    if name == "inspection.CITUS" and not on_citus:
        pytest.skip("a single server lacks the catalog of Citus")
    async with db.transaction() as transaction:
        for statement in [STATEMENTS[name]] if "$$" in bare(name) else bare(name).split(";"):
            assert await transaction._connection.prepare(statement)


@every_statement
def test_a_statement_names_its_columns(name: str) -> None:
    """A `*` would make PgBouncer's shared plans fail after the next migration."""
    assert "*" not in re.sub(r"count\(\*\)|[\d)] \* |\w \* \d", "", bare(name))


@every_statement
def test_a_statement_names_the_owner(name: str) -> None:
    text = bare(name)
    touched = {table for table in OWNED if re.search(rf"doable\.{table}\b", text)}
    text = text.replace(' collate "C"', "")
    owner = re.search(r"user_id = (\$1|any\(\$\d|\w+\.(user_)?id)|insert into doable\.\w+ \(user_id\b", text)
    assert bool(touched and not owner) is (name in WITHOUT_OWNER), f"{name} reads or writes {touched} of everybody"


@every_statement
def test_a_statement_that_writes_for_one_owner_names_them_first(name: str) -> None:
    """By `$1` the database knows whose turn to wait for (store/turns.py)."""
    text = bare(name)
    writes = re.search(r"\b(insert into|update|delete from) doable\.(?!idempotency_keys)", text)
    owner = re.search(r"\buser_id = \$(\d)", text)
    assert not (writes and owner) or owner[1] == "1"


@every_statement
def test_a_statement_says_which_schema(name: str) -> None:
    text = re.sub(r"extract\([^)]*\)|distinct from", "", bare(name))
    named = set(re.findall(r"\b(\w+) as (?:not )?(?:materialized )?\(", text))
    used = set(re.findall(r"\b(?:from|join|into|update|using)\s+(?!set\b)([a-z_.]+)(?!\()\b", text))
    assert {table for table in used if not table.startswith(("doable.", "pg_"))} <= named | {"unnest", "lateral"}


async def plan(db: Database, statement: str, *args: str) -> tuple[set[str], set[str]]:
    """The kinds of nodes and the indexes in the plan that a pooled connection uses in the long run."""
    async with db.transaction() as transaction:
        connection = transaction._connection
        await connection.execute("set local plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare asked as {statement}")
        try:
            text = await connection.fetchval(f"explain (format json) execute asked ({', '.join(args)})")
        finally:
            await connection.execute("deallocate asked")
    kinds, indexes, left = set(), set(), [json.loads(text)[0]["Plan"]]
    while left:
        node = left.pop()
        left += node.get("Plans", [])
        kinds.add(node["Node Type"] + (f" on {node['Relation Name']}" if node["Node Type"] == "Seq Scan" else ""))
        if "Index Name" in node:
            indexes.add(node["Index Name"])
    return kinds, indexes


BOTTOM = ("'user-1'", "'2001-01-01'", "1", "1001")
TOP = ("'user-1'", "'infinity'", "9223372036854775807", "1001")
PLANS = {
    "tasks.LIST": (TOP, "tasks_user_id_idx"),
    "tasks.NARROWED.status": ((*TOP, "'complete'"), "tasks_user_id_status_idx"),
    "objects.FIND.task": (("'user-1'", "1"), "tasks_pkey"),
    "objects.UPDATE.task": (("'user-1'", "1", "0", "null", *["null"] * len(TASK.change_arguments({}))), "tasks_pkey"),
    "objects.DELETE.task": (("'user-1'", "1", "null"), "tasks_pkey"),
    "changes.SYNC": (("'user-1'", "50000", "50000", "500"), "tasks_user_id_revision_idx"),
    "changes.AFTER": (("'user-1'", "49900", "500"), "changes_pkey"),
    "changes.HISTORY.task": (("'user-1'", "1", "99", "100"), "changes_user_id_type_object_id_revision_idx"),
}


@pytest.mark.one_server
async def test_a_hot_statement_is_read_off_its_index(db: Database) -> None:
    """Three people with 1000 tasks each, and the planner knowing it."""
    await db.write("insert into doable.users (id) select 'user-' || n from generate_series(1, 3) n")
    await db.write(
        "insert into doable.tasks (user_id, title) select 'user-' || n % 3 + 1, n::text from generate_series(1, 3000) n"
    )
    await db.write("update doable.tasks set status = 'complete' where id % 2 = 0")
    await db.write("analyze doable.tasks, doable.changes, doable.users")
    for name, (args, index) in PLANS.items():
        kinds, indexes = await plan(db, STATEMENTS[name], *args)
        assert index in indexes, name
        assert not kinds & {"Seq Scan on tasks", "Seq Scan on changes"}, name
        assert name == "changes.SYNC" or "Sort" not in kinds, name


@pytest.mark.one_server
async def test_a_hot_statement_is_not_planned_anew_each_time(db: Database) -> None:
    """Where nearly everything is one person's, a plan for known values looks cheaper than one for any, by far more
    than planning costs; it is the same plan.
    """
    await db.write("insert into doable.users (id) values ('user-1')")
    for _ in range(10):
        await db.write(
            "insert into doable.tasks (user_id, title) select 'user-1', n::text from generate_series(1, 5000) n"
        )
    await db.write("analyze doable.tasks, doable.changes, doable.users")
    planned = []
    for name, args in [*((name, args) for name, (args, _) in PLANS.items()), ("tasks.LIST", BOTTOM)]:
        async with db.transaction() as transaction:
            connection = transaction._connection
            await connection.execute(f"prepare asked as {STATEMENTS[name]}")
            for _ in range(10):
                await connection.execute(f"execute asked ({', '.join(args)})")
            query = "select generic_plans from pg_prepared_statements where name = 'asked'"
            planned.append((name, await connection.fetchval(query)))
            await connection.execute("deallocate asked")
    assert [name for name, times in planned if times != 5] == []
