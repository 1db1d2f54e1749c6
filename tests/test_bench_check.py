"""`make bench-check` fails when a budget is broken, and only then: judged on recorded figures."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def figures(rate: float, server: float, postgres: float = 100) -> list[dict[str, float | None]]:
    """The same three rounds for one contender and case."""
    result = {"requests_per_second": rate, "p50": 1.0, "p99": 2.0, "server_cpu": server, "postgres_cpu": postgres}
    return [result | {"memory": 100_000_000}] * 3


# Within the budgets; lists that are not kept, and every case beside tuned Fastify, cost more than we aim at.
RECORDED: dict[str, dict[str, Any]] = {
    "doable": {
        "get": figures(9000, 100),
        "list100": figures(9000, 100),
        "unchanged": figures(9000, 110),
        "create": figures(5000, 150),
        "batch": figures(500, 1000, 1500),
    },
    "doable-unkept": {"list100": figures(1000, 900)},
    "classic": {"get": figures(1000, 1000), "list100": figures(1000, 1000), "create": figures(1000, 1000)},
    "fastify-plain": {"get": figures(5000, 150), "list100": figures(5000, 200), "create": figures(5000, 200)},
    "fastify-tuned": {"get": figures(9000, 50, 50), "list100": figures(9000, 50, 50), "create": figures(9000, 50, 50)},
    "floor-fetch": {"get": figures(20000, 50)},
}
START = {"ready": 1.0, "imported": 0.5, "memory": 100_000_000, "tokens": {"HS256": 0.000_005}}


def check(directory: Path, recorded: dict[str, dict[str, Any]], start: dict[str, Any]) -> tuple[int, str]:
    """The exit status, and the lines about budgets."""
    results = {name: {case: {"rounds": rounds} for case, rounds in cases.items()} for name, cases in recorded.items()}
    file = directory / "last.json"
    file.write_text(json.dumps({"settings": {"rounds": 3}, "results": results, "start": start}))
    command = [sys.executable, BENCHMARKS / "run.py", "--check", "--recorded", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.partition("\nBudgets\n")[2]


def test_aims_that_are_missed_break_no_budget(tmp_path: Path) -> None:
    status, said = check(tmp_path, RECORDED, START)
    words = [line.split()[0] for line in said.splitlines()]
    assert (status, set(words), words.count("aim")) == (0, {"kept", "aim"}, 4)


def test_budgets_that_are_broken_or_not_measured_fail_the_check(tmp_path: Path) -> None:
    recorded = deepcopy(RECORDED)
    recorded["doable"]["unchanged"] = figures(9000, 130)
    del recorded["doable"]["batch"]
    status, said = check(tmp_path, recorded, START | {"ready": 2.5})
    assert (status, said.count("missed")) == (1, 3)
    assert "missed          2.50  ≤ 2 " in said
