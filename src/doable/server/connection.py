"""The connection of one client. It turns bytes into requests, within limits of time and size."""

import asyncio
import random
from collections import deque
from collections.abc import Iterable
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url

from doable.http.framing import LINES_MAX
from doable.http.response import WHOLE, Response
from doable.server.exchange import CLOSE, Exchange, head
from doable.server.state import State

if TYPE_CHECKING:
    from starlette.types import Scope

# Bytes per second; a slower client is cut off, because it holds resources that others need.
MIN_BYTES_PER_SECOND: Final = 8192
KEEP_ALIVE_SECONDS: Final = 75  # seconds: longer than load balancers do, so that they close the connection first
LINGER_SECONDS: Final = 2  # seconds for a client to read the last response before we close
HEAD_MAX: Final = 65536  # bytes
PIPELINED_MAX: Final = 100
SURPLUS_CONNECTIONS: Final = 1000  # beyond the limit, which get a refusal; any more are closed
# Seconds without reading from a client after a refusal: refusing is cheap, but not free.
REFUSAL_PAUSE_SECONDS: Final = 0.25

ASGI: Final = {"version": "3.0", "spec_version": "2.3"}
EXTENSIONS: Final[dict[str, dict[object, object]]] = {WHOLE: {}}


class Phase(Enum):
    """Which part of a request comes next."""

    WAITING = auto()  # before its first byte
    HEAD = auto()
    BODY = auto()


WAITING, HEAD, BODY = Phase  # Looking them up in the class takes 0.1 µs for each header.


