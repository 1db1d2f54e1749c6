"""Recurring tasks over HTTP: their rule, completing and skipping occurrences, and what was done."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from doable.store.database import Database
from streams import listening

DAILY = {"rule": "FREQ=DAILY", "basis": "schedule", "anchor": "2025-11-20"}
KEY = {"idempotency-key": '"k"'}

Json = dict[str, Any]


async def create(client: httpx.AsyncClient, due: str = "2025-11-20", **fields: object) -> Json:
    wanted = {"title": "Water", "due": {"date": due}, "recurrence": {"rule": "FREQ=DAILY"}, **fields}
    answer = await client.post("/api/me/tasks", json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def path(task: Json) -> str:
    return f"/api/me/tasks/{task['id']}"


async def get(client: httpx.AsyncClient, target: str) -> Any:
    answer = await client.get(target)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def change(client: httpx.AsyncClient, task: Json, method: str = "PATCH", **fields: object) -> Json:
    answer = await client.request(method, path(task), json=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def complete(client: httpx.AsyncClient, task: Json, at: str = "2025-11-20T12:00:00Z", **said: object) -> Json:
    answer = await client.patch(f"{path(task)}/complete", json={"completed_at": at, **said})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def batch(client: httpx.AsyncClient, *operations: Json, atomic: bool = True) -> list[Json]:
    answer = await client.post("/api/me/batch", json={"operations": operations, "atomic": atomic})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def kinds(client: httpx.AsyncClient, task: Json) -> list[str]:
    return [entry["kind"] for entry in await get(client, f"{path(task)}/history")]


def days(task: Json) -> tuple[str, str]:
    return task["due"]["date"], task["recurrence"]["anchor"]


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(fault["field"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_rule_comes_back_everywhere(alice: httpx.AsyncClient) -> None:
    task = await create(alice)
    assert task["recurrence"] == DAILY
    assert await get(alice, path(task)) == task
    assert await get(alice, "/api/me/tasks") == [task]
    assert (await get(alice, "/api/me/sync"))["tasks"] == [task]
    assert (await get(alice, f"{path(task)}/history"))[0]["after"] == task
    wish = {"rule": "freq=weekly", "basis": "completion", "anchor": "2025-11-18"}
    made, changed = await batch(
        alice,
        {"op": "create", "ref": "a", "task": {"title": "x", "due": {"date": "2025-11-20"}, "recurrence": wish}},
        {"op": "update", "id": {"ref": "a"}, "task": {"title": "y"}},
    )
    assert made["task"]["recurrence"] == changed["task"]["recurrence"] == wish


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_due_alone_moves_the_occurrence_and_a_rule_is_anchored_anew(
    alice: httpx.AsyncClient, method: str
) -> None:
    task = await create(alice)
    assert days(await change(alice, task, method, due={"date": "2025-11-22"})) == ("2025-11-22", "2025-11-20")
    weekly = {"rule": "FREQ=WEEKLY"}
    assert days(await change(alice, task, method, recurrence=weekly)) == ("2025-11-22", "2025-11-22")
    both = await change(alice, task, method, recurrence=weekly, due={"date": "2025-11-25"})
    assert days(both) == ("2025-11-25", "2025-11-25")
    assert days(await change(alice, task, method, recurrence={**weekly, "anchor": "2025-11-18"}))[1] == "2025-11-18"
    assert (await change(alice, task, method, title="Water"))["revision"] == 5, "nothing changed"
    cleared = await change(alice, task, method, due=None, recurrence=None)
    assert cleared.keys().isdisjoint({"due", "recurrence"})
    assert (await change(alice, task, method, due=None)) == cleared


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"due": None}, [("recurrence", "needs_due")]),
        ({"due": None, "recurrence": DAILY}, [("recurrence", "needs_due")]),
        ({"recurrence": "FREQ=DAILY"}, [("recurrence", "wrong_type")]),
        (
            {"recurrence": {"rule": "FREQ=HOURLY;BYHOUR=1", "basis": "x", "anchor": "x", "count": 1}, "priority": "p1"},
            [
                ("priority", "invalid_priority"),
                ("recurrence.count", "unknown_field"),
                ("recurrence.rule", "invalid_rule"),
                ("recurrence.rule", "invalid_rule"),
                ("recurrence.basis", "invalid_basis"),
                ("recurrence.anchor", "invalid_date"),
            ],
        ),
        ({"recurrence": {"rule": "FREQ=DAILY;UNTIL=20250101"}}, [("recurrence.rule", "invalid_rule")]),
    ],
)
async def test_what_is_wrong_with_a_rule_is_named_and_changes_nothing(
    alice: httpx.AsyncClient, fields: Json, found: list[tuple[str, str]]
) -> None:
    task = await create(alice)
    for method in ("PUT", "PATCH"):
        assert faults(await alice.request(method, path(task), json=fields)) == found
    operations = [{"op": "create", "task": {"title": "x"}}, {"op": "update", "id": task["id"], "task": fields}]
    inside = [(f"operations[1].task.{field}", code) for field, code in found]
    assert faults(await alice.post("/api/me/batch", json={"operations": operations})) == inside
    made, refused = await batch(alice, *operations, atomic=False)
    assert (made["status"], refused["status"]) == (201, 400)
    assert await get(alice, path(task)) == task


async def test_a_new_task_with_a_rule_needs_a_due_date(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/api/me/tasks", json={"title": "x", "recurrence": {"rule": "FREQ=DAILY"}})
    assert faults(answer) == [("recurrence", "needs_due")]


@pytest.mark.parametrize("way", ["complete", "patch", "complete in a batch", "update in a batch"])
async def test_completing_moves_on_and_reopens_all_subtasks_as_one_operation(
    alice: httpx.AsyncClient, db: Database, way: str
) -> None:
    rule = {"rule": "FREQ=WEEKLY;COUNT=500", "basis": "completion"}
    reminders = [{"minutes_before": 5}, {"at": "2025-11-19T08:00:00.000000Z"}]
    task = await create(alice, start={"date": "2025-11-19"}, reminders=reminders, recurrence=rule)
    parent, below = task, []
    for _ in range(3):
        parent = (await alice.post("/api/me/tasks", json={"title": "x", "parent_id": parent["id"]})).json()
        below.append(parent)
    for one in below[1:]:
        await alice.patch(f"{path(one)}/complete")
    before = await get(alice, "/api/me/completed")
    if way == "complete":
        done = (await alice.patch(f"{path(task)}/complete")).json()
    elif way == "patch":
        done = await change(alice, task, status="complete", title="Water")
    else:
        op = {"op": "complete"} if way.startswith("complete") else {"op": "update", "task": {"status": "complete"}}
        done = (await batch(alice, {**op, "id": task["id"]}))[0]["task"]
    occurrence = done.pop("completed_occurrence")
    assert occurrence["due"] == {"date": "2025-11-20"}
    assert task["updated_at"] < occurrence["completed_at"] <= done["updated_at"]
    assert await get(alice, path(task)) == done, "the occurrence is in this answer only"
    assert (done["status"], done["recurrence"]["rule"]) == ("incomplete", "FREQ=WEEKLY;COUNT=499")
    assert done["due"]["date"] == done["recurrence"]["anchor"] > done["start"]["date"] > "2026"
    assert done["reminders"][0] == reminders[0]
    assert done["reminders"][1]["at"].startswith(done["start"]["date"])
    assert [(await get(alice, path(one)))["status"] for one in below] == ["incomplete"] * 3
    assert await kinds(alice, task) == ["completed", "created"]
    assert await kinds(alice, below[1]) == await kinds(alice, below[2]) == ["reopened", "completed", "created"]
    rows = await db.read("select operation from doable.changes where revision > 6 order by revision")
    assert [row[0] for row in rows] == [7, 7, 7]
    entry = {"task_id": task["id"], "title": "Water", "actor": "alice", "occurrence": "2025-11-20", **occurrence}
    del entry["id"]
    assert await get(alice, "/api/me/completed") == [entry, *before], "the subtasks were done too"
    await change(alice, task, title="z")
    assert (await db.read("select operation, action from doable.changes where revision = 10"))[0] == (None, None)
    await change(alice, task, title="Water")
    undone = await alice.post("/api/me/undo", json={"revision": 8})
    assert undone.status_code == 200, undone.text
    assert await get(alice, "/api/me/completed") == before


async def test_a_patch_completes_the_occurrence_that_it_sets(alice: httpx.AsyncClient) -> None:
    task = await create(alice)
    due = {"date": "2025-11-22", "time": "09:00"}
    done = await change(alice, task, status="complete", title="Feed", due=due, recurrence={"rule": "FREQ=YEARLY"})
    assert done["completed_occurrence"]["due"] == due
    assert done["due"]["date"][4:] == "-11-22"
    assert (await get(alice, "/api/me/completed"))[0]["title"] == "Feed"
    plain = await change(alice, task, status="complete", recurrence=None)
    assert plain["status"] == "complete"
    assert "completed_occurrence" not in plain


async def test_another_occurrence_is_left_alone(alice: httpx.AsyncClient) -> None:
    task = await create(alice)
    first = await complete(alice, task, occurrence="2025-11-20")
    del first["completed_occurrence"]
    assert days(first) == ("2025-11-21", "2025-11-21")
    assert await complete(alice, task, occurrence="2025-11-20") == first
    skipped = await alice.post(f"{path(task)}/skip", json={"occurrence": "2025-11-20"})
    assert (skipped.status_code, skipped.json()) == (200, first)
    said = {"id": task["id"], "occurrence": "2025-11-20"}
    found = await batch(alice, {"op": "complete", **said}, {"op": "skip", **said}, {"op": "reopen", "id": task["id"]})
    assert [one["task"] for one in found] == [first] * 3
    assert (await alice.patch(f"{path(task)}/incomplete")).json() == first
    plain = (await alice.post("/api/me/tasks", json={"title": "x"})).json()
    assert await complete(alice, plain, occurrence="2025-11-20") == plain
    assert len(await get(alice, "/api/me/completed")) == 1


@pytest.mark.parametrize("basis", ["schedule", "completion"])
async def test_of_many_that_complete_one_occurrence_one_does(alice: httpx.AsyncClient, basis: str) -> None:
    """Also early, when a day that is counted from completion can be the same again."""
    task = await create(alice, due="2025-11-21", recurrence={"rule": "FREQ=DAILY", "basis": basis})
    answers = await asyncio.gather(*(complete(alice, task, occurrence="2025-11-21") for _ in range(5)))
    assert sum("completed_occurrence" in answer for answer in answers) == 1
    assert {days(answer) for answer in answers} == {("2025-11-22", "2025-11-22")}
    assert [entry["occurrence"] for entry in await get(alice, "/api/me/completed")] == ["2025-11-21"]


async def test_an_occurrence_that_is_done_does_not_come_again(alice: httpx.AsyncClient) -> None:
    """One device completes two months early, and repeats its request after another has completed the next month."""
    rule = {"rule": "FREQ=MONTHLY;BYMONTHDAY=5;COUNT=10", "basis": "completion"}
    task = await create(alice, due="2025-12-05", recurrence=rule)
    at = {"at": "2025-11-20T12:00:00Z"}
    first = await complete(alice, task, occurrence="2025-12-05", **at)
    assert days(first)[1] == "2026-01-05"
    second = await complete(alice, task, occurrence="2026-01-05", **at)
    assert days(second)[1] == "2026-02-05"
    again = await complete(alice, task, occurrence="2025-12-05", **at)
    assert "completed_occurrence" not in again
    assert days(again)[1] == "2026-02-05"
    undone = await alice.post("/api/me/undo", json={"revision": second["revision"]})
    assert undone.status_code == 200, undone.text
    assert days(await complete(alice, task, occurrence="2026-01-05", **at))[1] == "2026-02-05"
    early = await create(alice, due="2025-12-05", recurrence={"rule": "FREQ=DAILY;INTERVAL=3", "basis": "completion"})
    assert days(await complete(alice, early, at="2025-12-01T12:00:00Z"))[1] == "2025-12-04"


@pytest.mark.parametrize("description", [None, "d" * 5000], ids=["short", "long"])
async def test_a_repeated_request_with_a_key_gets_the_same_occurrence(
    alice: httpx.AsyncClient, description: str | None
) -> None:
    task = await create(alice, description=description)
    first, again = [await alice.patch(f"{path(task)}/complete", headers=KEY) for _ in range(2)]
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json() == again.json()
    assert "completed_occurrence" in first.json()


async def test_the_last_occurrence_completes_the_task(alice: httpx.AsyncClient) -> None:
    rule = {"rule": "FREQ=DAILY;COUNT=2"}
    task = await create(alice, recurrence=rule)
    await complete(alice, task)
    done = await complete(alice, task, "2025-11-21T12:00:00Z")
    assert (done["status"], done["completed_at"]) == ("complete", "2025-11-21T12:00:00.000000Z")
    assert (days(done), done["recurrence"]["rule"]) == (("2025-11-21", "2025-11-21"), "FREQ=DAILY;COUNT=1")
    assert "completed_occurrence" not in done
    assert await complete(alice, task, "2025-11-22T12:00:00Z") == done
    assert (await alice.post(f"{path(task)}/skip")).json() == done
    entries = await get(alice, "/api/me/completed")
    assert [entry["occurrence"] for entry in entries] == ["2025-11-21", "2025-11-20"]
    assert await get(alice, f"{path(task)}/occurrences") == []
    opened = (await alice.patch(f"{path(task)}/incomplete")).json()
    assert opened["status"] == "incomplete"
    assert await get(alice, "/api/me/completed") == entries[1:]


@pytest.mark.parametrize("in_batch", [False, True])
async def test_skipping_moves_on_and_is_nothing_done(alice: httpx.AsyncClient, app: FastAPI, *, in_batch: bool) -> None:
    task = await create(alice, recurrence={"rule": "FREQ=DAILY;COUNT=2"})
    sub = (await alice.post("/api/me/tasks", json={"title": "x", "parent_id": task["id"]})).json()
    await alice.patch(f"{path(sub)}/complete")

    async def skip(at: str) -> Json:
        said = {"completed_at": at, "time_zone": "UTC", "occurrence": None}
        if in_batch:
            return dict((await batch(alice, {"op": "skip", "id": task["id"], **said}))[0]["task"])
        answer = await alice.post(f"{path(task)}/skip", json=said)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async with listening(app) as stream:
        skipped = await skip("2025-11-20T12:00:00Z")
        assert [(await stream.event()).data["kind"] for _ in range(2)] == ["skipped", "reopened"]
    assert days(skipped) == ("2025-11-21", "2025-11-21")
    ended = await skip("2025-11-21T12:00:00Z")
    assert ended["status"] == "complete"
    assert "completed_at" not in ended, "nothing was done"
    assert await kinds(alice, task) == ["skipped", "skipped", "created"]
    assert [entry["task_id"] for entry in await get(alice, "/api/me/completed")] == [sub["id"]]


async def test_only_a_recurring_task_can_be_skipped(alice: httpx.AsyncClient) -> None:
    task = (await alice.post("/api/me/tasks", json={"title": "x", "due": {"date": "2025-11-20"}})).json()
    answer = await alice.post(f"{path(task)}/skip")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_recurring")
    made, refused = await batch(
        alice, {"op": "create", "task": {"title": "y"}}, {"op": "skip", "id": task["id"]}, atomic=False
    )
    assert (made["status"], refused["status"], refused["code"]) == (201, 409, "not_recurring")
    assert await get(alice, path(task)) == task


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            {"occurrence": "today", "completed_at": "today", "time_zone": "Mars", "x": 1},
            [
                ("x", "unknown_field"),
                ("occurrence", "invalid_date"),
                ("completed_at", "invalid_instant"),
                ("time_zone", "unknown_time_zone"),
            ],
        ),
        ({"completed_at": "9000-01-01T00:00:00Z"}, [("completed_at", "in_future")]),
    ],
)
async def test_what_can_not_have_been_is_refused(
    alice: httpx.AsyncClient, said: Json, found: list[tuple[str, str]]
) -> None:
    recurring = await create(alice)
    plain = (await alice.post("/api/me/tasks", json={"title": "x"})).json()
    for task in (recurring, plain):
        assert faults(await alice.patch(f"{path(task)}/complete", json=said)) == found
        operations = [{"op": "complete", "id": task["id"], **said}]
        inside = [(f"operations[0].{field}", code) for field, code in found]
        assert faults(await alice.post("/api/me/batch", json={"operations": operations})) == inside
        assert await get(alice, path(task)) == task
    assert faults(await alice.post(f"{path(recurring)}/skip", json=said)) == found


@pytest.mark.parametrize("status", ["complete", "incomplete"])
async def test_the_future_is_refused_also_where_nothing_is_left_to_do(alice: httpx.AsyncClient, status: str) -> None:
    task = await create(alice, recurrence=None)
    await change(alice, task, status=status)
    said = {"completed_at": "9000-01-01T00:00:00Z", "occurrence": "2025-11-19"}
    for method, way in (("PATCH", "complete"), ("POST", "skip")):
        answer = await alice.request(method, f"{path(task)}/{way}", json=said)
        assert faults(answer) == [("completed_at", "in_future")]


async def test_a_completion_long_before_the_task_is_refused(alice: httpx.AsyncClient) -> None:
    task = await create(alice, recurrence={"rule": "FREQ=DAILY", "basis": "completion"})
    for method, way in (("PATCH", "complete"), ("POST", "skip")):
        answer = await alice.request(method, f"{path(task)}/{way}", json={"completed_at": "2024-11-18T23:59:59Z"})
        assert faults(answer) == [("completed_at", "too_early")]
    assert await get(alice, path(task)) == task
    assert days(await complete(alice, task, "2024-11-19T00:00:00Z"))[0] == "2024-11-20"
    plain = await create(alice, recurrence=None)
    assert (await complete(alice, plain, "1970-01-01T00:00:00Z"))["completed_at"].startswith("1970")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
async def test_a_completion_ignores_a_body_that_has_nothing_for_it(alice: httpx.AsyncClient, kind: str) -> None:
    """Such as clients could send before a body had a meaning. One that has something counts, whatever it is called."""
    task = await create(alice)
    for content in (
        b"",
        b" ",
        b"{}",
        b"null",
        b"[]",
        b'""',
        b'{"title": "x"}',
        b"{",
        b"a=b",
        b'["occurrence"]',
        b"\xff",
    ):
        answer = await alice.patch(f"{path(task)}/complete", content=content, headers={"content-type": kind})
        assert answer.status_code == 200, content
    for content in (b'{"occurrence": "x"}', b'{"occurrence": ', b'{"time_zone": "UTC", "time_zone": "UTC"}'):
        answer = await alice.patch(f"{path(task)}/complete", content=content, headers={"content-type": kind})
        assert answer.status_code == 400, content


async def test_the_body_of_a_skip_is_json_or_absent(alice: httpx.AsyncClient) -> None:
    task = await create(alice)
    for content, kind, status in (
        (b"", "text/plain", 200),
        (b"{}", "application/json", 200),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"{}", "text/plain", 415),
    ):
        answer = await alice.post(f"{path(task)}/skip", content=content, headers={"content-type": kind})
        assert answer.status_code == status


async def test_conditions_hold_for_completing_and_skipping(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    task = await create(alice)
    for method, way in (("PATCH", "complete"), ("POST", "skip")):
        for tag, status in (('"5"', 412), (f'"{task["revision"]}"', 200)):
            answer = await alice.request(method, f"{path(task)}/{way}", headers={"if-match": tag})
            assert answer.status_code == status
        task = answer.json()
        assert (await bob.request(method, f"{path(task)}/{way}")).status_code == 404


# A moment at which it is another day in each place, around midnight and the clocks' changes.
ZONES = [
    ("2025-11-20T10:30:00Z", "Pacific/Pago_Pago", "2025-11-19"),
    ("2025-11-20T11:00:00Z", "Pacific/Pago_Pago", "2025-11-20"),
    ("2025-11-20T07:59:59.999999Z", "America/Los_Angeles", "2025-11-19"),
    ("2025-11-20T08:00:00Z", "America/Los_Angeles", "2025-11-20"),
    ("2025-11-20T23:59:00Z", "UTC", "2025-11-20"),
    ("2025-10-25T21:59:00Z", "Europe/Berlin", "2025-10-25"),
    ("2025-10-26T22:59:00Z", "Europe/Berlin", "2025-10-26"),
    ("2025-11-20T18:30:00Z", "Asia/Kolkata", "2025-11-21"),
    ("2025-11-20T09:59:00Z", "Pacific/Kiritimati", "2025-11-20"),
    ("2025-11-20T10:00:00Z", "Pacific/Kiritimati", "2025-11-21"),
]


@pytest.mark.parametrize(("moment", "zone", "today"), ZONES)
@pytest.mark.parametrize("setting", [False, True], ids=["said", "set"])
async def test_the_day_of_completion_is_where_the_user_is(
    alice: httpx.AsyncClient, moment: str, zone: str, today: str, *, setting: bool
) -> None:
    said = {"time_zone": zone}
    if setting:
        assert (await alice.patch("/api/me", json=said)).status_code == 200
        said = {}
    from_completion = {"rule": "FREQ=DAILY;INTERVAL=10", "basis": "completion"}
    counted = await complete(alice, await create(alice, "2025-01-01", recurrence=from_completion), moment, **said)
    assert int(counted["due"]["date"][-2:]) == (int(today[-2:]) + 10 - 1) % (30 if "-11-" in today else 31) + 1
    by_schedule = await complete(alice, await create(alice, "2025-01-01"), moment, **said)
    assert days(by_schedule) == (today, today), "today is not in the past"


async def test_the_days_ahead_are_listed(alice: httpx.AsyncClient) -> None:
    rule = {"rule": "FREQ=WEEKLY;COUNT=4"}
    task = await create(alice, due="2025-11-20", recurrence=rule)
    target = f"{path(task)}/occurrences"
    found = [{"date": f"2025-{day}"} for day in ("11-20", "11-27", "12-04", "12-11")]
    assert await get(alice, target) == found
    assert await get(alice, f"{target}?limit=2") == found[:2]
    assert await get(alice, f"{target}?from=2025-11-21&to=2025-12-04") == found[1:3]
    plain = await change(alice, task, recurrence=None, due={"date": "2025-11-20", "time": "09:00"})
    assert await get(alice, target) == [plain["due"]]
    assert await get(alice, f"{target}?from=2025-11-21") == []
    await change(alice, task, due=None)
    assert await get(alice, target) == []
    for query, field in (("from=today", "from"), ("to=2025-02-30", "to"), ("limit=1001", "limit"), ("x=1", "x")):
        assert [fault[0] for fault in faults(await alice.get(f"{target}?{query}"))] == [field]


async def test_what_was_done_comes_in_pages_newest_first(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    assert await get(alice, "/api/me/completed") == []
    task = await create(alice)
    plain = (await alice.post("/api/me/tasks", json={"title": "x", "due": {"date": "2025-01-01"}})).json()
    noon = "2025-11-22T12:00:00Z"
    for day in ("20", "21", "22"):
        await complete(alice, task, f"2025-11-{day}T12:00:00Z")
    await complete(alice, plain, noon)
    entries = await get(alice, "/api/me/completed")
    assert [(entry["task_id"], entry.get("occurrence")) for entry in entries] == [
        (task["id"], "2025-11-22"),
        (plain["id"], None),
        (task["id"], "2025-11-21"),
        (task["id"], "2025-11-20"),
    ]
    assert entries[1] == {
        "task_id": plain["id"],
        "title": "x",
        "completed_at": "2025-11-22T12:00:00.000000Z",
        "due": {"date": "2025-01-01"},
        "actor": "alice",
    }
    pages, following = [], "/api/alice/completed?limit=1&to=2025-11-22"
    while following:
        answer = await alice.get(following)
        pages.append(answer.json())
        following = answer.links["next"]["url"] if "next" in answer.links else ""
    assert pages == [[entry] for entry in entries]
    await bob.post("/api/me/tasks", json={"title": "his"})
    assert await get(bob, "/api/me/completed") == []
    cursor = (await alice.get("/api/me/completed?limit=1")).links["next"]["url"].partition("cursor=")[2]
    assert faults(await bob.get(f"/api/me/completed?cursor={cursor}")) == [("cursor", "invalid_cursor")]
    for query, found in {
        "from=2025-11-22": entries[:2],
        "to=2025-11-20": entries[3:],
        "from=2025-11-21T12:00:00Z&to=2025-11-22T12:00:00Z": entries[2:3],
        "to=9999-12-31": entries,
    }.items():
        assert await get(alice, f"/api/me/completed?{query}") == found, query
    assert faults(await alice.get("/api/me/completed?from=today")) == [("from", "invalid_instant")]
    await alice.patch("/api/me", json={"time_zone": "Pacific/Kiritimati"})
    assert await get(alice, "/api/me/completed?from=2025-11-23") == entries[:2], "the days are the user's"


@pytest.mark.one_server
async def test_what_was_done_outlives_the_log_and_goes_with_the_task(alice: httpx.AsyncClient, db: Database) -> None:
    task = await create(alice)
    plain = (await alice.post("/api/me/tasks", json={"title": "x"})).json()
    await complete(alice, task)
    done = await complete(alice, plain)
    assert done["completed_at"] == "2025-11-20T12:00:00.000000Z"
    assert await complete(alice, plain, "2025-11-21T12:00:00Z") == done, "it stays as it was"
    async with db.transaction() as transaction:
        await transaction.write("select set_config('doable.actor', 'carol', true)")
        await transaction.write("update doable.tasks set status = 'incomplete' where id = $1", plain["id"])
        await transaction.write("update doable.tasks set status = 'complete' where id = $1", plain["id"])
    entries = await get(alice, "/api/me/completed")
    assert [(entry["task_id"], entry["actor"]) for entry in entries] == [(plain["id"], "carol"), (task["id"], "alice")]
    await db.write("delete from doable.changes")
    assert [entry["task_id"] for entry in await get(alice, "/api/me/completed")] == [plain["id"], task["id"]]
    await alice.patch(f"{path(plain)}/incomplete")
    assert [entry["task_id"] for entry in await get(alice, "/api/me/completed")] == [task["id"]]
    await alice.delete(path(task))
    assert len(await get(alice, "/api/me/completed")) == 1, "it can come back"
    await alice.delete("/api/me/trash")
    assert await get(alice, "/api/me/completed") == []
