"""Metrics for the operator: the counts of this process, and of all processes on the same port.

A request only adds to numbers in memory. Once a second, each process writes its numbers to its own file (`Ledger`). The
process that serves the request for metrics adds up the files. A process that replaces another one continues the counts
from the file, so no count goes back. A killed process loses the counts of its last second.
"""

import asyncio
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
import psutil

Values: TypeAlias = list[float]  # one number; or, of a summary, count and sum; or, of a histogram, buckets and sum
Figures: TypeAlias = dict[str, dict[tuple[str, ...], Values]]  # by family, then by labels
Readings: TypeAlias = Mapping[tuple[str, ...], float]  # by family and labels in one tuple

LEDGER_SECONDS: Final = 1.0  # seconds between two writes to the ledger
BUCKET_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"  # replaces values that a client can invent


class MetricType(StrEnum):
    COUNTER = "counter"
    GAUGE = "gauge"
    SUMMARY = "summary"  # count and sum
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Family:
    """One metric. `together` combines the values of several processes."""

    kind: MetricType
    help: str
    labels: tuple[str, ...] = ()
    together: Callable[[Iterable[float]], float] = sum


REQUESTS: Final = "doable_http_request_duration_seconds"
STATEMENTS: Final = "doable_statement_duration_seconds"
FAILURES: Final = "doable_statement_failures_total"
PROBLEMS: Final = "doable_problems_total"
ACCEPTED: Final = "doable_credentials_accepted_total"
TURNED_AWAY: Final = "doable_turned_away_total"
LIMITED: Final = "doable_rate_limit_requests_total"
RESTARTS: Final = "doable_worker_restarts_total"
BUILD: Final = "doable_build_info"

# docs/monitoring.md explains each of them, which a test verifies.
FAMILIES: Final[Mapping[str, Family]] = {
    REQUESTS: Family(MetricType.HISTOGRAM, "Requests and how long they took.", ("route", "method", "status")),
    STATEMENTS: Family(MetricType.SUMMARY, "SQL statements and how long they took.", ("statement",)),
    FAILURES: Family(MetricType.COUNTER, "SQL statements that failed.", ("statement",)),
    PROBLEMS: Family(MetricType.COUNTER, "Requests that were refused or failed.", ("code",)),
    ACCEPTED: Family(MetricType.COUNTER, "Credentials that were accepted.", ("kind",)),
    LIMITED: Family(MetricType.COUNTER, "Requests that a rate limit counted.", ("limit", "outcome")),
    TURNED_AWAY: Family(MetricType.COUNTER, "Requests that were refused early under overload."),
    "doable_overloaded": Family(MetricType.GAUGE, "Processes under overload."),
    "doable_pool_open": Family(MetricType.GAUGE, "Database connections."),
    "doable_pool_idle": Family(MetricType.GAUGE, "Database connections that are not in use."),
    "doable_pool_busy": Family(MetricType.GAUGE, "Database connections in use."),
    "doable_pool_max": Family(MetricType.GAUGE, "Database connections at most."),
    "doable_pool_waiting": Family(MetricType.GAUGE, "Requests that wait for a database connection."),
    "doable_circuit_open": Family(MetricType.GAUGE, "Processes that can't reach the database."),
    "doable_streams_open": Family(MetricType.GAUGE, "Live event streams."),
    "doable_feed_lag_seconds": Family(MetricType.GAUGE, "Age of the last poll for live streams.", together=max),
    "doable_workers": Family(MetricType.GAUGE, "Processes that serve requests."),
    RESTARTS: Family(MetricType.COUNTER, "Processes that replaced one that died."),
    BUILD: Family(MetricType.GAUGE, "Always 1.", ("version", "python"), max),
    "process_cpu_seconds_total": Family(MetricType.COUNTER, "CPU time of all processes that serve requests."),
    "process_resident_memory_bytes": Family(MetricType.GAUGE, "Memory of all processes that serve requests."),
    "process_open_fds": Family(MetricType.GAUGE, "Open files and sockets of all processes that serve requests."),
}


