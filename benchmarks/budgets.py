"""What Doable promises of its speed: ratios of figures of the same run, so that any machine can check them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from report import Figures, cost
from startup import Startup

CASES: Final = ("get", "list100", "unchanged", "create", "batch")
CONTENDERS: Final = ("doable", "doable-unkept", "classic", "fastify-plain", "fastify-tuned", "floor-fetch")


@dataclass(frozen=True)
class Budget:
    """`value` is None when something that it needs was not measured; `aim` is one that we only report."""

    sentence: str
    value: float | None
    limit: float
    at_least: bool = False
    aim: bool = False

    @property
    def is_kept(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        word = "kept  " if self.is_kept else "missed"
        if self.aim:
            word = "aim   "
        value = "not measured" if self.value is None else f"{self.value:.2f}"
        return f"{word}  {value:>12}  {'≥' if self.at_least else '≤'} {self.limit:<6g} {self.sentence}"


def are_kept(promised: Iterable[Budget]) -> bool:
    """Whether all are that are more than an aim."""
    return all(budget.is_kept for budget in promised if not budget.aim)


def promises(rounds: Sequence[Figures], start: Startup | None) -> Iterator[Budget]:
    """All of them, in the order in which they were promised."""

    def ratio(figure: str, one: tuple[str, str], other: tuple[str, str]) -> float | None:
        """In the middle of the rounds: what was measured within one is compared, as machines change their speed."""
        pairs = [[_figure(found, contender, case, figure) for contender, case in (one, other)] for found in rounds]
        ratios = [value / against for value, against in pairs if value and against]
        return median(ratios) if ratios else None

    get, create = ("doable", "get"), ("doable", "create")
    yield Budget(
        "server CPU of get one, against the floor with one fetch", ratio("server", get, ("floor-fetch", "get")), 2.5
    )
    for case, limit in (("get", 8.0), ("list100", 8.0), ("create", 4.0)):
        value = ratio("rate", ("doable", case), ("classic", case))
        yield Budget(f"requests/s of {case}, against the classic stack", value, limit, at_least=True)
    for case, limit in (("get", 1), ("create", 1), ("list100", 2 / 3)):
        value = ratio("server", ("doable", case), ("fastify-plain", case))
        yield Budget(f"server CPU of {case}, against plain Fastify", value, limit)
    value = ratio("server", ("doable-unkept", "list100"), ("fastify-plain", "list100"))
    yield Budget("server CPU of list100 that is not kept, against plain Fastify", value, 2 / 3, aim=True)
    for case in ("get", "create", "list100"):
        value = ratio("cost", ("doable", case), ("fastify-tuned", case))
        yield Budget(f"server and PostgreSQL CPU of {case}, against tuned Fastify", value, 1, aim=True)
    yield Budget("server CPU of an unchanged list, against get one", ratio("server", ("doable", "unchanged"), get), 1.2)
    yield Budget(
        "server and PostgreSQL CPU of 100 creates in a batch, against one",
        ratio("cost", ("doable", "batch"), create),
        12,
    )
    if start is not None:
        yield Budget("seconds from start to ready, on a data directory that exists", start.ready, 2)
        yield Budget("seconds to import", start.imported, 0.7)
        yield Budget("MB of memory at rest", start.memory / 1e6, 120)
        for kind, seconds in start.tokens.items():
            yield Budget(f"µs to know a token that was seen before: {kind}", seconds * 1e6, 10)


def _figure(found: Figures, contender: str, case: str, figure: str) -> float | None:
    result = found.get(contender, {}).get(case)
    if result is None:
        return None
    return {"rate": result.requests_per_second, "server": result.server_cpu, "cost": cost(result)}[figure]
