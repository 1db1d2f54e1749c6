"""Clients with copies of their own, through whatever happens to them: who has synced has what the server has."""

import asyncio
import uuid
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database

THOROUGH = hypothesis_settings(max_examples=80, stateful_step_count=40, deadline=None, database=None)

T = TypeVar("T")
Task = dict[str, Any]


@dataclass
class Copy:
    """What a client keeps: the tasks, and the cursor that belongs to them."""

    tasks: dict[int, Task] = field(default_factory=dict)
    cursor: str | None = None

    def apply(self, delta: dict[str, Any]) -> None:
        for gone in delta["removed"]:
            self.tasks.pop(gone["id"], None)
        for task in delta["tasks"]:
            known = self.tasks.get(task["id"])
            assert known is None or known["revision"] <= task["revision"]
            self.tasks[task["id"]] = task

    def clone(self) -> "Copy":
        return Copy(dict(self.tasks), self.cursor)


class World:
    """One service, and the loop it lives in."""

    def __init__(self, settings: Settings, address: Address) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.db = Database(address)
        self.client = self.run(self._open(create_app(settings, address)))

    async def _open(self, app: Any) -> httpx.AsyncClient:
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        return await self._stack.enter_async_context(client_of(app, "alice"))

    def run(self, awaitable: Awaitable[T]) -> T:
        async def wrapped() -> T:
            return await awaitable

        return self._runner.run(wrapped())

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.run(self.client.request(method, f"/api/me{path}", **more))

    def close(self) -> None:
        async def close() -> None:
            await self.db.close()
            await self._stack.aclose()

        self.run(close())
        self._runner.close()


COPIES = 3
some_copy = st.integers(0, COPIES - 1)
some_task = st.integers(0, 1000)
some_limit = st.sampled_from([1, 2, 1000])
some_title = st.sampled_from(["milk", "bread", "eggs"])


