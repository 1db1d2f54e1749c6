"""An issuer that publishes its keys on loopback, counts who asks for them, and can be in trouble."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from jwt import PyJWK

from doable.core.key_sets import KeySet
from keys import Key


class Clock:
    """A clock that stands still until it is moved; in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Published:
    """A key source that has what it has, without any fetching."""

    def __init__(self, *keys: Key) -> None:
        self._keys = KeySet(key.jwk for key in keys)

    async def find(self, kid: str | None, alg: str) -> PyJWK | None:
        return self._keys.find(kid, alg)


class Issuer:
    def __init__(self, *keys: Key) -> None:
        self.keys = list(keys)
        self.fetches = 0
        self.answer: Callable[[], bytes] = self.publish
        self.requests: list[bytes] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/auth/jwks"

    def publish(self) -> bytes:
        return http("200 OK", json.dumps({"keys": [key.jwk for key in self.keys]}).encode())

    async def come_up(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def go_down(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            self.fetches += 1
            await self.may_answer.wait()
            writer.write(self.answer())
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def issuer_with(*keys: Key) -> AsyncIterator[Issuer]:
    issuer = Issuer(*keys)
    await issuer.come_up()
    yield issuer
    issuer.may_answer.set()
    await issuer.go_down()
