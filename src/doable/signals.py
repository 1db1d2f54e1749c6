"""Hearing that the process is asked to stop."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def on_stop(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` in this event loop as soon as the server is asked to stop.

    ASGI says so only when every request has been answered, and a stream would never be. The server's own handlers,
    which are in place before the application starts, do their work as before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(tell)
        handlers[signal.Signals(number)](number, frame)  # type: ignore[operator,misc]

    chained = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in chained:
        signal.signal(number, heard)
    yield
    for number, handler in chained.items():
        signal.signal(number, handler)
