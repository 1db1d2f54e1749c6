"""What all responses have in common, also error responses."""

import logging
import re
import secrets
from asyncio import CancelledError
from http import HTTPStatus
from itertools import count
from time import perf_counter
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doable.errors import DoableError, Overloaded, Unavailable
from doable.http import cors
from doable.http.cors import Headers
from doable.http.error_format import ErrorFormat
from doable.http.errors import InternalError, MethodNotAllowed
from doable.http.framing import LINES_MAX, refusal
from doable.http.proxies import Proxies
from doable.http.rate_limits import RATE_HEADERS
from doable.http.request import ACTOR, BROKEN, headers_of
from doable.http.response import WHOLE, Response
from doable.logs import RequestLog
from doable.metrics import PROBLEMS, Metrics
from doable.origins import Origins

_REQUEST_ID: Final = re.compile(rb"[\x21-\x7e]{1,128}")
_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
_NO_STORE: Final = (b"cache-control", b"no-store")
_CLOSE: Final = (b"connection", b"close")
# HTTP/2 and 3 have their own framing, and forbid the Connection header (RFC 9113 §8.2.2, RFC 9114 §4.2).
_MULTIPLEXED: Final = {"2", "3"}
_CLIENT_GONE: Final = 499  # in the log only: the client did not wait for the response
_logger: Final = logging.getLogger("doable.http")


class Middleware:
    """The outermost layer: framing checks, request ids, CORS, error responses, safe headers, metrics, log lines."""

    def __init__(
        self,
        app: ASGIApp,
        error_format: ErrorFormat,
        origins: Origins,
        proxies: Proxies,
        log: RequestLog | None,
        metrics: Metrics | None = None,
    ) -> None:
        self._app = app
        self._error_format = error_format
        self._origins = origins
        self._proxies = proxies
        self._log = log
        self._metrics = metrics
        # The prefix makes request ids unique among processes, and the count within this process.
        self._prefix = secrets.token_hex(6).encode()
        self._count = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        refused = refusal(scope)
        request_id, page, app = self._read(scope, refused)
        status, code = 0, None

        async def complete_send(message: Message) -> None:
            nonlocal status, code
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                for name, _ in headers:
                    if name == b"cache-control":
                        break
                else:
                    headers.append(_NO_STORE)
                headers += ((b"x-request-id", request_id), _NOSNIFF, *cors.headers(page))
                if RATE_HEADERS in scope:
                    headers += scope[RATE_HEADERS]
            if status >= HTTPStatus.BAD_REQUEST:
                code = self._count_error(message.get(WHOLE, message.get("body"))) or code
            await send(message)

        try:
            await app(scope, receive, complete_send)
        except ClientDisconnect:
            status = _CLIENT_GONE
        except (Exception, CancelledError) as error:
            if status:
                _logger.exception("A response broke off", extra={"facts": {"request_id": request_id.decode()}})
                raise
            await self._error_format.respond(self._error(error, request_id))(scope, receive, complete_send)
        finally:
            self._record(scope, request_id, status, code, perf_counter() - started)

    def _close(self, scope: Scope, error: DoableError) -> Response:
        """Return an error response that closes the connection, because we can't know where the next request begins."""
        response = self._error_format.respond(error)
        closing = () if scope["http_version"] in _MULTIPLEXED else (_CLOSE,)
        return Response(response.status, response.body, *response.headers, *closing)

    def _count_error(self, body: bytes | None) -> str | None:
        """Count the error in the body of an error response, and return its code."""
        if body is None:
            return None
        code = self._error_format.read_code(body)
        if self._metrics is not None:
            self._metrics.count(PROBLEMS, code)
        return code

    def _record(self, scope: Scope, request_id: bytes, status: int, code: str | None, seconds: float) -> None:
        method = scope["method"]
        if self._metrics is not None:
            route = scope.get("route")
            self._metrics.request(route.path if route else "", method, status, seconds)
        if self._log is not None and not (status == _CLIENT_GONE and BROKEN in scope):
            actor = scope.get(ACTOR)
            user, token = (None, None) if actor is None else (actor.user_id, actor.token_id)
            client, _ = self._proxies.sender(scope)
            self._log.add(request_id, client, method, scope["path"], status, seconds, code, user, token)

    def complete_headers(self, response: Response, request: Scope) -> Headers:
        """Return all headers of a response that the server sends without the application.

        `request` is as much of the scope as the server could read.
        """
        scope = {"headers": request["headers"][:LINES_MAX], "client": request["client"], "method": ""}
        request_id, page, _ = self._read(scope)
        code = self._count_error(response.body)
        # The server logs the number of refusals under overload once a second, so that they don't fill the log.
        if self._log is not None and code != Overloaded.code:
            client, method, path = self._proxies.address(scope), request["method"], request["path"]
            self._log.add(request_id, client, method, path, response.status, 0, code)
        length = (b"content-length", b"%d" % len(response.body))
        common = [(b"x-request-id", request_id), _NOSNIFF, *cors.headers(page), _NO_STORE]
        return [*response.headers, length, *common]

    def _read(self, scope: Scope, refused: DoableError | None = None) -> tuple[bytes, bytes | None, ASGIApp]:
        """Return the request id, the origin of the web page if it is trusted, and the application that responds."""
        headers = headers_of(scope)
        request_id = headers.get(b"x-request-id")
        if request_id is None or not _REQUEST_ID.fullmatch(request_id):
            request_id = b"%b%x" % (self._prefix, next(self._count))
        origin = headers.get(b"origin")
        page = None if origin is None else self._trusted(origin, headers.get(b"host", b""))
        is_preflight = scope["method"] == "OPTIONS" and b"access-control-request-method" in headers
        app = cors.preflight(page) if is_preflight else self._app
        if refused is not None:
            app = self._close(scope, refused)
        return request_id, page, app

    def _trusted(self, origin: bytes, host: bytes) -> bytes | None:
        text = origin.decode("latin-1")
        if text in self._origins:
            return origin
        if not origin.endswith(b"://" + host):  # A page of our own origin needs no permission.
            self._origins.tell_refused(text)
        return None

    def _error(self, error: BaseException, request_id: bytes) -> DoableError:
        """Return the error that the client gets for an exception. An unexpected exception is logged."""
        if isinstance(error, DoableError):
            return error
        if isinstance(error, CancelledError):  # The service stops, and the time for running requests is over.
            return Unavailable()
        if isinstance(error, HTTPException):  # The framework's router found no method. `web` answers for paths.
            return MethodNotAllowed((error.headers or {}).get("Allow", "").split(", "))
        id = request_id.decode()
        _logger.error("Unexpected error", exc_info=error, extra={"facts": {"request_id": id}})
        return InternalError(id)
