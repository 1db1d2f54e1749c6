"""What lets the users be spread over the nodes of a Citus cluster (docs/citus.md), in every SQL text.

There is no Citus where these tests run. So each rule is checked here on all texts, and on a text that breaks it. `make
test-citus` tries the service on a cluster.
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from test_statements import STATEMENTS

from doable.store import functions
from doable.store.database import Database
from doable.store.schema import metadata

SCRIPT = (Path(__file__).parents[2] / "deploy" / "citus.sql").read_text("utf-8")
LOCAL = {"alembic_version", "signing_keys", "sign_in_failures"}  # stay on the coordinator, and are read alone
REFERENCE = {"installation"}
KEYS = {"users": "id", "addresses": "address", "installation": "id"}
DISTRIBUTED = {table.name for table in metadata.sorted_tables} - LOCAL - REFERENCE
BODIES = {f"functions.{name}": functions.text(name) for name in functions.NAMES}
TEXTS = {**STATEMENTS, **BODIES}
every_text = pytest.mark.parametrize("name", TEXTS)

SUBQUERY = re.compile(r"\(\s*(?:select|with)\b[^()]*(?:\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\)[^()]*)*\)")
CALL = re.compile(r"\b([a-z_]+)\(")
TOLD = "doable\\.(actor|via|operation|action)"


def bare(text: str) -> str:
    return re.sub(r"--.*", "", text)


def parts(text: str) -> list[str]:
    """The statements of a text, also those of a function's body, without quoted texts."""
    body = re.sub(r"'[^']*'", "''", bare(text))
    return [part for part in re.split(r"[;]|\bbegin\b|\bthen\b|\bloop\b|\bdo update\b", body) if part.strip()]


def updates(text: str) -> list[str]:
    """What each UPDATE, and each `do update`, computes itself: without subqueries."""
    found = [part[part.index("update doable.") :] for part in parts(text) if "update doable." in part]
    found += re.split(r"\bdo update\b", bare(text))[1:]
    return [SUBQUERY.sub("()", part).partition("returning")[0] for part in found]


def tables(text: str) -> set[str]:
    return {table for table in metadata_names() if re.search(rf"\bdoable\.{table}\b", text)}


def metadata_names() -> set[str]:
    return {table.name for table in metadata.sorted_tables}


def changing_calls(text: str, immutable: set[str]) -> set[str]:
    """Functions in an UPDATE that are not immutable. Citus refuses them; values come as parameters or `excluded`."""
    if not tables(text) & DISTRIBUTED:
        return set()
    operators = {one for part in updates(text) for one in re.findall(r"\b\w+_at [+-]", part)}  # depend on the time zone
    return operators | {name for part in updates(text) for name in CALL.findall(part)} - immutable


def mixes(text: str) -> bool:
    """Whether one statement has local tables and others. A reference table goes with all."""
    return any(tables(part) & LOCAL and tables(part) - LOCAL for part in parts(text))


def reads_transition(text: str) -> bool:
    """Whether one statement of a trigger reads its transition tables and a table of ours."""
    return any(
        re.search(r"\b(from|join) (before|after)\b", part) and tables(part.replace("::doable.", "::"))
        for part in parts(text)
    )


def locks_many(text: str) -> bool:
    """Whether rows of several users are locked by one statement."""
    return any(
        re.search(r"\bfor (no key )?(update|share)\b|\bfor key share\b", part)
        and not re.search(r"user_id = (\$1|owner)|\bid = \$1", part)
        for part in parts(text)
    )


def tells_one_server(text: str) -> bool:
    """Whether triggers on other servers do not hear what is told: only `set local` is passed on.

    The trigger itself may note something for the next one, which runs where it does.
    """
    return bool(re.search(rf"set_config\('{TOLD}'", bare(text))) and "tg_op" not in text


def has_empty_subquery(text: str) -> bool:
    """Whether a subquery has no columns. Citus may have to keep its result, and can't."""
    return bool(re.search(r"\(\s*select from (doable|indexed)", bare(text)))


