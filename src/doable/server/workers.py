"""The processes that serve requests: this one, or several workers that share its port."""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from socket import socket
from time import monotonic, sleep
from types import FrameType
from typing import Any, Final, TypeAlias

from doable.metrics import Ledger, Metrics
from doable.server.application import Application, ServerLimits
from doable.server.process import STARTUP_FAILURE, Process
from doable.settings import Settings

LOGGER: Final = logging.getLogger("doable")
EXIT_GRACE_SECONDS: Final = 3  # seconds for a worker to end when its time for requests is over
# Seconds before a worker is replaced, so that workers that die on start don't use all of a CPU.
RESPAWN_SECONDS: Final = 0.2

_asked_to_leave: Final = threading.Event()

# Makes the application for a process; a function that another process can import.
Create: TypeAlias = Callable[[Settings, Metrics | None], tuple[Application, ServerLimits]]
Handler: TypeAlias = Callable[[int, FrameType | None], None]
_SPAWN: Final = multiprocessing.get_context("spawn")


def on_signals(handle: Handler) -> None:
    """Set what Ctrl+C, SIGTERM and closing the terminal do from now on."""
    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup sets it
        # Calls the handler that SIGTERM has at that time.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def leave(_number: int, _frame: FrameType | None) -> None:
    """Exit by an exception, so that context managers clean up."""
    _asked_to_leave.set()
    sys.exit(0)


def leave_if_asked() -> None:
    """Exit if the exception of `leave` was lost: Python drops one from a callback of an import or of the collector."""
    if _asked_to_leave.is_set():
        sys.exit(0)


def serve(
    create: Create,
    settings: Settings,
    listener: socket,
    announce: Callable[[], None],
    ledger: Ledger | None,
    number: int = 0,
) -> None:
    """Serve from this process until a signal comes; exits with STARTUP_FAILURE when the application does not start.

    It writes its counts into the `ledger`, under its number.
    """
    metrics = Metrics(ledger, number) if ledger else None
    app, limits = create(settings, metrics)
    process = Process(app, limits, delay=settings.stop_delay, grace=settings.stop_grace)
    # From here on a signal is noted and heeded in time: an exception out of the middle of the loop would get lost.
    on_signals(process.handle)
    leave_if_asked()
    announce()
    gc.collect()
    gc.freeze()  # These objects live as long as the process, so the collector need not scan them.
    process.run(listener)


def supervise(
    create: Create, settings: Settings, listener: socket, announce: Callable[[], None], ledger: Ledger | None
) -> None:
    """Have as many workers as there should be until a signal comes, and replace those that die.

    Exits with STARTUP_FAILURE when one can't start.
    """
    create(settings, None)  # What is wrong with it is said once, and here.
    told, tell = _SPAWN.Pipe(duplex=False)
    on_signals(lambda *_: tell.close())
    leave_if_asked()
    announce()
    workers: dict[Any, SpawnProcess] = {}  # by their sentinel, which becomes ready when they end
    limit = settings.stop_delay + settings.stop_grace + EXIT_GRACE_SECONDS
    numbers = list(range(settings.workers))
    with _ended_together(workers, listener, limit):
        while True:
            while numbers:
                number = numbers.pop()
                worker = _SPAWN.Process(
                    target=_work, args=(create, settings, listener, ledger, number), name=str(number)
                )
                worker.start()
                workers[worker.sentinel] = worker
            for handle in wait([told, *workers]):
                if handle == told:
                    return
                worker = workers.pop(handle)
                worker.join()
                numbers.append(int(worker.name))
                if worker.exitcode == STARTUP_FAILURE:
                    sys.exit(STARTUP_FAILURE)
                LOGGER.error("A worker died and is replaced", extra={"facts": {"exit_code": worker.exitcode}})
                sleep(RESPAWN_SECONDS)


@contextmanager
def _ended_together(workers: dict[Any, SpawnProcess], listener: socket, limit: float) -> Iterator[None]:
    """Stop the workers at the end. They have `limit` seconds to finish."""
    try:
        yield
    finally:
        listener.close()  # Otherwise the system would still accept connections that no worker serves.
        for worker in workers.values():
            worker.terminate()
        deadline = monotonic() + limit
        for worker in workers.values():
            worker.join(max(deadline - monotonic(), 0))
            if worker.is_alive():
                LOGGER.error("A worker does not end and is killed", extra={"facts": {"pid": worker.pid}})
                worker.kill()
                worker.join()


def _work(create: Create, settings: Settings, listener: socket, ledger: Ledger | None, number: int) -> None:
    on_signals(leave)
    threading.Thread(target=_follow_parent, name="parent", daemon=True).start()
    serve(create, settings, listener, lambda: None, ledger, number)


def _follow_parent() -> None:
    """End this worker when the service ends, even when the service is killed."""
    parent: Any = multiprocessing.parent_process()
    parent.join()
    os.kill(os.getpid(), signal.SIGINT)  # Without a delay: the next service needs the port.
