"""Run a Next.js app with Better Auth, and Doable, both on one embedded PostgreSQL. Ctrl-C ends all.

Without --app, the app is that of examples/nextjs.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import click
import httpx
import node

from doable.cli.text import say
from doable.store import embedded

ROOT: Final = Path(__file__).parent.parent
EXAMPLE: Final = ROOT / "examples/nextjs"
CLIENT: Final = ROOT / "clients/typescript"
NEXT: Final = "node_modules/next/dist/bin/next"
STOP_SECONDS: Final = 10


@click.command(help=__doc__)
@click.option("--app", type=Path, default=EXAMPLE, help="The folder of the app, whose packages are installed.")
@click.option("--port", default=3000, show_default=True, help="The port of the page.")
@click.option("--api-port", default=8000, show_default=True, help="The port of Doable.")
@click.option("--data-dir", type=Path, help="Where the data is kept.  [default: .data in the app]")
@click.option("--build/--dev", default=False, help="Build the app first, as for production.")
def main(app: Path, port: int, api_port: int, data_dir: Path | None, *, build: bool) -> None:
    if app == EXAMPLE:
        install()
    data_dir = data_dir or app / ".data"
    page, api = f"http://localhost:{port}", f"http://localhost:{api_port}"
    with ExitStack() as stack:
        database = stack.enter_context(embedded.running(data_dir, say=say))
        shared = {"DATABASE_URL": database.url, "BETTER_AUTH_URL": page}
        addresses = {"DOABLE_URL": api, "NEXT_PUBLIC_DOABLE_URL": api}
        web = {
            **os.environ,
            **shared,
            **addresses,
            "BETTER_AUTH_SECRET": secret(data_dir),
            "NEXT_TELEMETRY_DISABLED": "1",
        }
        doable = {**os.environ, **shared, "CORS_ORIGINS": page, "LOG_LEVEL": "warning"}
        doable.pop("BETTER_AUTH_SECRET", None)  # With it, Doable would expect tokens that are signed with it.
        if build:
            run([node.node(), NEXT, "build"], app, web)
        serve = [sys.executable, "-m", "doable", "serve", "--migrate", "--port", str(api_port)]
        # Not in a folder that may have a `.env`.
        service = stack.enter_context(child(serve, data_dir, doable))
        wait([service], until=lambda: answers(f"{api}/health"))
        pages = [node.node(), NEXT, "start" if build else "dev", "-H", "localhost", "-p", str(port)]
        running = [service, stack.enter_context(child(pages, app, web))]
        say(f"Open {page} in your browser. Ctrl-C ends it.")
        wait(running)


def install() -> None:
    """Build the client, and install it with the other packages of the example, where one has changed."""
    locks = [folder / "package-lock.json" for folder in (CLIENT, EXAMPLE)]
    files = sorted([*locks, *(CLIENT / "src").rglob("*.ts")])
    state = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    installed = EXAMPLE / "node_modules/.installed"
    if installed.exists() and installed.read_text() == state:
        return
    say("Installing the packages of the example …")
    for folder in (CLIENT, EXAMPLE):
        run([*node.npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder)
        if folder == CLIENT:
            run([*node.npm(), "run", "build"], folder)
    installed.write_text(state)


def secret(data_dir: Path) -> str:
    """The key of Better Auth's cookies, the same at each start."""
    file = data_dir / "better-auth-secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text()


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:  # noqa: S603 - our own words
        sys.exit(1)  # The program has said why.


@contextmanager
def child(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own: Next.js starts another one."""
    process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)  # noqa: S603 - our own words
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(STOP_SECONDS)


def wait(processes: list[subprocess.Popen[bytes]], until: Callable[[], bool] = lambda: False) -> None:
    """Until it holds. Exits when one of them ends, and at Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while not until():
            if any(process.poll() is not None for process in processes):
                sys.exit("One of the programs has ended")
            time.sleep(0.2)
    except KeyboardInterrupt:
        sys.exit(0)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    main()