def unnests_together(text: str) -> bool:
    """Whether arrays are unnested side by side, in a statement that writes: Citus can't write that for a worker."""
    return any(
        re.search(r"\bunnest\([^()]*(\[[^]]*\])?[^()]*,", part) and re.search(r"\b(insert into|update) doable\.", part)
        for part in parts(text)
    )


@every_text
async def test_an_update_calls_only_what_is_immutable(db: Database, name: str) -> None:
    rows = await db.read("select proname::text from pg_catalog.pg_proc where provolatile = 'i'")
    words = {"values", "and", "or", "any", "coalesce", "greatest", "least", "nullif", "array", "in", "not"}
    assert changing_calls(TEXTS[name], {row[0] for row in rows} | words | {"cast", "unnest", "change", "row"}) == set()


@every_text
def test_a_statement_has_tables_of_one_place(name: str) -> None:
    assert not mixes(TEXTS[name])


@every_text
def test_a_trigger_collects_its_rows_before_it_writes(name: str) -> None:
    assert not reads_transition(TEXTS[name])


@every_text
def test_a_statement_locks_rows_of_one_user(name: str) -> None:
    assert not locks_many(TEXTS[name])


@every_text
def test_what_triggers_are_told_reaches_other_servers(name: str) -> None:
    assert not tells_one_server(TEXTS[name])


@every_text
def test_a_subquery_has_a_column(name: str) -> None:
    assert not has_empty_subquery(TEXTS[name])


@every_text
def test_arrays_are_not_unnested_side_by_side(name: str) -> None:
    assert not unnests_together(TEXTS[name])


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (
            lambda text: changing_calls(text, {"lower"}),
            "update doable.users set name = lower($2), x = now() where id = $1",
        ),
        (
            lambda text: changing_calls(text, set()),
            "insert into doable.passwords (user_id) values ($1) on conflict do update set changed_at = now()",
        ),
        (
            lambda text: changing_calls(text, set()),
            "update doable.sessions set expires_at = created_at + $2 where user_id = $1",
        ),
        (mixes, "select 1 from doable.users join doable.signing_keys on true"),
        (reads_transition, "insert into doable.changes (user_id) select user_id from after"),
        (reads_transition, "select 1 from before full join doable.users using (id)"),
        (locks_many, "select id from doable.users where id = any($1) for no key update"),
        (tells_one_server, "select set_config('doable.operation', 'new', true)"),
        (has_empty_subquery, "select exists (select from doable.tasks where user_id = $1)"),
        (unnests_together, "insert into doable.tasks (user_id, title) select a, b from unnest($1, $2) as x(a, b)"),
    ],
)
def test_each_rule_finds_what_breaks_it(rule: object, text: str) -> None:
    assert callable(rule)
    assert rule(text)


def test_each_table_has_its_place() -> None:
    for table in metadata.sorted_tables:
        script = f"'{table.name}'" in SCRIPT or f"'doable.{table.name}'" in SCRIPT
        assert script is (table.name not in LOCAL), f"deploy/citus.sql and {table.name}"


async def test_what_is_unique_is_so_on_one_node(db: Database) -> None:
    """A unique index needs the column that says where a row is."""
    rows = await db.read(
        """
        select relname::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        from pg_catalog.pg_index join pg_catalog.pg_class on pg_class.oid = indrelid
        where relnamespace = 'doable'::regnamespace and indisunique
        """
    )
    assert len(rows) > 20
    for table, index, definition in rows:
        if table not in LOCAL:
            columns = definition[definition.index("(") :]
            assert re.search(rf"\b{KEYS.get(table, 'user_id')}\b", columns), index


def test_what_refers_to_a_row_is_where_that_is() -> None:
    """A foreign key has the owner, and never sets single columns to null: Citus refuses both."""
    for table in metadata.sorted_tables:
        for one in table.constraints - {c for c in table.constraints if isinstance(c, CheckConstraint)}:
            if isinstance(one, ForeignKeyConstraint):
                assert next(iter(one.columns)).name == "user_id", one.name
                assert one.ondelete == "CASCADE", one.name


def test_no_key_leads_to_or_from_what_is_elsewhere() -> None:
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            assert {table.name, key.column.table.name} <= DISTRIBUTED - {"addresses"}
