"""A way to the database that breaks at a chosen point, as networks and poolers do."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Self

from doable.store.address import Address


class Proxy:
    """`async with Proxy(address) as proxy:`, and connect to `proxy.address`.

    `cut(n)` breaks a connection at the n-th message to the server from now on (0 is the next): before the server gets
    it or, with `delivered`, when it answers, so that the answer is what gets lost. `halve()` delivers only the first
    half of the next message, and nothing after it on its connection.
    """

    def __init__(self, target: Address) -> None:
        self._target = target
        self._connections: set[asyncio.Task[None]] = set()
        self._countdown: int | None = None
        self._delivered = False
        self._halving = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = replace(self._target, host="127.0.0.1", port=self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def cut(self, message: int, *, delivered: bool) -> None:
        self._countdown, self._delivered = message, delivered

    def halve(self) -> None:
        self._halving = True

    def disarm(self) -> None:
        self._countdown = None

    @property
    def was_cut(self) -> bool:
        return self._countdown is None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            server_reader, server_writer = await self._reach()
            try:
                await self._relay(reader, writer, server_reader, server_writer)
            finally:
                await _drop(server_writer)
        finally:
            await _drop(writer)
            self._connections.discard(connection)

    async def _relay(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        server_reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
    ) -> None:
        last = asyncio.Event()

        async def ask() -> None:
            while data := await reader.read(1 << 20):
                if self._halving:
                    self._halving = False
                    server_writer.write(data[: len(data) // 2])
                    await _discard(reader)
                    return
                if self._countdown == 0:
                    self._countdown = None
                    if not self._delivered:
                        return
                    last.set()
                elif self._countdown is not None:
                    self._countdown -= 1
                server_writer.write(data)

        async def answer() -> None:
            while (data := await server_reader.read(1 << 20)) and not last.is_set():
                writer.write(data)

        directions = [asyncio.create_task(ask()), asyncio.create_task(answer())]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host = self._target.host or ""
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{self._target.port}")
        return await asyncio.open_connection(host, self._target.port)


async def _discard(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 20):
        pass


async def _drop(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()
