"""Requests of one user never wait for each other in a circle, and not for housekeeping."""

import asyncio
import random
from datetime import timedelta

import httpx

from doable.operations.housekeeping import Housekeeping
from doable.store.address import Address
from doable.store.database import Database
from processes import Service, database_url
from rounds import Rounds
from tokens import SECRET, hs256

WRITERS = 8
RECURRING = {"due": {"date": "2026-12-01"}, "recurrence": {"rule": "FREQ=DAILY"}}

Step = tuple[str, str, dict[str, object] | None]


def step(choose: random.Random, known: dict[str, list[int]]) -> Step:
    """A request that writes: method, path and body. Names are few, so that requests meet."""

    def one(kind: str) -> int:
        return choose.choice(known[kind] or [1])

    def names(most: int = 3) -> list[str]:
        return choose.sample("abcdefg", choose.randint(1, most))

    def task() -> dict[str, object]:
        more: dict[str, object] = choose.choice([{}, {"list_id": one("lists")}, {"parent_id": one("tasks")}, RECURRING])
        return {"title": "x", **choose.choice([{}, {"labels": names()}]), **more}

    kind = choose.choice(["tasks", "tasks", "lists", "labels", "filters"])
    path = f"/{kind}/{one(kind)}"
    named = {"name": choose.choice("abcdefg")}
    return choose.choice(
        [
            ("POST", "/tasks", task()),
            ("POST", "/tasks", task()),
            ("POST", "/lists", named),
            ("POST", "/labels", named),
            ("POST", "/filters", {**named, "filter": f"@{choose.choice('abcdefg')} | #{choose.choice('abcdefg')}"}),
            (
                "PATCH",
                f"/tasks/{one('tasks')}",
                choose.choice([{"title": "y"}, {"add_labels": names()}, {"labels": names()}]),
            ),
            (
                "PATCH",
                f"/tasks/{one('tasks')}",
                choose.choice([{"list_id": one("lists")}, {"parent_id": one("tasks")}]),
            ),
            ("PATCH", f"/tasks/{one('tasks')}/complete", None),
            ("PATCH", f"/lists/{one('lists')}", named),
            ("PATCH", f"/lists/{one('lists')}", {"color": choose.choice(["#000000", "#ffffff"])}),
            ("PATCH", f"/labels/{one('labels')}?merge=true", named),
            (
                "POST",
                f"{path}/move",
                {"before": one(kind), "otherwise": "first"} if kind != "filters" else {"to": "first"},
            ),
            ("DELETE", path, None),
            ("DELETE", f"/tasks/{one('tasks')}?permanent=true", None),
            ("DELETE", "/trash", None),
            ("POST", f"/trash/task/{one('tasks')}/restore", None),
            ("POST", f"/trash/list/{one('lists')}/restore", None),
            ("DELETE", f"/trash/task/{one('tasks')}", None),
            ("POST", "/undo", {"revision": max(1, one("revisions") - choose.randint(0, 5))}),
            (
                "POST",
                "/batch",
                {
                    "atomic": False,
                    "operations": [
                        {"op": choose.choice(["complete", "delete", "restore"]), "id": one("tasks")},
                        {"op": "create", "task": task()},
                        {"op": "update", "id": one("tasks"), "task": {"labels": names()}},
                        {"op": "delete", "type": "list", "id": one("lists")},
                    ][choose.randint(0, 2) :][: choose.randint(1, 3)],
                },
            ),
        ]
    )


async def write(url: str, choose: random.Random, steps: int, known: dict[str, list[int]]) -> list[tuple[int, Step]]:
    """Send requests one after another, and return those that the service failed."""
    failed = []
    headers = {"authorization": f"Bearer {hs256('alice')}"}
    async with httpx.AsyncClient(base_url=f"{url}/api/me", headers=headers, timeout=60) as client:
        for _ in range(steps):
            method, path, body = wanted = step(choose, known)
            answer = (
                await client.request(method, path, json=body)
                if body is not None
                else await client.request(method, path)
            )
            if answer.status_code >= 500:
                failed.append((answer.status_code, wanted))
            if answer.status_code == 409 and answer.json().get("current", {}).get("name"):  # a label that is there
                known["labels"] = [*known["labels"][-11:], answer.json()["current"]["id"]]
            if answer.status_code == 201:
                known[path[1:]] = [*known[path[1:]][-11:], answer.json()["id"]]
                known["revisions"] = [answer.json()["revision"]]
    return failed


async def test_requests_of_one_user_and_housekeeping_never_deadlock(
    db: Database, address: Address, rounds: Rounds
) -> None:
    steps = rounds(few=40, full=1000)
    known: dict[str, list[int]] = {"tasks": [], "lists": [], "labels": [], "filters": [], "revisions": []}
    before = await deadlocks(db)
    running = True

    async def prune() -> None:
        now = timedelta()
        while running:
            async for _ in Housekeeping(db, timedelta(minutes=1), most=10**6, trash=now).prune():
                pass
            await asyncio.sleep(0.05)

    with Service("--workers", "2", DATABASE_URL=database_url(address), BETTER_AUTH_SECRET=SECRET) as service:
        housekeeping = asyncio.create_task(prune())
        writing = [write(service.url, random.Random(seed), steps, known) for seed in range(WRITERS)]
        failed = [one for some in await asyncio.gather(*writing) for one in some]
        running = False
        await housekeeping
    assert failed == []
    await db.close()
    assert await deadlocks(db) == before


async def deadlocks(db: Database) -> int:
    """How many the server has found, as far as processes told that have ended."""
    rows = await db.read("select deadlocks from pg_catalog.pg_stat_database where datname = current_database()")
    return int(rows[0][0])
