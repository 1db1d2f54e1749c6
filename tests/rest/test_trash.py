"""The trash: what is deleted can come back, as it was."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.core import batch_steps, trash
from doable.core.collections import ListService
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from tokens import SECRET

Object = dict[str, Any]


async def add(client: httpx.AsyncClient, title: str = "x", kind: str = "tasks", **more: object) -> Object:
    answer = await client.post(f"/api/me/{kind}", json={"title" if kind == "tasks" else "name": title, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def delete(client: httpx.AsyncClient, path: str) -> int:
    answer = await client.delete(f"/api/me/{path}")
    assert answer.status_code == 204, answer.text
    return int(answer.headers["x-revision"])


async def restore(client: httpx.AsyncClient, type: str, id: int) -> Object:
    answer = await client.post(f"/api/me/trash/{type}/{id}/restore")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def trashed(client: httpx.AsyncClient) -> list[tuple[str, int, int]]:
    return [(one["type"], one["object"]["id"], one["count"]) for one in (await client.get("/api/me/trash")).json()]


async def everything(client: httpx.AsyncClient) -> dict[int, Object]:
    """All living objects, without what every change sets."""
    found = [one for kind in ("tasks", "lists", "labels") for one in (await client.get(f"/api/me/{kind}")).json()]
    return {one["id"]: {key: one[key] for key in one if key not in ("revision", "updated_at")} for one in found}


async def tree(client: httpx.AsyncClient) -> tuple[Object, Object, Object, Object]:
    """A list with a task, which has a subtask with a subtask."""
    home = await add(client, "Home", "lists", color="#3b82f6")
    top = await add(client, "top", list_id=home["id"], labels=["a"], due={"date": "2026-12-01"})
    middle = await add(client, "middle", parent_id=top["id"])
    return home, top, middle, await add(client, "leaf", parent_id=middle["id"])


async def test_a_deleted_task_comes_back_as_it_was_with_its_subtasks(alice: httpx.AsyncClient) -> None:
    _, top, middle, leaf = await tree(alice)
    before = await everything(alice)
    cursor = (await alice.get("/api/me/sync")).json()["cursor"]
    revision = await delete(alice, f"tasks/{top['id']}")
    assert await everything(alice) == {
        id: before[id] for id in before if id not in (top["id"], middle["id"], leaf["id"])
    }
    entry = (await alice.get("/api/me/trash")).json()[0]
    assert list(entry) == ["type", "deleted_at", "count", "object"]
    assert (entry["type"], entry["count"], entry["object"]["deleted_at"]) == ("task", 3, entry["deleted_at"])
    assert (entry["object"]["id"], entry["object"]["revision"]) == (top["id"], revision)
    delta = (await alice.get("/api/me/sync", params={"cursor": cursor})).json()
    gone = sorted(one["id"] for one in delta["removed"])
    assert (gone, delta["tasks"]) == ([top["id"], middle["id"], leaf["id"]], [])

    for _ in range(2):
        back = await restore(alice, "task", top["id"])
        assert {**back, "revision": 0, "updated_at": ""} == {**top, "revision": 0, "updated_at": ""}
        assert await everything(alice) == before
        assert (await alice.get("/api/me/trash")).json() == []
        # A copy that had it: nothing is removed any more.
        delta = (await alice.get("/api/me/sync", params={"cursor": cursor})).json()
        assert (sorted(one["id"] for one in delta["tasks"]), delta["removed"]) == (gone, [])
        history = (await alice.get(f"/api/me/tasks/{top['id']}/history")).json()
        assert [entry["kind"] for entry in history[:3]] == ["restored", "deleted", "created" if _ == 0 else "restored"]
        assert [entry["before"] and entry["before"]["title"] for entry in history[:2]] == [None, "top"]
        assert [entry["after"] and entry["after"]["title"] for entry in history[:2]] == ["top", None]
        await delete(alice, f"tasks/{top['id']}")


async def test_a_list_comes_back_with_its_tasks_but_not_with_those_deleted_before(alice: httpx.AsyncClient) -> None:
    home, top, middle, _ = await tree(alice)
    before = await everything(alice)
    await delete(alice, f"tasks/{middle['id']}")
    without = await everything(alice)
    assert await delete(alice, f"lists/{home['id']}") == max(
        one["object"]["revision"] for one in (await alice.get("/api/me/trash")).json()
    )
    assert await trashed(alice) == [("list", home["id"], 2), ("task", middle["id"], 2)]
    assert [one["name"] for one in (await alice.get("/api/me/lists")).json()] == []
    assert await restore(alice, "list", home["id"]) | {"revision": 1, "updated_at": home["updated_at"]} == home
    assert await everything(alice) == without
    await restore(alice, "task", middle["id"])
    assert await everything(alice) == before
    assert top["id"] in before


async def test_where_the_place_is_gone_a_task_comes_back_last_at_the_top_or_in_the_inbox(
    alice: httpx.AsyncClient,
) -> None:
    home, top, middle, leaf = await tree(alice)
    await add(alice, "other")
    await delete(alice, f"tasks/{middle['id']}")
    await delete(alice, f"tasks/{top['id']}?permanent=true")
    back = await restore(alice, "task", middle["id"])
    assert (back["list_id"], "parent_id" in back) == (home["id"], False), "the parent is gone"
    await delete(alice, f"lists/{home['id']}")
    back = await restore(alice, "task", leaf["id"])
    assert ("list_id" in back, "parent_id" in back) == (False, False), "the list is in the trash"
    assert await trashed(alice) == [("list", home["id"], 2)]
    order = sorted((await alice.get("/api/me/tasks?list=inbox")).json(), key=lambda one: (one["position"], one["id"]))
    assert [one["title"] for one in order] == ["other", "leaf"]
    answer = await alice.delete(f"/api/me/trash/list/{home['id']}")
    assert answer.status_code == 204
    assert await trashed(alice) == []
    assert (await alice.get(f"/api/me/tasks/{middle['id']}/history")).json()[0]["kind"] == "deleted"


async def test_what_was_trashed_before_outlives_a_permanent_deletion(alice: httpx.AsyncClient) -> None:
    home, top, middle, leaf = await tree(alice)
    await delete(alice, f"tasks/{leaf['id']}")
    await delete(alice, f"lists/{home['id']}?permanent=true")
    assert await trashed(alice) == [("task", leaf["id"], 1)]
    assert "list_id" not in await restore(alice, "task", leaf["id"])
    for path in (f"lists/{home['id']}", f"tasks/{top['id']}", f"tasks/{middle['id']}"):
        assert (await alice.get(f"/api/me/{path}")).status_code == 404
    assert (await alice.post(f"/api/me/trash/list/{home['id']}/restore")).status_code == 404


async def test_a_parent_that_has_moved_takes_its_subtask_back_where_there_is_room(alice: httpx.AsyncClient) -> None:
    work = await add(alice, "Work", "lists")
    _, top, middle, leaf = await tree(alice)
    await delete(alice, f"tasks/{middle['id']}")
    await alice.patch(f"/api/me/tasks/{top['id']}", json={"list_id": work["id"]})
    back = await restore(alice, "task", middle["id"])
    assert (back["list_id"], back["parent_id"]) == (work["id"], top["id"])
    assert (await alice.get(f"/api/me/tasks/{leaf['id']}")).json()["list_id"] == work["id"]
    await delete(alice, f"tasks/{middle['id']}")
    above: Object = {}
    for _ in range(6):
        above = await add(alice, **({"parent_id": above["id"]} if above else {}))
    await alice.patch(f"/api/me/tasks/{top['id']}", json={"parent_id": above["id"]})
    assert "parent_id" not in await restore(alice, "task", middle["id"]), "9 levels"


async def test_what_is_in_the_trash_is_not_found_and_can_not_be_named(alice: httpx.AsyncClient) -> None:
    home, top, middle, _ = await tree(alice)
    one = await add(alice, "one")
    await delete(alice, f"tasks/{top['id']}")
    await delete(alice, f"lists/{home['id']}")
    for kind, id in (("tasks", top["id"]), ("tasks", middle["id"]), ("lists", home["id"])):
        path = f"/api/me/{kind}/{id}"
        body = {"title" if kind == "tasks" else "name": "y"}
        requests = [("GET", "", None), ("PATCH", "", body), ("POST", "/move", {"to": "first"}), ("DELETE", "", None)]
        requests += [("PATCH", "/complete", None), ("PUT", "", body)] if kind == "tasks" else []
        for method, more, json in requests:
            answer = await alice.request(method, path + more, json=json)
            assert (answer.status_code, answer.json()["code"]) == (404, f"{kind[:-1]}_not_found"), (method, more)
        assert (await alice.delete(f"{path}?permanent=true")).status_code == 404
    for body, code in (
        ({"list_id": home["id"]}, "list_not_found"),
        ({"parent_id": top["id"]}, "task_not_found"),
        ({"parent_id": middle["id"], "list_id": None}, "task_not_found"),
    ):
        for answer in (
            await alice.post("/api/me/tasks", json={"title": "x", "uid": "never", **body}),
            await alice.post("/api/me/tasks", json={"title": "x", **body}),
            await alice.patch(f"/api/me/tasks/{one['id']}", json=body),
            await alice.post(f"/api/me/tasks/{one['id']}/move", json=body),
        ):
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)
    for query in (f"list={home['id']}", f"parent={top['id']}"):
        assert (await alice.get(f"/api/me/tasks?{query}")).status_code == 400
    refused = await alice.post(f"/api/me/tasks/{one['id']}/move", json={"after": top["id"]})
    assert refused.json()["errors"][0]["code"] == "task_not_found"
    for type, id, status in (("task", one["id"], 404), ("list", top["id"], 404), ("label", 1, 400), ("task", "x", 400)):
        for method, path in (("POST", "/restore"), ("DELETE", "")):
            assert (await alice.request(method, f"/api/me/trash/{type}/{id}{path}")).status_code == status
    assert await trashed(alice) == [("list", home["id"], 1), ("task", top["id"], 3)]


async def test_a_create_with_the_uid_of_a_trashed_object_makes_nothing(alice: httpx.AsyncClient) -> None:
    for kind, name in (("tasks", "title"), ("lists", "name")):
        one = await add(alice, kind=kind, uid="a")
        await delete(alice, f"{kind}/{one['id']}")
        again = await alice.post(f"/api/me/{kind}", json={name: "new", "uid": "a"})
        assert (again.status_code, again.json()["id"], "deleted_at" in again.json()) == (200, one["id"], True)
    task = await add(alice, uid="b")
    operations = [
        {"op": "delete", "id": task["id"]},
        {"op": "create", "ref": "again", "task": {"title": "new", "uid": "b"}},
        {"op": "update", "id": {"ref": "again"}, "task": {"title": "newer"}},
        {"op": "complete", "id": {"uid": "a"}},
        {"op": "create", "task": {"title": "new", "uid": "a"}},
    ]
    results = (await alice.post("/api/me/batch", json={"atomic": False, "operations": operations})).json()["results"]
    assert [one["status"] for one in results] == [204, 200, 404, 404, 200]
    assert [("deleted_at" in results[n]["task"]) for n in (1, 4)] == [True, True]


async def test_a_batch_deletes_subtrees_and_restores_one_after_another(alice: httpx.AsyncClient) -> None:
    home, top, middle, leaf = await tree(alice)
    other = await add(alice, "other", uid="other")
    operations: list[Object] = [
        {"op": "delete", "id": top["id"]},
        {"op": "delete", "id": leaf["id"]},
        {"op": "complete", "id": middle["id"]},
        {"op": "delete", "id": {"uid": "other"}},
        {"op": "update", "id": {"uid": "other"}, "task": {"title": "x", "labels": ["a"]}},
        {"op": "restore", "id": {"uid": "other"}, "if_match": 1},
        {"op": "restore", "id": {"uid": "other"}},
        {"op": "restore", "id": other["id"]},
        {"op": "delete", "type": "list", "id": home["id"]},
        {"op": "restore", "type": "list", "id": home["id"]},
        {"op": "restore", "type": "label", "id": 1},
    ]
    answer = await alice.post("/api/me/batch", json={"atomic": False, "operations": operations[:3]})
    assert [one["status"] for one in answer.json()["results"]] == [204, 404, 404]
    assert await restore(alice, "task", top["id"]) != top
    answer = await alice.post("/api/me/batch", json={"atomic": False, "operations": operations})
    expected = [204, 404, 404, 204, 404, 412, 200, 404, 204, 200, 400]
    assert [one["status"] for one in answer.json()["results"]] == expected
    assert (answer.json()["results"][6]["task"]["title"], await trashed(alice)) == ("other", [("task", top["id"], 3)])


async def test_labels_are_renamed_and_removed_in_the_trash_too(alice: httpx.AsyncClient) -> None:
    task = await add(alice, labels=["a", "b"])
    ids = {one["name"]: one["id"] for one in (await alice.get("/api/me/labels")).json()}
    await delete(alice, f"tasks/{task['id']}")
    await alice.patch(f"/api/me/labels/{ids['a']}", json={"name": "A"})
    await delete(alice, f"labels/{ids['b']}")
    delta = (await alice.get("/api/me/sync")).json()
    assert (delta["tasks"], delta["removed"]) == ([], [])
    assert (await restore(alice, "task", task["id"]))["labels"] == ["A"]


async def test_the_trash_comes_in_pages_and_is_emptied(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    kinds = ["tasks", "lists", "tasks", "tasks", "lists"]
    made = [(kind, (await add(alice, kind=kind))["id"]) for kind in kinds]
    for kind, id in made:
        await delete(alice, f"{kind}/{id}")
    found, following = [], "/api/me/trash?limit=2"
    while following:
        page = await alice.get(following)
        found.append([(f"{one['type']}s", one["object"]["id"]) for one in page.json()])
        following = page.links["next"]["url"] if "next" in page.links else ""
    assert ([len(page) for page in found], [one for page in found for one in page]) == ([2, 2, 1], made[::-1])
    for query in ("limit=0", "limit=1001", "cursor=x", "page=2"):
        assert (await alice.get(f"/api/me/trash?{query}")).status_code == 400
    assert (await bob.get("/api/me/trash")).json() == []
    assert (await bob.delete("/api/me/trash")).status_code == 204
    assert len(await trashed(alice)) == 5
    assert (await alice.delete("/api/me/trash")).status_code == 204
    assert (await alice.get("/api/me/trash")).json() == []
    assert (await alice.delete("/api/me/tasks/1?permanent=yes")).status_code == 400


async def test_limits_count_what_is_not_in_the_trash(alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ListService, "most", 1)
    first = await add(alice, kind="lists")
    await delete(alice, f"lists/{first['id']}")
    second = await add(alice, kind="lists")
    refused = await alice.post(f"/api/me/trash/list/{first['id']}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")
    await delete(alice, f"lists/{second['id']}")
    assert (await restore(alice, "list", first["id"]))["id"] == first["id"]


@pytest.fixture
async def without_trash(address: Address) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET, TRASH_RETENTION_DAYS=0), address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as client:
        yield client


async def test_without_a_trash_a_deletion_is_final(without_trash: httpx.AsyncClient) -> None:
    home, top, middle, _ = await tree(without_trash)
    await delete(without_trash, f"tasks/{middle['id']}")
    operations = [{"op": "delete", "id": top["id"]}, {"op": "delete", "id": middle["id"]}]
    answer = await without_trash.post("/api/me/batch", json={"atomic": False, "operations": operations})
    assert [one["status"] for one in answer.json()["results"]] == [204, 404]
    await delete(without_trash, f"lists/{home['id']}")
    left = [one.get("title") or one["name"] for one in (await everything(without_trash)).values()]
    assert (await trashed(without_trash), left) == ([], ["a"])


MANY = 10_000
FILL = """
insert into doable.tasks (user_id, title, list_id, labels)
select 'alice', n::text, $1, array['a'] from generate_series(1, $2) n
"""


@pytest.mark.one_server
async def test_ten_thousand_tasks_are_deleted_relabelled_and_restored_as_one_but_not_twice_as_many(
    alice: httpx.AsyncClient, db: Database
) -> None:
    home, label = await add(alice, "Home", "lists"), await add(alice, "a", "labels")
    await db.write(FILL, home["id"], MANY)
    await delete(alice, f"lists/{home['id']}")
    assert await trashed(alice) == [("list", home["id"], MANY + 1)]
    assert (await alice.patch(f"/api/me/labels/{label['id']}", json={"name": "b"})).status_code == 200
    await restore(alice, "list", home["id"])
    assert (await alice.get("/api/me/tasks?limit=1")).json()[0]["labels"] == ["b"]
    await db.write(FILL, home["id"], MANY)
    refused = await alice.delete(f"/api/me/lists/{home['id']}")
    assert (refused.status_code, refused.json()["code"]) == (413, "too_much")
    rows = await db.read("select count(*) from doable.tasks where deleted_at is null")
    assert (rows[0][0], await trashed(alice)) == (2 * MANY, [])


async def test_a_trash_of_any_size_can_be_emptied(alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request removes as much as one may, also where a task has an older one below it."""
    monkeypatch.setattr(trash, "CHANGES_MAX", 3)
    home, top, *_ = await tree(alice)
    parent = await add(alice, "parent")
    for title in "abcd":
        await alice.patch(f"/api/me/tasks/{(await add(alice, title))['id']}", json={"parent_id": parent["id"]})
    kept = await add(alice, "kept")
    await alice.patch(f"/api/me/tasks/{top['id']}", json={"parent_id": parent["id"]})
    for path in (f"lists/{home['id']}", f"tasks/{parent['id']}"):
        await delete(alice, path)
    answers = [await alice.delete("/api/me/trash") for _ in range(4)]
    assert [(one.status_code, one.content) for one in answers] == [(200, b'{"has_more":true}')] * 2 + [(204, b"")] * 2
    left = [one["id"] for one in (await alice.get("/api/me/tasks")).json()]
    assert (await trashed(alice), left) == ([], [kept["id"]])


