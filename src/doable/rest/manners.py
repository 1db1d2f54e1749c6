"""What every answer of this door has in common, whatever went wrong inside."""

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

from doable.errors import DoableError, NotFound, Unavailable
from doable.logs import RequestLog
from doable.metrics import PROBLEMS, Metrics
from doable.origins import Origins
from doable.rest import cors, limits
from doable.rest.caller import ACTING
from doable.rest.cors import Headers
from doable.rest.framing import LINES_MAX, refusal
from doable.rest.http import WHOLE, Answer, fields
from doable.rest.problems import code_of, door_problem, problem

_REQUEST_ID: Final = re.compile(rb"[\x21-\x7e]{1,128}")
_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
_NO_STORE: Final = (b"cache-control", b"no-store")
_GONE: Final = 499  # In the log only: who asked did not wait for the answer.
_logger: Final = logging.getLogger("doable.rest")


class Manners:
    """Outermost: framing, the request id in and out, who may read, errors as problems, safe headers, one log line."""

    def __init__(self, app: ASGIApp, origins: Origins, log: RequestLog | None, metrics: Metrics | None = None) -> None:
        self._app = app
        self._origins = origins
        self._log = log
        self._metrics = metrics
        # Unique among processes by the prefix, within this one by the count.
        self._prefix = secrets.token_hex(6).encode()
        self._count = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        refused = refusal(scope)
        request_id, page, app = self._read(scope)
        status = 0

        async def polite_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                for name, _ in headers:
                    if name == b"cache-control":
                        break
                else:
                    headers.append(_NO_STORE)
                headers += ((b"x-request-id", request_id), _NOSNIFF, *cors.headers(page))
                if limits.HEADERS in scope:
                    headers += scope[limits.HEADERS]
            if status >= HTTPStatus.BAD_REQUEST:
                self._count_problem(message)
            await send(message)

        try:
            await (refused or app)(scope, receive, polite_send)
        except ClientDisconnect:
            status = _GONE
        except (Exception, CancelledError) as error:
            if status:
                _logger.exception("An answer broke off", extra={"facts": {"request_id": request_id.decode()}})
                raise
            await self._refusal(error, request_id)(scope, receive, polite_send)
        finally:
            self._tell(scope, request_id, status, perf_counter() - started)

    def _count_problem(self, message: Message) -> None:
        body = message.get(WHOLE, message.get("body"))
        if self._metrics is not None and body is not None:
            self._metrics.count(PROBLEMS, code_of(body))

    def _tell(self, scope: Scope, request_id: bytes, status: int, seconds: float) -> None:
        method = scope["method"]
        if self._metrics is not None:
            route = scope.get("route")
            self._metrics.request(route.path if route else "", method, status, seconds)
        if self._log is not None:
            self._log.add(request_id, method, scope["path"], status, seconds, scope.get(ACTING))

    def headers(self, answer: Answer, received: Headers) -> Headers:
        """All headers of the answer to a request with these headers that nobody but the server has seen."""
        if self._metrics is not None:
            self._metrics.count(PROBLEMS, code_of(answer.body))
        request_id, page, _ = self._read({"headers": received[:LINES_MAX], "method": ""})
        length = (b"content-length", b"%d" % len(answer.body))
        polite = [(b"x-request-id", request_id), _NOSNIFF, *cors.headers(page), _NO_STORE]
        return [*answer.headers, length, *polite]

    def _read(self, scope: Scope) -> tuple[bytes, bytes | None, ASGIApp]:
        """The request's id, the origin of the page that asks if we trust it, and what will answer."""
        headers = fields(scope)
        request_id = headers.get(b"x-request-id")
        if request_id is None or not _REQUEST_ID.fullmatch(request_id):
            request_id = b"%b%x" % (self._prefix, next(self._count))
        origin = headers.get(b"origin")
        page = None if origin is None else self._trusted(origin, headers.get(b"host", b""))
        is_preflight = scope["method"] == "OPTIONS" and b"access-control-request-method" in headers
        app = cors.preflight(page) if is_preflight else self._app
        return request_id, page, app

    def _trusted(self, origin: bytes, host: bytes) -> bytes | None:
        text = origin.decode("latin-1")
        if text in self._origins:
            return origin
        if not origin.endswith(b"://" + host):  # A page of our own reads without being allowed to.
            self._origins.tell_refused(text)
        return None

    def _refusal(self, error: BaseException, request_id: bytes) -> ASGIApp:
        if isinstance(error, DoableError):
            return problem(error)
        if isinstance(error, CancelledError):  # The service stops, and its time for what runs is over.
            return problem(Unavailable())
        if isinstance(error, HTTPException):  # The router's own: no such path, or not with this method.
            if error.status_code == HTTPStatus.NOT_FOUND:
                return problem(NotFound())
            headers = [(name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items()]
            return door_problem("method_not_allowed", None, *headers)
        id = request_id.decode()
        _logger.error("Unexpected error", exc_info=error, extra={"facts": {"request_id": id}})
        return door_problem("internal_error", {"request_id": id})
