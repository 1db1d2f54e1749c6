"""State that all connections of a process share."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import methodcaller
from typing import TYPE_CHECKING, Final

from doable.errors import DoableError, Overloaded
from doable.http.errors import HeadersTooLarge, InternalError, MalformedRequest, RequestTimeout
from doable.http.response import Response
from doable.server.application import Application, ServerLimits

if TYPE_CHECKING:
    from doable.server.connection import Connection

UNREAD_MAX: Final = 256 * 1024 * 1024  # bytes of responses that wait to be read
UNFINISHED_MAX: Final = 64 * 1024 * 1024  # bytes of requests that are incomplete, or wait in turn


class Held:
    """Bytes that this process keeps for its clients. Beyond `most` in total, the oldest are given up."""

    def __init__(self, most: int, give_up: Callable[["Connection"], None]) -> None:
        self._most = most
        self._give_up = give_up
        self._sizes: OrderedDict[Connection, int] = OrderedDict()
        self.total = 0

    def keep(self, connection: "Connection", size: int) -> None:
        """Record that a connection now keeps `size` bytes."""
        self.total += size - self._sizes.get(connection, 0)
        self._sizes[connection] = size
        while self.total > self._most:
            oldest, size = self._sizes.popitem(last=False)
            self.total -= size
            self._give_up(oldest)

    def let_go(self, connection: "Connection") -> None:
        self.total -= self._sizes.pop(connection, 0)


class Refusals:
    """The responses that the server gives itself, written once."""

    def __init__(self, write: Callable[[DoableError], Response]) -> None:
        self.overloaded = write(Overloaded())
        self.malformed = write(MalformedRequest())
        self.too_long = write(HeadersTooLarge())
        self.timeout = write(RequestTimeout())
        self.failure = write(InternalError())


@dataclass(eq=False)
class State:
    """What the connections of a process have in common. `headers` are those of every response."""

    app: Application
    limits: ServerLimits
    loop: asyncio.AbstractEventLoop
    connections: set["Connection"] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    unread: Held = field(default_factory=lambda: Held(UNREAD_MAX, methodcaller("cut_off")))
    unfinished: Held = field(default_factory=lambda: Held(UNFINISHED_MAX, methodcaller("refuse_the_rest")))

    def __post_init__(self) -> None:
        self.refusals = Refusals(self.app.error_response)
