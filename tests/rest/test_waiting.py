"""The writers of one user in two processes wait for one another, and never two for each other."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address

ROUNDS = 3
TASKS = "/api/me/tasks"
BATCH = "/api/me/batch"

Json = dict[str, Any]
Write = tuple[str, str, Json | None]


class World:
    """A task that recurs, in a list, and its complete subtasks, which have a label."""

    def __init__(self, client: httpx.AsyncClient, number: int) -> None:
        self._client = client
        self.number = number

    async def fill(self) -> None:
        list_id = (await self._made("/api/me/lists", name="Home"))["id"]
        due, rule = {"date": "2025-11-20"}, {"rule": "FREQ=DAILY"}
        self.parent = (await self._made(TASKS, title="Clean", list_id=list_id, due=due, recurrence=rule))["id"]
        self.list, self.task = f"/api/me/lists/{list_id}", f"{TASKS}/{self.parent}"
        label = f"work{self.number}"
        room = {"op": "create", "task": {"title": "Room", "parent_id": self.parent, "labels": [label]}}
        rooms = await self._made(BATCH, operations=[room] * 12)
        self.rooms = [result["task"]["id"] for result in rooms["results"]]
        await self._made(BATCH, operations=[{"op": "complete", "id": id} for id in self.rooms])
        for wanted in (None, list_id):
            moved = await self._client.patch(self.task, json={"list_id": wanted})
        self.revision = moved.json()["revision"]
        labels = (await self._client.get("/api/me/labels")).json()
        self.label = f"/api/me/labels/{next(one['id'] for one in labels if one['name'] == label)}"

    async def _made(self, target: str, **fields: object) -> Json:
        answer = await self._client.post(target, json=fields)
        assert answer.status_code in {200, 201}, answer.text
        return dict(answer.json())


def many(world: World) -> list[Write]:
    """Operations that depend on others: the first one locks the owner."""
    return [batch(*({"op": "update", "id": id, "task": {"labels": ["home"]}} for id in world.rooms))]


def subtasks(world: World) -> list[Write]:
    """The first operation locks the owner before the second one needs the parent."""
    new = {"title": "New", "parent_id": world.parent}
    changes = [{"op": "update", "id": world.parent, "task": {"title": title, "labels": None}} for title in "abcd"]
    batches = [batch(change, {"op": "create", "task": new}) for change in changes]
    return [one for both in batches for one in (both, ("POST", TASKS, new))]


def both(world: World) -> list[Write]:
    recurring = {"op": "update", "id": world.parent, "task": {"title": "Tidy"}}
    return [batch(recurring, {"op": "complete", "id": world.rooms[-1]}), ("DELETE", f"{TASKS}/{world.rooms[0]}", None)]


def batch(*operations: Json) -> Write:
    return "POST", BATCH, {"operations": operations, "atomic": False}


WRITES: dict[str, Callable[[World], list[Write]]] = {
    "complete": lambda world: [("PATCH", f"{world.task}/complete", None)],
    "status": lambda world: [("PATCH", world.task, {"status": "complete"})],
    "skip": lambda world: [("POST", f"{world.task}/skip", None)],
    "edit": lambda world: [("PATCH", world.task, {"list_id": None})],
    "move": lambda world: [("POST", f"{world.task}/move", {"list_id": None})],
    "delete": lambda world: [("DELETE", world.task, None)],
    "remove": lambda world: [("DELETE", f"{world.task}?permanent=true", None)],
    "rename": lambda world: [("PATCH", world.label, {"name": f"job{world.number}"})],
    "unlabel": lambda world: [("DELETE", world.label, None)],
    "trash": lambda world: [("DELETE", world.list, None)],
    "empty": lambda world: [("DELETE", f"{world.list}?tasks=keep", None)],
    "undo": lambda world: [("POST", "/api/me/undo", {"revision": world.revision})],
    "many": many,
    "subtasks": subtasks,
    "both": both,
}


@pytest.mark.parametrize("writes", WRITES.values(), ids=WRITES)
async def test_no_two_writers_wait_for_each_other(
    settings: Settings, address: Address, monkeypatch: pytest.MonkeyPatch, writes: Callable[[World], list[Write]]
) -> None:
    deadlocks: list[object] = []
    monkeypatch.setattr(
        asyncpg.DeadlockDetectedError, "__init__", lambda _, *args: deadlocks.append(args), raising=False
    )
    here, there = create_app(settings, address), create_app(settings, address)
    async with (
        here.router.lifespan_context(here),
        there.router.lifespan_context(there),
        client_of(here, "alice") as one,
        client_of(there, "alice") as two,
    ):

        async def send(client: httpx.AsyncClient, write: Write) -> httpx.Response:
            method, target, body = write
            return await client.request(method, target, json=body)

        for number in range(ROUNDS):
            world = World(one, number)
            await world.fill()
            edits: list[Write] = [("PATCH", f"{TASKS}/{id}", {"title": "Hall"}) for id in reversed(world.rooms)]
            edits.append(batch(*({"op": "update", "id": id, "task": {"title": "Loft"}} for id in world.rooms)))
            sent = [*(send(one, write) for write in writes(world)), *(send(two, edit) for edit in edits)]
            answers = await asyncio.gather(*sent)
            assert {answer.status_code for answer in answers} <= {200, 201, 204, 404}
    assert deadlocks == []
