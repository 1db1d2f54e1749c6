"""`doable serve`: the port, the database, and the processes that answer."""

import asyncio
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EADDRINUSE
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import click

from doable.cli.database import address_of, direct_address_of, migrate_to_current, with_database
from doable.cli.exposition import ledger as ledger_of
from doable.cli.protocol import SURPLUS
from doable.cli.welcome import welcome
from doable.cli.workers import BACKLOG, leave, on_signals, serve, supervise
from doable.errors import Misconfigured
from doable.settings import Settings, hand_on, load
from doable.store import embedded
from doable.store.address import Address
from doable.store.inspection import inspect, require_current

OWN_FILES: Final = 1500  # that may be open besides the connections of clients: those to the database above all
UNREAD: Final = 30  # seconds that a client may leave what we sent unread
PORT_WAIT: Final = 0.5  # seconds: the workers of a service that was killed let go of the port


@click.command("serve")
@click.option("--host", help="The address to listen on; 0.0.0.0 for every one.  [default: HOST, or 127.0.0.1]")
@click.option("--port", type=int, help="The port; 0 takes a free one.  [default: PORT, or 8000]")
@click.option("--workers", type=int, help="Processes.  [default: DOABLE_WORKERS, or 1]")
@click.option("--migrate", is_flag=True, help="Migrate the database first, if need be.")
def command(host: str | None, port: int | None, workers: int | None, *, migrate: bool) -> None:
    """Run the service.

    Without DATABASE_URL it runs a PostgreSQL of its own, in the directory DOABLE_DATA_DIR, and keeps its tables
    up to date by itself. A database in DATABASE_URL must be up to date: run `doable migrate` before, or give
    --migrate, which several instances may do at once.

    Ctrl+C or SIGTERM stops it: it finishes the requests that run, then stops its PostgreSQL.
    """
    settings = load(host=host, port=port, workers=workers)
    hand_on("OTEL_")
    on_signals(leave)
    _allow_files(settings.max_connections + SURPLUS + OWN_FILES)
    with (
        _bound(settings.host, settings.port) as listener,
        ledger_of(settings) as ledger,
        _database(settings, migrate=migrate) as (ready, directory),
    ):

        def announce() -> None:
            listener.listen(BACKLOG)
            click.echo(welcome(settings, listener.getsockname()[1], directory))

        answer = serve if settings.workers == 1 else supervise
        answer(ready, listener, announce, ledger)


def _allow_files(count: int) -> None:
    """Have the system let this process open as many files as we may need, or as many as it lets us ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that has the port, before anything else is begun. Raises Misconfigured."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise Misconfigured(f"HOST: {host} is not an address of this machine ({error.strerror})") from None
    # "localhost" is ::1 and 127.0.0.1: the one that every client tries.
    family, _, _, _, address = min(found, key=lambda info: info[0] != socket.AF_INET)
    deadline = monotonic() + PORT_WAIT
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux has it
            # Connections inherit it. A client that takes nothing would hold its own open for ever, closed by us or not.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD * 1000)
        while True:
            try:
                listener.bind(address)
                break
            except OSError as error:
                if error.errno != EADDRINUSE:
                    raise Misconfigured(f"Can't listen on {host}, port {port}: {error.strerror}") from None
                if monotonic() > deadline:
                    raise Misconfigured(
                        f"Port {port} on {host} is in use; stop what uses it, or choose another one with --port"
                    ) from None
            sleep(0.05)
        yield listener


@contextmanager
def _database(settings: Settings, *, migrate: bool) -> Iterator[tuple[Settings, Path | None]]:
    """The settings with a database that is ready; and where a new embedded one keeps its data."""
    if settings.database_url is not None:
        if migrate and (version := migrate_to_current(direct_address_of(settings))):
            click.echo(f"Migrated the database to {version}.")
        address = address_of(settings)
        require_current(address, asyncio.run(inspect(address)).schema)
        yield settings, None
        return
    directory = embedded.choose_directory(settings.data_dir)
    connections = settings.workers * (settings.pool_size + settings.pool_overflow)
    with embedded.running(directory, connections=connections, say=click.echo) as server:
        migrate_to_current(Address.parse(server.url))
        server.share()
        yield with_database(settings, server.url), directory if server.is_new else None
