"""People who use every route, one request after the other, and remember what they were told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from doable.store.database import Database
from openapi import our_contract
from tokens import hs256

CONTRACT = our_contract()
# What a day does not have: whoever is removed can't go on, a stream is not one request, and how much there is in the
# trash depends on the others.
UNUSED = {"deleteMe", "followChanges", "emptyTrash"}
EVERY_ROUTE = {entry["operationId"] for _, _, entry in CONTRACT.operations()} - UNUSED


@dataclass
class Person:
    """One of the writers of one user; several may be the same user."""

    user: str
    name: str
    used: set[str] = field(default_factory=set)  # operations
    changes: int = 0  # acknowledged
    tasks: int = 0  # that are there, as far as we were told
    keys: Any = field(default_factory=count)
    cursor: dict[str, str] = field(default_factory=dict)

    async def day(self, client: httpx.AsyncClient) -> AsyncIterator[None]:
        """Request after request, each answered as it should be."""
        made = await self._ask(client, "POST", "/api/me/tasks", {"title": "plain"}, changes=1, tasks=1)
        yield
        task = made.headers["location"]
        again = await self._ask(client, "POST", "/api/me/tasks", {"title": "keyed"}, changes=1, tasks=1, keyed=True)
        yield
        await self._ask(client, "POST", "/api/me/tasks/quick", {"text": "quick tomorrow"}, changes=1, tasks=1)
        yield
        for change in ("complete", "incomplete"):
            await self._ask(client, "PATCH", f"{task}/{change}", changes=1)
            yield
        await self._ask(client, "PUT", task, {"title": "renamed", "description": None}, changes=1)
        yield
        await self._ask(client, "PUT", again.headers["location"], {"title": "again"}, changes=1, keyed=True)
        yield
        planned = await self._ask(client, "PATCH", task, {"due": {"date": "2026-12-01"}}, changes=1)
        yield
        moved = await self._ask(client, "POST", f"{task}/move", {"to": "first"})
        self.changes += moved.json()["revision"] > planned.json()["revision"]  # It can be there already.
        yield
        await self._ask(client, "POST", "/api/me/undo", {"revision": planned.json()["revision"]}, changes=1)
        yield
        collections = [self._collection(client, kind) for kind in ("lists", "labels", "filters")]
        for part in (*collections, self._parse(client), self._recurring(client), self._account(client)):
            async for _ in part:
                yield
        operations = [{"op": "create", "ref": "a", "task": {"title": "a"}}, {"op": "delete", "id": {"ref": "a"}}]
        await self._ask(client, "POST", "/api/me/batch", {"operations": operations}, changes=2)
        yield
        for path in (task, "/api/me/tasks?status=complete&limit=1", f"{task}/history"):
            await self._ask(client, "GET", path)
            yield
        for path in ("/health", "/health/ready", "/health/pool"):
            await self._ask(client, "GET", path)
            yield
        listed = await self._ask(client, "GET", "/api/me/tasks")
        yield
        assert made.json()["id"] in {found["id"] for found in listed.json()}
        delta = await self._ask(client, "GET", f"/api/me/sync?{httpx.QueryParams(self.cursor)}")
        yield
        self.cursor = {"cursor": delta.json()["cursor"]}
        async for _ in self._trash(client, task):
            yield
        await self._ask(client, "DELETE", f"{again.headers['location']}?permanent=true", changes=1, tasks=-1)
        yield

    async def _trash(self, client: httpx.AsyncClient, task: str) -> AsyncIterator[None]:
        place = f"/api/me/trash/task/{task.rpartition('/')[2]}"
        for method, path, tasks in (("DELETE", task, -1), ("POST", f"{place}/restore", 1), ("DELETE", task, -1)):
            await self._ask(client, method, path, changes=1, tasks=tasks)
            yield
        await self._ask(client, "GET", "/api/me/trash")
        yield
        await self._ask(client, "DELETE", place, changes=1)
        yield

    async def _collection(self, client: httpx.AsyncClient, kind: str) -> AsyncIterator[None]:
        fields = {"name": f"{self.name} {next(self.keys)}"} | ({"filter": "today"} if kind == "filters" else {})
        one = await self._ask(client, "POST", f"/api/me/{kind}", fields, changes=1)
        yield
        path = one.headers["location"]
        changed = await self._ask(client, "PATCH", path, {"color": "#3b82f6"}, changes=1)
        yield
        moved = await self._ask(client, "POST", f"{path}/move", {"to": "first"})
        self.changes += moved.json()["revision"] > changed.json()["revision"]  # It can be there already.
        yield
        for read in (path, f"{path}/history", f"/api/me/{kind}"):
            await self._ask(client, "GET", read)
            yield
        await self._ask(client, "DELETE", path, changes=1)
        yield

    async def _recurring(self, client: httpx.AsyncClient) -> AsyncIterator[None]:
        daily = {"title": "daily", "due": {"date": "2025-11-20"}, "recurrence": {"rule": "FREQ=DAILY"}}
        made = await self._ask(client, "POST", "/api/me/tasks", daily, changes=1, tasks=1)
        yield
        task = made.headers["location"]
        await self._ask(client, "PATCH", f"{task}/complete", {"occurrence": "2025-11-20"}, changes=1)
        yield
        await self._ask(client, "POST", f"{task}/skip", changes=1)
        yield
        for path in (f"{task}/occurrences", "/api/me/completed"):
            await self._ask(client, "GET", path)
            yield
        await self._ask(client, "DELETE", task, changes=1, tasks=-1)
        yield

    async def _parse(self, client: httpx.AsyncClient) -> AsyncIterator[None]:
        await self._ask(client, "POST", "/api/me/filters/parse", {"filter": "TODAY"})
        yield

    async def _account(self, client: httpx.AsyncClient) -> AsyncIterator[None]:
        token = await self._ask(client, "POST", "/api/me/tokens", {"name": "script"})
        yield
        await self._ask(client, "PATCH", "/api/me", {"name": f"{self.name} {next(self.keys)}"}, changes=1)
        yield
        await self._ask(client, "POST", "/api/me/event-ticket")
        yield
        for path in ("/api/me", "/api/me/tokens"):
            await self._ask(client, "GET", path)
            yield
        await self._ask(client, "DELETE", f"/api/me/tokens/{token.json()['id']}")
        yield

    async def _ask(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        json: object = None,
        *,
        changes: int = 0,
        tasks: int = 0,
        keyed: bool = False,
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {hs256(self.user)}"}
        if keyed:
            headers["idempotency-key"] = f"{self.name}-{next(self.keys)}"
        answer = await client.request(method, path, json=json, headers=headers)
        assert answer.is_success, f"{method} {path} → {answer.status_code} {answer.text}"
        entry = CONTRACT.find(method, path.partition("?")[0])
        assert entry is not None
        self.used.add(entry["operationId"])
        self.changes += changes
        self.tasks += tasks
        return answer


STORED = """
select users.id, users.revision,
  (select count(*) from doable.tasks where user_id = users.id and deleted_at is null),
  (select count(*) from doable.changes where user_id = users.id),
  (select coalesce(max(revision), 0) from doable.changes where user_id = users.id)
from doable.users order by id
"""


async def require_all_there(db: Database, people: list[Person]) -> None:
    """What was acknowledged is there, once, and every revision is of one change."""
    for id, revision, tasks, changes, last in await db.read(STORED):
        told = [person for person in people if person.user == id]
        assert changes == last == revision == sum(person.changes for person in told)
        assert tasks == sum(person.tasks for person in told)
    assert set().union(*(person.used for person in people)) == EVERY_ROUTE
