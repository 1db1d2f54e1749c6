"""Many operations in one request: what each answers, and that all or nothing is meant."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import client_of
from doable.core.batch import BatchService
from doable.core.owners import Owners
from doable.errors import TokenInvalid
from doable.model import Actor
from doable.store.address import Address
from doable.store.database import Database
from doable.store.observation import Observation

Op = dict

NO_REFERENCE = 'A reference must be an object like {"ref": "a"} or {"uid": "…"}'


async def batch(client: httpx.AsyncClient, *operations: object, **more: object) -> httpx.Response:
    return await client.post("/api/me/batch", json={"operations": list(operations), **more})


async def results(client: httpx.AsyncClient, *operations: object, atomic: bool = True) -> list[dict]:
    answer = await batch(client, *operations, atomic=atomic)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def statuses(found: Sequence[dict]) -> list[int]:
    return [result["status"] for result in found]


def create(title: object = "Buy groceries", **more: object) -> Op:
    return {"op": "create", "task": {"title": title}, **more}


async def tasks(client: httpx.AsyncClient) -> list[dict]:
    return (await client.get("/api/me/tasks")).json()


async def test_every_operation_is_answered_in_its_place(alice: httpx.AsyncClient) -> None:
    old, gone = [result["task"] for result in await results(alice, create("old"), create("gone"))]
    found = await results(
        alice,
        {"op": "delete", "id": gone["id"]},
        create("new", ref="a"),
        {"op": "complete", "id": {"ref": "a"}},
        {"op": "update", "id": old["id"], "if_match": old["revision"], "task": {"title": "older"}},
        {"op": "complete", "id": old["id"]},
        {"op": "reopen", "id": {"ref": "a"}},
        {"op": "update", "id": {"ref": "a"}, "task": {"description": "here"}},
        {"op": "update", "id": {"ref": "a"}, "task": {"description": None}},
    )
    assert statuses(found) == [204, 201, 200, 200, 200, 200, 200, 200]
    assert list(found[0]) == ["status"]
    assert [(one["task"]["title"], one["task"]["status"], one["task"]["description"]) for one in found[1:]] == [
        ("new", "incomplete", None),
        ("new", "complete", None),
        ("older", "incomplete", None),
        ("older", "complete", None),
        ("new", "incomplete", None),
        ("new", "incomplete", "here"),
        ("new", "incomplete", None),
    ]
    assert await tasks(alice) == [found[7]["task"], found[4]["task"]]


async def test_tasks_are_created_in_the_order_of_the_operations(alice: httpx.AsyncClient) -> None:
    titles = [str(number % 7) for number in range(500)]
    made = [result["task"] for result in await results(alice, *map(create, titles))]
    assert [task["title"] for task in made] == titles
    assert [task["revision"] for task in made] == list(range(1, 501))
    assert sorted(made, key=lambda task: task["id"]) == made
    assert [task["title"] for task in await tasks(alice)] == titles[::-1]


@pytest.mark.parametrize(
    ("failing", "status", "code"),
    [
        ({"op": "complete", "id": 2**63 - 1}, 404, "task_not_found"),
        ({"op": "delete", "id": "theirs"}, 404, "task_not_found"),
        ({"op": "update", "id": "mine", "if_match": 99, "task": {"title": "x"}}, 412, "stale"),
        ({"op": "reopen", "id": {"ref": "a"}, "if_match": 99}, 412, "stale"),
        ({"op": "create", "task": {"title": " "}}, 400, "invalid_input"),
    ],
)
async def test_an_atomic_batch_takes_effect_as_a_whole_or_not_at_all(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, failing: Op, status: int, code: str
) -> None:
    [mine], [theirs] = await results(alice, create("mine")), await results(bob, create("theirs"))
    known = {"mine": mine["task"]["id"], "theirs": theirs["task"]["id"]}
    failing = {**failing, "id": known.get(str(failing.get("id")), failing.get("id"))} if "id" in failing else failing
    before = [await tasks(alice), await tasks(bob)]
    answer = await batch(
        alice,
        create("new", ref="a"),
        {"op": "complete", "id": known["mine"]},
        failing,
        {"op": "complete", "id": 2**63 - 1},
    )
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["index"]) == (status, code, 2)
    assert [await tasks(alice), await tasks(bob)] == before
    found = await results(alice, create("next"))
    assert found[0]["task"]["revision"] == mine["task"]["revision"] + 1


async def test_the_first_failing_operation_is_named_however_the_work_is_ordered(alice: httpx.AsyncClient) -> None:
    [task] = await results(alice, create())
    id = task["task"]["id"]
    answer = await batch(
        alice, {"op": "delete", "id": id}, {"op": "complete", "id": id}, {"op": "delete", "id": 2**63 - 1}
    )
    assert (answer.status_code, answer.json()["index"]) == (404, 1)


async def test_a_stale_operation_shows_the_task_as_it_was_when_its_turn_came(alice: httpx.AsyncClient) -> None:
    [task] = await results(alice, create())
    id, revision = task["task"]["id"], task["task"]["revision"]
    found = await results(
        alice,
        {"op": "complete", "id": id, "if_match": revision},
        {"op": "reopen", "id": id, "if_match": revision},
        {"op": "delete", "id": id, "if_match": revision + 1},
        atomic=False,
    )
    assert statuses(found) == [200, 412, 204]
    assert found[1]["current"] == found[0]["task"]


async def test_without_atomic_each_operation_succeeds_or_fails_by_itself(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    [theirs] = await results(bob, create("theirs"))
    found = await results(
        alice,
        create(""),
        create("kept", ref="kept"),
        create("x" * 256, ref="failed"),
        {"op": "complete", "id": {"ref": "failed"}},
        {"op": "delete", "id": {"ref": "nobody"}},
        {"op": "complete", "id": theirs["task"]["id"]},
        {"op": "complete", "id": {"ref": "kept"}},
        {"op": "paint", "id": 1},
        "nonsense",
        atomic=False,
    )
    assert statuses(found) == [400, 201, 400, 424, 400, 404, 200, 400, 400]
    assert found[0]["errors"] == [
        {"field": "operations[0].task.title", "code": "required", "message": "Title is required"}
    ]
    assert (found[3]["code"], found[3]["error"]) == (
        "operation_skipped",
        "The operation that this one refers to failed",
    )
    assert found[4]["errors"][0]["field"] == "operations[4].id.ref"
    assert found[5]["error"] == "Task not found"
    assert await tasks(alice) == [found[6]["task"]]
    assert (await tasks(bob))[0]["status"] == "incomplete"


async def test_a_batch_of_which_nothing_can_be_done_changes_nothing(alice: httpx.AsyncClient) -> None:
    assert statuses(await results(alice, "nonsense", {"op": "delete", "id": 1}, atomic=False)) == [400, 404]


@pytest.mark.parametrize(
    ("operation", "faults"),
    [
        ([], {"operations[1]": "An operation must be an object"}),
        ({}, {"operations[1].op": "Op must be one of create, update, complete, reopen, delete"}),
        ({"op": []}, {"operations[1].op": "Op must be one of create, update, complete, reopen, delete"}),
        ({"op": "create"}, {"operations[1].task": "Task must be an object"}),
        (
            {"op": "create", "task": {"title": "", "id": 1}, "ref": 5, "id": 7},
            {
                "operations[1].id": "Unknown field 'id'",
                "operations[1].ref": "Ref must be a string of 1 to 255 characters",
                "operations[1].task.title": "Title is required",
                "operations[1].task.id": "Field 'id' is set by the server",
            },
        ),
        (create(ref=""), {"operations[1].ref": "Ref must be a string of 1 to 255 characters"}),
        (create(ref="x" * 256), {"operations[1].ref": "Ref must be a string of 1 to 255 characters"}),
        (create(ref="a"), {"operations[1].ref": "Two operations have the ref 'a'"}),
        (
            {"op": "update", "id": 1, "task": {}},
            {"operations[1].task": "At least one field (title or description) must be provided"},
        ),
        ({"op": "update", "id": 1, "task": {"title": None}}, {"operations[1].task.title": "Title cannot be empty"}),
        ({"op": "delete", "id": 1, "task": {}}, {"operations[1].task": "Unknown field 'task'"}),
        ({"op": "delete"}, {"operations[1].id": "Invalid task ID"}),
        ({"op": "delete", "id": 0}, {"operations[1].id": "Invalid task ID"}),
        ({"op": "delete", "id": 2**63}, {"operations[1].id": "Invalid task ID"}),
        ({"op": "delete", "id": True}, {"operations[1].id": "Invalid task ID"}),
        ({"op": "delete", "id": "1"}, {"operations[1].id": "Invalid task ID"}),
        (
            {"op": "delete", "id": {"ref": 1}},
            {"operations[1].id": NO_REFERENCE},
        ),
        (
            {"op": "delete", "id": {"ref": "a", "id": 1}},
            {"operations[1].id": NO_REFERENCE},
        ),
        (
            {"op": "delete", "id": {"ref": "later"}},
            {"operations[1].id.ref": "No earlier operation has the ref 'later'"},
        ),
        (
            {"op": "delete", "id": 1, "if_match": None},
            {"operations[1].if_match": "If_match must be the revision of a task"},
        ),
        (
            {"op": "delete", "id": 1, "if_match": '"7"'},
            {"operations[1].if_match": "If_match must be the revision of a task"},
        ),
    ],
)
async def test_every_fault_is_named_with_its_place(
    alice: httpx.AsyncClient, operation: object, faults: dict[str, str]
) -> None:
    answer = await batch(alice, create(ref="a"), operation, create(ref="later"))
    assert answer.status_code == 400
    problem = answer.json()
    assert {fault["field"]: fault["message"] for fault in problem["errors"]} == faults
    assert (problem["error"], problem["index"]) == (next(iter(faults.values())), 1)
    assert await tasks(alice) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Operations must be an array of 1 to 500 operations"),
        ({"operations": []}, "Operations must be an array of 1 to 500 operations"),
        ({"operations": {}}, "Operations must be an array of 1 to 500 operations"),
        ({"operations": [create()] * 501}, "Operations must be an array of 1 to 500 operations"),
        ({"operations": [create()], "atomic": "no"}, "Atomic must be true or false"),
        ({"operations": [create()], "atomic": None}, "Atomic must be true or false"),
        ({"operations": [create()], "size": 1}, "Unknown field 'size'"),
    ],
)
async def test_a_batch_that_is_none_is_refused(alice: httpx.AsyncClient, body: dict, sentence: str) -> None:
    answer = await alice.post("/api/me/batch", json=body)
    assert (answer.status_code, answer.json()["error"], "index" in answer.json()) == (400, sentence, False)
    assert await tasks(alice) == []


async def test_500_operations_on_one_task_take_their_turns(alice: httpx.AsyncClient) -> None:
    [task] = await results(alice, create())
    turns = [{"op": op, "id": task["task"]["id"]} for op in ("complete", "reopen") * 10]
    found = await results(alice, *turns)
    assert [one["task"]["revision"] for one in found] == list(range(2, 22))


async def test_many_operations_on_one_task_are_one_statement(address: Address, alice: httpx.AsyncClient) -> None:
    (made,) = await results(alice, create())
    statements: list[str] = []
    observation = Observation(observers=[lambda name, seconds, error: statements.append(name)])  # noqa: ARG005
    db = Database(address, observation=observation)
    completing = [{"op": ("complete", "reopen")[turn % 2], "id": made["task"]["id"]} for turn in range(100)]
    await BatchService(db, owners=Owners(provisions=False), services={}).run(
        Actor("alice"), "alice", {"operations": [create(), *completing]}
    )
    await db.close()
    assert statements == ["batch.LOCK", "batch.CREATE", "batch.CHANGE"]


async def test_batches_on_the_same_tasks_wait_for_each_other_instead_of_deadlocking(
    app: FastAPI, alice: httpx.AsyncClient
) -> None:
    ids = [result["task"]["id"] for result in await results(alice, *[create()] * 8)]
    async with client_of(app, "alice") as second, client_of(app, "alice") as third:

        async def work(client: httpx.AsyncClient, order: Sequence[int]) -> set[int]:
            turns = [{"op": op, "id": id} for id in order for op in ("complete", "reopen")]
            return {(await batch(client, *turns)).status_code for _ in range(5)}

        answers = await asyncio.gather(work(alice, ids), work(second, ids[::-1]), work(third, ids[4:] + ids[:4]))
    assert set.union(*answers) == {200}
    assert (await results(alice, create()))[0]["task"]["revision"] == 8 + 3 * 5 * 16 + 1


async def test_an_account_that_is_gone_can_create_nothing(db: Database) -> None:
    with pytest.raises(TokenInvalid):
        await BatchService(db, owners=Owners(provisions=False), services={}).run(
            Actor("nobody"), "nobody", {"operations": [create()]}
        )


async def test_nobody_batches_for_another(bob: httpx.AsyncClient) -> None:
    answer = await bob.post("/api/alice/batch", json={"operations": [create()]})
    assert (answer.status_code, answer.json()["error"]) == (403, "You can only access your own tasks")


# A few tasks and many operations on them, so that the same task is met again and again.
NUMBERS = st.integers(0, 5)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), st.sampled_from(["one", "two"])),
        st.tuples(st.sampled_from(["complete", "reopen", "delete"]), NUMBERS),
        st.tuples(st.just("update"), NUMBERS, st.sampled_from(["three", "four"])),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OPERATIONS)
async def test_a_batch_does_what_the_requests_would_do_one_after_the_other(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, steps: list[tuple]
) -> None:
    """Bob sends single requests, Alice the same as one batch; number n is the n-th task that was created."""
    hers = [one["task"]["id"] for one in await results(alice, create("0"), create("1"), create("2"))]
    his = [one["task"]["id"] for one in await results(bob, create("0"), create("1"), create("2"))]
    before = len(hers)
    operations: list[Op] = []
    expected: list[int] = []
    for step in steps:
        if step[0] == "create":
            operations.append(create(step[1], ref=str(before)))
            answer = await bob.post("/api/me/tasks", json={"title": step[1]})
            his.append(answer.json()["id"])
            before += 1
        else:
            absent = step[1] >= before
            target = 2**62 if absent else hers[step[1]] if step[1] < len(hers) else {"ref": str(step[1])}
            url = f"/api/me/tasks/{2**62 if absent else his[step[1]]}"
            if step[0] == "update":
                operations.append({"op": "update", "id": target, "task": {"title": step[2]}})
                answer = await bob.put(url, json={"title": step[2]})
            elif step[0] == "delete":
                operations.append({"op": "delete", "id": target})
                answer = await bob.delete(url)
            else:
                operations.append({"op": step[0], "id": target})
                answer = await bob.patch(f"{url}/{'complete' if step[0] == 'complete' else 'incomplete'}")
        expected.append(answer.status_code)
    assert statuses(await results(alice, *operations, atomic=False)) == expected
    left = [[(task["title"], task["status"]) for task in await tasks(client)] for client in (alice, bob)]
    assert left[0] == left[1]
    assert [(await client.get("/api/me/sync")).json()["has_more"] for client in (alice, bob)] == [False, False]


# Operations that depend on more than one object, and objects of other types.


async def test_operations_on_all_types_run_in_order(alice: httpx.AsyncClient) -> None:
    made = await results(
        alice,
        {"op": "create", "type": "list", "ref": "home", "list": {"name": "Home", "uid": "home"}},
        {"op": "create", "type": "list", "list": {"name": "Again", "uid": "home"}},
        {"op": "create", "type": "label", "ref": "a", "label": {"name": "a"}},
        {"op": "create", "ref": "top", "task": {"title": "top", "list_id": {"ref": "home"}, "labels": ["A", "b"]}},
        {"op": "create", "ref": "sub", "task": {"title": "sub", "parent_id": {"ref": "top"}}},
        {"op": "update", "type": "label", "id": {"ref": "a"}, "label": {"name": "aa"}},
        {"op": "update", "id": {"ref": "top"}, "task": {"remove_labels": ["b"], "status": "complete"}},
        {"op": "create", "ref": "other", "task": {"title": "other", "list_id": {"uid": "home"}}},
        {"op": "move", "id": {"ref": "other"}, "before": {"ref": "top"}},
        {"op": "reopen", "id": {"ref": "top"}},
        {"op": "complete", "type": "task", "id": {"ref": "sub"}},
        {"op": "move", "type": "list", "id": {"uid": "home"}, "to": "first"},
        {"op": "delete", "type": "label", "id": {"ref": "a"}},
    )
    assert [result["status"] for result in made] == [201, 200, 201, 201, 201, 200, 200, 201, 200, 200, 200, 200, 204]
    assert made[1]["list"] == made[0]["list"]
    home = made[0]["list"]["id"]
    assert [made[place]["task"]["list_id"] for place in (3, 4, 7)] == [home] * 3
    assert made[4]["task"]["parent_id"] == made[3]["task"]["id"]
    assert made[5]["label"]["name"] == "aa"
    assert made[6]["task"]["labels"] == ["aa"]
    assert made[8]["task"]["position"] < made[3]["task"]["position"]
    present = {task["title"]: task for task in (await alice.get("/api/me/tasks")).json()}
    assert {title: task["status"] for title, task in present.items()} == {
        "top": "incomplete",
        "sub": "complete",
        "other": "incomplete",
    }
    assert "labels" not in present["top"]


@pytest.mark.parametrize(
    ("operation", "field", "code"),
    [
        ({"op": "create", "type": "board", "board": {}}, "type", "unknown_type"),
        ({"op": "create", "type": [], "list": {}}, "type", "unknown_type"),
        ({"op": "complete", "type": "list", "id": 1}, "op", "unknown_operation"),
        ({"op": "create", "type": "list", "list": {"name": "x"}, "task": {}}, "task", "unknown_field"),
        ({"op": "create", "type": "list"}, "list", "wrong_type"),
        ({"op": "create", "type": "list", "list": {"name": ""}}, "list.name", "required"),
        ({"op": "create", "type": "label", "label": {"name": "x" * 61}}, "label.name", "too_long"),
        ({"op": "update", "type": "list", "id": 1, "list": {}}, "list", "nothing_to_change"),
        ({"op": "update", "id": 0, "task": {"labels": ["x"]}}, "id", "invalid_task_id"),
        ({"op": "update", "id": 1, "if_match": "1", "task": {"labels": []}}, "if_match", "invalid_revision"),
        ({"op": "create", "task": {"title": "x", "labels": "x"}}, "task.labels", "invalid_names"),
        ({"op": "create", "task": {"title": "x", "list_id": {"ref": "b"}}}, "task.list_id.ref", "unknown_ref"),
        ({"op": "create", "task": {"title": "x", "parent_id": {"id": 1}}}, "task.parent_id", "invalid_ref"),
        ({"op": "create", "task": {"title": "x", "list_id": 2**60}}, "task.list_id", "list_not_found"),
        ({"op": "create", "task": {"title": "x", "list_id": {"uid": "none"}}}, "task.list_id", "list_not_found"),
        ({"op": "move", "id": 1, "to": "top"}, "to", "invalid_end"),
        ({"op": "move", "type": "list", "id": 1, "list_id": 1}, "list_id", "unknown_field"),
        ({"op": "create", "type": "list", "ref": 5, "list": {"name": "x"}}, "ref", "invalid_ref"),
    ],
)
async def test_a_fault_in_an_operation_of_any_type_is_named(
    alice: httpx.AsyncClient, operation: Op, field: str, code: str
) -> None:
    answer = await batch(alice, {"op": "create", "type": "list", "ref": "a", "list": {"name": "x"}}, operation)
    assert answer.status_code == 400, answer.text
    assert answer.json()["index"] == 1
    assert [(fault["field"], fault["code"]) for fault in answer.json()["errors"]] == [(f"operations[1].{field}", code)]
    assert (await alice.get("/api/me/lists")).json() == []


async def test_an_operation_that_is_no_object_is_refused_among_others(alice: httpx.AsyncClient) -> None:
    answer = await batch(alice, {"op": "move", "id": 1}, 5)
    assert [fault["code"] for fault in answer.json()["errors"]] == ["not_an_object"]


@pytest.mark.parametrize("atomic", [True, False])
async def test_all_or_each_on_its_own_holds_for_every_type(alice: httpx.AsyncClient, *, atomic: bool) -> None:
    operations = [
        {"op": "create", "type": "list", "ref": "a", "list": {"name": "x"}},
        {"op": "create", "type": "list", "ref": "bad", "list": {"name": ""}},
        {"op": "create", "task": {"title": "x", "list_id": {"ref": "bad"}}},
        {"op": "delete", "type": "label", "id": 2**60},
        {"op": "delete", "type": "list", "id": {"uid": "none"}},
        {"op": "update", "type": "list", "id": {"ref": "a"}, "if_match": 2**60, "list": {"name": "y"}},
        {"op": "create", "task": {"title": "x", "list_id": {"ref": "a"}}},
        {"op": "create", "type": "label", "label": {"name": "l"}},
        {"op": "create", "type": "label", "label": {"name": "L"}},
    ]
    if atomic:
        del operations[1:3]
    answer = await batch(alice, *operations, atomic=atomic)
    if atomic:
        assert (answer.status_code, answer.json()["code"], answer.json()["index"]) == (404, "label_not_found", 1)
        assert (await alice.get("/api/me/lists")).json() == []
        return
    statuses = [result["status"] for result in answer.json()["results"]]
    assert statuses == [201, 400, 424, 404, 404, 412, 201, 201, 409]
    (task,) = (await alice.get("/api/me/tasks")).json()
    assert task["list_id"] == (await alice.get("/api/me/lists")).json()[0]["id"]


async def test_a_batch_of_all_types_can_be_repeated_with_a_key(alice: httpx.AsyncClient) -> None:
    body = {"operations": [{"op": "create", "type": "list", "list": {"name": "x"}}]}
    first, again = [await alice.post("/api/me/batch", json=body, headers={"idempotency-key": '"k"'}) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content) == (200, first.content)
    assert len((await alice.get("/api/me/lists")).json()) == 1


async def test_an_object_from_before_is_named_by_its_uid(alice: httpx.AsyncClient) -> None:
    home = (await alice.post("/api/me/lists", json={"name": "Home", "uid": "home"})).json()
    changed, made = await results(
        alice,
        {"op": "update", "type": "list", "id": {"uid": "home"}, "list": {"name": "House"}},
        {"op": "create", "task": {"title": "x", "list_id": {"uid": "home"}}},
    )
    assert changed["list"]["id"] == made["task"]["list_id"] == home["id"]
