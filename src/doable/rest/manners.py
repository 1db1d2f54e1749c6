"""What every answer of this door has in common, whatever went wrong inside."""

import logging
import re
import secrets
from itertools import count
from time import perf_counter
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doable.errors import DoableError
from doable.logs import RequestLog
from doable.rest.problems import plain_problem, problem

_REQUEST_ID: Final = re.compile(rb"[\x21-\x7e]{1,128}")
_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
_NO_STORE: Final = (b"cache-control", b"no-store")
_logger: Final = logging.getLogger("doable.rest")


class Manners:
    """Outermost: the request id in and out, errors as problems, safe headers, one log line."""

    def __init__(self, app: ASGIApp, log: RequestLog | None) -> None:
        self._app = app
        self._log = log
        # Unique among processes by the prefix, within this one by the count.
        self._prefix = secrets.token_hex(6).encode()
        self._count = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        request_id = self._request_id(scope)
        status = 0

        async def polite_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                headers.append((b"x-request-id", request_id))
                headers.append(_NOSNIFF)
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
            await send(message)

        try:
            await self._app(scope, receive, polite_send)
        except Exception as error:
            if status:
                _logger.exception("An answer broke off", extra={"facts": {"request_id": request_id.decode()}})
                raise
            await self._refusal(error, request_id)(scope, receive, polite_send)
        finally:
            if self._log is not None:
                seconds = perf_counter() - started
                self._log.add(request_id.decode(), scope["method"], scope["path"], status, seconds)

    def _request_id(self, scope: Scope) -> bytes:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
                return bytes(value)
        return b"%b%x" % (self._prefix, next(self._count))

    def _refusal(self, error: Exception, request_id: bytes) -> ASGIApp:
        if isinstance(error, DoableError):
            return problem(error)
        if isinstance(error, HTTPException):  # The router's own: no such path, or not with this method.
            headers = [(name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items()]
            code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
            return plain_problem(error.status_code, code, error.detail, None, *headers)
        id = request_id.decode()
        _logger.error("Unexpected error", exc_info=error, extra={"facts": {"request_id": id}})
        return plain_problem(500, "internal_error", "Internal server error", {"request_id": id})
