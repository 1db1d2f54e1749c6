"""The interface between the server and the application that it runs."""

from collections.abc import Awaitable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from starlette.types import Receive, Scope, Send

from doable.errors import DoableError
from doable.http.response import Response
from doable.server.admission import Admission


class Application(Protocol):
    """An ASGI application. It also writes the error responses to requests that do not reach it."""

    def handle(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Respond to one HTTP request (ASGI 3.0, "HTTP Connection Scope")."""
        ...

    def error_response(self, error: DoableError) -> Response: ...

    def complete_headers(self, response: Response, request: Scope) -> Iterable[tuple[bytes, bytes]]:
        """Return all headers of a response that the server sends without the application.

        `request` is as much of the scope as the server could read.
        """
        ...

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        """Entered before the first request, and left after the last one."""
        ...

    def begin_to_stop(self) -> None:
        """The server stops soon: report not ready, but continue to serve requests."""

    def end_streams(self) -> None:
        """End the streams, because the server now waits until all responses are sent."""


@dataclass(frozen=True)
class ServerLimits:
    """The limits of a process. `admission` decides which requests to accept, on at most `connections` connections.

    A client has `patience` seconds to send a request, and to read a response. A body has at most `body_max` bytes.
    Requests whose path begins with one of `always_admitted` are served under overload too.
    """

    admission: Admission
    connections: int
    patience: float
    body_max: int
    always_admitted: tuple[bytes, ...]
