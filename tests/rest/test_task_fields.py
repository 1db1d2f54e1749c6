"""The fields beside title and description: what they hold, how they are changed and cleared, and who is told."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from waits import until_blocked

DUE = {"date": "2026-12-01", "time": "17:00", "time_zone": "Europe/Berlin"}
FIELDS = {
    "uid": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    "priority": "high",
    "due": DUE,
    "start": {"date": "2026-11-30"},
    "reminders": [{"minutes_before": 30}, {"at": "2026-12-01T09:00:00.000000Z"}],
}
PLAIN = {"id", "user_id", "title", "description", "status", "created_at", "updated_at", "revision", "position"}


async def create(client: httpx.AsyncClient, **fields: object) -> dict[str, Any]:
    answer = await client.post("/api/me/tasks", json={"title": "Pay rent", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def path(task: dict[str, Any]) -> str:
    return f"/api/me/tasks/{task['id']}"


async def test_a_field_that_is_not_set_is_left_out(alice: httpx.AsyncClient) -> None:
    nulls = dict.fromkeys(FIELDS)
    assert (await create(alice)).keys() == PLAIN
    assert (await create(alice, **nulls)).keys() == PLAIN
    assert (await create(alice, reminders=[])).keys() == PLAIN


async def test_what_is_set_comes_back_everywhere(alice: httpx.AsyncClient) -> None:
    task = await create(alice, **FIELDS)
    assert {name: task[name] for name in FIELDS} == FIELDS
    assert (await alice.get(path(task))).json() == task
    assert (await alice.get("/api/me/tasks")).json() == [task]
    assert (await alice.get("/api/me/sync")).json()["tasks"] == [task]
    assert (await alice.get(f"{path(task)}/history")).json()[0]["after"] == task


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_change_replaces_what_it_sends_and_null_clears(alice: httpx.AsyncClient, method: str) -> None:
    task = await create(alice, **FIELDS)
    changed = (await alice.request(method, path(task), json={"due": {"date": "2027-01-01"}, "start": None})).json()
    expected = {**task, "due": {"date": "2027-01-01"}, "revision": 2, "updated_at": changed["updated_at"]}
    del expected["start"]
    assert changed == expected
    newest = (await alice.get(f"{path(task)}/history")).json()[0]
    assert (newest["before"], newest["after"]) == (task, changed)
    cleared = (await alice.request(method, path(task), json={"priority": None, "due": None, "reminders": []})).json()
    assert cleared.keys() == PLAIN | {"uid"}
    assert (await alice.request(method, path(task), json={"priority": None})).json()["revision"] == 3, "nothing changed"


async def test_patch_changes_the_status_too(alice: httpx.AsyncClient) -> None:
    task = await create(alice)
    done = (await alice.patch(path(task), json={"status": "complete", "title": "Rent"})).json()
    assert (done["status"], done["title"]) == ("complete", "Rent")
    assert done["completed_at"] == done["updated_at"]
    renamed = (await alice.patch(path(task), json={"title": "Pay rent"})).json()
    assert renamed["completed_at"] == done["completed_at"]
    assert (await alice.patch(f"{path(task)}/complete")).json() == renamed
    opened = (await alice.patch(path(task), json={"status": "incomplete"})).json()
    assert opened.keys() == PLAIN
    kinds = [entry["kind"] for entry in (await alice.get(f"{path(task)}/history")).json()]
    assert kinds == ["reopened", "updated", "completed", "created"]


@pytest.mark.parametrize("media_type", ["application/merge-patch+json", "application/json; charset=utf-8"])
async def test_patch_takes_json_and_merge_patches(alice: httpx.AsyncClient, media_type: str) -> None:
    task = await create(alice)
    headers = {"content-type": media_type}
    answer = await alice.patch(path(task), content=b'{"priority":"low"}', headers=headers)
    assert answer.json()["priority"] == "low"
    if "merge" in media_type:
        assert (await alice.put(path(task), content=b'{"priority":"low"}', headers=headers)).status_code == 415


@pytest.mark.parametrize(
    ("method", "body", "code", "sentence"),
    [
        ("POST", {"title": "x", "status": "complete"}, "read_only", "Field 'status' is set by the server"),
        ("PUT", {"status": "complete"}, "read_only", "Field 'status' is set by the server"),
        ("PUT", {"uid": "b"}, "read_only", "Field 'uid' never changes after the creation"),
        ("PATCH", {"uid": "b"}, "read_only", "Field 'uid' never changes after the creation"),
        ("PATCH", {"completed_at": None}, "read_only", "Field 'completed_at' is set by the server"),
        ("POST", {"title": "x", "uid": ""}, "required", "Uid cannot be empty"),
        ("PATCH", {"labels": [5]}, "wrong_type", "Labels[0] must be a string"),
        ("PATCH", {"status": None}, "required", "Status cannot be empty"),
        ("PATCH", {"status": "done"}, "invalid_status", "Invalid status value. Must be 'incomplete' or 'complete'"),
        ("PATCH", {}, "nothing_to_change", "At least one field (title or description) must be provided"),
        ("PATCH", {"priority": "p1"}, "invalid_priority", "Invalid priority value. Must be 'high', 'medium' or 'low'"),
        ("PATCH", {"due": "2026-12-01"}, "wrong_type", "Due must be an object or null"),
        ("PATCH", {"due": {**DUE, "at": 5}}, "unknown_field", "Unknown field 'due.at'"),
        (
            "PATCH",
            {"due": {"date": "2026-02-29"}},
            "invalid_date",
            "Due.date must be a date such as 2026-12-01",
        ),
        (
            "PATCH",
            {"start": {**DUE, "time": "5pm"}},
            "invalid_time",
            "Start.time must be a time of day such as 17:00",
        ),
        (
            "PATCH",
            {"due": {**DUE, "time_zone": "Europe/berlin"}},
            "unknown_time_zone",
            "Due.time_zone must be the exact name of a time zone, such as Europe/Berlin",
        ),
        (
            "PATCH",
            {"due": {"date": "2026-12-01", "time_zone": "UTC"}},
            "needs_time",
            "Due.time_zone needs a time",
        ),
        (
            "PATCH",
            {"reminders": [{"minutes_before": 5}] * 21},
            "invalid_reminders",
            "Reminders must be an array of up to 20 reminders, or null",
        ),
    ],
)
async def test_a_value_that_does_not_fit_is_named_and_changes_nothing(
    alice: httpx.AsyncClient, method: str, body: dict[str, Any], code: str, sentence: str
) -> None:
    task = await create(alice)
    answer = await alice.request(method, "/api/me/tasks" if method == "POST" else path(task), json=body)
    assert answer.status_code == 400
    assert answer.json()["error"] == sentence
    assert [fault["code"] for fault in answer.json()["errors"]] == [code]
    assert (await alice.get("/api/me/tasks")).json() == [task]


async def test_every_fault_in_a_value_is_named_with_its_place(alice: httpx.AsyncClient) -> None:
    wrong = {
        "due": {"date": None, "time": "x", "time_zone": 5, "extra": 1},
        "reminders": [{"minutes_before": 5, "x": 1}, {"at": "now"}, {"at": 5}, {"minutes_before": -1}, "soon"],
    }
    faults = (await alice.post("/api/me/tasks", json={"title": "x", **wrong})).json()["errors"]
    assert [fault["field"] for fault in faults] == [
        "due.extra",
        "due.date",
        "due.time",
        "due.time_zone",
        "reminders[0].x",
        "reminders[1].at",
        "reminders[2].at",
        "reminders[3].minutes_before",
        "reminders[4]",
    ]


async def test_whole_numbers_and_any_offset_are_understood(alice: httpx.AsyncClient) -> None:
    said = [{"minutes_before": 30.0}, {"at": "2026-12-01T10:00:00+01:00"}]
    task = await create(alice, reminders=said, due={"date": "2026-12-01", "time": "09:00", "time_zone": "US/Pacific"})
    assert task["reminders"] == FIELDS["reminders"]
    assert task["due"]["time_zone"] == "US/Pacific", "an alias stays as it was sent"


async def test_a_completion_at_a_whole_second_has_six_digits(alice: httpx.AsyncClient, db: Database) -> None:
    task = await create(alice)
    await alice.patch(f"{path(task)}/complete")
    await db.write("update doable.tasks set completed_at = '2026-11-21T09:30:00Z'")
    assert (await alice.get(path(task))).json()["completed_at"] == "2026-11-21T09:30:00.000000Z"


async def test_a_create_with_the_uid_of_a_task_makes_nothing(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    task = await create(alice, uid="a")
    await alice.patch(f"{path(task)}/complete")
    present = (await alice.get(path(task))).json()
    for key in ({}, {"idempotency-key": '"k"'}):
        again = await alice.post("/api/me/tasks", json={"title": "Other", "uid": "a"}, headers=key)
        assert (again.status_code, again.json()) == (200, present)
        assert (again.headers["location"], again.headers["etag"]) == (path(task), '"2"')
    assert (await create(bob, uid="a"))["user_id"] == "bob"
    assert len((await alice.get("/api/me/tasks")).json()) == 1
    await alice.delete(f"{path(task)}?permanent=true")
    assert (await create(alice, uid="a"))["id"] > task["id"]


async def test_the_first_write_of_a_user_can_have_a_uid(alice: httpx.AsyncClient) -> None:
    assert (await create(alice, uid="a"))["revision"] == 1


@pytest.mark.parametrize("key", [False, True])
async def test_many_creates_at_once_with_one_uid_make_one_task(alice: httpx.AsyncClient, *, key: bool) -> None:
    async def send(number: int) -> httpx.Response:
        headers = {"idempotency-key": f'"{number}"'} if key else {}
        return await alice.post("/api/me/tasks", json={"title": str(number), "uid": "a"}, headers=headers)

    answers = await asyncio.gather(*map(send, range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await alice.get("/api/me/tasks")).json()[0]["revision"] == 1


@pytest.mark.one_server
@pytest.mark.parametrize("way", ["single", "keyed", "batch"])
async def test_creates_of_two_processes_with_one_uid_make_one_task(
    alice: httpx.AsyncClient, db: Database, way: str
) -> None:
    """The other one's task is there, and not yet visible, when we look: as between two processes."""
    await create(alice)
    body: dict[str, Any] = {"title": "ours", "uid": "a"}
    if way == "batch":
        body = {"operations": [{"op": "create", "task": body}]}
    target = "/api/me/batch" if way == "batch" else "/api/me/tasks"
    headers = {"idempotency-key": '"k"'} if way == "keyed" else {}
    async with db.transaction() as other:
        await other.write("insert into doable.tasks (user_id, title, uid) values ('alice', 'theirs', 'a')")
        ours = asyncio.create_task(alice.post(target, json=body, headers=headers))
        await until_blocked(db.read)
    answer = await ours
    assert answer.status_code == 200, answer.text
    result = answer.json()["results"][0] if way == "batch" else {"task": answer.json(), "status": answer.status_code}
    assert (result["status"], result["task"]["title"]) == (200, "theirs")
    assert len((await alice.get("/api/me/tasks")).json()) == 2


