"""Does a request cost the same when there is more data? Lines of CPU per request against size: see README.md.

First more and more users with ten tasks each, a thousand of whom ask; then, among all of these, one user who plans,
with more and more tasks; then one user with more and more plain tasks. There is a database of each size, and they take
turns at one case after the other.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import credentials
import httpx
import load
import picture
import planned
import report
from cases import path, request
from contenders import CONTENDERS, Running, running
from load import Load, Result
from planned import Plan
from run import RESULTS, show
from seed import Postgres, Task, Texts, add_tasks, add_users, migrate_to_newest, scratch

DATABASE: Final = "scale"
EACH: Final = 10  # tasks of each user, where there are many users
ACTIVE: Final = 1000  # of them ask
REQUESTS: Final = 20_000
STATEMENT: Final = 200  # rows in one, where all are of one user: each waits for the one before it
PAGE: Final = 20
TITLES: Final = {
    "get": "get one",
    "page": "page of 20",
    "sync": "sync, nothing new",
    "complete": "complete or reopen",
    "create": "create",  # the last one, because it adds to the size
}
ALL_TITLES: Final = TITLES | planned.TITLES
MANY: Final = "Tasks of all users together"
PLANNED: Final = "Tasks of one user who plans"
ONE: Final = "Tasks of one user"
# How many times what the cheapest size costs the dearest one may cost, of those with at least so many tasks.
FLAT: Final = {MANY: (1.3, 0), PLANNED: (1.5, 1000), ONE: (1.3, 0)}

Costs = dict[str, dict[int, Result]]  # by case and size


@dataclass(frozen=True)
class Sample:
    """The users who ask, and some of their tasks."""

    users: Sequence[str]
    tasks: Sequence[Task]


class Scale:
    def __init__(self, server: Postgres, folder: Path, rounds: int) -> None:
        self._server = server
        self._folder = folder
        self._rounds = rounds
        self._texts = Texts()

    def many_users(self, sizes: Sequence[int]) -> Costs:
        """The cost at each number of tasks in the table."""
        migrate_to_newest(self._server, DATABASE)
        users: list[str] = []
        samples = {}
        for size in sizes:
            new = [self._texts.user_id() for _ in range(size // EACH - len(users))]
            self._insert(new)
            users += new
            samples[size] = self._keep(size, random.Random(size).sample(users, min(ACTIVE, len(users))))
        return self._measure(samples)

    def planned_user(self, sizes: Sequence[int]) -> Costs:
        """The cost for a user with so many tasks, dates, labels and lists, among the users who are there."""
        user = self._texts.user_id()
        plans = {}
        with self._server.connect(DATABASE) as connection:
            add_users(connection, [user])
            planned.add_labels(connection, user)
        for size in sizes:
            with self._server.connect(DATABASE) as connection:
                for first in range(self._count(user), size, planned.OF_A_LIST):
                    show(f"{size:,} planned tasks of one user: {first:,}")
                    planned.add_list(connection, user, self._texts, first)
                connection.execute("vacuum analyze")
                plans[size] = planned.plan_of(connection, user)
            self._server.clone(DATABASE, _database(size))
        return self._measure(plans, planned.TITLES)

    def one_user(self, sizes: Sequence[int]) -> Costs:
        """The cost for a user with so many tasks."""
        migrate_to_newest(self._server, DATABASE)
        user = self._texts.user_id()
        samples = {}
        with self._server.connect(DATABASE) as connection:
            add_users(connection, [user])
        for size in sizes:
            with self._server.connect(DATABASE) as connection:
                missing = size - self._count(user)
                for done in range(0, missing, STATEMENT):
                    show(f"{size:,} tasks of one user: {done:,}")
                    add_tasks(connection, self._texts, [user] * min(STATEMENT, missing - done))
            samples[size] = self._keep(size, [user])
        return self._measure(samples)

    def _insert(self, users: Sequence[str]) -> None:
        with self._server.connect(DATABASE) as connection:
            for start in range(0, len(users), 1000):
                some = list(users[start : start + 1000])
                add_users(connection, some)
                for _ in range(EACH):
                    add_tasks(connection, self._texts, some)
                show(f"{len(users) * EACH:,} tasks more: {(start + len(some)) * EACH:,}")

    def _count(self, user: str) -> int:
        with self._server.connect(DATABASE) as connection:
            row = connection.execute("select count(*) from doable.tasks where user_id = %s", [user]).fetchone()
        return int(row[0]) if row else 0

    def _keep(self, size: int, users: Sequence[str]) -> Sample:
        """Leave the database of this size for later, and choose who is to ask for what."""
        statement = "select id, user_id, status from doable.tasks where user_id = any(%s) order by random() limit %s"
        with self._server.connect(DATABASE) as connection:
            connection.execute("vacuum analyze")
            tasks = [Task(*row) for row in connection.execute(statement, [list(users), REQUESTS])]
        self._server.clone(DATABASE, _database(size))
        return Sample(users, tasks)

    def _measure(self, samples: Mapping[int, Sample | Plan], titles: Mapping[str, str] = TITLES) -> Costs:
        """All sizes are up and take turns at one case after the other, as machines change their speed."""
        costs: Costs = {}
        log = self._folder / "doable.log"
        with ExitStack() as stack:
            up = {}
            for size in samples:
                stack.callback(self._server.drop, _database(size))
                # A list that is kept costs the same at any size.
                up[size] = stack.enter_context(
                    running(CONTENDERS[0], self._server, _database(size), log, DOABLE_LIST_CACHE="0")
                )
            for case in titles:
                # There is no page of a list that is shorter.
                sizes = [size for size in samples if case != "page" or size >= PAGE]
                runs = {size: self._loaded(case, samples[size], up[size]) for size in sizes}
                found: dict[int, list[Result]] = {size: [] for size in sizes}
                for number, size in load.turns(sizes, self._rounds):
                    show(f"{titles[case]}, {number + 1}: {size:,} tasks")
                    found[size].append(next(runs[size]))
                costs[case] = {size: report.middle(results) for size, results in found.items()}
        return costs

    def _loaded(self, case: str, sample: Sample | Plan, process: Running) -> Iterator[Result]:
        if isinstance(sample, Plan):
            requests = planned.requests(case, sample, credentials.hs256([sample.user])[sample.user])
        else:
            requests = _requests(case, sample, process.url)
        file = self._folder / f"{process.port}-{case}.requests"
        load.write_requests(file, requests)
        one = Load(file, len(requests), [201] if case in {"create", "quick"} else [200], once=False)
        return load.measure(one, process, self._server)


def _database(size: int) -> str:
    return f"{DATABASE}_{size}"


def _requests(case: str, sample: Sample, url: str) -> list[bytes]:
    users = sample.users
    tokens = credentials.hs256(users)
    tasks = list(islice(cycle(sample.tasks), REQUESTS))
    if case == "get":
        return [request("GET", path(task), tokens[task.user_id]) for task in tasks]
    if case == "page":
        return [request("GET", f"/api/{user}/tasks?limit={PAGE}", tokens[user]) for user in users]
    if case == "sync":
        cursors = _cursors(url, tokens)
        return [request("GET", f"/api/{user}/sync?cursor={cursors[user]}", tokens[user]) for user in users]
    if case == "create":
        body = {"title": "Call the dentist about the holiday"}
        return [request("POST", f"/api/{user}/tasks", tokens[user], body) for user in users]
    verbs = cycle(["complete", "incomplete"])
    turns = [(task, next(verbs)) for task in tasks for _ in range(2)]
    return [request("PATCH", f"{path(task)}/{verb}", tokens[task.user_id]) for task, verb in turns]


def _cursors(url: str, tokens: Mapping[str, str]) -> dict[str, str]:
    """Where each user's client is when it has everything."""
    cursors = {}
    with httpx.Client(base_url=url, timeout=30) as client:
        for user, token in tokens.items():
            cursor, more = "", True
            while more:
                query = f"?limit=1000&cursor={cursor}" if cursor else "?limit=1000"
                response = client.get(f"/api/{user}/sync{query}", headers={"Authorization": f"Bearer {token}"})
                page = response.raise_for_status().json()
                cursor, more = page["cursor"], page["has_more"]
            cursors[user] = cursor
    return cursors


