"""The port for metrics: a thread of the process that all the others belong to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from doable.cli.text import tell
from doable.errors import Misconfigured
from doable.metrics import Ledger
from doable.settings import Settings


@contextmanager
def ledger(settings: Settings) -> Iterator[Ledger | None]:
    """Where the processes of this service write what they count; None when metrics are off."""
    if not settings.is_measured:
        yield None
        return
    with TemporaryDirectory(prefix="doable-metrics-") as directory:
        ledger = Ledger(Path(directory))
        if settings.metrics_port is None:
            yield ledger
            return
        with _published(ledger, settings.metrics_host, settings.metrics_port):
            yield ledger


@contextmanager
def _published(ledger: Ledger, host: str, port: int) -> Iterator[None]:
    """Raises Misconfigured."""
    from prometheus_client.exposition import start_http_server  # noqa: PLC0415 - most services do without

    from doable.http.metrics import Collector  # noqa: PLC0415 - as above

    try:
        server, thread = start_http_server(port, host, Collector(ledger.total))
    except OSError as error:
        raise Misconfigured(f"DOABLE_METRICS_PORT: can't listen on {host}, port {port}: {error.strerror}") from None
    tell(f"Metrics are at http://{host}:{server.server_port}/metrics")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
