"""One load from `wrk`, and what it cost whom."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from contenders import Running
from seed import Postgres
from usage import Processes

CONNECTIONS: Final = 32
SECONDS: Final = 2
SCRIPT: Final = Path(__file__).with_name("load.lua")

T = TypeVar("T")


class Void(Exception):
    """A measurement that does not count, and why."""


@dataclass(frozen=True)
class Load:
    """What `wrk` is to send: a file made by `write_requests`, and the statuses that are right."""

    file: Path
    count: int
    statuses: Sequence[int]
    once: bool  # The requests must not be sent twice, because the second would do something else.


@dataclass(frozen=True)
class Result:
    """`p50` and `p99` in milliseconds, CPU in microseconds per request, `memory` in bytes."""

    requests_per_second: float
    p50: float | None
    p99: float | None
    server_cpu: float | None
    postgres_cpu: float
    memory: int | None
    bytes: float | None = None


def write_requests(file: Path, requests: Sequence[bytes]) -> None:
    with file.open("wb") as out:
        for request in requests:
            out.write(b"%d\n%b" % (len(request), request))


def turns(names: Sequence[T], rounds: int) -> Iterator[tuple[int, T]]:
    """Who comes when: everybody once in each round, and who was the first in one is the last in the next."""
    for number in range(rounds):
        for name in names[:: -1 if number % 2 else 1]:
            yield number, name


def measure(load: Load, process: Running, server: Postgres, seconds: int = SECONDS) -> Iterator[Result]:
    """One result after the other, each of a service that is warm. Raises Void."""
    used, postgres = Processes(process.pid), Processes(server.pid)
    position = 0
    while True:
        server.tidy()
        _, position = run(load, process.port, 1, used, postgres, start=position)
        result, position = run(load, process.port, seconds, used, postgres, start=position)
        yield result


def run(
    load: Load, port: int, seconds: int, server: Processes, postgres: Processes, *, start: int
) -> tuple[Result, int]:
    """Load a server for some seconds, from request `start` on. Returns the result and where to go on.

    Raises Void when an answer was not what it should be.
    """
    server_before, postgres_before = server.cpu(), postgres.cpu()
    statuses = ",".join(map(str, load.statuses))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)]
    command += [f"http://127.0.0.1:{port}", "--", str(load.file), str(start), statuses]
    output = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=False).stdout
    server_after, postgres_after = server.cpu(), postgres.cpu()
    line = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        raise Void(f"wrk said {output!r}")
    seen = json.loads(line.removeprefix("RESULT "))
    answers = seen["answers"]
    if answers == 0:
        raise Void("not one answer")
    if seen["wrong"] or seen["broken"]:
        raise Void(f"{seen['wrong']} of {answers} with a wrong status ({seen['first_wrong']}), {seen['broken']} broken")
    if load.once and start + seen["sent"] > load.count:
        raise Void(f"{start + seen['sent']} sent by now, of {load.count}: load for fewer seconds or rounds")
    result = Result(
        requests_per_second=answers / seen["seconds"],
        p50=seen["p50"] / 1000,
        p99=seen["p99"] / 1000,
        server_cpu=(server_after - server_before) * 1e6 / answers,
        postgres_cpu=(postgres_after - postgres_before) * 1e6 / answers,
        memory=server.memory(),
        bytes=seen["bytes"] / answers,
    )
    return result, start + seen["sent"]