def table(title: str, costs: Costs) -> Iterator[str]:
    """Server + PostgreSQL microseconds per request, and how far they are apart."""
    sizes = sorted({size for by_size in costs.values() for size in by_size})
    yield f"\n{title:24}" + "".join(f"{size:>16,}" for size in sizes) + "   dearest/cheapest"
    for case, by_size in costs.items():
        figures = "".join(
            f"{by_size[size].server_cpu:>9.0f} + {by_size[size].postgres_cpu:4.0f}" if size in by_size else " " * 16
            for size in sizes
        )
        apart = spread(title, by_size)
        yield f"{ALL_TITLES[case]:24}{figures}   {apart:5.2f} {'' if apart <= FLAT[title][0] else 'not flat'}"


def spread(title: str, by_size: Mapping[int, Result]) -> float:
    totals = [report.cost(result) for size, result in by_size.items() if size >= FLAT[title][1]]
    return max(totals) / min(totals)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how the cost of a request moves as the data grows.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, one round")
    options = parser.parse_args()
    rounds, most = (1, 100_000) if options.quick else (4, 1_000_000)
    many_sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= most]
    one_sizes = [size for size in (10, 100, 1000, 10_000, 100_000) if size <= most / 10]
    with scratch() as server, TemporaryDirectory() as folder:
        scale = Scale(server, Path(folder), rounds)
        panels = {
            MANY: scale.many_users(many_sizes),
            PLANNED: scale.planned_user([size for size in one_sizes if size >= planned.OF_A_LIST]),
            ONE: scale.one_user(one_sizes),
        }
    show("")
    for title, costs in panels.items():
        print("\n".join(table(title, costs)))
    save(panels, {"rounds": rounds, "seconds": load.SECONDS})
    return int(any(spread(title, one) > FLAT[title][0] for title, costs in panels.items() for one in costs.values()))


def save(panels: Mapping[str, Costs], settings: Mapping[str, int]) -> None:
    """The JSON file, and the picture of it."""
    document = report.head(settings)
    document["costs"] = {
        title: {case: {size: report.rounded(one) for size, one in by_size.items()} for case, by_size in costs.items()}
        for title, costs in panels.items()
    }
    lines = {
        title: [
            picture.Line(ALL_TITLES[case], [(size, report.cost(one)) for size, one in by_size.items()])
            for case, by_size in costs.items()
        ]
        for title, costs in panels.items()
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "scale.json").write_text(json.dumps(document, indent=1) + "\n")
    (RESULTS / "scale.svg").write_text(picture.lines(lines, report.footnote(document)))


if __name__ == "__main__":
    sys.exit(main())
