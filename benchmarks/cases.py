"""What is asked of the contenders: each case is a list of HTTP requests, made once and sent to all of them.

Which task a writing case may touch is decided by its place among its owner's tasks, so that no case spoils another:
0-4 are for the mixed day to delete, 5-9 for it to complete, 10-19 for it to change; 20-99 for the cases that do one
thing only. `delete` comes last.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any, Final

from seed import Task, Texts

READS: Final = 20_000
WRITES: Final = 60_000
BATCHES: Final = 3000
BATCH: Final = 100  # creates in one request


@dataclass(frozen=True)
class People:
    """Everybody who asks, and what they know: `cursors` of before and after 100 changes, `etags` of their lists."""

    users: Sequence[str]
    tasks: Sequence[Sequence[Task]]  # of each user, oldest first
    etags: dict[str, str] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)
    old_cursors: dict[str, str] = field(default_factory=dict)

    def places(self, first: int, last: int, *, status: str | None = None) -> list[Task]:
        """Tasks at these places, in a random order that is the same in every run."""
        found = [task for tasks in self.tasks for task in tasks[first : last + 1] if status in {None, task.status}]
        random.Random(len(found)).shuffle(found)
        return found


Tokens = dict[str, str]
Build = Callable[[People, Tokens], Iterator[bytes]]


@dataclass(frozen=True)
class Case:
    """`once`: a request must not be sent twice, because the second one would find nothing to do."""

    name: str
    title: str
    statuses: Sequence[int]
    build: Build
    once: bool = False


def request(method: str, path: str, token: str, body: Any = None, *headers: str) -> bytes:
    content = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", *headers]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def path(task: Task) -> str:
    return f"/api/{task.user_id}/tasks/{task.id}"


def get_one(people: People, tokens: Tokens) -> Iterator[bytes]:
    for task in people.places(20, 99)[:READS]:
        yield request("GET", path(task), tokens[task.user_id])


def list_of(query: str) -> Build:
    def build(people: People, tokens: Tokens) -> Iterator[bytes]:
        for user in people.users:
            yield request("GET", f"/api/{user}/tasks{query}", tokens[user])

    return build


def list_unchanged(people: People, tokens: Tokens) -> Iterator[bytes]:
    for user, etag in people.etags.items():
        yield request("GET", f"/api/{user}/tasks", tokens[user], None, f"If-None-Match: {etag}")


def create(people: People, tokens: Tokens) -> Iterator[bytes]:
    texts = Texts(1)
    for user in people.users:
        body = {"title": texts.title(), "description": texts.description()}
        yield request("POST", f"/api/{user}/tasks", tokens[user], body)


def update(people: People, tokens: Tokens) -> Iterator[bytes]:
    texts = Texts(2)
    for number, task in enumerate(people.places(20, 99)):
        yield request("PUT", path(task), tokens[task.user_id], {"title": f"{texts.title()} {number}"})


def complete(people: People, tokens: Tokens) -> Iterator[bytes]:
    for task in people.places(20, 99, status="incomplete"):
        yield request("PATCH", f"{path(task)}/complete", tokens[task.user_id])


def delete(people: People, tokens: Tokens) -> Iterator[bytes]:
    for task in people.places(20, 99):
        yield request("DELETE", path(task), tokens[task.user_id])


def batch(people: People, tokens: Tokens) -> Iterator[bytes]:
    texts = Texts(3)
    for user in islice(cycle(people.users), BATCHES):
        creates = [
            {"op": "create", "task": {"title": texts.title(), "description": texts.description()}} for _ in range(BATCH)
        ]
        yield request("POST", f"/api/{user}/batch", tokens[user], {"atomic": True, "operations": creates})


def sync_nothing(people: People, tokens: Tokens) -> Iterator[bytes]:
    for user, cursor in people.cursors.items():
        yield request("GET", f"/api/{user}/sync?cursor={cursor}", tokens[user])


def sync_changes(people: People, tokens: Tokens) -> Iterator[bytes]:
    for user, cursor in people.old_cursors.items():
        yield request("GET", f"/api/{user}/sync?cursor={cursor}", tokens[user])


def mixed(people: People, tokens: Tokens) -> Iterator[bytes]:
    """Of 100 requests: 50 get one, 30 list 20, 8 create, 6 update, 5 complete, 1 delete."""
    texts = Texts(4)
    chance = random.Random(4)
    readable = cycle(people.places(20, 99))
    listed = cycle(people.users)
    changed = cycle(people.places(10, 19))
    completed = iter(people.places(5, 9, status="incomplete"))
    deleted = iter(people.places(0, 4))
    kinds = ["get"] * 50 + ["list"] * 30 + ["create"] * 8 + ["update"] * 6 + ["complete"] * 5 + ["delete"]
    for number in range(WRITES):
        kind = chance.choice(kinds)
        if kind == "get":
            task = next(readable)
            yield request("GET", path(task), tokens[task.user_id])
        elif kind == "list":
            user = next(listed)
            yield request("GET", f"/api/{user}/tasks?limit=20", tokens[user])
        elif kind == "create":
            user = next(listed)
            yield request("POST", f"/api/{user}/tasks", tokens[user], {"title": texts.title()})
        elif kind == "update":
            task = next(changed)
            yield request("PUT", path(task), tokens[task.user_id], {"title": f"{texts.title()} {number}"})
        elif kind == "complete":
            task = next(completed)
            yield request("PATCH", f"{path(task)}/complete", tokens[task.user_id])
        else:
            task = next(deleted)
            yield request("DELETE", path(task), tokens[task.user_id])


CASES: Final = {
    case.name: case
    for case in [
        Case("get", "get one", [200], get_one),
        Case("list20", "list of 20", [200], list_of("?limit=20")),
        Case("list100", "list of 100", [200], list_of("")),
        Case("unchanged", "unchanged list", [304], list_unchanged),
        Case("sync0", "sync, nothing new", [200], sync_nothing),
        Case("sync100", "sync, 100 changes", [200], sync_changes),
        Case("create", "create", [201], create),
        Case("update", "update", [200], update, once=True),
        Case("complete", "complete", [200], complete, once=True),
        Case("mixed", "mixed day", [200, 201, 204], mixed, once=True),
        Case("batch", "batch of 100 creates", [200], batch),
        Case("delete", "delete", [204], delete, once=True),
    ]
}
