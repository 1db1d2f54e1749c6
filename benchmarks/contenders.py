"""Who is measured, and how each is started: one worker, on a clone of its seed, on loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from credentials import SECRET
from seed import Postgres

HERE: Final = Path(__file__).parent
FASTIFY: Final = HERE / "fastify"
PYTHON: Final = sys.executable
SIX: Final = ("get", "list20", "list100", "create", "update", "complete", "mixed", "delete")
ALL: Final = (
    "get", "list20", "list100", "unchanged", "sync0", "sync100",
    "create", "update", "complete", "mixed", "batch", "delete",
)  # fmt: skip
READY_SECONDS: Final = 20


@dataclass(frozen=True)
class Contender:
    """`credential` is whose tokens it takes; `probe` is a path that answers as soon as it can."""

    name: str
    title: str
    seed: str
    credential: str
    cases: Sequence[str]
    command: Callable[[int], Sequence[str]]
    environment: Callable[[Postgres, str], Mapping[str, str]]
    directory: Path = HERE
    is_a_service: bool = True  # Floors answer, but not what was asked.


def doable(name: str, title: str, credential: str, cases: Sequence[str], **settings: str) -> Contender:
    return Contender(
        name,
        title,
        "seed_doable",
        credential,
        cases,
        lambda port: [PYTHON, "-m", "doable", "serve", "--port", str(port)],
        lambda server, database: {"DATABASE_URL": server.url(database), "BETTER_AUTH_SECRET": SECRET, **settings},
    )


def uvicorn(application: str) -> Callable[[int], Sequence[str]]:
    return lambda port: [
        PYTHON, "-m", "uvicorn", application, "--app-dir", str(HERE), "--port", str(port),
        "--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools",
    ]  # fmt: skip


def floor(name: str, title: str) -> Contender:
    return Contender(
        f"floor-{name}",
        title,
        "seed_doable",
        "hs256",
        ("get",),
        uvicorn(f"floors:{name}"),
        lambda server, database: {"DATABASE_URL": server.url(database)},
        is_a_service=False,
    )


def fastify(form: str) -> Contender:
    return Contender(
        f"fastify-{form}",
        f"Fastify + pg, {form}",
        "seed_plain",
        "hs256",
        SIX,
        lambda _: ["node", f"{form}.js"],
        lambda server, database: {
            **server.environment(database),
            "BETTER_AUTH_SECRET": SECRET,
            "NODE_ENV": "production",
        },
        FASTIFY,
    )


CONTENDERS: Final[Sequence[Contender]] = [
    doable("doable", "Doable, HS256", "hs256", ALL),
    doable("doable-unkept", "Doable, no list cache", "hs256", ("list20", "list100"), DOABLE_LIST_CACHE="0"),
    doable("doable-eddsa", "Doable, EdDSA", "eddsa", ("get", "list100", "create")),
    doable("doable-token", "Doable, personal access token", "token", ("get", "list100", "create")),
    Contender(
        "classic",
        "FastAPI + SQLModel + psycopg",
        "seed_plain",
        "hs256",
        SIX,
        uvicorn("classic:app"),
        lambda server, database: {
            "DATABASE_URL": server.url(database, "postgresql+psycopg"),
            "BETTER_AUTH_SECRET": SECRET,
        },
    ),
    fastify("plain"),
    fastify("tuned"),
    floor("raw", "floor: raw ASGI answer"),
    floor("fetch", "floor: and one prepared fetch"),
]


def missing(contender: Contender) -> str | None:
    """Why a contender can't take part on this machine, and what to do."""
    if contender.directory == FASTIFY:
        if shutil.which("node") is None:
            return "Node.js is not installed"
        if not (FASTIFY / "node_modules").is_dir():
            return f"run `npm ci` in {FASTIFY.relative_to(HERE.parent)}"
    return None


@dataclass(frozen=True)
class Running:
    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running(contender: Contender, server: Postgres, database: str, log: Path, **environment: str) -> Iterator[Running]:
    """The contender, started and answering; stopped afterwards."""
    port = free_port()
    settings = {"PORT": str(port), "HOST": "127.0.0.1", **contender.environment(server, database), **environment}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    with log.open("ab") as out:
        process = subprocess.Popen(
            contender.command(port), cwd=contender.directory, env={**kept, **settings}, stdout=out, stderr=out
        )
    try:
        wait_until_ready(process, port, log)
        yield Running(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Any answer will do: the contenders have no path in common that needs no token."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=1)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"it did not start: {log.read_text()[-2000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
