"""Run by test_new_field.py on a copy of the project whose tasks have one field more: `note`, at most 200 characters."""

import json
from pathlib import Path
from typing import Any

import httpx
from hypothesis import find

import doable
import strategies
from doable.model import Task
from doable.operations.export import export
from doable.store.address import Address

HERE = Path(__file__).parent


async def create(alice: httpx.AsyncClient, **words: object) -> dict[str, Any]:
    answer = await alice.post("/api/me/tasks", json={"title": "Call Ada", **words})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_this_is_the_copy() -> None:
    assert Path(doable.__file__).is_relative_to(HERE.parent.parent)


async def test_the_field_is_set_changed_and_cleared(alice: httpx.AsyncClient) -> None:
    task = await create(alice, note="about the party")
    path = f"/api/me/tasks/{task['id']}"
    assert task["note"] == "about the party"
    assert (await alice.put(path, json={"title": "Call Bob"})).json()["note"] == "about the party"
    assert (await alice.put(path, json={"note": "soon"})).json()["note"] == "soon"
    assert (await alice.patch(f"{path}/complete")).json()["note"] == "soon"
    assert (await alice.get("/api/me/tasks")).json()[0]["note"] == "soon"
    assert (await alice.get("/api/me/sync")).json()["tasks"][0]["note"] == "soon"
    assert "note" not in (await alice.put(path, json={"note": None})).json()
    assert "note" not in (await alice.get(path)).json()
    history = (await alice.get(f"{path}/history")).json()
    notes = [entry["after"].get("note") for entry in history]
    assert notes == [None, "soon", "soon", "about the party", "about the party"]


async def test_a_task_without_it_looks_as_before(alice: httpx.AsyncClient) -> None:
    names = {"id", "user_id", "title", "description", "status", "created_at", "updated_at", "revision", "position"}
    assert (await create(alice)).keys() == names


async def test_what_it_can_not_hold_is_refused(alice: httpx.AsyncClient) -> None:
    for note, sentence in (("x" * 201, "Note must be 200 characters or less"), (5, "Note must be a string or null")):
        answer = await alice.post("/api/me/tasks", json={"title": "x", "note": note})
        assert (answer.status_code, answer.json()["error"]) == (400, sentence)


async def test_a_batch_knows_it(alice: httpx.AsyncClient) -> None:
    operations = [
        {"op": "create", "ref": "a", "task": {"title": "Call Ada", "note": "soon"}},
        {"op": "create", "task": {"title": "Call Bob"}},
        {"op": "update", "id": {"ref": "a"}, "task": {"note": "later"}},
        {"op": "update", "id": {"ref": "a"}, "task": {"note": None}},
    ]
    results = (await alice.post("/api/me/batch", json={"operations": operations})).json()["results"]
    assert [result["task"].get("note") for result in results] == ["soon", None, "later", None]


def test_property_tests_try_it() -> None:
    for words in (strategies.new(Task), strategies.edits(Task), strategies.faulty(Task)):
        assert find(words, lambda words: words.get("note") is not None)


async def test_the_export_has_it(alice: httpx.AsyncClient, address: Address) -> None:
    await create(alice, note="soon")
    parts: list[bytes] = []
    await export(address, "alice", parts.append)
    assert json.loads(b"".join(parts))["tasks"][0]["note"] == "soon"


async def test_the_documents_have_it(alice: httpx.AsyncClient) -> None:
    schemas = (await alice.get("/openapi.json")).json()["components"]["schemas"]
    for name in ("Task", "TaskCreate", "TaskUpdate"):
        note = schemas[name]["properties"]["note"]
        schema = note if name == "Task" else note["anyOf"][0]  # null clears it, and no response has it
        assert schema["maxLength"] == 200
        assert "note" not in schemas[name].get("required", [])
    assert "| `note` | yes | Up to 200 characters, kept as sent. |" in (HERE.parent.parent / "docs/api.md").read_text()
