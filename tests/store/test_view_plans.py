"""What a user selects is found by an index, and no filter takes more than its time."""

import re
from collections.abc import AsyncIterator

import pytest

from doable.core.owners import Owners
from doable.core.tasks import TaskService
from doable.core.views import ViewService
from doable.model import Actor
from doable.store import search
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from doable.store.views import Arguments, _statement

MANY = 10_000
FILL = """
insert into doable.tasks (user_id, title, status, created_at, updated_at, revision, position, due, list_id)
select $1, 'Task ' || n || ' word' || n % 100 || case when n % 2 = 0 then ' even' else '' end,
  case when n % 4 = 0 then 'incomplete' else 'complete' end, now() - n * interval '1 minute', now(), n, 'a' || n,
  case when n % 3 = 0 then jsonb_build_object('date', (current_date - n % 1000)::text) end,
  case when n % 200 = 0 then 1 end
from generate_series(1, $2::int) as n
"""


@pytest.fixture(scope="module")
async def filled(module_address: Address) -> Address:
    """One user with many tasks among three with some."""
    connection = await connect(module_address)
    await connection.execute("alter table doable.tasks disable trigger user")
    await connection.execute("insert into doable.users (id) values ('ada'), ('bob'), ('eve'), ('joe')")
    await connection.execute(
        "insert into doable.lists (user_id, id, name) overriding system value values ('ada', 1, 'x')"
    )
    for user, many in (("ada", MANY), ("bob", 3000), ("eve", 3000), ("joe", 3000)):
        await connection.execute(
            FILL.replace("case when n % 200 = 0 then 1 end", "null") if user != "ada" else FILL, user, many
        )
    await connection.execute("vacuum analyze doable.tasks")
    await connection.close()
    return module_address


@pytest.fixture
async def db(filled: Address) -> AsyncIterator[Database]:
    db = Database(filled)
    yield db
    await db.close()


async def plan(db: Database, **query: str) -> str:
    owners = Owners(provisions=True)
    service = ViewService(db, TaskService(db, owners=owners), owners=owners)
    view = await service.prepare(Actor("ada"), "ada", query)
    arguments = Arguments(*view.selection.arguments)
    return await explained(db, _statement(view.selection, None, 51, arguments), *arguments.values)


async def explained(db: Database, statement: str, *args: object) -> str:
    rows = await db.read(f"explain (analyze, buffers off, summary on) {statement}", *args)
    return "\n".join(row[0] for row in rows)


def milliseconds(plan: str) -> float:
    return sum(float(one) for one in re.findall(r"(?:Planning|Execution) Time: ([0-9.]+) ms", plan))


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"filter": "today"}, "tasks_due_idx"),
        ({"filter": "today | overdue", "sort": "due"}, "tasks_due_idx"),
        ({"filter": "7 days & p1 & all"}, "tasks_due_idx"),
        ({"list": "1", "sort": "position"}, "tasks_(order|list)_idx"),
        ({"filter": "#x"}, "tasks_(order|list)_idx"),
        ({"search": "word7"}, "tasks_search_idx"),
        ({"search": "wor"}, "Index Scan using tasks_user_id_idx"),  # Most tasks have it.
        ({"search": "word7", "sort": "due", "status": "incomplete"}, "tasks_search_idx"),
        ({"sort": "-created"}, "tasks_user_id_idx"),
    ],
)
async def test_a_selection_uses_its_index(db: Database, query: dict[str, str], index: str) -> None:
    found = await plan(db, **query)
    assert re.search(index, found), found
    assert "Seq Scan on tasks" not in found


async def test_whether_words_are_there_is_read_off_the_index_of_words(db: Database) -> None:
    for words in ("word7", "nothing", "even"):
        found = await explained(db, search.PREPARE, "ada", [words], 5001)
        assert "tasks_search_idx" in found
        assert not re.search(r"tasks_(?!search|user_id_revision|\d)|Seq Scan on tasks", found), found
        # Without the owner, PostgreSQL 18 looks into the index for each user; an older one reads all of it.
        assert re.search(r"Index Cond: \(\(user_id = '\w+'::text\) AND \(revision <= 250\)\)", found), found


FIFTY = [f"due:+{n} day" for n in range(50)]


@pytest.mark.parametrize(
    "text",
    [
        "|".join([*FIFTY, *("p1" for _ in FIFTY)]),
        "&".join([*("!start:today" for _ in FIFTY), *("all" for _ in FIFTY)]),
        "!" * 32 + "p1",
        "(" * 32 + "recurring" + ")" * 32,
        "!(".join(["p1 | "] * 16) + "p1" + ")" * 15,
        " | ".join(f"search: x{n}y" for n in range(8)),
    ],
)
async def test_no_filter_takes_more_than_its_time(db: Database, text: str) -> None:
    """Far above what it takes: a plan that goes wrong takes minutes."""
    assert milliseconds(await plan(db, filter=text)) < 2000