class Clients(RuleBasedStateMachine):
    """Alice with three devices."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world.run(self.world.db.write("delete from doable.users"))
        self.copies = [Copy() for _ in range(COPIES)]
        self.backups = [Copy() for _ in range(COPIES)]
        self.tasks: dict[int, tuple[str, str]] = {}  # title and status, by id: what the server should have
        self.was_pruned = False

    @initialize()
    def begin(self) -> None:
        """With more than a page or two."""
        for _ in range(6):
            self.create("milk")

    @rule(title=some_title, is_lost=st.booleans())
    def create(self, title: str, is_lost: bool = False) -> None:
        """Whoever sends it again without a key makes two."""
        for _ in range(1 + is_lost):
            answer = self.world.ask("POST", "/tasks", json={"title": title})
            assert answer.status_code == 201
            self.tasks[answer.json()["id"]] = (title, "incomplete")

    @rule(title=some_title)
    def create_with_a_key_and_lose_the_reply(self, title: str) -> None:
        first, again = self._ask_twice("POST", "/tasks", json={"title": title})
        assert (first.status_code, first.content) == (again.status_code, again.content)
        self.tasks[first.json()["id"]] = (title, "incomplete")

    @precondition(lambda self: self.tasks)
    @rule(which=some_task)
    def delete_with_a_key_and_lose_the_reply(self, which: int) -> None:
        id = self._id(which)
        first, again = self._ask_twice("DELETE", f"/tasks/{id}")
        assert first.status_code == again.status_code == 204
        del self.tasks[id]

    @precondition(lambda self: self.tasks)
    @rule(which=some_task, status=st.sampled_from(["complete", "incomplete"]), is_lost=st.booleans())
    def set_status(self, which: int, status: str, is_lost: bool) -> None:
        id = self._id(which)
        for _ in range(1 + is_lost):
            answer = self.world.ask("PATCH", f"/tasks/{id}/{status}")
            assert (answer.status_code, answer.json()["status"]) == (200, status)
        self.tasks[id] = (self.tasks[id][0], status)

    @precondition(lambda self: self.tasks)
    @rule(which=some_task, title=some_title, is_lost=st.booleans())
    def rename(self, which: int, title: str, is_lost: bool) -> None:
        id = self._id(which)
        for _ in range(1 + is_lost):
            assert self.world.ask("PUT", f"/tasks/{id}", json={"title": title}).status_code == 200
        self.tasks[id] = (title, self.tasks[id][1])

    @precondition(lambda self: self.tasks)
    @rule(which=some_task, is_lost=st.booleans())
    def delete(self, which: int, is_lost: bool) -> None:
        self._delete(self._id(which), is_lost)

    @rule(number=some_copy)
    def delete_what_a_copy_has(self, number: int) -> None:
        for id in [id for id in self.copies[number].tasks if id in self.tasks][:1]:
            self._delete(id, is_lost=False)

    def _delete(self, id: int, is_lost: bool) -> None:
        assert self.world.ask("DELETE", f"/tasks/{id}").status_code == 204
        if is_lost:
            assert self.world.ask("DELETE", f"/tasks/{id}").status_code == 404
        del self.tasks[id]

    @rule(number=some_copy, limit=some_limit)
    def sync(self, number: int, limit: int) -> None:
        copy = self.copies[number]
        while self._pull(copy, limit)["has_more"]:
            pass
        present = {task["id"]: task for task in self.world.ask("GET", "/tasks").json()}
        assert copy.tasks == present
        assert {id: (task["title"], task["status"]) for id, task in present.items()} == self.tasks

    @rule(number=some_copy, limit=some_limit)
    def sync_one_page(self, number: int, limit: int) -> None:
        self._pull(self.copies[number], limit)

    @rule(number=some_copy, limit=some_limit)
    def sync_and_lose_the_reply(self, number: int, limit: int) -> None:
        self._pull(self.copies[number].clone(), limit)

    @rule(number=some_copy, limit=some_limit)
    def sync_and_forget_the_new_cursor(self, number: int, limit: int) -> None:
        copy = self.copies[number]
        cursor = copy.cursor
        self._pull(copy, limit)
        copy.cursor = cursor
        if cursor is None:
            copy.tasks.clear()  # Whoever begins without a cursor begins with nothing.

    @rule(number=some_copy)
    def back_up(self, number: int) -> None:
        self.backups[number] = self.copies[number].clone()

    @rule(number=some_copy)
    def restore(self, number: int) -> None:
        self.copies[number] = self.backups[number].clone()

    @rule(percent=st.sampled_from([50, 90, 100]))
    def prune(self, percent: int) -> None:
        self.was_pruned = True
        self.world.run(self.world.db.write(PRUNE, percent))

    def _ask_twice(self, method: str, path: str, **more: Any) -> tuple[httpx.Response, httpx.Response]:
        """With the same key; the second answer is the first one's."""
        headers = {"idempotency-key": f'"{uuid.uuid4()}"'}
        first, again = (self.world.ask(method, path, headers=headers, **more) for _ in range(2))
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        return first, again

    def _id(self, which: int) -> int:
        return list(self.tasks)[which % len(self.tasks)]

    def _pull(self, copy: Copy, limit: int) -> dict[str, Any]:
        """One page more; from the beginning when the cursor has expired."""
        cursor = {} if copy.cursor is None else {"cursor": copy.cursor}
        answer = self.world.ask("GET", "/sync", params={"limit": limit, **cursor})
        if answer.status_code == 410:
            assert self.was_pruned
            copy.tasks.clear()
            copy.cursor = None
            return self._pull(copy, limit)
        assert answer.status_code == 200
        delta: dict[str, Any] = answer.json()
        assert len(delta["tasks"]) + len(delta["removed"]) <= limit
        copy.apply(delta)
        copy.cursor = delta["cursor"]
        return delta


PRUNE = """
with pruned as (
  update doable.users set floor = greatest(floor, revision * $1::int / 100) where id = 'alice' returning floor
)
delete from doable.changes using pruned where user_id = 'alice' and changes.revision <= pruned.floor
"""


def test_whoever_has_synced_has_what_the_server_has(settings: Settings, address: Address) -> None:
    Clients.world = World(settings, address)
    run_state_machine_as_test(Clients, settings=THOROUGH)
    Clients.world.close()
