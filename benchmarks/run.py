"""Measure Doable and what it is compared with, side by side: see README.md beside this file.

Each contender gets a fresh clone of its database and one worker, and shows that it answers as everybody does. All of
them are up and take turns at one case after the other, so that what is compared was measured within seconds. This is
done several times; what is shown is the median.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import budgets
import credentials
import known_token
import load
import pgbench
import picture
import report
import startup
from cases import CASES
from contenders import CONTENDERS, Contender, Running, missing, running
from load import Load, Result, Void
from prepare import Prepared, prepare
from report import Figures
from seed import Postgres, scratch
from startup import Startup
from verify import Expected, verify

RESULTS: Final = Path(__file__).parent / "results"
NAMES: Final = [*(contender.name for contender in CONTENDERS), "pgbench"]
TITLES: Final = {**{contender.name: contender.title for contender in CONTENDERS}, "pgbench": "floor: pgbench"}


@dataclass
class Bench:
    """One run: what is there, and what has come out so far."""

    server: Postgres
    folder: Path
    seconds: int
    cases: Sequence[str]
    there: Prepared
    expected: Expected
    settings: dict[str, str]
    rounds: list[Figures] = field(default_factory=list)
    voids: list[str] = field(default_factory=list)
    _loads: dict[tuple[str, str], Load] = field(default_factory=dict)

    def measure(self, contenders: Sequence[Contender], rounds: int) -> None:
        """Start them all, and let them take turns at one case after the other."""
        found: list[Figures] = [{} for _ in range(rounds)]
        self.rounds += found
        with ExitStack() as stack:
            up = [(contender, stack.enter_context(self._up(contender))) for contender in contenders]
            for case in self.cases:
                runs = {
                    contender.name: self._loaded(contender, case, process)
                    for contender, process in up
                    if process is not None and case in contender.cases
                }
                for number, name in load.turns(list(runs), rounds):
                    self._try(found[number], name, case, runs[name])

    def measure_pgbench(self) -> None:
        with self._fresh_database("seed_doable", "pgbench") as database:
            for case in self.cases:
                if case in pgbench.CASES:
                    self._try(self.rounds[-1], "pgbench", case, self._pgbench(case, database))

    @contextmanager
    def _up(self, contender: Contender) -> Iterator[Running | None]:
        """The contender on a database of its own, or None where it can't take part."""
        tokens = self.there.tokens[contender.credential]
        if not tokens:
            self.voids.append(f"{contender.name}: Doable gives no such credential")
            yield None
            return
        log = self.folder / f"{contender.name}.log"
        environment = self.settings | self.there.environments.get(contender.credential, {})
        with (
            self._fresh_database(contender.seed, contender.name) as database,
            running(contender, self.server, database, log, **environment) as process,
        ):
            try:
                if contender.is_a_service:
                    verify(process.url, tokens, self.expected)
            except Void as void:
                self.voids.append(f"{contender.name}: {void}")
                yield None
            else:
                yield process

    def _pgbench(self, case: str, database: str) -> Iterator[Result]:
        self.server.tidy()
        yield pgbench.run(case, self.there.people, self.server, database, self.seconds, self.folder)

    def _loaded(self, contender: Contender, case: str, process: Running) -> Iterator[Result]:
        yield from load.measure(self._load(contender.credential, case), process, self.server, self.seconds)

    def _load(self, credential: str, case: str) -> Load:
        """The requests of a case, written to a file the first time."""
        key = credential, case
        if key not in self._loads:
            requests = list(CASES[case].build(self.there.people, self.there.tokens[credential]))
            if not requests:
                raise Void("this Doable does not have it")
            file = self.folder / f"{credential}-{case}.requests"
            load.write_requests(file, requests)
            self._loads[key] = Load(file, len(requests), CASES[case].statuses, CASES[case].once)
        return self._loads[key]

    def _try(self, found: Figures, contender: str, case: str, results: Iterator[Result]) -> None:
        show(f"{CASES[case].title}: {contender}")
        try:
            result = next(results, None)
        except Void as void:
            self.voids.append(f"{contender}, {CASES[case].title}, and not again after this start: {void}")
        else:
            if result is not None:  # There are no more of one that was void.
                found.setdefault(contender, {})[case] = result

    @contextmanager
    def _fresh_database(self, seed: str, name: str) -> Iterator[str]:
        database = f"run_{name.replace('-', '_')}"
        self.server.clone(seed, database)
        try:
            yield database
        finally:
            self.server.drop(database)