async def test_a_uid_is_found_also_by_a_user_who_may_have_no_more_tasks(settings: Settings, address: Address) -> None:
    app: FastAPI = create_app(settings.model_copy(update={"user_max_tasks": 1}), address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as alice:
        task = await create(alice, uid="a")
        await create(alice)
        assert (await alice.post("/api/me/tasks", json={"title": "x", "uid": "b"})).status_code == 409
        again = await alice.post("/api/me/tasks", json={"title": "x", "uid": "a"})
        assert (again.status_code, again.json()) == (200, task)


async def test_operations_of_a_batch_name_tasks_by_their_uid(alice: httpx.AsyncClient) -> None:
    old = await create(alice, uid="old")
    operations = [
        {"op": "update", "id": {"uid": "old"}, "task": {"priority": "low"}},
        {"op": "create", "ref": "a", "task": {"title": "Other", "uid": "old"}},
        {"op": "create", "ref": "b", "task": {"title": "New", "uid": "new"}},
        {"op": "create", "ref": "c", "task": {"title": "Newer", "uid": "new"}},
        {"op": "update", "id": {"uid": "new"}, "task": {"status": "complete"}},
        {"op": "update", "id": {"ref": "a"}, "task": {"due": {"date": "2026-12-01"}}},
        {"op": "update", "id": {"ref": "c"}, "task": {"title": "Newest"}},
        {"op": "delete", "id": {"uid": "old"}, "if_match": 5},
    ]
    answer = await alice.post("/api/me/batch", json={"operations": operations})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [200, 200, 201, 200, 200, 200, 200, 204]
    assert [result["task"]["id"] == old["id"] for result in results[:-1]] == [
        True,
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert results[0]["task"] == results[1]["task"]
    assert results[2]["task"] == results[3]["task"]
    assert (results[4]["task"]["status"], results[6]["task"]["title"]) == ("complete", "Newest")
    assert [task["title"] for task in (await alice.get("/api/me/tasks")).json()] == ["Newest"]


@pytest.mark.parametrize("uid", ["none", "x" * 255])
async def test_a_uid_that_no_task_has_is_not_found(alice: httpx.AsyncClient, uid: str) -> None:
    operation = {"op": "complete", "id": {"uid": uid}}
    assert (await alice.post("/api/me/batch", json={"operations": [operation]})).status_code == 404
    await create(alice)
    later = {"op": "create", "task": {"title": "x", "uid": uid}}
    batch = {"atomic": False, "operations": [operation, later, operation]}
    results = (await alice.post("/api/me/batch", json=batch)).json()["results"]
    assert [result["status"] for result in results] == [404, 201, 200]


@pytest.mark.parametrize("uid", ["", "x" * 256, "\0", 5, None])
async def test_what_can_not_be_a_uid_names_nothing(alice: httpx.AsyncClient, uid: object) -> None:
    operation = {"op": "complete", "id": {"uid": uid}}
    answer = await alice.post("/api/me/batch", json={"operations": [operation]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_ref")
