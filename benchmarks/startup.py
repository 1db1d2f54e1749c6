"""What Doable costs before the first request: time to start and to import, memory, a known token."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
from contenders import free_port
from usage import Processes

IDLE_SECONDS: Final = 2
START_SECONDS: Final = 30


@dataclass(frozen=True)
class Startup:
    """Seconds; bytes of the service alone, its PostgreSQL not counted. The best of several tries each.

    `tokens` is what it costs to know each kind of token again.
    """

    ready: float
    imported: float
    memory: int
    tokens: dict[str, float]


def measure(tokens: dict[str, float], tries: int = 3) -> Startup:
    with TemporaryDirectory(prefix="doable-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)  # Where we are root, PostgreSQL runs as another user, who must get in.
        data = Path(name) / "data"
        _start(data)  # The first start makes the data directory.
        starts = [_start(data) for _ in range(tries)]
    return Startup(
        min(seconds for seconds, _ in starts),
        min(_import() for _ in range(tries)),
        min(memory for _, memory in starts),
        tokens,
    )


def _start(data: Path) -> tuple[float, int]:
    """Seconds until the service is ready, and its memory a little later."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "HOME": str(data.parent), "DOABLE_DATA_DIR": str(data)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "doable", "serve", "--port", str(port)],
        env=environment, cwd=data.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not _is_ready(port):
            if process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                raise RuntimeError("Doable does not start on a data directory of its own")
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        time.sleep(IDLE_SECONDS)
        return seconds, Processes(process.pid).memory(without="postgres")
    finally:
        process.terminate()
        process.wait(30)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).is_success
    except httpx.TransportError:
        return False


def _import() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import doable.app"], check=True)
    return time.perf_counter() - began
