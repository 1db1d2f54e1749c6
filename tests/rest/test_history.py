"""The history of a task over HTTP."""

import httpx
import pytest

from doable.store.database import Database


async def add(client: httpx.AsyncClient, title: str = "Buy groceries") -> dict:
    return (await client.post("/api/me/tasks", json={"title": title})).json()


async def test_everything_that_happened_to_a_task_is_told_newest_first(alice: httpx.AsyncClient) -> None:
    created = await add(alice)
    path = f"/api/me/tasks/{created['id']}"
    await add(alice, "another one")
    updated = (await alice.put(path, json={"title": "Buy more groceries"})).json()
    completed = (await alice.patch(f"{path}/complete")).json()
    await alice.patch(f"{path}/complete")
    reopened = (await alice.patch(f"{path}/incomplete")).json()
    await alice.delete(path)

    answer = await alice.get(f"{path}/history")
    assert answer.status_code == 200
    assert "link" not in answer.headers
    entries = answer.json()
    assert [list(entry) for entry in entries] == [["revision", "kind", "at", "actor", "before", "after"]] * 5
    assert [(entry["revision"], entry["kind"], entry["before"], entry["after"]) for entry in entries] == [
        (6, "deleted", reopened, None),
        (5, "reopened", completed, reopened),
        (4, "completed", updated, completed),
        (3, "updated", created, updated),
        (1, "created", None, created),
    ]
    assert {entry["actor"] for entry in entries} == {"alice"}
    assert entries[1]["at"] == reopened["updated_at"]


@pytest.mark.one_server
async def test_who_acted_for_the_owner_is_told(alice: httpx.AsyncClient, db: Database) -> None:
    task = await add(alice)
    async with db.transaction() as transaction:
        await transaction.write("select set_config('doable.actor', 'carol', true)")
        await transaction.write("update doable.tasks set title = 'x'")
    entries = (await alice.get(f"/api/me/tasks/{task['id']}/history")).json()
    assert [entry["actor"] for entry in entries] == ["carol", "alice"]


async def test_times_are_in_utc_whatever_the_zone_of_the_session_that_wrote(
    alice: httpx.AsyncClient, db: Database
) -> None:
    created = await add(alice)
    async with db.transaction() as transaction:
        await transaction.write("set local timezone to 'Asia/Kathmandu'")
        await transaction.write("update doable.tasks set title = 'x'")
    entry = (await alice.get(f"/api/me/tasks/{created['id']}/history")).json()[0]
    assert entry["before"] == created
    assert entry["after"] == (await alice.get(f"/api/me/tasks/{created['id']}")).json()


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
async def test_a_long_history_comes_in_pages(alice: httpx.AsyncClient, limit: int) -> None:
    task = await add(alice)
    for title in "abcd":
        await alice.put(f"/api/me/tasks/{task['id']}", json={"title": title})
    pages, following = [], f"/api/alice/tasks/{task['id']}/history?limit={limit}"
    while following:
        answer = await alice.get(following)
        pages.append([entry["revision"] for entry in answer.json()])
        following = answer.links["next"]["url"] if "next" in answer.links else None
    assert [revision for page in pages for revision in page] == [5, 4, 3, 2, 1]
    assert len(pages) == -(-5 // limit)


async def test_a_task_whose_changes_have_all_been_pruned_has_an_empty_history(
    alice: httpx.AsyncClient, db: Database
) -> None:
    task, gone = await add(alice), await add(alice)
    await alice.delete(f"/api/me/tasks/{gone['id']}")
    await db.write("delete from doable.changes")
    answer = await alice.get(f"/api/me/tasks/{task['id']}/history")
    assert (answer.status_code, answer.json()) == (200, [])
    assert (await alice.get(f"/api/me/tasks/{gone['id']}/history")).status_code == 404


async def test_what_never_was_has_no_history_and_what_is_not_mine_is_not_shown(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    task = await add(alice)
    for answer in [
        await alice.get(f"/api/me/tasks/{task['id'] + 1}/history"),
        await bob.get(f"/api/me/tasks/{task['id']}/history"),
    ]:
        assert (answer.status_code, answer.json()["error"]) == (404, "Task not found")
    assert (await bob.get(f"/api/alice/tasks/{task['id']}/history")).status_code == 403


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("0/history", "Invalid task ID"),
        ("x/history", "Invalid task ID"),
        ("1/history?limit=0", "The limit must be an integer from 1 to 1000"),
        ("1/history?cursor=", "The cursor is not valid"),
        ("1/history?cursor=x", "The cursor is not valid"),
        (f"1/history?cursor={2**63}", "The cursor is not valid"),
        ("1/history?cursor=0", "The cursor is not valid"),
    ],
)
async def test_what_is_wrong_with_the_question_is_named(alice: httpx.AsyncClient, path: str, sentence: str) -> None:
    answer = await alice.get(f"/api/me/tasks/{path}")
    assert (answer.status_code, answer.json()["error"]) == (400, sentence)
