"""HTTP as uvicorn speaks it, with bounds on what a client may ask of us, make us wait for, and make us keep."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Collection
from typing import Any, Final, cast
from urllib.parse import unquote

from httptools import parse_url
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from doable.errors import Overloaded
from doable.rest.application import VITAL, RestApplication
from doable.rest.http import WHOLE, Answer
from doable.rest.problems import door_problem, problem

SLOWEST: Final = 8192  # bytes a second; who is slower holds what others need
KEEP_ALIVE: Final = 75  # seconds: longer than load balancers keep a connection, so that they close it and not we
HEAD_MAX: Final = 65536  # bytes
PIPELINED_MAX: Final = 100
UNREAD_MAX: Final = 256 * 1024 * 1024  # bytes of answers that wait to be read
SURPLUS: Final = 1000  # connections more than there may be, to be told so
PENANCE: Final = 0.25  # seconds for which nobody listens to who was refused: refusing is cheap, and not free

EXTENSIONS: Final[dict[str, dict[object, object]]] = {WHOLE: {}}
CLOSE: Final = (b"connection", b"close")
OVERLOADED: Final = problem(Overloaded())
TIMEOUT: Final = door_problem("request_timeout")
TOO_LONG: Final = door_problem("headers_too_large")
MALFORMED: Final = door_problem("malformed_request")


class _Refused:
    """Stands for a request that has its answer."""

    response_complete = True
    response_started = True
    message_event = asyncio.Event()


REFUSED: Final = cast("RequestResponseCycle", _Refused())


class Unread:
    """What waits in this process for clients to read it."""

    def __init__(self) -> None:
        self._sizes: OrderedDict[Protocol, int] = OrderedDict()
        self._total = 0

    def add(self, connection: "Protocol", size: int) -> None:
        """When it is too much in all, those who have not read for the longest time are cut off."""
        self._sizes[connection] = size
        self._total += size
        while self._total > UNREAD_MAX:
            next(iter(self._sizes)).cut_off()

    def remove(self, connection: "Protocol") -> None:
        self._total -= self._sizes.pop(connection, 0)


class _Exchange(RequestResponseCycle):
    """One request and its answer: one that is sent whole goes out as one packet, not two."""

    def __init__(self, connection: "Protocol", *, keep_alive: bool) -> None:
        super().__init__(
            connection.scope,
            connection.transport,
            connection.flow,
            connection.logger,
            connection.access_logger,
            access_log=False,  # We have our own.
            default_headers=connection.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=connection.expect_100_continue,
            keep_alive=keep_alive,
            on_response=connection.on_response_complete,
        )
        self._connection = connection

    def start(self) -> None:
        connection = self._connection
        connection.admission.starting += 1
        self._task = connection.loop.create_task(self._run())
        connection.tasks.add(self._task)

    async def _run(self) -> None:
        """As uvicorn's `run_asgi`, for an application that does not end without an answer."""
        connection = self._connection
        connection.admission.starting -= 1
        app: Any = connection.app
        try:
            await app.answer(self.scope, self.receive, self.send)
        except BaseException:
            if not self.response_started:  # One that broke off is in the log already.
                self.logger.exception("No answer could be given")
                await self.send_500_response()
        finally:
            if not self.response_complete:
                self.transport.close()
            connection.tasks.discard(self._task)  # A callback costs more.

    async def send(self, message: Any) -> None:
        if WHOLE not in message:
            await super().send(message)
            return
        if self.flow.write_paused:
            await self.flow.drain()
        if not self.disconnected:
            headers = [*self.default_headers, *message["headers"]]
            if CLOSE in headers:
                self.keep_alive = False
            elif not self.keep_alive:
                headers.append(CLOSE)
            body = b"" if self.scope["method"] == "HEAD" else message[WHOLE]
            self.transport.write(_whole(message["status"], headers, body))
            self.response_started = self.response_complete = True
            self.waiting_for_100_continue = False
            self.message_event.set()
            if not self.keep_alive:
                self.transport.close()
            self.on_response()


def _whole(status: int, headers: Collection[tuple[bytes, bytes]], body: bytes) -> bytes:
    """An answer as it is sent. Raises ValueError when a header would be read as two."""
    head = b"%b%b\r\n\r\n" % (STATUS_LINE[status], b"\r\n".join([b": ".join(header) for header in headers]))
    if not head.count(b"\r") == head.count(b"\n") == len(headers) + 2:
        raise ValueError("a line break in a header")
    return head + body


