"""Each rule through each way in: one table of rules, and one driver for each way in which a client can write.

A new interface gets a driver here, and the table then holds it to every rule.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import pytest

import doable
from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address

MOST: Final = 3  # tasks of one user
NEVER: Final = 2**62  # no task has this id, or this revision


class Operation(NamedTuple):
    """What a client wants done with a task, whatever the interface calls it."""

    kind: str  # create, update, complete, reopen or delete
    id: int | None = None
    fields: dict[str, Any] | None = None
    if_match: int | None = None


Driver = Callable[[httpx.AsyncClient, str, Operation], Awaitable[str | None]]
_keys = count()


def code_of(answer: httpx.Response) -> str | None:
    return None if answer.is_success else str(answer.json()["code"])


async def by_rest(client: httpx.AsyncClient, owner: str, wanted: Operation, **headers: str) -> str | None:
    """The endpoints for one task."""
    task = f"/api/{owner}/tasks/{wanted.id}"
    method, path = {
        "create": ("POST", f"/api/{owner}/tasks"),
        "update": ("PUT", task),
        "complete": ("PATCH", f"{task}/complete"),
        "reopen": ("PATCH", f"{task}/incomplete"),
        "delete": ("DELETE", task),
    }[wanted.kind]
    if wanted.if_match is not None:
        headers["if-match"] = f'"{wanted.if_match}"'
    return code_of(await client.request(method, path, json=wanted.fields, headers=headers))


async def by_rest_with_a_key(client: httpx.AsyncClient, owner: str, wanted: Operation) -> str | None:
    """The same in the transaction of an Idempotency-Key; the repeated request must say the same."""
    headers = {"idempotency-key": f'"{next(_keys)}"'}
    first = await by_rest(client, owner, wanted, **headers)
    assert await by_rest(client, owner, wanted, **headers) == first
    return first


def in_a_batch(*, atomic: bool) -> Driver:
    async def drive(client: httpx.AsyncClient, owner: str, wanted: Operation) -> str | None:
        operation: dict[str, Any] = {"op": wanted.kind}
        parts = {"id": wanted.id, "task": wanted.fields, "if_match": wanted.if_match}
        operation |= {name: value for name, value in parts.items() if value is not None}
        answer = await client.post(f"/api/{owner}/batch", json={"atomic": atomic, "operations": [operation]})
        if not answer.is_success:
            return code_of(answer)
        (result,) = answer.json()["results"]
        return result.get("code")

    return drive


# By the package in src/doable that the way in belongs to.
DRIVERS: Final[dict[str, dict[str, Driver]]] = {
    "rest": {
        "one by one": by_rest,
        "with a key": by_rest_with_a_key,
        "atomic batch": in_a_batch(atomic=True),
        "batch": in_a_batch(atomic=False),
    },
}


@dataclass
class Setting:
    """What there is when a rule is tried: alice's task, and clients with credentials of several kinds."""

    task: dict[str, Any]
    other: dict[str, Any]
    alice: httpx.AsyncClient
    bob: httpx.AsyncClient
    reader: httpx.AsyncClient
    stranger: httpx.AsyncClient


class Rule(NamedTuple):
    """`code` is what a client gets that breaks the rule by `operation`, as `who`, on what `owner` has."""

    name: str
    code: str
    who: Callable[[Setting], httpx.AsyncClient]
    owner: str
    operation: Callable[[Setting], Operation]


def each(name: str, code: str, who: Callable[[Setting], httpx.AsyncClient], owner: str, **more: int) -> list[Rule]:
    """The same rule for each kind of write that names a task."""

    def operation(kind: str) -> Callable[[Setting], Operation]:
        fields = {"title": "theirs"} if kind == "update" else None
        return lambda it: Operation(kind, more.get("id", it.task["id"]), fields, more.get("if_match"))

    return [
        Rule(f"{name}: {kind}", code, who, owner, operation(kind))
        for kind in ("update", "complete", "reopen", "delete")
    ]


