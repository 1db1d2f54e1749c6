"""One user who plans: tasks with dates, labels and lists, and what such a user asks for most."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from cases import request
from seed import Texts

if TYPE_CHECKING:
    import psycopg

# The last one comes last, because it adds to the size.
TITLES: Final = {
    "today": "today's view",
    "by_position": "a list by position",
    "filter": "a filter of three terms",
    "rare": "search: a rare word",
    "common": "search: a common word",
    "move": "move",
    "recurring": "complete a recurring task",
    "quick": "quick add",
}
LABELS: Final = ("errands", *(f"label {number}" for number in range(19)))
OF_A_LIST: Final = 100  # tasks; a user has at most 1000 lists
TODAY: Final = 10  # tasks that are due today, however many there are
RECURRING: Final = 50  # tasks
RARE: Final = "xylophone"  # a word in one task of a hundred
COMMON: Final = "milk"
AHEAD: Final = 3000  # days on which the other tasks are due
REQUESTS: Final = 2000


@dataclass(frozen=True)
class Plan:
    """What is there to ask for."""

    user: str
    lists: Sequence[int]
    siblings: Sequence[tuple[int, int]]  # tasks of one list, as pairs
    recurring: Sequence[int]


def add_labels(connection: "psycopg.Connection[Any]", user: str) -> None:
    connection.execute(
        "insert into doable.labels (user_id, name, name_key) select %s, name, name from unnest(%s::text[]) as name",
        [user, list(LABELS)],
    )


def add_list(connection: "psycopg.Connection[Any]", user: str, texts: Texts, first: int) -> None:
    """A list with its tasks, of which `first` are there before. All in one statement each."""
    row = connection.execute(
        "insert into doable.lists (user_id, name) values (%s, %s) returning id", [user, f"List {first}"]
    ).fetchone()
    assert row is not None
    rows = [_task(texts, random.Random(number), number) for number in range(first, first + OF_A_LIST)]
    connection.execute(
        "insert into doable.tasks (user_id, list_id, title, description, status, labels, priority, due, recurrence)"
        " select %s, %s, one ->> 'title', one ->> 'description', one ->> 'status',"
        " case when one ? 'label' then array[one ->> 'label'] end, one ->> 'priority',"
        " one -> 'due', one -> 'recurrence'"
        " from jsonb_array_elements(%s::jsonb) as one",
        [user, row[0], json.dumps(rows)],
    )


def _task(texts: Texts, chance: random.Random, number: int) -> dict[str, object]:
    task: dict[str, object] = {"title": texts.title(), "description": texts.description(), "status": texts.status()}
    if number % 100 == 0:
        task["title"] = f"{task['title']} {RARE}"
    if chance.random() < 1 / 2:
        task["label"] = chance.choice(LABELS)
    if chance.random() < 1 / 2:
        task["priority"] = chance.choice(["high", "medium", "low"])
    today = datetime.now(UTC).date()
    if number < TODAY:
        task |= {"due": _due(today), "status": "incomplete"}
    elif number < TODAY + RECURRING:
        day = today + timedelta(30)
        rule = {"rule": "FREQ=DAILY", "basis": "schedule", "anchor": day.isoformat()}
        task |= {"due": _due(day), "recurrence": rule, "status": "incomplete"}
    elif chance.random() < 1 / 2:
        task["due"] = _due(today + timedelta(chance.randint(30, AHEAD)))
    return task


def _due(day: date) -> dict[str, str]:
    return {"date": day.isoformat()}


def plan_of(connection: "psycopg.Connection[Any]", user: str) -> Plan:
    """What the user has now."""

    def ids(statement: str) -> list[Any]:
        return connection.execute(statement, [user]).fetchall()

    pairs = "select a.id, b.id from doable.tasks a join doable.tasks b using (user_id, list_id) where user_id = %s"
    return Plan(
        user,
        [row[0] for row in ids("select id from doable.lists where user_id = %s")],
        [(row[0], row[1]) for row in ids(f"{pairs} and a.id <> b.id order by random() limit {REQUESTS}")],
        [row[0] for row in ids("select id from doable.tasks where user_id = %s and recurrence is not null")],
    )


def requests(case: str, plan: Plan, token: str) -> list[bytes]:
    """The requests of a case."""
    return list(islice(_requests(case, plan, token), REQUESTS))


def _requests(case: str, plan: Plan, token: str) -> Iterator[bytes]:
    tasks = f"/api/{plan.user}/tasks"
    queries: dict[str, dict[str, object]] = {
        "today": {"filter": "today"},
        "filter": {"filter": "7 days & !@errands & !p3"},
        "rare": {"search": RARE, "limit": 50},
        "common": {"search": COMMON, "limit": 50},
    }
    if case in queries:
        yield from cycle([request("GET", f"{tasks}?{urlencode(queries[case])}", token)])
    elif case == "by_position":
        for id in cycle(plan.lists):
            yield request("GET", f"{tasks}?{urlencode({'list': id, 'sort': 'position'})}", token)
    elif case == "move":
        for id, other in cycle(plan.siblings):
            yield request("POST", f"{tasks}/{id}/move", token, {"after": other})
    elif case == "recurring":
        for id in cycle(plan.recurring):
            yield request("PATCH", f"{tasks}/{id}/complete", token)
    else:
        yield from cycle([request("POST", f"{tasks}/quick", token, {"text": "Call mom tomorrow at 17:00 @errands p1"})])
