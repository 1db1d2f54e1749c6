"""Send raw messages, each on a connection of its own, and read what comes back.

`await send((host, port), row)` works with any server that has `tokens.SECRET` as its `BETTER_AUTH_SECRET`.
"""

import asyncio
import re
import socket
from asyncio import timeout
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Self, TypeAlias

from tokens import hs256

Address: TypeAlias = tuple[str, int]

HOST = "Host: tasks.example.com"
SERIAL = "ROW000"  # in a packet: `send` replaces it by a serial of the same length, so that no length changes
TOKEN = hs256("mallory")  # whose messages they are
NOTHING = 0  # among the statuses that may come back: or no answer at all
PAUSE = 0.02  # seconds between two packets, so that they are read one by one
PATIENCE = 10  # seconds to wait for something that must come
HEAD = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n")
QUIET = 0.3  # seconds to wait for something that must not come


class Then(Enum):
    """What must become of the connection after the last answer."""

    GOES_ON = "it answers the next request"
    CLOSES = "it is closed, and says so in the last answer"
    BREAKS = "it is closed, maybe after an answer that did not say so"
    EITHER = "it answers the next request, or it is closed"
    SILENT = "it answers nothing more; what is sent now still belongs to the message"


@dataclass(frozen=True)
class Row:
    """A message, and what must come back from Doable without a proxy.

    `source` is the clause of the standard, or the name of the attack. `answers` has a set of allowed statuses for each
    answer in turn. With `ends` the client closes its side after the packets. `is_twofold` means that a lenient proxy
    may read two requests where Doable reads one; then the proxy must send both answers to the sender.
    """

    name: str
    source: str
    packets: tuple[bytes, ...]
    answers: tuple[frozenset[int], ...]
    then: Then
    ends: bool = False
    is_twofold: bool = False
    continues: bool | None = None  # whether 100 must come, or must not; None leaves it open

    @property
    def ids(self) -> list[str]:
        """Of its own requests, as they follow each other."""
        found = re.findall(rf"{SERIAL}-\d+", b"".join(self.packets).decode("latin-1"))
        return list(dict.fromkeys(found))

    @property
    def methods(self) -> list[str]:
        """Of the requests that an answer of the same place belongs to."""
        return re.findall(r"(?:^|\n)([A-Z-]+) \S+ HTTP/1", b"".join(self.packets).decode("latin-1"))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str | None:
        """What Doable puts into each answer, and a proxy into none of its own."""
        return self.headers.get("x-request-id")


@dataclass
class Heard:
    """`answers` are the final ones; `after` is the one to the request that was sent after the message."""

    answers: list[Answer] = field(default_factory=list)
    interim: list[int] = field(default_factory=list)
    after: Answer | None = None
    rest: bytes = b""  # what is no answer, or not a whole one
    is_closed: bool = False

    @property
    def ids(self) -> list[str | None]:
        return [answer.id for answer in self.answers]

    @property
    def statuses(self) -> list[int]:
        return [answer.status for answer in self.answers]


class Wire:
    """`async with Wire(address) as wire:`. It reads from the start, so that it hears an answer to half of a message."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._asked: list[str] = []  # the methods
        self._news = asyncio.Event()
        self.heard = Heard()

    async def __aenter__(self) -> Self:
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(self._socket, self._address)
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        self._socket.close()

    async def say(self, *packets: bytes, methods: list[str]) -> None:
        """Send them one by one. `methods` are those of the requests in them. A server may close before the last one."""
        self._asked += methods
        for number, packet in enumerate(packets):
            if number:
                await asyncio.sleep(PAUSE)
            with suppress(OSError):
                await asyncio.get_running_loop().sock_sendall(self._socket, packet)

    def end(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    async def hear(self, is_enough: Callable[[Heard], object], seconds: float = PATIENCE) -> Heard:
        """Listen until it is enough, the connection is closed, or the time is over."""
        with suppress(TimeoutError):
            async with timeout(seconds):
                while not (self.heard.is_closed or is_enough(self.heard)):
                    self._news.clear()
                    await self._news.wait()
        return self.heard

    async def _listen(self) -> None:
        with suppress(OSError):
            while data := await asyncio.get_running_loop().sock_recv(self._socket, 1 << 16):
                self.heard.rest += data
                self._read()
        self.heard.is_closed = True
        self._read()

    def _read(self) -> None:
        heard = self.heard
        while found := HEAD.match(heard.rest):
            status = int(found[1])
            lines = [line.partition(":") for line in found[2].decode("latin-1").splitlines()]
            headers = {name.lower(): value.strip() for name, _, value in lines}
            body = heard.rest[found.end() :]
            length = self._length(status, headers, len(body))
            if length > len(body):
                break
            heard.rest = body[length:]
            if status < 200:
                heard.interim.append(status)
            else:
                heard.answers.append(Answer(status, headers, body[:length]))
        self._news.set()

    def _length(self, status: int, headers: dict[str, str], available: int) -> int:
        """Of the body of the next answer; without a length it ends with the connection."""
        number = len(self.heard.answers)
        if status < 200 or status in {204, 304} or self._asked[number : number + 1] == ["HEAD"]:
            return 0
        return int(headers.get("content-length", available if self.heard.is_closed else available + 1))


async def send(address: Address, row: Row, serial: str = SERIAL) -> Heard:
    """Send the row and, where the connection may go on, another request."""
    async with Wire(address) as wire:
        packets = packets_of(row, serial)
        if row.continues:
            await wire.say(packets.pop(0), methods=row.methods)
            await wire.hear(lambda heard: heard.interim)
            await wire.say(*packets, methods=[])
        else:
            await wire.say(*packets, methods=row.methods)
        if row.ends:
            wire.end()
        if row.then in {Then.CLOSES, Then.BREAKS}:
            return await wire.hear(lambda _: False)
        expected = sum(NOTHING not in statuses for statuses in row.answers)
        await wire.hear(lambda heard: len(heard.answers) >= expected)
        after = ask("GET /api/me HTTP/1.1", TOKEN, f"{serial}-after")
        await wire.say(after, methods=["GET"])
        heard = await wire.hear(
            lambda heard: heard.answers and heard.answers[-1].id == f"{serial}-after",
            QUIET if row.then is Then.SILENT else PATIENCE,
        )
    if heard.answers and heard.answers[-1].id == f"{serial}-after":
        heard.after = heard.answers.pop()
    return heard


def packets_of(row: Row, serial: str) -> list[bytes]:
    assert len(serial) == len(SERIAL)
    return [packet.replace(SERIAL.encode(), serial.encode()) for packet in row.packets]


def ask(line: str, token: str, request_id: str, body: str = "") -> bytes:
    """A request without any fault."""
    head = [line, HOST, f"Authorization: Bearer {token}", f"X-Request-ID: {request_id}"]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", body]).encode()
