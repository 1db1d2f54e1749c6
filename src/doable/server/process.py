"""One process that serves requests, from its start to an orderly stop."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from email.utils import formatdate
from socket import socket
from types import FrameType
from typing import Final

import uvloop

from doable.server.application import Application, ServerLimits
from doable.server.connection import Connection
from doable.server.exchange import CLOSE
from doable.server.state import State

LOGGER: Final = logging.getLogger("doable")
BACKLOG: Final = 2048
CHECK_SECONDS: Final = 1.0  # seconds between two looks at the connections
POLL_SECONDS: Final = 0.05  # seconds between two looks at whether all is done
CANCEL_GRACE_SECONDS: Final = 1.0  # seconds for cancelled requests to send their response
STARTUP_FAILURE: Final = 3  # exit status: the application does not start, and a restart would not help


class Process:
    """After a signal it still serves requests for `delay` seconds, and then has `grace` seconds to finish them."""

    def __init__(self, app: Application, limits: ServerLimits, *, delay: float, grace: float) -> None:
        self._app = app
        self._limits = limits
        self._delay = delay
        self._grace = grace
        self._refused = 0
        self._told: list[int] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal, at any time from now on. The first one stops in order, a second Ctrl+C immediately."""
        self._told.append(number)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    def run(self, listener: socket) -> None:
        """Serve until a signal comes. Exits with STARTUP_FAILURE when the application does not start."""
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._run(listener))

    async def _run(self, listener: socket) -> None:
        self._loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._app.lifespan())
            except Exception:
                LOGGER.exception("The application does not start")
                sys.exit(STARTUP_FAILURE)
            state = State(self._app, self._limits, self._loop)
            self._look(state)
            server = await self._loop.create_server(lambda: Connection(state), sock=listener, backlog=BACKLOG)
            async with asyncio.TaskGroup() as group:  # If these looks fail, the process must end.
                looking = group.create_task(self._keep_looking(state))
                if not self._told:
                    await self._stopping.wait()
                await self._stop(state, server, listener)
                looking.cancel()

    async def _keep_looking(self, state: State) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            self._look(state)

    def _look(self, state: State) -> None:
        state.headers[:1] = [(b"date", formatdate(usegmt=True).encode())]
        for connection in list(state.connections):
            connection.look()
        refused = self._limits.admission.refused
        if refused > self._refused:
            LOGGER.warning("Requests are refused under overload", extra={"facts": {"refused": refused - self._refused}})
            self._refused = refused

    async def _stop(self, state: State, server: asyncio.Server, listener: socket) -> None:
        facts = {"signal": signal.Signals(self._told[0]).name, "pid": os.getpid()}
        LOGGER.info("Stopping", extra={"facts": facts})
        self._app.begin_to_stop()
        # RFC 9112 §9.6: the next response on a kept connection announces the end, so no client finds it closed.
        state.headers.append(CLOSE)
        await self._until(lambda: self._is_hurried, self._delay)
        self._app.end_streams()
        server.close()
        listener.close()
        for connection in list(state.connections):
            connection.stop()
        await self._until(lambda: not (state.connections or state.tasks) or self._is_forced, self._grace)
        await self._break_off(state.tasks)

    async def _break_off(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        running = list(tasks)
        if running:
            LOGGER.error("Requests that did not end in time are cancelled", extra={"facts": {"count": len(running)}})
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=CANCEL_GRACE_SECONDS)

    @property
    def _is_hurried(self) -> bool:
        """A person at a terminal does not wait for load balancers."""
        return signal.SIGINT in self._told

    @property
    def _is_forced(self) -> bool:
        return self._told.count(signal.SIGINT) > 1

    async def _until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until `holds` is true, for at most this many seconds."""
        end = asyncio.get_running_loop().time() + seconds
        while not holds() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - nothing tells us
            await asyncio.sleep(POLL_SECONDS)