def show(text: str) -> None:
    """Progress, on one line where there is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure Doable against the classic stack, Node and the floors.")
    parser.add_argument("--quick", action="store_true", help="one round after one start")
    parser.add_argument("--starts", type=int, help="how often all are started anew [3]")
    parser.add_argument(
        "--rounds", type=int, help="how often each is measured with a case after a start [1; to check 3]"
    )
    parser.add_argument("--seconds", type=int, default=load.SECONDS, help="of load each time [%(default)s]")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=f"contenders: {', '.join(NAMES)}")
    parser.add_argument("--cases", nargs="+", choices=CASES, metavar="CASE", help=f"cases: {', '.join(CASES)}")
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings of Doable to try out")
    parser.add_argument("--check", action="store_true", help="measure what the budgets need; exit 1 when one is missed")
    parser.add_argument(
        "--recorded", type=Path, metavar="FILE", help="measure nothing: take the figures of a last.json"
    )
    options = parser.parse_args()
    options.starts = options.starts or (1 if options.quick else 3)
    options.rounds = options.rounds or (3 if options.check and not options.quick else 1)
    options.cases = options.cases or (budgets.CASES if options.check else tuple(CASES))
    options.whole = not options.only
    options.only = options.only or (budgets.CONTENDERS if options.check else NAMES)
    return options


def chosen(only: Sequence[str]) -> Iterator[Contender]:
    """Those who can take part, with a word about those who can't."""
    for contender in CONTENDERS:
        if contender.name not in only:
            continue
        if reason := missing(contender):
            print(f"Without {contender.title}: {reason}", file=sys.stderr)
        else:
            yield contender


def main() -> int:
    options = arguments()
    if options.recorded:
        document = json.loads(options.recorded.read_text())
        return judge(report.rounds_of(document), document["start"] and Startup(**document["start"]), options)
    if shutil.which("wrk") is None:
        print("The load comes from wrk, which is not here. On Debian and Ubuntu: apt-get install wrk", file=sys.stderr)
        return 2
    return measure(options)


def measure(options: argparse.Namespace) -> int:
    contenders = list(chosen(options.only))
    with scratch() as server, TemporaryDirectory() as folder, credentials.issuer() as issuer:
        show("preparing people and tasks")
        settings = dict(pair.split("=", 1) for pair in options.set)
        there = prepare(server, Path(folder), issuer)
        tokens = known_token.measure(server, there) if options.whole else {}
        bench = Bench(server, Path(folder), options.seconds, options.cases, there, Expected(server), settings)
        for _ in range(options.starts):
            bench.measure(contenders, options.rounds)
            if "pgbench" in options.only:
                bench.measure_pgbench()
    start = None
    if options.whole:
        show("starting Doable on a data directory of its own")
        start = startup.measure(tokens)
    show("")

    status = judge(bench.rounds, start, options)
    for void in bench.voids:
        print(f"void: {void}", file=sys.stderr)
    how = {"rounds": len(bench.rounds), "seconds": options.seconds, "doable": settings}
    document = report.head(how) | {"results": report.by_round(bench.rounds), "voids": bench.voids}
    document["start"] = asdict(start) if start else None
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "last.json").write_text(json.dumps(document, indent=1) + "\n")
    (RESULTS / "last.svg").write_text(picture.bars(report.medians(bench.rounds), TITLES, report.footnote(document)))
    return status


def judge(rounds: Sequence[Figures], start: Startup | None, options: argparse.Namespace) -> int:
    """Print what came out; the exit status."""
    print("\n".join(report.table(report.medians(rounds), TITLES)))
    promised = list(budgets.promises(rounds, start))
    if options.whole or options.check:
        print("\nBudgets", *promised, sep="\n")
    return int(options.check and not budgets.are_kept(promised))


if __name__ == "__main__":
    sys.exit(main())
