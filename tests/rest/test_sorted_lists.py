"""Lists of tasks in another order, page by page."""

import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from doable.core import cursors
from doable.sorting import SORTS

TASKS = "/api/me/tasks"
Task = dict[str, Any]


def due_key(name: str) -> Callable[[Task], object]:
    return lambda task: (task[name]["date"], task[name].get("time", "24")) if name in task else None


KEYS: dict[str, Callable[[Task], Any]] = {
    "position": lambda task: task["position"],
    "due": due_key("due"),
    "start": due_key("start"),
    "priority": lambda task: {None: None, "low": 1, "medium": 2, "high": 3}[task.get("priority")],
    "title": lambda task: task["title"].lower(),
    "created": lambda task: task["created_at"],
    "updated": lambda task: task["updated_at"],
    "completed": lambda task: task.get("completed_at"),
}


def in_order(tasks: list[Task], sort: str) -> list[Task]:
    """One key after the other, from the last to the first, each time without changing the order of equals."""
    terms = sort.split(",")
    found = sorted(tasks, key=lambda task: task["id"], reverse=terms[0].startswith("-"))
    for term in reversed(terms):
        key = KEYS[term.removeprefix("-")]
        without = [task for task in found if key(task) is None]
        # `reverse` keeps the order of equals too.
        found = sorted((task for task in found if key(task) is not None), key=key, reverse=term[0] == "-") + without
    return found


@pytest.fixture
async def tasks(alice: httpx.AsyncClient) -> list[Task]:
    """Many with equal values, and some without."""
    draw = random.Random("sorts")
    days = [None, {"date": "2026-12-01"}, {"date": "2026-12-01", "time": "09:00"}]
    days += [{"date": "2026-11-30"}, {"date": "2026-12-01", "time": "17:00", "time_zone": "Asia/Tokyo"}]
    made = []
    for _ in range(40):
        fields = {
            "title": draw.choice(["apple", "Banana", "BANANA", "cherry"]),
            "due": draw.choice(days),
            "start": draw.choice(days),
            "priority": draw.choice([None, "low", "medium", "high"]),
        }
        made.append((await alice.post(TASKS, json=fields)).json()["id"])
    for id in draw.sample(made, 15):
        await alice.patch(f"{TASKS}/{id}/complete")
    await alice.post(f"{TASKS}/{made[7]}/move", json={"to": "first"})
    return list((await alice.get(TASKS)).json())


async def pages(client: httpx.AsyncClient, **query: object) -> list[list[int]]:
    answer = await client.get(TASKS, params={name: str(value) for name, value in query.items()})
    found = [[task["id"] for task in answer.json()]]
    while "next" in answer.links:
        answer = await client.get(answer.links["next"]["url"])
        assert answer.status_code == 200, answer.text
        found.append([task["id"] for task in answer.json()])
    return found


async def test_pages_follow_each_other_in_every_order(alice: httpx.AsyncClient, tasks: list[Task]) -> None:
    draw = random.Random("orders")
    some = [*SORTS, *(f"-{name}" for name in SORTS)]
    some += [",".join(draw.choice(["", "-"]) + name for name in draw.sample(SORTS, count)) for count in (2, 2, 3, 3, 8)]
    for sort in some:
        expected = [task["id"] for task in in_order(tasks, sort)]
        found = await pages(alice, sort=sort, limit=draw.choice([7, 13]))
        assert [id for page in found for id in page] == expected, sort
    assert await pages(alice, sort="-created") == [[task["id"] for task in tasks]]
    expected = [task["id"] for task in in_order(tasks, "due,-title") if task["status"] == "incomplete"]
    found = await pages(alice, sort="due,-title", status="incomplete", limit=5)
    assert [id for page in found for id in page] == expected


async def test_an_order_that_is_not_valid_is_refused(alice: httpx.AsyncClient) -> None:
    for sort in ("", "color", "due,", "due,-due", "--due", "Due", " due", "due;title"):
        answer = await alice.get(TASKS, params={"sort": sort})
        assert [one["code"] for one in answer.json()["errors"]] == ["invalid_sort"], sort


@pytest.mark.usefixtures("tasks")
async def test_a_cursor_is_only_for_its_own_order(alice: httpx.AsyncClient) -> None:
    async def ask(sort: str | None, cursor: str) -> int:
        answer = await alice.get(TASKS, params={"cursor": cursor} | ({"sort": sort} if sort else {}))
        assert answer.status_code == 200 or answer.json()["errors"][0]["code"] == "invalid_cursor"
        return answer.status_code

    def forged(*values: int | str | None, zone: str = "UTC", now: int = 0) -> str:
        return cursors.VIEW.write(cursors.Viewed(now, zone, [*values]), "alice")

    assert await ask("title", forged("banana", 5)) == 200
    assert await ask("completed", forged(None, 5)) == 200
    assert await ask("-created", forged(253_402_300_799_999_999, 5)) == 200
    for sort, cursor in (
        (None, forged("banana", 5)),
        ("title", cursors.LIST.write(cursors.Place(0, 5), "alice")),
        ("title", forged("banana", 5, zone="Berlin")),
        ("title", forged("banana")),
        ("title", forged(5, 5)),
        ("title", forged(None, 5)),
        ("title", forged("\0", 5)),
        ("created", forged("banana", 5)),
        ("created", forged(2**63 - 1, 5)),
        ("priority", forged("high", 5)),
        ("priority", forged(1, None)),
        ("title", forged("banana", 5, now=-1)),
        ("title", forged("banana", 5, now=253_402_300_799_999_999)),
    ):
        assert await ask(sort, cursor) == 400, (sort, cursor)
