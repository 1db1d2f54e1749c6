"""Lists, labels, and where tasks are: what can be done with them one by one."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from doable.core import task_labels
from doable.core.collections import LabelService, ListService
from doable.store import tasks
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from streams import listening
from waits import until_blocked

both = pytest.mark.parametrize("kind", ["lists", "labels"])


async def add(client: httpx.AsyncClient, kind: str, name: str, **more: object) -> dict[str, Any]:
    answer = await client.post(f"/api/me/{kind}", json={"name": name, **more})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/me/{kind}/{answer.json()['id']}"
    return dict(answer.json())


async def task(client: httpx.AsyncClient, title: str = "x", **more: object) -> dict[str, Any]:
    answer = await client.post("/api/me/tasks", json={"title": title, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def all_of(client: httpx.AsyncClient, kind: str) -> list[dict[str, Any]]:
    return list((await client.get(f"/api/me/{kind}")).json())


async def names(client: httpx.AsyncClient, kind: str) -> list[str]:
    return [one["name"] for one in await all_of(client, kind)]


async def tasks_in_order(client: httpx.AsyncClient) -> list[str]:
    found = sorted(await all_of(client, "tasks"), key=lambda one: (one["position"], one["id"]))
    return [one["title"] for one in found]


@both
async def test_a_new_one_has_only_what_was_set_and_comes_last(alice: httpx.AsyncClient, kind: str) -> None:
    one = await add(alice, kind, "  Home ")
    assert list(one) == ["id", "user_id", "name", "position", "created_at", "updated_at", "revision"]
    assert (one["user_id"], one["name"], one["revision"]) == ("alice", "Home", 1)
    more = {"uid": "a", "color": "#3b82f6"} | ({"icon": "🏠", "archived": True} if kind == "lists" else {})
    other = await add(alice, kind, "Work", **more)
    assert {name: other[name] for name in more} == more
    assert await all_of(alice, kind) == [one, other]
    assert (await alice.get(f"/api/me/{kind}/{other['id']}")).json() == other


@both
async def test_a_patch_replaces_and_clears(alice: httpx.AsyncClient, kind: str) -> None:
    one = await add(alice, kind, "Home", color="#3b82f6")
    path = f"/api/me/{kind}/{one['id']}"
    changed = (await alice.patch(path, json={"name": "House", "color": None})).json()
    assert changed == {key: value for key, value in one.items() if key != "color"} | {
        "name": "House",
        "revision": 2,
        "updated_at": changed["updated_at"],
    }
    assert (await alice.patch(path, json={"name": "House"})).json() == changed
    stale = await alice.patch(path, json={"name": "X"}, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["current"]) == (412, changed)
    assert stale.json()["error"] == f"The {kind[:-1]} has changed since you last saw it"
    assert (await alice.patch(path, json={"name": "X"}, headers={"if-match": '"2"'})).json()["name"] == "X"
    history = (await alice.get(f"{path}/history")).json()
    assert [(entry["kind"], entry["after"]["name"]) for entry in history] == [
        ("updated", "X"),
        ("updated", "House"),
        ("created", "Home"),
    ]
    assert history[1]["before"] == one


@both
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Name is required"),
        ({"name": " "}, "Name is required"),
        ({"name": "x", "color": "red"}, 'Color must be a color such as "#3b82f6", or null'),
        ({"name": "x", "position": "a1"}, "Field 'position' is set by the server"),
        ({"name": "x", "shape": 1}, "Unknown field 'shape'"),
    ],
)
async def test_what_does_not_fit_is_refused(
    alice: httpx.AsyncClient, kind: str, body: dict[str, Any], sentence: str
) -> None:
    answer = await alice.post(f"/api/me/{kind}", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, sentence)
    one = await add(alice, kind, "x")
    empty = await alice.patch(f"/api/me/{kind}/{one['id']}", json={})
    assert (empty.status_code, empty.json()["error"]) == (400, "At least one field must be provided")
    assert await all_of(alice, kind) == [one]


@both
async def test_strangers_find_nothing(alice: httpx.AsyncClient, bob: httpx.AsyncClient, kind: str) -> None:
    one = await add(alice, kind, "x")
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "y"}),
        ("POST", "/move", {"to": "first"}),
        ("DELETE", "", None),
        ("GET", "/history", None),
    ):
        answer = await bob.request(method, f"/api/me/{kind}/{one['id']}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, f"{kind[:-1]}_not_found")
        assert (await alice.request(method, f"/api/me/{kind}/x{path}", json=body)).status_code == 400
    assert await all_of(alice, kind) == [one]


@both
async def test_a_uid_stands_for_one_object(alice: httpx.AsyncClient, kind: str) -> None:
    one = await add(alice, kind, "x", uid="a")
    again = await alice.post(f"/api/me/{kind}", json={"name": "other", "uid": "a"})
    assert (again.status_code, again.json()) == (200, one)
    answers = await asyncio.gather(
        *(alice.post(f"/api/me/{kind}", json={"name": "many", "uid": "b"}) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]


@pytest.mark.one_server
async def test_a_name_that_the_same_create_has_just_taken_is_no_conflict(
    alice: httpx.AsyncClient, address: Address
) -> None:
    """The first statement of the request does not see the label yet, and the next one does."""
    label = await add(alice, "labels", "many")
    other = await connect(address)
    async with other.transaction():
        await other.execute("update doable.labels set uid = 'b' where id = $1", label["id"])
        request = asyncio.create_task(alice.post("/api/me/labels", json={"name": "many", "uid": "b"}))
        await until_blocked(other.fetch)
    await other.close()
    answer = await request
    assert (answer.status_code, answer.json()["id"]) == (200, label["id"])


async def test_a_name_that_stays_changes_no_task_and_no_filter(alice: httpx.AsyncClient) -> None:
    label = await add(alice, "labels", "errand")
    made = await task(alice, labels=["errand"])
    listed = await add(alice, "lists", "Home")
    saved = await alice.post("/api/me/filters", json={"name": "x", "filter": '@errand & #"home"'})
    for kind, one in (("labels", label), ("lists", listed)):
        changed = await alice.patch(f"/api/me/{kind}/{one['id']}", json={"name": one["name"], "color": "#fff000"})
        assert changed.json()["color"] == "#fff000"
    assert (await alice.get(f"/api/me/tasks/{made['id']}")).json() == made
    assert (await alice.get(f"/api/me/filters/{saved.json()['id']}")).json() == saved.json()
    case = (await alice.patch(f"/api/me/labels/{label['id']}", json={"name": "Errand"})).json()
    assert (await alice.get(f"/api/me/tasks/{made['id']}")).json()["labels"] == [case["name"]] == ["Errand"]


async def test_a_label_in_the_query_is_trimmed_and_checked(alice: httpx.AsyncClient) -> None:
    made = await task(alice, labels=["errand"])
    assert (await alice.get("/api/me/tasks", params={"label": " Errand "})).json() == [made]
    refused = await alice.get("/api/me/tasks", params={"label": "\0"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unsupported_text")


@both
async def test_a_list_of_them_is_validated(alice: httpx.AsyncClient, kind: str) -> None:
    one = await add(alice, kind, "x")
    for path in (f"/api/me/{kind}", f"/api/me/{kind}/{one['id']}"):
        tag = (await alice.get(path)).headers["etag"]
        assert (await alice.get(path, headers={"if-none-match": tag})).status_code == 304
        await alice.patch(f"/api/me/{kind}/{one['id']}", json={"name": tag.strip('"')})
        assert (await alice.get(path, headers={"if-none-match": tag})).status_code == 200


@both
async def test_they_move(alice: httpx.AsyncClient, kind: str) -> None:
    a, b, c = [await add(alice, kind, name) for name in "abc"]

    async def move(one: dict[str, Any], **where: object) -> dict[str, Any]:
        answer = await alice.post(f"/api/me/{kind}/{one['id']}/move", json=where)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    await move(c, to="first")
    assert await names(alice, kind) == ["c", "a", "b"]
    await move(c, after=a["id"])
    assert await names(alice, kind) == ["a", "c", "b"]
    await move(b, before=a["id"])
    assert await names(alice, kind) == ["b", "a", "c"]
    moved = await move(b)
    assert await names(alice, kind) == ["a", "c", "b"]
    assert await move(b, after=c["id"]) == moved, "it is there"
    await add(alice, kind, "d")
    assert await names(alice, kind) == ["a", "c", "b", "d"]
    assert (await move(b, before=2**60, otherwise="first"))["name"] == "b"
    assert await names(alice, kind) == ["b", "a", "c", "d"]
    kinds = [entry["kind"] for entry in (await alice.get(f"/api/me/{kind}/{b['id']}/history")).json()]
    assert kinds == ["moved", "moved", "moved", "created"]
    wrong: list[dict[str, object]] = [
        {"before": 2**60},
        {"before": "a"},
        {"after": 0},
        {"to": "top"},
        {"to": []},
        {"x": 1},
    ]
    for where in [*wrong, {"before": a["id"], "after": c["id"]}, {"before": a["id"], "to": "last"}]:
        assert (await alice.post(f"/api/me/{kind}/{b['id']}/move", json=where)).status_code == 400, where
    assert (await alice.post(f"/api/me/{kind}/{b['id']}/move", json={"after": b["id"]})).status_code == 400


@both
async def test_many_moves_to_one_place_stay_in_order(alice: httpx.AsyncClient, kind: str) -> None:
    ids = {name: (await add(alice, kind, name))["id"] for name in ("a", "b", "c", "d")}
    order = ["a", "b", "c", "d"]
    for turn in range(300):
        name, anchor = order[-1 if turn % 2 else -2], order[0]
        await alice.post(f"/api/me/{kind}/{ids[name]}/move", json={"after": ids[anchor]})
        order.remove(name)
        order.insert(1, name)
    assert await names(alice, kind) == order
    assert max(len(one["position"]) for one in await all_of(alice, kind)) <= 50


@pytest.mark.parametrize(("kind", "service"), [("lists", ListService), ("labels", LabelService)])
async def test_there_are_so_many_and_no_more(
    alice: httpx.AsyncClient, kind: str, service: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "most", 2)
    one, _ = [await add(alice, kind, name, uid=name) for name in "ab"]
    answer = await alice.post(f"/api/me/{kind}", json={"name": "c"})
    assert (answer.status_code, answer.json()["error"]) == (409, f"You can have at most 2 {kind}")
    assert (await alice.post(f"/api/me/{kind}", json={"name": "c", "uid": "a"})).json() == one


@pytest.mark.one_server
async def test_two_processes_create_no_more_than_there_may_be(
    alice: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ListService, "most", 2)
    await add(alice, "lists", "a")
    async with db.transaction() as other:
        await tasks.lock_parents(other, "alice")
        await other.write("insert into doable.lists (user_id, name) values ('alice', 'b')")
        ours = asyncio.create_task(alice.post("/api/me/lists", json={"name": "c"}))
        await until_blocked(db.read)
    assert (await ours).json()["code"] == "limit_reached"
    assert await names(alice, "lists") == ["a", "b"]


@pytest.mark.one_server
@pytest.mark.parametrize(("path", "body"), [("labels", {"name": "c"}), ("tasks", {"title": "x", "labels": ["c"]})])
async def test_two_requests_create_no_more_labels_than_there_may_be(
    alice: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, object]
) -> None:
    monkeypatch.setattr(LabelService, "most", 2)
    monkeypatch.setattr(task_labels, "LABELS_MAX", 2)
    await add(alice, "labels", "a")
    async with db.transaction() as other:
        await task_labels.known(other, "alice", ["b"])
        ours = asyncio.create_task(alice.post(f"/api/me/{path}", json=body))
        await until_blocked(db.read)
    assert (await ours).json()["code"] == "limit_reached"
    assert await names(alice, "labels") == ["a", "b"]


async def test_a_list_goes_with_its_tasks_or_without(alice: httpx.AsyncClient) -> None:
    home, work = [await add(alice, "lists", name) for name in ("Home", "Work")]
    top = await task(alice, "top", list_id=home["id"])
    await task(alice, "sub", parent_id=top["id"])
    await task(alice, "other", list_id=work["id"])
    assert (
        await alice.delete(f"/api/me/lists/{work['id']}?tasks=keep", headers={"if-match": '"1"'})
    ).status_code == 412
    assert (await alice.delete(f"/api/me/lists/{work['id']}?tasks=all")).status_code == 400
    assert (await alice.delete(f"/api/me/lists/{work['id']}?tasks=keep")).status_code == 204
    cursor = (await alice.get("/api/me/sync")).json()["cursor"]
    assert (await alice.delete(f"/api/me/lists/{home['id']}")).status_code == 204
    (other,) = await all_of(alice, "tasks")
    assert (other["title"], "list_id" in other) == ("other", False)
    assert await all_of(alice, "lists") == []
    removed = (await alice.get("/api/me/sync", params={"cursor": cursor})).json()["removed"]
    assert sorted(gone["type"] for gone in removed) == ["list", "task", "task"]
    refused = await alice.post("/api/me/tasks", json={"title": "x", "list_id": home["id"]})
    assert refused.json()["errors"] == [{"field": "list_id", "code": "list_not_found", "message": "List not found"}]


async def test_a_list_is_put_away_and_taken_out_again(alice: httpx.AsyncClient) -> None:
    path = f"/api/me/lists/{(await add(alice, 'lists', 'Home', archived=False))['id']}"
    assert "archived" not in (await alice.get(path)).json()
    assert (await alice.patch(path, json={"archived": True})).json()["archived"] is True
    assert "archived" not in (await alice.patch(path, json={"archived": False})).json()
    answer = await alice.patch(path, json={"archived": "yes"})
    assert (answer.status_code, answer.json()["error"]) == (400, "Archived must be true, false or null")


async def test_names_make_no_more_labels_than_there_may_be(
    alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_labels, "LABELS_MAX", 2)
    await task(alice, labels=["a", "b"])
    answer = await alice.post("/api/me/tasks", json={"title": "x", "labels": ["a", "c"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    assert (await task(alice, labels=["a"]))["labels"] == ["a"]


async def test_labels_are_made_by_naming_them(alice: httpx.AsyncClient) -> None:
    await add(alice, "labels", "Straße")
    one = await task(alice, labels=["STRASSE", " errands ", "Errands", "straße"])
    assert one["labels"] == ["Straße", "errands"]
    assert await names(alice, "labels") == ["Straße", "errands"]
    path = f"/api/me/tasks/{one['id']}"
    assert (await alice.patch(path, json={"add_labels": ["Calls", "ERRANDS"]})).json()["labels"] == [
        "Straße",
        "errands",
        "Calls",
    ]
    both_ways = {"remove_labels": ["errands", "none"], "add_labels": ["more"], "title": "y"}
    changed = (await alice.patch(path, json=both_ways)).json()
    assert (changed["labels"], changed["title"]) == (["Straße", "Calls", "more"], "y")
    assert (await alice.put(path, json={"labels": ["calls"]})).json()["labels"] == ["Calls"]
    assert "labels" not in (await alice.patch(path, json={"remove_labels": ["Calls"]})).json()
    assert (await alice.patch(path, json={"remove_labels": None, "add_labels": []})).status_code == 200
    await alice.patch(path, json={"labels": [str(n) for n in range(50)]})
    for wrong in ({"labels": [], "add_labels": ["x"]}, {"add_labels": ["x"]}, {"add_labels": [""]}, {"labels": "x"}):
        assert (await alice.patch(path, json=wrong)).status_code == 400, wrong
    assert (await alice.put(path, json={"add_labels": ["x"]})).status_code == 400


async def test_a_label_is_renamed_merged_and_removed_on_every_task(alice: httpx.AsyncClient) -> None:
    first, second = await task(alice, labels=["a", "b"]), await task(alice, labels=["b", "c"])
    ids = {label["name"]: label["id"] for label in await all_of(alice, "labels")}

    async def labels() -> list[list[str]]:
        found = [(await alice.get(f"/api/me/tasks/{one['id']}")).json() for one in (first, second)]
        return [one.get("labels", []) for one in found]

    assert (await alice.patch(f"/api/me/labels/{ids['b']}", json={"name": "B", "color": "#000000"})).json()[
        "name"
    ] == "B"
    assert await labels() == [["a", "B"], ["B", "c"]]
    taken = await alice.patch(f"/api/me/labels/{ids['b']}", json={"name": "A"})
    assert (taken.status_code, taken.json()["code"], taken.json()["current"]["id"]) == (409, "label_taken", ids["a"])
    assert (await alice.post("/api/me/labels", json={"name": "A"})).json()["current"]["id"] == ids["a"]
    assert (await alice.patch(f"/api/me/labels/{ids['b']}?merge=yes", json={"name": "A"})).status_code == 400
    survivor = (await alice.patch(f"/api/me/labels/{ids['b']}?merge=true", json={"name": "A"})).json()
    assert (survivor["id"], survivor["name"]) == (ids["a"], "a")
    assert await labels() == [["a"], ["a", "c"]]
    history = (await alice.get(f"/api/me/tasks/{first['id']}/history")).json()
    assert [entry["after"]["labels"] for entry in history] == [["a"], ["a", "B"], ["a", "b"]]
    assert (await alice.delete(f"/api/me/labels/{ids['a']}")).status_code == 204
    assert await labels() == [[], ["c"]]
    assert await names(alice, "labels") == ["c"]


async def test_creates_of_two_tasks_at_once_make_one_label(alice: httpx.AsyncClient) -> None:
    await task(alice)
    made = await asyncio.gather(*(task(alice, labels=["new"]) for _ in range(6)))
    assert {tuple(one["labels"]) for one in made} == {("new",)}
    assert await names(alice, "labels") == ["new"]


async def test_the_first_write_of_a_user_can_be_a_label_or_a_list(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    assert (await task(alice, labels=["new"]))["revision"] == 2
    assert (await add(bob, "lists", "x"))["revision"] == 1


async def test_a_subtask_is_where_its_parent_is(alice: httpx.AsyncClient) -> None:
    home, work = [await add(alice, "lists", name) for name in ("Home", "Work")]
    top = await task(alice, "top", list_id=home["id"])
    sub = await task(alice, "sub", parent_id=top["id"])
    below = await task(alice, "below", parent_id=sub["id"], list_id=home["id"])
    assert (sub["list_id"], below["list_id"]) == (home["id"], home["id"])
    wrong = await alice.post("/api/me/tasks", json={"title": "x", "parent_id": top["id"], "list_id": work["id"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, "other_list")
    absent = await alice.post("/api/me/tasks", json={"title": "x", "parent_id": 2**60})
    assert absent.json()["errors"] == [{"field": "parent_id", "code": "task_not_found", "message": "Task not found"}]

    await alice.patch(f"/api/me/tasks/{top['id']}", json={"list_id": work["id"]})
    found = {one["title"]: one for one in await all_of(alice, "tasks")}
    assert {one["list_id"] for one in found.values()} == {work["id"]}
    assert found["sub"]["parent_id"] == top["id"]
    moved = (await alice.put(f"/api/me/tasks/{sub['id']}", json={"list_id": None})).json()
    assert "parent_id" not in moved
    assert "list_id" not in moved
    assert "list_id" not in (await alice.get(f"/api/me/tasks/{below['id']}")).json()
    cycle = await alice.patch(f"/api/me/tasks/{sub['id']}", json={"parent_id": below["id"]})
    assert (cycle.status_code, cycle.json()["code"]) == (409, "cycle_of_parents")
    assert (await alice.patch(f"/api/me/tasks/{sub['id']}", json={"parent_id": sub["id"]})).status_code == 409
    assert (await alice.delete(f"/api/me/tasks/{sub['id']}")).status_code == 204
    assert [one["title"] for one in await all_of(alice, "tasks")] == ["top"]


async def test_there_are_eight_levels_and_no_more(alice: httpx.AsyncClient) -> None:
    parent = await task(alice, "1")
    for level in range(2, 9):
        parent = await task(alice, str(level), parent_id=parent["id"])
    answer = await alice.post("/api/me/tasks", json={"title": "9", "parent_id": parent["id"]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_deep")
    other = await task(alice, "other")
    first = (await all_of(alice, "tasks"))[-1]
    deep = await alice.patch(f"/api/me/tasks/{first['id']}", json={"parent_id": other["id"]})
    assert deep.json()["errors"][0]["code"] == "too_deep"


async def test_tasks_move_among_their_siblings(alice: httpx.AsyncClient) -> None:
    home = await add(alice, "lists", "Home")
    a, b, c = [await task(alice, title) for title in "abc"]
    await task(alice, "elsewhere", list_id=home["id"])

    async def move(one: dict[str, Any], **where: object) -> httpx.Response:
        return await alice.post(f"/api/me/tasks/{one['id']}/move", json=where)

    async def order() -> str:
        return "".join(title for title in await tasks_in_order(alice) if len(title) == 1)

    assert (await move(c, to="first")).json()["title"] == "c"
    assert await order() == "cab"
    await move(c, after=a["id"])
    assert await order() == "acb"
    await move(b, before=c["id"])
    assert await order() == "abc"
    before = (await alice.get(f"/api/me/tasks/{b['id']}")).json()
    assert (await move(b, after=a["id"])).json() == before, "it is there"
    there = (await move(b, list_id=home["id"], to="first")).json()
    assert there["list_id"] == home["id"]
    assert (await tasks_in_order(alice)).index("b") < (await tasks_in_order(alice)).index("elsewhere")
    assert (await move(b, list_id=None, before=c["id"])).json()["title"] == "b"
    assert await order() == "abc"
    assert (await move(a, parent_id=b["id"])).json()["parent_id"] == b["id"]
    assert (await move(b, parent_id=a["id"])).status_code == 409
    assert (await move(a, parent_id=None, otherwise="first", after=2**60)).json()["title"] == "a"
    assert await order() == "abc"
    kinds = [entry["kind"] for entry in (await alice.get(f"/api/me/tasks/{a['id']}/history")).json()]
    assert kinds == ["moved", "moved", "created"]
    for where in ({"after": 2**60}, {"before": a["id"]}, {"list_id": "x"}, {"list_id": 2**60}, {"parent_id": 2**60}):
        assert (await move(a, **where)).status_code == 400, where
    assert (await alice.post(f"/api/me/tasks/{2**60}/move", json={})).status_code == 404
    stale = await alice.post(f"/api/me/tasks/{a['id']}/move", json={}, headers={"if-match": '"1"'})
    assert stale.status_code == 412


async def test_a_change_of_list_or_parent_places_a_task_last(alice: httpx.AsyncClient) -> None:
    home = await add(alice, "lists", "Home")
    first = await task(alice, "first")
    await task(alice, "there", list_id=home["id"])
    await alice.patch(f"/api/me/tasks/{first['id']}", json={"list_id": home["id"]})
    assert await tasks_in_order(alice) == ["there", "first"]
    await task(alice, "later", list_id=home["id"])
    assert await tasks_in_order(alice) == ["there", "first", "later"]


async def test_moves_between_equal_keys_spread_the_neighbours(alice: httpx.AsyncClient, db: Database) -> None:
    """Two devices can choose one key for two tasks; what is put between them needs room."""
    tasks = [await task(alice, str(n)) for n in range(6)]
    await db.write("update doable.tasks set position = $2 where user_id = $1", "alice", tasks[0]["position"])
    await alice.post(f"/api/me/tasks/{tasks[5]['id']}/move", json={"before": tasks[2]["id"]})
    assert await tasks_in_order(alice) == ["0", "1", "5", "2", "3", "4"]


async def test_everything_of_a_user_goes_with_the_user(alice: httpx.AsyncClient, db: Database) -> None:
    home = await add(alice, "lists", "Home")
    top = await task(alice, "top", list_id=home["id"], labels=["a"])
    await task(alice, "sub", parent_id=top["id"])
    assert (await alice.delete("/api/me")).status_code == 204
    for table in ("tasks", "lists", "labels", "changes", "users"):
        assert await db.read(f"select from doable.{table}") == [], table


async def test_sync_and_events_name_the_type(app: FastAPI, alice: httpx.AsyncClient) -> None:
    cursor = (await alice.get("/api/me/sync")).json()["cursor"]
    home = await add(alice, "lists", "Home")
    one = await task(alice, list_id=home["id"], labels=["a"])
    (label,) = await all_of(alice, "labels")
    delta = (await alice.get("/api/me/sync", params={"cursor": cursor})).json()
    assert (delta["lists"], delta["tasks"], delta["labels"]) == ([home], [one], [label])
    await alice.post(f"/api/me/lists/{home['id']}/move", json={"to": "first"})
    await alice.post(f"/api/me/tasks/{one['id']}/move", json={"list_id": None})
    async with listening(app, cursor=cursor) as stream:
        events = [(await stream.event()).data for _ in range(4)]
    told = [(event["type"], event["id"], event["kind"]) for event in events]
    assert told == [
        ("list", home["id"], "created"),
        ("label", label["id"], "created"),
        ("task", one["id"], "created"),
        ("task", one["id"], "moved"),
    ]


async def test_a_list_of_tasks_is_narrowed(alice: httpx.AsyncClient) -> None:
    home = await add(alice, "lists", "Home")
    top = await task(alice, "top", list_id=home["id"], labels=["a"])
    sub = await task(alice, "sub", parent_id=top["id"], labels=["b"])
    await task(alice, "inbox", labels=["A"])
    await alice.patch(f"/api/me/tasks/{sub['id']}/complete")

    async def titles(**query: object) -> list[str]:
        answer = await alice.get("/api/me/tasks", params=query)
        assert answer.status_code == 200, answer.text
        again = await alice.get("/api/me/tasks", params=query, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        return [one["title"] for one in answer.json()]

    assert await titles(list=home["id"]) == ["sub", "top"]
    assert await titles(list="inbox") == ["inbox"]
    assert await titles(parent=top["id"]) == ["sub"]
    assert await titles(label="A") == ["inbox", "top"]
    assert await titles(label="a", list=home["id"]) == ["top"]
    assert await titles(status="complete", list=home["id"], parent=top["id"], label="b") == ["sub"]
    assert await titles(status="incomplete", parent=top["id"]) == []
    page = await alice.get("/api/me/tasks", params={"list": home["id"], "limit": 1})
    assert [one["title"] for one in page.json()] == ["sub"]
    assert [one["title"] for one in (await alice.get(page.links["next"]["url"])).json()] == ["top"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"list": "x"}, "invalid_id"),
        ({"list": 2**60}, "list_not_found"),
        ({"parent": 0}, "invalid_id"),
        ({"parent": 2**60}, "task_not_found"),
        ({"label": "none"}, "label_not_found"),
    ],
)
async def test_what_names_nothing_narrows_nothing(
    alice: httpx.AsyncClient, query: dict[str, object], code: str
) -> None:
    answer = await alice.get("/api/me/tasks", params=query, headers={"if-none-match": "*"})
    assert (answer.status_code, [fault["code"] for fault in answer.json()["errors"]]) == (400, [code])
    assert answer.json()["errors"][0]["field"] in query


async def test_a_subtask_with_a_uid_is_made_once(alice: httpx.AsyncClient) -> None:
    top = await task(alice, "top")
    body = {"title": "sub", "uid": "a", "parent_id": top["id"], "labels": ["a"]}
    answers = [await alice.post("/api/me/tasks", json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()


async def test_the_first_write_of_a_user_can_be_a_batch_of_lists(bob: httpx.AsyncClient) -> None:
    operations = [{"op": "create", "type": "list", "list": {"name": "x"}}]
    answer = await bob.post("/api/me/batch", json={"operations": operations})
    assert answer.json()["results"][0]["list"]["revision"] == 1


@both
async def test_a_move_between_equal_keys_spreads_them(alice: httpx.AsyncClient, db: Database, kind: str) -> None:
    ids = [(await add(alice, kind, name))["id"] for name in "abcd"]
    await db.write(f"update doable.{kind} set position = 'a1' where user_id = $1", "alice")  # noqa: S608 - our own names
    await alice.post(f"/api/me/{kind}/{ids[3]}/move", json={"before": ids[1]})
    assert await names(alice, kind) == ["a", "d", "b", "c"]


@pytest.mark.one_server
async def test_a_subtask_that_is_just_created_goes_along(alice: httpx.AsyncClient, db: Database) -> None:
    """Another process has looked where its parent is, and creates it there only now."""
    home, work = [(await add(alice, "lists", name))["id"] for name in ("Home", "Work")]
    top = await task(alice, "top", list_id=home)
    async with db.transaction() as other:
        await tasks.lock_parents(other, "alice")
        change = asyncio.create_task(alice.patch(f"/api/me/tasks/{top['id']}", json={"list_id": work}))
        await until_blocked(db.read)
        insert = "insert into doable.tasks (user_id, title, list_id, parent_id) values ('alice', 'sub', $1, $2)"
        await other.write(insert, home, top["id"])
    assert (await change).status_code == 200
    assert {one["list_id"] for one in await all_of(alice, "tasks")} == {work}


async def test_ids_are_unique_over_all_types(alice: httpx.AsyncClient) -> None:
    """A client that knows only tasks takes every id in `removed` for one."""
    ids = [(await add(alice, kind, "x"))["id"] for kind in ("lists", "labels")]
    ids += [(await task(alice))["id"] for _ in range(2)]
    assert len(set(ids)) == 4
