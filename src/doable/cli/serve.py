"""`doable serve`: the port, the database, and the processes."""

import logging
from importlib.metadata import version
from typing import Final

import click

from doable import logs
from doable.app import create_service
from doable.cli.exposition import ledger as ledger_of
from doable.cli.text import say, tell
from doable.cli.welcome import welcome
from doable.environment import hand_on
from doable.operations.advice import told, warnings
from doable.operations.databases import for_service
from doable.server.listening import allow_files, bound
from doable.server.process import BACKLOG
from doable.server.workers import leave, on_signals, serve, supervise
from doable.settings import load

LOGGER: Final = logging.getLogger("doable")


@click.command("serve")
@click.option("--host", help="The address to listen on; 0.0.0.0 for all.  [default: HOST, or 127.0.0.1]")
@click.option("--port", type=int, help="The port; 0 takes a free one.  [default: PORT, or 8000]")
@click.option("--workers", type=int, help="Processes.  [default: DOABLE_WORKERS, or 1]")
@click.option("--migrate", is_flag=True, help="Migrate the database first, if necessary.")
def command(host: str | None, port: int | None, workers: int | None, *, migrate: bool) -> None:
    """Run the service.

    Without DATABASE_URL it runs its own PostgreSQL in the directory DOABLE_DATA_DIR, and migrates it automatically.
    A database in DATABASE_URL must be up to date: run `doable migrate` first, or give --migrate. Several instances
    may do this at the same time.

    Ctrl+C or SIGTERM stops it: it finishes running requests, then stops its PostgreSQL.
    """
    for warning in warnings():
        say(f"doable: {warning}")
    settings = load(host=host, port=port, workers=workers)
    hand_on("OTEL_")
    logs.set_up(settings.log_level, settings.log_format)
    on_signals(leave)
    allow_files(settings.max_connections)
    with (
        bound(settings.host, settings.port) as listener,
        ledger_of(settings) as ledger,
        for_service(settings, tell, migrate=migrate) as (ready, directory),
    ):

        def announce() -> None:
            listener.listen(BACKLOG)
            host, port = listener.getsockname()[:2]
            facts = {"version": version("doable"), "host": host, "port": port, "workers": settings.workers}
            LOGGER.info("Started", extra={"facts": facts})
            LOGGER.info("Settings", extra={"facts": told(settings)})
            tell(*welcome(settings, port, directory).split("\n"))

        run = serve if settings.workers == 1 else supervise
        run(create_service, ready, listener, announce, ledger)
    LOGGER.info("Stopped")
