"""A span for each request, with OpenTelemetry's conventions for HTTP servers."""

from http import HTTPStatus
from typing import Final, TypeAlias

from opentelemetry import context, propagate, trace
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doable.metrics import METHODS

_Headers: TypeAlias = list[tuple[bytes, bytes]]


class Traced:
    """Wraps the whole application: continues the client's trace, or begins a new one."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parent = propagate.extract(scope["headers"], context.Context(), _GETTER)
        is_known = scope["method"] in METHODS
        span = self._tracer.start_span(
            "HTTP",
            parent,
            SpanKind.SERVER,
            {
                "http.request.method": scope["method"] if is_known else "_OTHER",
                "url.path": scope["path"],
                "url.scheme": scope["scheme"],
                "network.protocol.version": scope["http_version"],
            },
        )

        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
                span.set_attribute("doable.request_id", dict(message["headers"])[b"x-request-id"].decode())
                if message["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    span.set_status(StatusCode.ERROR)
                    span.set_attribute("error.type", str(message["status"]))
            await send(message)

        token = context.attach(trace.set_span_in_context(span, parent))
        try:
            await self._app(scope, receive, noting_send)
        except BaseException as error:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", type(error).__qualname__)
            raise
        finally:
            context.detach(token)
            name = scope["method"] if is_known else "HTTP"
            if "route" in scope:
                route = scope["route"].path
                span.set_attribute("http.route", route)
                name = f"{name} {route}"
            span.update_name(name)
            span.end()


class _HeaderGetter(Getter[_Headers]):
    """Reads headers in the form of ASGI."""

    def get(self, carrier: _Headers, key: str) -> list[str] | None:
        wanted = key.lower().encode()
        return [value.decode("latin-1") for name, value in carrier if name == wanted] or None

    def keys(self, carrier: _Headers) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


_GETTER: Final = _HeaderGetter()