class Ledger:
    """A directory in which the processes on one port store their counts. Each file is named by a process's number."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def write(self, number: int, figures: Figures) -> None:
        """Store the figures of a process. A reader gets the previous file or this one, never a part."""
        entry = self._directory / f"{number}.new"
        entry.write_bytes(_encode(figures))
        entry.replace(self._directory / str(number))

    def find(self, number: int) -> Figures | None:
        try:
            return _decode((self._directory / str(number)).read_bytes())
        except FileNotFoundError:
            return None

    def total(self) -> Figures:
        numbers = [int(entry.name) for entry in self._directory.iterdir() if entry.name.isdecimal()]
        return added(figures for figures in map(self.find, numbers) if figures)


class Metrics:
    """The metrics of this process; with a `ledger`, also of the other processes."""

    def __init__(self, ledger: Ledger | None = None, number: int = 0) -> None:
        """`number` identifies this process in the ledger. Its successor has the same number."""
        self._ledger = ledger
        self._number = number
        self._requests: dict[tuple[str, str, int], Values] = {}
        self._statements: dict[str, Values] = {}
        self._counts: dict[tuple[str, str], float] = {}
        self._meters: list[Callable[[], Readings]] = [_process]
        found = ledger.find(number) if ledger else None
        self._before = {
            name: series for name, series in (found or {}).items() if FAMILIES[name].kind is not MetricType.GAUGE
        }
        self._restarts = 0 if found is None else 1

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request after its response. `route` is the template of its path, or empty."""
        values = self._requests.get((route, method, status))
        if values is None:
            key = (route or OTHER, method if method in METHODS else OTHER, status)
            values = self._requests.setdefault(key, [0] * (len(BUCKET_SECONDS) + 2))
        values[bisect_left(BUCKET_SECONDS, seconds)] += 1
        values[-1] += seconds

    def statement(self, name: str, seconds: float, error: BaseException | None) -> None:
        """Count a statement after it ended, with its error if it failed."""
        values = self._statements.get(name)
        if values is None:
            values = self._statements[name] = [0, 0]
        values[0] += 1
        values[1] += seconds
        if isinstance(error, Exception):
            self.count(FAILURES, name)

    def count(self, family: str, label: str) -> None:
        """Add one to a counter with one label."""
        self._counts[family, label] = self._counts.get((family, label), 0) + 1

    def watch(self, read: Callable[[], Readings]) -> None:
        """Include the readings that `read` returns whenever metrics are gathered."""
        self._meters.append(read)

    def gather(self) -> Figures:
        """Return all figures of all processes."""
        if self._ledger is None:
            return self._figures()
        self.save()
        return self._ledger.total()

    def save(self) -> None:
        """Write the counts to the ledger, for the other processes. If the disk is full, nothing is written."""
        if self._ledger is not None:
            with suppress(OSError):
                self._ledger.write(self._number, self._figures())

    async def run(self) -> None:
        """Save once a second, and a last time when cancelled."""
        try:
            while True:
                self.save()
                await asyncio.sleep(LEDGER_SECONDS)
        finally:
            self.save()

    def _figures(self) -> Figures:
        figures: Figures = {
            REQUESTS: {
                (route, method, str(status)): values for (route, method, status), values in self._requests.items()
            },
            STATEMENTS: {(name,): values for name, values in self._statements.items()},
            BUILD: {_BUILD: [1]},
            "doable_workers": {(): [1]},
            RESTARTS: {(): [self._restarts]},
        }
        for (family, label), count in self._counts.items():
            figures.setdefault(family, {})[label,] = [count]
        for read in self._meters:
            for (family, *labels), value in read().items():
                figures.setdefault(family, {})[tuple(labels)] = [value]
        return added([self._before, figures])


def added(several: Iterable[Figures]) -> Figures:
    """Combine the figures of several processes."""
    total: dict[str, dict[tuple[str, ...], list[Values]]] = {}
    for figures in several:
        for name, series in figures.items():
            for labels, values in series.items():
                total.setdefault(name, {}).setdefault(labels, []).append(values)
    return {
        name: {labels: _together(FAMILIES[name], rows) for labels, rows in series.items()}
        for name, series in total.items()
    }


def _together(family: Family, rows: list[Values]) -> Values:
    return [family.together(column) for column in zip(*rows, strict=True)]


def _process() -> Readings:
    process = psutil.Process()
    with process.oneshot():
        times = process.cpu_times()
        return {
            ("process_cpu_seconds_total",): times.user + times.system,
            ("process_resident_memory_bytes",): process.memory_info().rss,
            ("process_open_fds",): process.num_fds(),
        }


_BUILD: Final = (version("doable"), sys.version.partition(" ")[0])
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Figures).decode
