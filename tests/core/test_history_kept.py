"""History that was written before the tables changed, and by every release that there was, can still be read."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import httpx
import pytest
import sqlalchemy
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.fields import Shown
from doable.model import Task
from doable.operations.backup import restore
from doable.settings import Settings
from doable.store import changes, functions, migrate
from doable.store.address import Address
from doable.store.columns import Columns
from doable.store.database import Database
from doable.store.objects import OBJECTS, ObjectType

RELEASES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "releases").glob("*.sql.gz")}


class Later(Task, frozen=True):
    """A task of a later version, with one field that may be empty and one that may not."""

    colour: Annotated[str | None, Shown("", "red")] = None
    size: Annotated[str, Shown("", "big")] = "none"


class _Operations(NamedTuple):
    connection: sqlalchemy.Connection

    def get_bind(self) -> sqlalchemy.Connection:
        return self.connection


@pytest.fixture
async def fresh(fresh_address: Address) -> AsyncIterator[Database]:
    database = Database(fresh_address)
    yield database
    await database.close()


async def test_history_from_before_columns_came_and_went_is_read(
    fresh: Database, fresh_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fresh.write("insert into doable.users (id) values ('alice')")
    add = "insert into doable.tasks (user_id, title) values ('alice', 'one') returning id"
    kept, gone = [(await fresh.write(add))[0][0] for _ in range(2)]
    await fresh.write("update doable.tasks set title = 'two', description = 'x'")
    await fresh.write("delete from doable.tasks where id = $1", gone)
    async with migrate._engine(fresh_address).begin() as connection:
        await connection.exec_driver_sql(
            "alter table doable.tasks add column colour text, add column size text not null default 'none'"
        )
        await connection.run_sync(lambda sync: functions.replace(_Operations(sync), functions.LOG, "later"))
    await fresh.write("update doable.tasks set colour = 'red', size = 'big' where id = $1", kept)

    async def seen(id: int) -> list[tuple[Any, Any]]:
        entries = await changes.history(fresh, "task", "alice", id, 1000, 10)
        return [(entry.before, entry.after) for entry in entries]

    # Today's struct does not know the columns.
    assert [(before and before.title, after and after.title) for before, after in await seen(kept)] == [
        ("two", "two"),
        ("one", "two"),
        (None, "one"),
    ]
    monkeypatch.setitem(OBJECTS, "task", ObjectType("task", "tasks", Columns(Later)))  # type: ignore[arg-type]
    (newest, *older), (deleted, *_) = await seen(kept), await seen(gone)
    assert [(one.colour, one.size) for one in newest] == [(None, "none"), ("red", "big")]
    assert [(after.colour, after.size) for _, after in older] == [(None, "none")] * 2
    assert (deleted[0].title, deleted[0].description, deleted[0].colour, deleted[0].size) == ("two", "x", None, "none")
    assert deleted[1] is None


async def history_of(client: httpx.AsyncClient, id: int) -> list[dict[str, Any]]:
    """All pages, three entries at a time."""
    entries, following = [], f"/api/me/tasks/{id}/history?limit=3"
    while following:
        answer = await client.get(following)
        assert answer.status_code == 200
        entries += answer.json()
        following = answer.links["next"]["url"] if "next" in answer.links else ""
    return entries


@pytest.mark.parametrize("release", RELEASES)
async def test_what_a_release_has_written_is_read(release: str, empty_address: Address, settings: Settings) -> None:
    await restore(empty_address, BytesIO(RELEASES[release]), lambda *_: None)
    app: FastAPI = create_app(settings, empty_address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as alice:
        tasks = (await alice.get("/api/me/tasks")).json()
        delta = (await alice.get("/api/me/sync")).json()
        assert sorted(delta["tasks"], key=str) == sorted(tasks, key=str) != []
        first = min(task["id"] for task in tasks)
        kinds = set()
        for id in range(first, first + 10):  # Some of them were deleted.
            entries = await history_of(alice, id)
            assert entries[0]["after"] == next((task for task in tasks if task["id"] == id), None)
            assert [entry["before"] for entry in entries[:-1]] == [entry["after"] for entry in entries[1:]]
            assert (entries[-1]["kind"], entries[-1]["before"]) == ("created", None)
            kinds |= {entry["kind"] for entry in entries}
        assert kinds >= {"created", "updated", "completed", "reopened", "deleted"}
        cursor = delta["cursor"]
        changed = (await alice.put(f"/api/me/tasks/{first}", json={"title": "After the upgrade"})).json()
        assert (await alice.get("/api/me/sync", params={"cursor": cursor})).json()["tasks"] == [changed]
        newest = (await history_of(alice, first))[0]
        assert (newest["before"], newest["after"]) == (next(t for t in tasks if t["id"] == first), changed)


def test_there_is_something_of_each_release() -> None:
    assert "before-0.1.0.sql.gz" in RELEASES


def test_a_time_that_was_not_set_stays_so() -> None:
    assert changes.columns_of('{"updated_at": null, "title": "x"}') == {"updated_at": None, "title": "x"}
