"""What the server needs of the application that it runs, and what the application asks of the server."""

from collections.abc import Awaitable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from starlette.types import Receive, Scope, Send

from doable.errors import DoableError
from doable.http.response import Response
from doable.server.admission import Admission


class Application(Protocol):
    """An ASGI application that also writes the refusals of requests that never reach it."""

    def handle(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Respond to one HTTP request (ASGI 3.0, "HTTP Connection Scope")."""
        ...

    def error_response(self, error: DoableError) -> Response: ...

    def complete_headers(self, response: Response, request: Scope) -> Iterable[tuple[bytes, bytes]]:
        """All headers of a response that the server gives itself, to as much of a request as it could read."""
        ...

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        """Started before the first request, and left after the last one."""
        ...

    def begin_to_stop(self) -> None:
        """The server stops soon: report not ready, and go on responding."""

    def end_streams(self) -> None:
        """End the responses that have no end: the server is about to wait for all the others."""


@dataclass(frozen=True)
class ServerLimits:
    """What a process accepts: whom `admission` lets in, and how many `connections` at most.

    A client has `patience` seconds for its part. A body has at most `body_max` bytes. Paths that begin with one of
    `always_admitted` are served under overload too.
    """

    admission: Admission
    connections: int
    patience: float
    body_max: int
    always_admitted: tuple[bytes, ...]
