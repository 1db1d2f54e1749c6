"""One request and its response, between a connection and the application (ASGI 3.0, "HTTP Connection Scope")."""

import asyncio
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from doable.http.request import BROKEN
from doable.http.response import BODILESS, WHOLE, Response

if TYPE_CHECKING:
    from starlette.types import Message, Scope

    from doable.server.connection import Connection

LOGGER: Final = logging.getLogger("doable")
UNTAKEN_MAX: Final = 65536  # bytes of a body that the application has not read; beyond, we read no more from the client

CLOSE: Final = (b"connection", b"close")
CHUNKED: Final = (b"transfer-encoding", b"chunked")
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
DISCONNECT: Final = {"type": "http.disconnect"}
STATUS_LINE: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}


def head(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The status line and the headers. Raises ValueError when a client would read a header as two."""
    lines = [b": ".join(header) for header in headers]
    text = b"%b%b\r\n\r\n" % (STATUS_LINE[status], b"\r\n".join(lines))
    if not text.count(b"\r") == text.count(b"\n") == len(lines) + 2:
        raise ValueError("a line break in a header")
    return text


class Exchange:
    """After it is over (the response is sent, or the client is gone) it does nothing more."""

    _is_gone = False
    # The request.
    _untaken = 0
    _is_whole = False
    _has_news = False
    _news: asyncio.Event | None = None
    # The response.
    _is_started = False
    _is_chunked = False
    _is_endless = False
    _rest = 0  # bytes of a response in parts that were announced and not sent yet
    is_answered = False

    def __init__(
        self,
        connection: "Connection",
        scope: "Scope",
        *,
        keep_alive: bool,
        expects_continue: bool = False,
        broken: Response | None = None,
    ) -> None:
        """A `broken` request gets that response, and the application does not see it."""
        self._connection = connection
        self.scope = scope
        self.keep_alive = keep_alive
        self._expects_continue = expects_continue
        self._broken = broken
        self._parts: list[bytes] = []

    def start(self) -> None:
        if self._broken is not None:
            self._say(self._broken)
            return
        connection = self._connection
        connection.admission.starting += 1
        self._task = connection.loop.create_task(self._run())
        connection.state.tasks.add(self._task)

    async def _run(self) -> None:
        connection = self._connection
        connection.admission.starting -= 1
        try:
            if self._broken is None and not self._is_gone:
                await connection.state.app.handle(self.scope, self.receive, self.send)
        except BaseException:
            if not self._is_started:  # If the response had begun, the error is in the log already.
                LOGGER.exception("A request failed")
                self._broken = connection.state.refusals.failure
        finally:
            connection.state.tasks.discard(self._task)  # A callback costs more.
            if not self.is_over:
                self._give_up()

    def _give_up(self) -> None:
        """The application ended without a response, or in the middle of one."""
        if self._broken is not None and not self._is_started:
            self._say(self._broken)
        else:
            self._connection.cut_off()  # RFC 9112 §8: the client must see that the response is incomplete.

    def _say(self, response: Response) -> None:
        """Send this instead of the application's response, and close the connection."""
        self.keep_alive = False
        self._write_whole(response.status, self._connection.headers_for(response, self.scope), response.body)

    # Called by the connection.

    def feed(self, part: bytes) -> None:
        """The next part of the body."""
        if self.is_over:
            return
        self._parts.append(part)
        self._untaken += len(part)
        if self._untaken > UNTAKEN_MAX:
            self._connection.pause_reading()
        self._wake()

    def end(self) -> None:
        """The request is complete."""
        self._is_whole = True
        self._wake()

    def break_off(self, response: Response) -> None:
        """The rest of the request is missing or malformed: respond, unless the application has responded."""
        self.keep_alive = False
        self._broken = response
        self.scope[BROKEN] = True
        if self.is_answered:
            self._connection.part()
        else:
            self._wake()

    def leave(self) -> None:
        """The client is gone."""
        self._is_gone = True
        self.scope.pop(BROKEN, None)
        self._wake()

    @property
    def is_over(self) -> bool:
        return self.is_answered or self._is_gone

    @property
    def is_streaming(self) -> bool:
        """Whether the response has begun and not ended."""
        return self._is_started and not self.is_answered

    def _wake(self) -> None:
        self._has_news = True
        if self._news is not None:
            self._news.set()

    # Called by the application.

    async def receive(self) -> "Message":
        if self._expects_continue and not (self.is_over or self._is_started or self._is_whole):
            self._expects_continue = False
            self._connection.transport.write(CONTINUE)
        while not self._has_news:
            self._connection.resume_reading()
            if self._news is None:
                self._news = asyncio.Event()
            self._news.clear()
            await self._news.wait()
        if self.is_over or self._broken is not None:
            return DISCONNECT
        body = b"".join(self._parts)
        self._parts.clear()
        self._untaken = 0
        self._has_news = False
        return {"type": "http.request", "body": body, "more_body": not self._is_whole}

    async def send(self, message: "Message") -> None:
        connection = self._connection
        if not connection.can_write.is_set():
            await connection.can_write.wait()
        if self.is_over:
            return
        whole = message.get(WHOLE)
        if whole is not None:
            self._write_whole(message["status"], message["headers"], whole)
        elif message["type"] == "http.response.start":
            self._write_head(message["status"], message["headers"])
        else:
            self._write_part(message.get("body", b""), more=message.get("more_body", False))

    # The response as bytes.

    def _write_whole(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        text = head(status, self._with_connection(headers))
        self._connection.transport.write(text if self._is_head else text + body)
        self._is_started = True
        self._finish()

    def _write_head(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """A response in parts has the announced length, or comes in chunks. In HTTP/1.0 it ends with the connection."""
        length = next((value for name, value in headers if name.lower() == b"content-length"), None)
        if length is not None:
            self._rest = int(length)
        elif status not in BODILESS:
            self._is_chunked = self.scope["http_version"] != "1.0"
            self._is_endless = not self._is_chunked
        every = self._with_connection(headers)
        if self._is_chunked:
            every.append(CHUNKED)
        self._connection.transport.write(head(status, every))
        self._is_started = True

    def _write_part(self, body: bytes, *, more: bool) -> None:
        """Raises ValueError when the body is longer than announced."""
        if self._is_head:
            self._rest = 0
        elif self._is_chunked:
            self._connection.transport.write(_chunk(body, is_last=not more))
        elif self._is_endless:
            self._connection.transport.write(body)
        else:
            self._rest -= len(body)
            if self._rest < 0:
                raise ValueError("the response is longer than its Content-Length")
            self._connection.transport.write(body)
        if not more and not self._rest:
            self._finish()

    @property
    def _is_head(self) -> bool:
        return bool(self.scope.get("method") == "HEAD")

    def _with_connection(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        every = [*self._connection.state.headers, *headers]
        if CLOSE in every:
            self.keep_alive = False
        elif self._expects_continue and not self._is_whole:
            # RFC 9110 §10.1.1: the client may still send the body, or not.
            self.keep_alive = False
            every.append(CLOSE)
        elif not self.keep_alive:
            every.append(CLOSE)
        return every

    def _finish(self) -> None:
        self.is_answered = True
        self._wake()
        if self.keep_alive:
            self._connection.go_on()
        else:
            self._connection.part()


def _chunk(body: bytes, *, is_last: bool) -> bytes:
    chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return chunk + b"0\r\n\r\n" if is_last else chunk
