"""Clients that write without pause to a service that may die; and what they were told, against what is there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import httpx

from doable.store.database import Database
from past import name_of, walk_back
from tokens import hs256

PAUSE = 0.15  # seconds until a request is sent again
PASSING = {(503, "unavailable"), (503, "overloaded"), (409, "request_in_progress")}
TASKS_MOST = 12  # of each writer

Event = tuple[str, str | None, str | None]  # kind, title and status after it
Operation = dict[str, Any]


class Writer:
    """Sends one request after the other, each until it is acknowledged, with one idempotency key; only its own tasks.

    `histories` is what it was told to have happened to each of them.
    """

    def __init__(self, writers: "Writers", user: str, name: str, seed: str) -> None:
        self._writers = writers
        token = hs256(user, iat=None, exp=1 << 32)  # whatever becomes of the clock
        self._client = httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=60)
        self._chance = Random(seed)
        self._name = name
        self._titles = 0
        self._keys = 0
        self.user = user
        self.histories: dict[int, list[Event]] = {}

    async def run(self) -> None:
        async with self._client:
            while not self._writers.is_over:
                await self._chance.choice([self._create, self._rename, self._mark, self._delete, self._batch])()

    @property
    def _present(self) -> list[int]:
        return [id for id, history in self.histories.items() if history[-1][0] != "deleted"]

    def _title(self) -> str:
        self._titles += 1
        return f"{self._name}, {self._titles}"

    async def _create(self) -> None:
        if len(self._present) == TASKS_MOST:
            return
        title = self._title()
        answer = await self._send("POST", "tasks", {"title": title})
        self.histories[answer.json()["id"]] = [("created", title, "incomplete")]

    async def _rename(self) -> None:
        for id in self._some(1):
            title = self._title()
            await self._send("PUT", f"tasks/{id}", {"title": title})
            self._happened(id, "updated", title=title)

    async def _mark(self) -> None:
        for id in self._some(1):
            was_complete = self.histories[id][-1][2] == "complete"
            await self._send("PATCH", f"tasks/{id}/{'incomplete' if was_complete else 'complete'}")
            self._happened(id, "reopened" if was_complete else "completed")

    async def _delete(self) -> None:
        for id in self._some(1):
            await self._send("DELETE", f"tasks/{id}")
            self._happened(id, "deleted")

    async def _batch(self) -> None:
        """A new task that is complete at once; another gets a title, and another goes."""
        others = self._some(2)
        new, *titles = (self._title() for _ in range(3))
        operations: list[Operation] = [{"op": "create", "ref": "new", "task": {"title": new}}]
        renamed = list(zip(others, titles, strict=False))
        operations += [{"op": "update", "id": id, "task": {"title": title}} for id, title in renamed]
        operations += [{"op": "complete", "id": {"ref": "new"}}]
        operations += [{"op": "delete", "id": id} for id in others[1:]]
        answer = await self._send("POST", "batch", {"operations": operations})
        self.histories[answer.json()["results"][0]["task"]["id"]] = [
            ("created", new, "incomplete"),
            ("completed", new, "complete"),
        ]
        for id, title in renamed:
            self._happened(id, "updated", title=title)
        for id in others[1:]:
            self._happened(id, "deleted")

    def _some(self, count: int) -> list[int]:
        present = self._present
        return self._chance.sample(present, min(count, len(present)))

    def _happened(self, id: int, kind: str, *, title: str | None = None) -> None:
        _, before, status = self.histories[id][-1]
        status = {"completed": "complete", "reopened": "incomplete"}.get(kind, status)
        self.histories[id].append(("deleted", None, None) if kind == "deleted" else (kind, title or before, status))

    async def _send(self, method: str, path: str, body: object = None) -> httpx.Response:
        self._keys += 1
        headers = {"idempotency-key": f"{self._name}-{self._keys}"}
        while True:
            await self._writers.sending()
            try:
                answer = await self._client.request(
                    method, f"{self._writers.url()}/api/me/{path}", json=body, headers=headers
                )
            except httpx.TransportError:
                await self._writers.again(self._chance)
                continue
            if answer.is_success:
                await self._writers.acknowledge(replayed="idempotency-replayed" in answer.headers)
                return answer
            assert (answer.status_code, answer.json()["code"]) in PASSING, answer.text
            await self._writers.again(self._chance)


class Writers:
    """`async with Writers(url, seed=…).writing():` — several users, several writers each, to the end of the block."""

    def __init__(self, url: Callable[[], str], *, seed: object, users: int = 4, each: int = 2) -> None:
        """`url` tells where to send the next request."""
        self.url = url
        self.is_over = False
        self.sent = self.acknowledged = self.replayed = self.repeated = 0
        self._moved = asyncio.Condition()
        self._writers = [
            Writer(self, f"user-{user}", f"{user}-{number}", f"{seed}-{user}-{number}")
            for user in range(users)
            for number in range(each)
        ]

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """What was begun is finished at the end of the block."""
        async with asyncio.TaskGroup() as group:
            for writer in self._writers:
                group.create_task(writer.run())
            yield
            self.is_over = True

    async def sending(self) -> None:
        self.sent += 1
        await self._tell()

    async def acknowledge(self, *, replayed: bool) -> None:
        self.acknowledged += 1
        self.replayed += replayed
        await self._tell()

    async def again(self, chance: Random) -> None:
        """Wait a moment, and not as long as Retry-After says: the more is going on when the next thing dies."""
        self.repeated += 1
        await asyncio.sleep(PAUSE * chance.uniform(0.5, 1.5))

    async def have_sent(self, count: int) -> None:
        """Wait for that many more requests on their way."""
        await self._reach(lambda: self.sent, count)

    async def have_written(self, count: int, seconds: float = 60) -> None:
        """Wait for that many more that are acknowledged."""
        async with asyncio.timeout(seconds):
            await self._reach(lambda: self.acknowledged, count)

    async def _reach(self, counted: Callable[[], int], more: int) -> None:
        aim = counted() + more
        async with self._moved:
            await self._moved.wait_for(lambda: counted() >= aim)

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    def histories(self, user: str) -> dict[int, list[Event]]:
        return {
            id: history for writer in self._writers if writer.user == user for id, history in writer.histories.items()
        }

    async def require_exactly_that(self, db: Database) -> str:
        """Every acknowledged write is there once, numbers have no gap, the log gives the table; returns the count."""
        there = 0
        for user in sorted({writer.user for writer in self._writers}):
            told = self.histories(user)
            log = await db.read("select * from doable.changes where user_id = $1 order by revision", user)
            numbers = [change["revision"] for change in log]
            assert numbers == list(range(1, len(log) + 1)), f"{user}: revisions skipped or doubled"
            revision = await db.read_one("select revision from doable.users where id = $1", user)
            assert revision is not None
            assert revision[0] == len(log)
            table = await db.read("select to_jsonb(tasks) as task from doable.tasks where user_id = $1", user)
            found = replay(log, [row["task"] for row in table])
            acknowledged = sum(map(len, told.values()))
            assert found == told, f"{user}: {acknowledged} changes acknowledged, {len(log)} there"
            there += len(log)
        return (
            f"{self.acknowledged} writes acknowledged, {self.replayed} of them by a replay, {self.repeated} repeats:"
            f" {there} changes, each there once"
        )


def replay(log: Sequence[Any], rows: Iterable[str]) -> dict[int, list[Event]]:
    """What the log says to have happened to each task, once it leads to these rows."""
    past = walk_back(log, rows)
    histories: dict[int, list[Event]] = {}
    for change in log:
        before, after = past[change["revision"]]
        event = (name_of(before, after), after and after["title"], after and after["status"])
        histories.setdefault(change["object_id"], []).append(event)
    return histories
