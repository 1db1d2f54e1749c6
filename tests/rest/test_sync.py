"""Delta sync over HTTP: what an offline copy is told, and which cursors are believed."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.store.database import Database

Answer = dict


async def sync(client: httpx.AsyncClient, cursor: str | None = None, **query: object) -> Answer:
    answer = await client.get("/api/me/sync", params={**({"cursor": cursor} if cursor else {}), **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refusal(client: httpx.AsyncClient, cursor: str) -> tuple[int, str]:
    answer = await client.get("/api/me/sync", params={"cursor": cursor})
    return answer.status_code, answer.json()["code"]


async def add(client: httpx.AsyncClient, title: str = "Buy groceries") -> dict:
    answer = await client.post("/api/me/tasks", json={"title": title})
    assert answer.status_code == 201
    return answer.json()


async def walk(client: httpx.AsyncClient, cursor: str | None, limit: int) -> list[Answer]:
    pages = [await sync(client, cursor, limit=limit)]
    while pages[-1]["has_more"]:
        pages.append(await sync(client, pages[-1]["cursor"], limit=limit))
    return pages


EXPIRED = (410, "cursor_expired")
NOT_OURS = (400, "invalid_input")


async def test_without_a_cursor_everything_is_sent_and_afterwards_nothing_until_something_changes(
    alice: httpx.AsyncClient,
) -> None:
    tasks = [await add(alice, str(number)) for number in range(3)]
    first = await sync(alice)
    assert list(first) == ["tasks", "lists", "labels", "filters", "removed", "cursor", "has_more"]
    assert (first["tasks"], first["removed"], first["has_more"]) == (tasks, [], False)
    assert await sync(alice, first["cursor"]) == {**first, "tasks": []}


async def test_each_task_that_changed_is_sent_once_as_it_is_now(alice: httpx.AsyncClient) -> None:
    one, two = await add(alice), await add(alice)
    cursor = (await sync(alice))["cursor"]
    await alice.put(f"/api/me/tasks/{one['id']}", json={"title": "Buy more groceries"})
    await alice.patch(f"/api/me/tasks/{two['id']}/complete")
    completed = (await alice.patch(f"/api/me/tasks/{one['id']}/complete")).json()
    delta = await sync(alice, cursor)
    assert [task["id"] for task in delta["tasks"]] == [two["id"], one["id"]]
    assert delta["tasks"][1] == completed


async def test_a_deleted_task_is_told_as_removed(alice: httpx.AsyncClient) -> None:
    task = await add(alice)
    cursor = (await sync(alice))["cursor"]
    await alice.patch(f"/api/me/tasks/{task['id']}/complete")
    await alice.delete(f"/api/me/tasks/{task['id']}")
    delta = await sync(alice, cursor)
    assert (delta["tasks"], delta["removed"]) == ([], [{"type": "task", "id": task["id"]}])
    assert await sync(alice, cursor) == delta
    assert (await sync(alice, delta["cursor"]))["removed"] == []


async def test_what_was_removed_before_the_first_sync_is_not_told(alice: httpx.AsyncClient) -> None:
    kept, gone = await add(alice), await add(alice)
    await alice.delete(f"/api/me/tasks/{gone['id']}")
    pages = await walk(alice, None, 1)
    assert [(page["tasks"], page["removed"]) for page in pages] == [([kept], [])]


async def test_what_is_removed_between_the_pages_of_the_first_sync_is_told(alice: httpx.AsyncClient) -> None:
    before = await add(alice)
    await alice.delete(f"/api/me/tasks/{before['id']}")
    one, two, three = [await add(alice) for _ in range(3)]
    first = await sync(alice, limit=1)
    assert (first["tasks"], first["has_more"]) == ([one], True)
    await alice.delete(f"/api/me/tasks/{one['id']}")
    await alice.delete(f"/api/me/tasks/{two['id']}")
    second = await sync(alice, first["cursor"], limit=2)
    assert (second["tasks"], second["removed"]) == ([three], [{"type": "task", "id": one["id"]}])
    third = await sync(alice, second["cursor"])
    assert (third["tasks"], third["removed"]) == ([], [{"type": "task", "id": two["id"]}])


async def test_what_is_removed_is_told_also_when_more_pages_of_the_first_sync_follow(alice: httpx.AsyncClient) -> None:
    one, two, three = [await add(alice) for _ in range(3)]
    first = await sync(alice, limit=1)
    await alice.delete(f"/api/me/tasks/{one['id']}")
    pages = await walk(alice, first["cursor"], 1)
    assert [page["tasks"] for page in pages] == [[two], [three], []]
    assert [page["removed"] for page in pages] == [[], [], [{"type": "task", "id": one["id"]}]]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7, 1000])
async def test_pages_have_each_object_once_and_the_last_one_says_so(alice: httpx.AsyncClient, limit: int) -> None:
    tasks = [await add(alice, str(number)) for number in range(4)]
    cursor = (await sync(alice))["cursor"]
    for task in tasks[:2]:
        await alice.delete(f"/api/me/tasks/{task['id']}")
    changed = [(await alice.patch(f"/api/me/tasks/{task['id']}/complete")).json() for task in tasks[2:]]
    tasks_and_more = [*changed, await add(alice), await add(alice)]
    pages = await walk(alice, cursor, limit)
    assert [task for page in pages for task in page["tasks"]] == tasks_and_more
    assert [gone["id"] for page in pages for gone in page["removed"]] == [task["id"] for task in tasks[:2]]
    assert all(len(page["tasks"]) + len(page["removed"]) == limit for page in pages[:-1])
    assert len(pages) == -(-6 // limit)


async def test_following_has_more_while_writers_write_converges(app: FastAPI, alice: httpx.AsyncClient) -> None:
    for number in range(30):
        await add(alice, str(number))

    async def write(client: httpx.AsyncClient) -> None:
        for _ in range(15):
            task = await add(client)
            await client.patch(f"/api/me/tasks/{task['id'] - 20}/complete")
            await client.delete(f"/api/me/tasks/{task['id'] - 10}")

    replica: dict[int, dict] = {}
    cursor = None
    async with client_of(app, "alice") as other:
        writers = asyncio.gather(write(alice), write(other))
        while True:
            are_done = writers.done()
            delta = await sync(alice, cursor, limit=7)
            for gone in delta["removed"]:
                replica.pop(gone["id"], None)
            replica |= {task["id"]: task for task in delta["tasks"]}
            cursor = delta["cursor"]
            if are_done and not delta["has_more"]:
                break
        await writers
    newest_first = sorted(replica.values(), key=lambda task: (task["created_at"], task["id"]), reverse=True)
    assert newest_first == (await alice.get("/api/me/tasks")).json()


async def test_a_cursor_from_before_the_first_task_ever_stays_valid(alice: httpx.AsyncClient) -> None:
    nothing = await sync(alice)
    assert (nothing["tasks"], nothing["removed"], nothing["has_more"]) == ([], [], False)
    assert await sync(alice, nothing["cursor"]) == nothing
    one, two = await add(alice), await add(alice)
    await alice.delete(f"/api/me/tasks/{one['id']}")
    delta = await sync(alice, nothing["cursor"])
    assert (delta["tasks"], delta["removed"]) == ([two], [{"type": "task", "id": one["id"]}])


async def test_a_cursor_older_than_the_retention_has_expired(alice: httpx.AsyncClient, db: Database) -> None:
    await add(alice)
    old = (await sync(alice))["cursor"]
    await add(alice)
    newer = (await sync(alice))["cursor"]
    await db.write("update doable.users set floor = 2")
    assert await refusal(alice, old) == EXPIRED
    assert (await sync(alice, newer))["tasks"] == []
    assert len((await sync(alice))["tasks"]) == 2


async def test_a_first_sync_is_finished_also_when_old_changes_are_pruned_meanwhile(
    alice: httpx.AsyncClient, db: Database
) -> None:
    tasks = [await add(alice) for _ in range(3)]
    first = await sync(alice, limit=1)
    await db.write("update doable.users set floor = 3")
    assert (await sync(alice, first["cursor"]))["tasks"] == tasks[1:]


@pytest.mark.one_server
async def test_a_cursor_of_another_epoch_has_expired(alice: httpx.AsyncClient, db: Database) -> None:
    await add(alice)
    cursor = (await sync(alice))["cursor"]
    await db.write("update doable.installation set epoch = gen_random_uuid()")
    assert await refusal(alice, cursor) == EXPIRED


async def test_a_cursor_from_the_future_has_expired(alice: httpx.AsyncClient, db: Database) -> None:
    await add(alice)
    cursor = (await sync(alice))["cursor"]
    await db.write("update doable.users set revision = 0")
    assert await refusal(alice, cursor) == EXPIRED


async def test_a_cursor_of_a_user_who_was_deleted_has_expired_also_when_he_is_back(
    alice: httpx.AsyncClient, db: Database
) -> None:
    await add(alice)
    cursor = (await sync(alice))["cursor"]
    await db.write("delete from doable.users")
    assert await refusal(alice, cursor) == EXPIRED
    await add(alice)
    await add(alice)
    assert await refusal(alice, cursor) == EXPIRED


async def test_a_cursor_of_another_user_is_not_ours(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    assert await refusal(bob, (await sync(alice))["cursor"]) == NOT_OURS


@pytest.mark.parametrize("cursor", ["", "x", "é" * 56, "A" * 55, "A" * 56, "A" * 57, "A" * 56 + "\n", "+" * 56])
async def test_what_is_not_a_cursor_is_not_ours(alice: httpx.AsyncClient, cursor: str) -> None:
    answer = await alice.get("/api/me/sync", params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"field": "cursor", "code": "invalid_cursor", "message": "The cursor is not valid"}
    ]


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "01001", "x", "", "1.5", "²", "9" * 5000])
async def test_a_limit_is_from_1_to_1000(alice: httpx.AsyncClient, limit: str) -> None:
    answer = await alice.get("/api/me/sync", params={"limit": limit})
    assert answer.status_code == 400
    assert answer.json()["error"] == "The limit must be an integer from 1 to 1000"


async def test_500_objects_are_sent_when_no_limit_is_given(alice: httpx.AsyncClient, db: Database) -> None:
    await add(alice)
    await db.write("insert into doable.tasks (user_id, title) select 'alice', 'x' from generate_series(1, 500)")
    assert [len(page["tasks"]) for page in await walk(alice, None, 1000)] == [501]
    first = await sync(alice)
    assert (len(first["tasks"]), first["has_more"]) == (500, True)


async def test_nobody_else_may_ask(alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    await add(alice)
    assert (await bob.get("/api/alice/sync")).status_code == 403
    assert (await client.get("/api/alice/sync")).status_code == 401
    assert (await sync(bob))["tasks"] == []


async def test_a_large_page_is_compressed_for_a_client_that_accepts_it(alice: httpx.AsyncClient) -> None:
    for number in range(60):
        await add(alice, f"Task {number}")
    answers = [
        await alice.get("/api/me/sync", headers={"accept-encoding": accepted}) for accepted in ("gzip", "identity")
    ]
    assert [answer.headers.get("content-encoding") for answer in answers] == ["gzip", None]
    assert answers[0].json()["tasks"] == answers[1].json()["tasks"]
    assert int(answers[0].headers["content-length"]) < len(answers[1].content) / 4
