"""A load balancer as any other: connections go in turn to those who say that they are ready."""

import asyncio
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

import httpx

INTERVAL = 0.1  # seconds between two looks at each


class Balancer:
    """`async with Balancer() as balancer:`; give it `instances` by their URLs, and connect to `balancer.url`."""

    def __init__(self) -> None:
        self.instances: list[str] = []
        self.ready: list[str] = []
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._looking = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        tasks = [self._looking, *self._connections]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        async with httpx.AsyncClient(headers={"connection": "close"}, timeout=10) as client:
            while True:
                for instance in self.instances:
                    await self._ask(client, instance)
                await asyncio.sleep(INTERVAL)

    async def _ask(self, client: httpx.AsyncClient, instance: str) -> None:
        is_ready = False
        with suppress(httpx.TransportError):
            is_ready = (await client.get(f"{instance}/health/ready")).status_code == 200
        if is_ready and instance not in self.ready:
            self.ready.append(instance)
        elif not is_ready and instance in self.ready:
            self.ready.remove(instance)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            self.ready.append(instance := self.ready.pop(0))
            address = urlsplit(instance)
            to_reader, to_writer = await asyncio.open_connection(address.hostname, address.port)
            async with asyncio.TaskGroup() as group:
                group.create_task(_pass(reader, to_writer))
                group.create_task(_pass(to_reader, writer))
        finally:
            await _close(writer)
            self._connections.discard(connection)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until one side has said all; then the other is told."""
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