class Connection(asyncio.Protocol):
    """llhttp splits the bytes into requests (`on_…`), and refuses malformed ones.

    Responses are sent in the order of the requests. `_current` is the request that is being served, `_ahead` are those
    that came before its response was sent, and `_incoming` is the last one that began. Only llhttp, here, decides where
    a request ends. A malformed request gets one response, and then the connection ends.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.loop = state.loop
        self.can_write = asyncio.Event()
        self.can_write.set()
        self._limits = state.limits
        self.admission = self._limits.admission
        self._parser = HttpRequestParser(self)
        self._is_surplus = False
        self._is_late = False  # These bytes were sent while we did not read.
        self._is_deaf = False  # Bytes that come now are ignored.
        self._is_done = False  # The client sends nothing more.
        self._is_paused = False
        self._is_penitent = False
        self._is_kept = False  # Some of its bytes count as unfinished.
        # The requests.
        self._current = self._incoming = self._answered()
        self._ahead: deque[Exchange] = deque()
        # The incoming request.
        self._phase = WAITING
        self._is_last = False
        self._is_switching = False
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._expects_continue = False
        self._begun = 0  # requests that began in the bytes that are being read
        self._received = 0  # bytes
        self._body = 0  # bytes of these that are its body
        self._bare = 0  # at most this many bytes of these came after the last part of its body
        self._trailers = 0  # bytes of these that are trailers
        self._fault = state.refusals.malformed  # what is said when the parser can't go on
        self._queued = 0  # bytes of the requests ahead
        # Times of the loop's clock.
        self._owing: float | None = self.loop.time()  # since when we wait for the rest of a request
        self._idle_since: float | None = None  # as of the last `look`
        self._parting_since: float | None = None
        self._stuck_since = 0.0
        self._unread = 0

    # Called by the transport.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self._server = _address(transport.get_extra_info("sockname"))
        self._client = _address(transport.get_extra_info("peername"))
        connections = self.state.connections
        connections.add(self)
        surplus = len(connections) - self._limits.connections
        self._is_surplus = surplus > 0
        if surplus > SURPLUS_CONNECTIONS:
            self.cut_off()

    def connection_lost(self, _: Exception | None) -> None:
        self.state.connections.discard(self)
        self.state.unread.let_go(self)
        self.state.unfinished.let_go(self)
        self._is_deaf = True
        self.can_write.set()
        for exchange in (self._current, *self._ahead):
            exchange.leave()
        self._ahead.clear()
        del self._parser  # It refers to this connection; a cycle would wait for the collector.

    def data_received(self, data: bytes) -> None:
        if self._phase is not HEAD and len(data) <= HEAD_MAX:
            self._read(data)
            return
        while data and not self._is_deaf:  # In parts, so that no head longer than HEAD_MAX is read.
            room = HEAD_MAX - self._received if self._phase is HEAD else HEAD_MAX
            self._read(data[:room])
            data = data[room:]

    def eof_received(self) -> bool:
        """The client sends no more, and may still read. Returns whether a response is still to come.

        A client that is gone can look the same, so a stream, which has no end, ends here.
        """
        self._is_deaf = self._is_done = True
        if self._phase is BODY:
            self._incoming.leave()  # RFC 9112 §8: an incomplete request is not acted on.
            if self._ahead:
                self._ahead.pop()
        is_waited_for = self._ahead or not self._current.is_over
        if self._parting_since is not None or self._current.is_streaming or not is_waited_for:
            return False
        (self._ahead or [self._current])[-1].keep_alive = False
        return True

    def pause_writing(self) -> None:
        self.can_write.clear()
        self._stuck_since = self.loop.time()
        self._unread = self.transport.get_write_buffer_size()
        self.state.unread.keep(self, self._unread)

    def resume_writing(self) -> None:
        self.state.unread.let_go(self)
        self.can_write.set()

    # Reading.

    def _read(self, data: bytes) -> None:
        if self._is_deaf:
            return
        size = len(data)
        self._begun = 0 if self._phase is WAITING else 1
        while True:
            try:
                self._parser.feed_data(data)
            except HttpParserUpgrade as end:
                if self._parser.get_method() != b"CONNECT":
                    data = self._begin_again() + data[end.args[0] :]
                    continue
                self._refuse(self.state.refusals.malformed)  # We are no proxy.
            except HttpParserError:
                if self._is_last and self._owing is None:
                    self._is_deaf = True  # RFC 9112 §9.6: bytes after the last request are ignored.
                elif not self._is_deaf:
                    self._refuse(self._fault)
            break
        if not self._is_deaf and (self._owing is not None or self._ahead or self._is_kept):
            self._bound(size)

    def _bound(self, size: int) -> None:
        """Keep unfinished requests within their limits, after `size` bytes more."""
        if self._ahead:
            self._queued += size
        if self._owing is not None and self._begun <= 1:  # Otherwise it began somewhere in these bytes.
            self._received += size
            self._bare += size
        if self._phase is not BODY:
            if self._received >= HEAD_MAX:
                self._refuse(self.state.refusals.too_long)
        elif self._received > 2 * HEAD_MAX + 8 * min(self._body, self._limits.body_max) or self._bare > 2 * HEAD_MAX:
            # A body in chunks of one byte is six times as long as it says: beyond are extensions, trailers, and
            # bodies that were refused. The parser keeps a trailer until it ends, and copies it for each part.
            self._refuse(self.state.refusals.malformed)
        if not self._is_deaf:
            self._account()

    def _account(self) -> None:
        """Record how many bytes of requests are kept, without the request that is being served."""
        kept = self._queued
        if self._owing is not None and not kept:
            kept = self._bare if self._phase is BODY and self._incoming.is_over else self._received
        self._is_kept = kept > 0
        if kept:
            self.state.unfinished.keep(self, kept)
        else:
            self.state.unfinished.let_go(self)

    def _begin_again(self) -> bytes:
        """The head of the request without `Upgrade`, for another parser.

        A server may ignore `Upgrade` (RFC 9110 §7.8). httptools can't: it ends this request after the head, even if a
        body is announced, and takes the bytes that follow for another protocol.
        """
        method, version = self._parser.get_method(), self._parser.get_http_version().encode()
        headers = [b": ".join(header) for header in self._headers if header[0] != b"upgrade"]
        self._is_switching = False
        self._parser = HttpRequestParser(self)
        return b"\r\n".join([b"%b %b HTTP/%b" % (method, self._url, version), *headers, b"", b""])

    # Called by the parser.

    def on_message_begin(self) -> None:
        if self._is_deaf or self._is_last:
            self._is_deaf = True
            raise ConnectionAbortedError  # This stops the parser.
        self._phase = HEAD
        self._idle_since = None
        self._owing = self.loop.time()
        self._begun += 1
        self._received = self._body = self._bare = self._trailers = 0
        self._url = b""
        self._headers = []
        self._expects_continue = False

    def on_url(self, part: bytes) -> None:
        self._url += part

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase is not HEAD:
            self._pass_over(len(name) + len(value) + len(": \r\n"))
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self._expects_continue = True
        self._headers.append((name, value.rstrip(b" \t")))
        if len(self._headers) > LINES_MAX:  # Each takes many times the memory that it took on its way here.
            self._fault = self.state.refusals.too_long
            raise ValueError("too many lines")  # The parser reads no further.

    def _pass_over(self, size: int) -> None:
        """Count a trailer of `size` bytes and ignore it: it is no header (RFC 9110 §6.5.1)."""
        self._trailers += size
        if self._trailers > HEAD_MAX:
            raise ValueError("the trailers are too long")  # This stops the parser.

    def on_headers_complete(self) -> None:
        if self._parser.should_upgrade():
            self._is_switching = True
            return
        method = self._parser.get_method()
        if (
            (self._is_surplus or not self.admission.admit(late=self._is_late))
            and self._is_idle()
            and not self._url.startswith(self._limits.always_admitted)
            and method != b"OPTIONS"
        ):
            self._turn_away(is_head=method == b"HEAD")
        else:
            self._take_on(method.decode("ascii"))
        self._phase = BODY

    def on_body(self, part: bytes) -> None:
        self._body += len(part)
        self._bare = 0
        self._incoming.feed(part)

    def on_message_complete(self) -> None:
        if self._is_switching:
            return
        self._phase = WAITING
        self._owing = None
        self._received = 0
        if self._trailers and not self._parser.should_keep_alive():
            self._incoming.keep_alive = False  # A trailer made the parser believe that this is the last request.
            if self._incoming.is_answered:
                self.part()
        self._is_last = not self._incoming.keep_alive
        self._incoming.end()

    # Serving or refusing a request.

    def _take_on(self, method: str) -> None:
        parser = self._parser
        version = parser.get_http_version()
        url = parse_url(self._url)
        raw_path = url.path or b"/"
        path = raw_path.decode("ascii")
        headers = self._headers
        if url.host is not None:  # RFC 9112 §3.2.2: the host of the target overrides `Host`.
            host = (b"host", _authority(url))
            headers = [host if header[0] == b"host" else header for header in headers]
        scope = {
            "type": "http",
            "asgi": ASGI,
            "http_version": version,
            "server": self._server,
            "client": self._client,
            "scheme": "http",
            "method": method,
            "root_path": "",
            "path": unquote(path) if "%" in path else path,
            "raw_path": raw_path,
            "query_string": url.query or b"",
            "headers": headers,
            "extensions": EXTENSIONS,
        }
        keep_alive = version == "1.1" and parser.should_keep_alive()
        expects_continue = self._expects_continue and version == "1.1"
        self._incoming = Exchange(self, scope, keep_alive=keep_alive, expects_continue=expects_continue)
        self._put_in_turn(self._incoming)

    def _put_in_turn(self, exchange: Exchange) -> None:
        if self._is_idle():
            self._current = exchange
            exchange.start()
        elif len(self._ahead) < PIPELINED_MAX:
            self.pause_reading()
            self._ahead.append(exchange)
        else:
            self.cut_off()

    def _turn_away(self, *, is_head: bool) -> None:
        """Refuse a request under overload: respond now, and ignore the rest of the request."""
        self.admission.refused += 1
        self._current = self._incoming = self._answered()
        closing = (
            self._is_surplus
            or self._is_penitent  # It pipelined this request, and would send and be refused without a pause.
            or not self.can_write.is_set()
            or self._expects_continue
            or not self._parser.should_keep_alive()
            or CLOSE in self.state.headers
        )
        scope = self._partial_scope(self._parser.get_method().decode("ascii"), parse_url(self._url).path or b"/")
        refusal = self.state.refusals.overloaded
        headers = [*self.state.headers, *self.headers_for(refusal, scope)]
        if closing and CLOSE not in headers:
            headers.append(CLOSE)
        self.transport.write(head(refusal.status, headers) + (b"" if is_head else refusal.body))
        if closing:
            self.part()
        else:
            self.pause_reading()
            self._is_penitent = True
            # Spread, or those refused together would come back together, and again.
            self.loop.call_later(REFUSAL_PAUSE_SECONDS * (0.5 + random.random()), self._listen_again)  # noqa: S311 - nothing to guess

    def _listen_again(self) -> None:
        self._is_penitent = False
        if not self.transport.is_closing():
            self._is_late = True
            # Bytes that have arrived are read in the next turn of the loop, before what is called in the turn after it.
            self.loop.call_soon(self.loop.call_soon, self._be_punctual)
            self.resume_reading()

    def _be_punctual(self) -> None:
        self._is_late = False

    def _refuse(self, response: Response) -> None:
        """Send this response to the incoming request, in its turn, and read no more."""
        self._is_deaf = True
        self.state.unfinished.let_go(self)
        if self._phase is BODY:
            self._incoming.break_off(response)
        else:
            self._put_in_turn(Exchange(self, self._partial_scope(), keep_alive=False, broken=response))

    def _partial_scope(self, method: str = "", raw_path: bytes = b"") -> "Scope":
        """The scope of a request that the application does not see."""
        path = unquote(raw_path.decode("ascii"))
        return {"client": self._client, "method": method, "path": path, "headers": self._headers}

    def refuse_the_rest(self) -> None:
        """Refuse this request: the process keeps too many bytes of unfinished requests, and this is the oldest."""
        if self._phase is WAITING:  # Its bytes are of the requests in `_ahead`, and the last one is complete.
            self.cut_off()
        else:
            self._refuse(self.state.refusals.overloaded)

    # Called by an exchange.

    def headers_for(self, response: Response, scope: "Scope") -> Iterable[tuple[bytes, bytes]]:
        """All headers of a response that the server sends without the application."""
        return self.state.app.complete_headers(response, scope)

    def pause_reading(self) -> None:
        if not self._is_paused and not self.transport.is_closing():
            self._is_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Resume reading, unless there is a reason not to."""
        if self._is_paused and not (self._ahead or self._is_penitent or self.transport.is_closing()):
            self._is_paused = False
            self.transport.resume_reading()

    def go_on(self) -> None:
        """The response is sent: serve the next request."""
        if self._ahead:
            self._current = self._ahead.popleft()
            self._current.start()
        if not self._ahead:
            self._queued = 0
            if self._is_kept:
                self._account()
            self.resume_reading()

    def part(self) -> None:
        """The last response is sent. A client that still sends gets time to read it (RFC 9112 §9.6)."""
        may_send = not self._is_done and (self._owing is not None or self._is_deaf or bool(self._ahead))
        self._is_deaf = True
        self._is_penitent = False
        self._ahead.clear()
        self.state.unfinished.let_go(self)
        if may_send and not self.transport.is_closing():
            self._parting_since = self.loop.time()
            self.transport.write_eof()
            self.resume_reading()
        else:
            self.transport.close()

    def cut_off(self) -> None:
        self._is_deaf = True
        self.state.unread.let_go(self)
        self.transport.abort()

    # Called by the process.

    def look(self) -> None:
        """Check that the client keeps to the time limits. The process calls this once a second."""
        now = self.loop.time()
        patience = self._limits.patience
        if self._parting_since is not None:
            if now - self._parting_since > LINGER_SECONDS:
                self.transport.close()
        elif self._owing is not None:
            if self._is_paused:
                self._owing = now
            elif now - self._owing > patience + self._received / MIN_BYTES_PER_SECOND:
                self._lose_patience()
        elif self._is_idle():
            self._idle_since = self._idle_since or now
            if now - self._idle_since > KEEP_ALIVE_SECONDS:
                self.transport.close()
        if not self.can_write.is_set() and now - self._stuck_since > patience + self._unread / MIN_BYTES_PER_SECOND:
            self.cut_off()

    def _lose_patience(self) -> None:
        if self._phase is WAITING:
            self.transport.close()
        else:
            self._refuse(self.state.refusals.timeout)

    def stop(self) -> None:
        """Close after the response to the current request."""
        if self._is_idle():
            self.transport.close()
        else:
            self._current.keep_alive = False

    def _is_idle(self) -> bool:
        """Whether every request before the incoming one has its response."""
        return self._current.is_answered and not self._ahead

    def _answered(self) -> Exchange:
        """A finished exchange: it ignores the rest of its request."""
        exchange = Exchange(self, {}, keep_alive=True)
        exchange.is_answered = True
        return exchange


def _address(name: Any) -> tuple[str, int] | None:
    """The address of one end of the connection. For IPv6 the system adds two more parts."""
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None


def _authority(url: Any) -> bytes:
    host = b"[%b]" % url.host if b":" in url.host else url.host
    return host if url.port is None else b"%b:%d" % (host, url.port)
