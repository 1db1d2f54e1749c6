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

from doable.errors import DoableError, NotFound, Overloaded, Unavailable
from doable.logs import RequestLog
from doable.metrics import PROBLEMS, Metrics
from doable.origins import Origins
from doable.rest import cors, limits
from doable.rest.cors import Headers
from doable.rest.framing import LINES_MAX, refusal
from doable.rest.http import ACTOR, BROKEN, WHOLE, Answer, fields
from doable.rest.problems import code_of, door_problem, problem
from doable.rest.proxies import Proxies

_REQUEST_ID: Final = re.compile(rb"[\x21-\x7e]{1,128}")
_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
_NO_STORE: Final = (b"cache-control", b"no-store")
_GONE: Final = 499  # In the log only: who asked did not wait for the answer.
_logger: Final = logging.getLogger("doable.rest")


class Manners:
    """Outermost: framing, the request id in and out, who may read, errors as problems, safe headers, one log line."""

    def __init__(
        self,
        app: ASGIApp,
        origins: Origins,
        proxies: Proxies,
        log: RequestLog | None,
        metrics: Metrics | None = None,
    ) -> None:
        self._app = app
        self._origins = origins
        self._proxies = proxies
        self._log = log
        self._metrics = metrics
        # Unique among processes by the prefix, within this one by the count.
        self._prefix = secrets.token_hex(6).encode()
        self._count = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        refused = refusal(scope)
        request_id, page, app = self._read(scope)
        status, code = 0, None

        async def polite_send(message: Message) -> None:
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
                if limits.HEADERS in scope:
                    headers += scope[limits.HEADERS]
            if status >= HTTPStatus.BAD_REQUEST:
                code = self._problem(message.get(WHOLE, message.get("body"))) or code
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
            self._tell(scope, request_id, status, code, perf_counter() - started)

    def _problem(self, body: bytes | None) -> str | None:
        """Count the problem that this is; returns its code."""
        if body is None:
            return None
        code = code_of(body)
        if self._metrics is not None:
            self._metrics.count(PROBLEMS, code)
        return code

    def _tell(self, scope: Scope, request_id: bytes, status: int, code: str | None, seconds: float) -> None:
        method = scope["method"]
        if self._metrics is not None:
            route = scope.get("route")
            self._metrics.request(route.path if route else "", method, status, seconds)
        if self._log is not None and not (status == _GONE and BROKEN in scope):
            actor = scope.get(ACTOR)
            user, token = (None, None) if actor is None else (actor.user_id, actor.token_id)
            client, _ = self._proxies.sender(scope)
            self._log.add(request_id, client, method, scope["path"], status, seconds, code, user, token)

    def headers(self, answer: Answer, request: Scope) -> Headers:
        """All headers of the answer that the server gives to a request, or to as much of one as it could read."""
        scope = {"headers": request["headers"][:LINES_MAX], "client": request["client"], "method": ""}
        request_id, page, _ = self._read(scope)
        code = self._problem(answer.body)
        # The server itself says once a second how many were turned away: a flood of them must not fill the log.
        if self._log is not None and code != Overloaded.code:
            client, method, path = self._proxies.address(scope), request["method"], request["path"]
            self._log.add(request_id, client, method, path, answer.status, 0, code)
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