class Protocol(HttpToolsProtocol):
    """One connection."""

    app: RestApplication
    unread = Unread()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._pipelined: deque[_Exchange] = deque()  # what came before the answer to the one before it
        self._door = self.app.door
        self.admission = self._door.admission
        self._is_surplus = False
        self._is_late = False  # What comes now was sent while nobody listened.
        # Since when the client owes us the rest of a request; None while it owes us nothing.
        self._owing: float | None = self.loop.time()
        self._received = 0
        self._idle_since: float | None = None  # as far as anybody has looked
        self._stuck = 0.0
        self._pending = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        surplus = len(self.connections) - self._door.connections
        if surplus > SURPLUS:
            self.cut_off()
        self._is_surplus = surplus > 0

    def connection_lost(self, exc: Exception | None) -> None:
        self.unread.remove(self)
        super().connection_lost(exc)

    def cut_off(self) -> None:
        self.unread.remove(self)
        self.transport.abort()

    def look(self) -> None:
        """See whether the client has done its part in time; to be called once a second."""
        now = self.loop.time()
        patience = self._door.patience
        if self._owing is not None:
            if self.flow.read_paused:
                self._owing = now
            elif now - self._owing > patience + self._received / SLOWEST:
                self._owing = None
                if self._received and self._may_answer():
                    self._say(TIMEOUT)
                self.transport.close()
        elif self._is_idle():
            self._idle_since = self._idle_since or now
            if now - self._idle_since > KEEP_ALIVE:
                self.transport.close()
        if self.flow.write_paused and now - self._stuck > patience + self._pending / SLOWEST:
            self.cut_off()

    # What the transport tells.

    def data_received(self, data: bytes) -> None:
        HttpToolsProtocol.data_received(self, data)  # Called by name, as super() costs more, where each request passes.
        if self._owing is not None:
            self._received += len(data)
            if self._is_in_head() and self._received > HEAD_MAX and not self.transport.is_closing():
                if self._may_answer():
                    self._say(TOO_LONG)
                self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.time()
        self._pending = self.transport.get_write_buffer_size()
        self.unread.add(self, self._pending)

    def resume_writing(self) -> None:
        self.unread.remove(self)
        super().resume_writing()

    # What the parser tells.

    def on_message_begin(self) -> None:
        self._idle_since = None
        self._owing = self.loop.time()
        self._received = 0
        HttpToolsProtocol.on_message_begin(self)

    def on_headers_complete(self) -> None:
        if (
            (self._is_surplus or not self.admission.admit(late=self._is_late))
            and self._is_idle()
            and not self.url.startswith(VITAL)
            and self.parser.get_method() != b"OPTIONS"
        ):
            self._refuse()
        else:
            self._take_on()

    def _take_on(self) -> None:
        """As uvicorn does it, but for what is not in use here: a path before ours, its limit, its log, new contexts."""
        parser, scope = self.parser, self.scope
        version = parser.get_http_version()
        url = parse_url(self.url)
        path = url.path.decode("ascii")
        scope["http_version"] = version
        scope["method"] = parser.get_method().decode("ascii")
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"] = url.path
        scope["query_string"] = url.query or b""
        scope["extensions"] = EXTENSIONS
        exchange = _Exchange(self, keep_alive=version != "1.0" and parser.should_keep_alive())
        is_idle, self.cycle = self._is_idle(), exchange
        if is_idle:
            exchange.start()
        elif len(self._pipelined) < PIPELINED_MAX:
            self.flow.pause_reading()
            self._pipelined.append(exchange)
        else:
            self.cut_off()

    def on_message_complete(self) -> None:
        self._owing = None
        HttpToolsProtocol.on_message_complete(self)

    def on_response_complete(self) -> None:
        """As uvicorn's, but for its timer: `look` closes what nobody uses."""
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()
            if self._pipelined:
                self._pipelined.popleft().start()

    # What we say without asking the application.

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        if self._may_answer():
            self._say(MALFORMED)
        self.transport.close()

    def _refuse(self) -> None:
        self.scope["method"] = self.parser.get_method().decode("ascii")  # Its head is over, as `_is_in_head` sees it.
        self.cycle = REFUSED
        self.admission.refused += 1
        closing = (
            self._is_surplus
            or self.expect_100_continue
            or not self.parser.should_keep_alive()
            or CLOSE in self.server_state.default_headers
        )
        self._say(OVERLOADED, closing=closing, bare=self.parser.get_method() == b"HEAD")
        if closing:
            self.transport.close()
        else:
            self.flow.pause_reading()
            self.loop.call_later(PENANCE, self._listen)

    def _listen(self) -> None:
        if not self.transport.is_closing():
            self._is_late = True
            # What waits already is read in the coming turn of the loop, before what is called in the one after that.
            self.loop.call_soon(self.loop.call_soon, self._be_punctual)
            self.flow.resume_reading()
            if self._is_idle():
                self.on_response_complete()  # It goes on as after any other answer.

    def _be_punctual(self) -> None:
        self._is_late = False

    def _say(self, answer: Answer, *, closing: bool = True, bare: bool = False) -> None:
        headers = [*self.server_state.default_headers, *self.app.manners.headers(answer, self.headers or [])]
        if closing and CLOSE not in headers:
            headers.append(CLOSE)
        self.transport.write(_whole(answer.status, headers, b"" if bare else answer.body))

    def _is_in_head(self) -> bool:
        return self.scope is None or "method" not in self.scope

    def _is_idle(self) -> bool:
        """Whether no request before this one still waits for its answer."""
        return self.cycle is None or (self.cycle.response_complete and not self._pipelined)

    def _may_answer(self) -> bool:
        """Whether what we said now would be the answer to the request that is coming in."""
        return self._is_idle() if self._is_in_head() else not (self._pipelined or self.cycle.response_started)