NEW: Final = Operation("create", fields={"title": "new"})
RULES: Final = [
    # Who the caller is.
    Rule("no credential: create", "not_authenticated", lambda it: it.stranger, "alice", lambda _: NEW),
    *each("no credential", "not_authenticated", lambda it: it.stranger, "alice"),
    # Ownership.
    Rule("another's tasks: create", "not_your_tasks", lambda it: it.bob, "alice", lambda _: NEW),
    *each("another's tasks", "not_your_tasks", lambda it: it.bob, "alice"),
    *each("another's task by its id", "task_not_found", lambda it: it.bob, "me"),
    *each("no task", "task_not_found", lambda it: it.alice, "me", id=NEVER),
    # Scope.
    Rule("a token that reads: create", "insufficient_scope", lambda it: it.reader, "me", lambda _: NEW),
    *each("a token that reads", "insufficient_scope", lambda it: it.reader, "me"),
    # Limits.
    Rule("as many tasks as one may have", "limit_reached", lambda it: it.alice, "me", lambda _: NEW),
    # Preconditions.
    *each("not what the client saw", "stale", lambda it: it.alice, "me", if_match=NEVER),
    # The input.
    *(
        Rule(
            f"{kind} with {fields}",
            "invalid_input",
            lambda it: it.alice,
            "me",
            lambda it, kind=kind, fields=fields: Operation(kind, it.task["id"] if kind == "update" else None, fields),
        )
        for kind in ("create", "update")
        for fields in ({"title": " "}, {"title": "x" * 256}, {"title": "x", "user_id": "bob"}, {"titel": "x"})
    ),
    *each("an id that is none", "invalid_input", lambda it: it.alice, "me", id=0),
]


@pytest.fixture
async def setting(settings: Settings, address: Address) -> AsyncIterator[Setting]:
    app = create_app(settings.model_copy(update={"user_max_tasks": MOST}), address)
    async with (
        app.router.lifespan_context(app),
        client_of(app, "alice") as alice,
        client_of(app, "bob") as bob,
        client_of(app) as reader,
        client_of(app) as stranger,
    ):
        made = [(await alice.post("/api/me/tasks", json={"title": str(n)})).json() for n in range(MOST + 1)]
        reading = await alice.post("/api/me/tokens", json={"name": "reads", "scopes": ["tasks:read"]})
        reader.headers["authorization"] = f"Bearer {reading.json()['token']}"
        yield Setting(made[0], made[1], alice, bob, reader, stranger)


every_way_in = pytest.mark.parametrize(
    "drive",
    [pytest.param(drive, id=f"{room}, {name}") for room, ways in DRIVERS.items() for name, drive in ways.items()],
)


@every_way_in
async def test_every_rule_holds_and_what_breaks_it_changes_nothing(setting: Setting, drive: Driver) -> None:
    before = (await setting.alice.get("/api/me/tasks")).json()
    for rule in RULES:
        code = await drive(rule.who(setting), rule.owner, rule.operation(setting))
        assert (rule.name, code) == (rule.name, rule.code)
        assert (rule.name, (await setting.alice.get("/api/me/tasks")).json()) == (rule.name, before)


@every_way_in
async def test_what_breaks_no_rule_is_done(setting: Setting, drive: Driver) -> None:
    """Or the table above could not fail."""
    id, revision = setting.task["id"], setting.task["revision"]
    assert await drive(setting.alice, "me", Operation("update", id, {"title": "changed"}, revision)) is None
    assert await drive(setting.alice, "alice", Operation("complete", id)) is None
    assert await drive(setting.alice, "me", Operation("reopen", id)) is None
    (found,) = [task for task in (await setting.alice.get("/api/me/tasks")).json() if task["id"] == id]
    assert (found["title"], found["status"], found["revision"]) == ("changed", "incomplete", MOST + 1 + 3)
    for task in (setting.task, setting.other):
        assert await drive(setting.alice, "me", Operation("delete", task["id"])) is None
    assert await drive(setting.alice, "me", NEW) is None
    assert len((await setting.alice.get("/api/me/tasks")).json()) == MOST


def test_every_interface_has_a_driver() -> None:
    """A package beside `rest` that uses `doable.http` lets clients in. `web` only serves files."""
    root = Path(doable.__path__[0])
    rooms = {
        path.relative_to(root).parts[0]
        for path in root.rglob("*.py")
        if len(path.relative_to(root).parts) > 1 and re.search(r"^from doable\.http", path.read_text(), re.MULTILINE)
    }
    assert rooms - {"http", "server", "web"} - {"cli"} == set(DRIVERS)