@pytest.mark.one_server
async def test_a_trash_with_more_than_one_request_can_change_can_be_emptied(
    alice: httpx.AsyncClient, db: Database
) -> None:
    await add(alice)
    await db.write(FILL, None, 2 * MANY)
    await db.write("update doable.tasks set deleted_at = now(), deleted_with = id where user_id = $1", "alice")
    assert [(await alice.delete("/api/me/trash")).status_code for _ in range(2)] == [200, 204]
    assert await trashed(alice) == []


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_batch_that_changes_too_much_changes_nothing(
    alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, *, atomic: bool
) -> None:
    monkeypatch.setattr(batch_steps, "CHANGES_MAX", 7)
    home, *_ = await tree(alice)
    before = await everything(alice)
    operations = [{"op": op, "type": "list", "id": home["id"]} for op in ("delete", "restore")]
    refused = await alice.post("/api/me/batch", json={"atomic": atomic, "operations": operations})
    assert (refused.status_code, refused.json()["code"]) == (413, "too_much")
    assert await everything(alice) == before


async def test_what_completing_reopens_counts_too(alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_steps, "CHANGES_MAX", 3)
    daily = {"due": {"date": "2026-12-01"}, "recurrence": {"rule": "FREQ=DAILY"}}
    parent = (await alice.post("/api/me/tasks", json={"title": "daily", **daily})).json()
    for _ in range(3):
        sub = (await alice.post("/api/me/tasks", json={"title": "x", "parent_id": parent["id"]})).json()
        await alice.patch(f"/api/me/tasks/{sub['id']}/complete")
    before = await everything(alice)
    operations = [{"op": "complete", "id": parent["id"]}]
    refused = await alice.post("/api/me/batch", json={"operations": operations})
    assert (refused.status_code, refused.json()["code"]) == (413, "too_much")
    assert await everything(alice) == before
