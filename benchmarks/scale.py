"""Does a request cost the same when there is more data? Lines of CPU per request against size: see README.md.

First more and more users with ten tasks each, a thousand of whom ask; then one user with more and more tasks.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import credentials
import httpx
import load
import picture
import report
from cases import path, request
from contenders import CONTENDERS, running
from load import Load, Result
from run import RESULTS, show
from seed import Postgres, Task, Texts, add_tasks, add_users, migrate_to_newest, scratch
from usage import Processes

DATABASE: Final = "scale"
EACH: Final = 10  # tasks of each user, where there are many users
ACTIVE: Final = 1000  # of them ask
REQUESTS: Final = 20_000
STATEMENT: Final = 200  # rows in one, where all are of one user: each waits for the one before it
PAGE: Final = 20
FLAT: Final = 1.3  # the dearest size may cost so many times what the cheapest does
TITLES: Final = {
    "get": "get one",
    "page": "page of 20",
    "sync": "sync, nothing new",
    "create": "create",
    "complete": "complete or reopen",
}
MANY: Final = "Tasks of all users together"
ONE: Final = "Tasks of one user"

Costs = dict[str, dict[int, Result]]  # by case and size


@dataclass(frozen=True)
class Sample:
    """The users who ask, and some of their tasks."""

    users: Sequence[str]
    tasks: Sequence[Task]


class Scale:
    def __init__(self, server: Postgres, folder: Path, seconds: int, rounds: int) -> None:
        self._server = server
        self._folder = folder
        self._seconds = seconds
        self._rounds = rounds
        self._texts = Texts()

    def many_users(self, sizes: Sequence[int]) -> Costs:
        """The cost at each number of tasks in the table."""
        migrate_to_newest(self._server, DATABASE)
        users: list[str] = []
        costs: Costs = {}
        for size in sizes:
            new = [self._texts.user_id() for _ in range(size // EACH - len(users))]
            self._insert(new)
            users += new
            active = random.Random(size).sample(users, min(ACTIVE, len(users)))
            self._measure(size, self._sample(active), costs)
        return costs

    def one_user(self, sizes: Sequence[int]) -> Costs:
        """The cost for a user with so many tasks."""
        migrate_to_newest(self._server, DATABASE)
        user = self._texts.user_id()
        with self._server.connect(DATABASE) as connection:
            add_users(connection, [user])
        costs: Costs = {}
        for size in sizes:
            with self._server.connect(DATABASE) as connection:
                missing = size - self._count(user)
                for done in range(0, missing, STATEMENT):
                    show(f"{size:,} tasks of one user: {done:,}")
                    add_tasks(connection, self._texts, [user] * min(STATEMENT, missing - done))
            self._measure(size, self._sample([user]), costs)
        return costs

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

    def _sample(self, users: Sequence[str]) -> Sample:
        statement = "select id, user_id, status from doable.tasks where user_id = any(%s) order by random() limit %s"
        with self._server.connect(DATABASE) as connection:
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
            return Sample(users, [Task(*row) for row in connection.execute(statement, [list(users), REQUESTS])])

    def _measure(self, size: int, sample: Sample, costs: Costs) -> None:
        log = self._folder / "doable.log"
        # A list that is kept costs the same at any size.
        with running(CONTENDERS[0], self._server, DATABASE, log, DOABLE_LIST_CACHE="0") as process:
            server, postgres = Processes(process.pid), Processes(self._server.pid)
            for case, requests in self._requests(sample, process.url):
                if case == "page" and len(sample.tasks) < PAGE:
                    continue  # There is no page yet.
                file = self._folder / f"{case}.requests"
                load.write_requests(file, requests)
                one = Load(file, len(requests), [201] if case == "create" else [200], once=False)
                results = []
                for number in range(self._rounds):
                    show(f"{size:,} tasks: {TITLES[case]}, {number + 1}")
                    if number == 0:
                        load.run(one, process.port, 1, server, postgres)  # Until it is warm.
                    start = number * len(requests) // self._rounds
                    results.append(load.run(one, process.port, self._seconds, server, postgres, start=start)[0])
                costs.setdefault(case, {})[size] = report.middle(results)

    def _requests(self, sample: Sample, url: str) -> Iterator[tuple[str, list[bytes]]]:
        tokens = credentials.hs256(sample.users)
        tasks = list(islice(cycle(sample.tasks), REQUESTS))
        users = sample.users
        yield "get", [request("GET", path(task), tokens[task.user_id]) for task in tasks]
        yield "page", [request("GET", f"/api/{user}/tasks?limit={PAGE}", tokens[user]) for user in users]
        cursors = _cursors(url, tokens)
        yield "sync", [request("GET", f"/api/{user}/sync?cursor={cursors[user]}", tokens[user]) for user in users]
        body = {"title": "Call the dentist about the holiday"}
        yield "create", [request("POST", f"/api/{user}/tasks", tokens[user], body) for user in users]
        verbs = cycle(["complete", "incomplete"])
        turns = [(task, next(verbs)) for task in tasks for _ in range(2)]
        yield "complete", [request("PATCH", f"{path(task)}/{verb}", tokens[task.user_id]) for task, verb in turns]


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
        apart = spread(by_size)
        yield f"{TITLES[case]:24}{figures}   {apart:5.2f} {'' if apart <= FLAT else 'not flat'}"


def spread(by_size: Mapping[int, Result]) -> float:
    totals = [report.cost(result) for result in by_size.values()]
    return max(totals) / min(totals)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how the cost of a request moves as the data grows.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, one round of one second")
    options = parser.parse_args()
    seconds, rounds, most = (1, 1, 100_000) if options.quick else (2, 3, 1_000_000)
    many_sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= most]
    one_sizes = [size for size in (10, 100, 1000, 10_000, 100_000) if size <= most / 10]
    with scratch() as server, TemporaryDirectory() as folder:
        scale = Scale(server, Path(folder), seconds, rounds)
        panels = {MANY: scale.many_users(many_sizes), ONE: scale.one_user(one_sizes)}
    show("")
    for title, costs in panels.items():
        print("\n".join(table(title, costs)))
    save(panels, {"rounds": rounds, "seconds": seconds})
    return int(any(spread(by_size) > FLAT for costs in panels.values() for by_size in costs.values()))


def save(panels: Mapping[str, Costs], settings: Mapping[str, int]) -> None:
    """The JSON file, and the picture of it."""
    document = report.head(settings)
    document["costs"] = {
        title: {case: {size: report.rounded(one) for size, one in by_size.items()} for case, by_size in costs.items()}
        for title, costs in panels.items()
    }
    lines = {
        title: [
            picture.Line(TITLES[case], [(size, report.cost(one)) for size, one in by_size.items()])
            for case, by_size in costs.items()
        ]
        for title, costs in panels.items()
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "scale.json").write_text(json.dumps(document, indent=1) + "\n")
    (RESULTS / "scale.svg").write_text(picture.lines(lines, report.footnote(document)))


if __name__ == "__main__":
    sys.exit(main())
