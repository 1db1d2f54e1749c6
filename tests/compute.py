"""A PostgreSQL that sleeps when nobody asks, and wakes at the next connection, as a serverless one does."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from doable.store.address import Address
from postgres import Server

WAKING = 0.5  # seconds that it takes, besides PostgreSQL's own start


class Compute:
    """`async with Compute(directory, idle) as compute:`, and connect to `compute.address`.

    After `idle` seconds without a byte every connection is cut and PostgreSQL stops.
    """

    def __init__(self, directory: Path, idle: float) -> None:
        self._server = Server(directory, settings=["-c", "fsync=off", "-c", "max_connections=50"])
        self._idle = idle
        self._connections: set[asyncio.Task[None]] = set()
        self._waking = asyncio.Lock()
        self._is_awake = False
        self._last_byte = 0.0
        self.sleeps = 0
        self.asleep = asyncio.Event()
        self.woken = asyncio.Event()

    @property
    def direct(self) -> Address:
        """Past the sleep, for whoever keeps it awake by other means."""
        return self._server.address

    async def __aenter__(self) -> Self:
        await self._wake()
        self._front = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = replace(self.direct, host="127.0.0.1", port=self._front.sockets[0].getsockname()[1])
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._front.close()
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching
        async with self._waking:
            await self._cut()
            if self._is_awake:
                await asyncio.to_thread(self._server.__exit__)

    async def _wake(self) -> None:
        async with self._waking:
            if not self._is_awake:
                self.asleep.clear()
                self.woken.set()
                await asyncio.sleep(WAKING)
                await asyncio.to_thread(self._server.__enter__)
                self._is_awake = True
            self._last_byte = asyncio.get_running_loop().time()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(self._last_byte + self._idle - loop.time(), 0.01))
            if not self._is_awake or loop.time() < self._last_byte + self._idle:
                continue
            async with self._waking:
                await self._cut()
                await asyncio.to_thread(self._server.__exit__)
                self._is_awake = False
                self.sleeps += 1
                self.woken.clear()
                self.asleep.set()

    async def _cut(self) -> None:
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._wake()
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            path = f"{self.direct.host}/.s.PGSQL.{self.direct.port}"
            server_reader, server_writer = await asyncio.open_unix_connection(path)
            try:
                await self._relay(((reader, server_writer), (server_reader, writer)))
            finally:
                server_writer.transport.abort()
        finally:
            writer.transport.abort()
            self._connections.discard(connection)

    async def _relay(self, directions: tuple[tuple[asyncio.StreamReader, asyncio.StreamWriter], ...]) -> None:
        loop = asyncio.get_running_loop()

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                while data := await source.read(1 << 20):
                    self._last_byte = loop.time()
                    target.write(data)

        tasks = [asyncio.create_task(copy(*direction)) for direction in directions]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
