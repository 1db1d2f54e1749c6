"""The REST API as one ASGI application."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from fastapi import FastAPI
from opentelemetry.trace import Tracer
from starlette.routing import Router as StarletteRouter
from starlette.types import ASGIApp, Receive, Scope, Send

from doable.core.core import Core
from doable.errors import DoableError
from doable.http.cors import Headers
from doable.http.middleware import Middleware
from doable.http.proxies import Proxies
from doable.http.rate_limits import RateLimits
from doable.http.response import Response
from doable.http.tracing import Traced
from doable.logs import RequestLog
from doable.origins import Origins
from doable.rest import (
    auth,
    batch,
    collections,
    events,
    health,
    history,
    listing,
    me,
    occurrences,
    quick_add,
    sync,
    tasks,
    trash,
    undo,
)
from doable.rest.documents import document_routes
from doable.rest.list_cache import ListCache
from doable.rest.openapi import ABOUT, AUTH_TAG, TAGS, complete
from doable.rest.operation import Operation
from doable.rest.problems import PROBLEMS, problem
from doable.rest.routing import Routing
from doable.rest.shapes import Document

# The task operations come first, because paths are tried in this order.
ROUTERS: Final = [
    tasks.router,
    listing.router,
    occurrences.router,
    quick_add.router,
    batch.router,
    sync.router,
    events.router,
    history.router,
    *collections.ROUTERS,
    trash.router,
    undo.router,
    me.router,
    health.router,
]
OPERATIONS: Final = [operation for router in ROUTERS for operation in router.operations]

# Health checks and metrics must be served under overload too.
ALWAYS_ADMITTED: Final = (b"/health", b"/metrics")


class RestApplication(FastAPI):
    """FastAPI's application, with our routing and middleware in place of its own (decision 6)."""

    def __init__(
        self,
        core: Core,
        *,
        version: str,
        origins: Origins,
        proxies: Proxies,
        limits: RateLimits,
        lists: ListCache,
        log: RequestLog | None,
        metrics_token: str | None,
        tracer: Tracer | None,
        web: ASGIApp,
        lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    ) -> None:
        """`web` responds at all paths that the API does not have."""
        has_accounts = core.accounts is not None
        super().__init__(
            **ABOUT,
            version=version,
            openapi_tags=[*TAGS, AUTH_TAG] if has_accounts else TAGS,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=lifespan,
        )
        self.state.core = core
        self.state.origins = origins
        self.state.proxies = proxies
        self.state.limits = limits
        self.state.lists = lists
        self._changes = core.changes
        self._health = core.health
        routers = [*ROUTERS, auth.router] if has_accounts else ROUTERS
        for router in routers:
            self.include_router(router)
        self._operations = [operation for router in routers for operation in router.operations]
        others = document_routes()
        if core.metrics is not None and metrics_token is not None:
            from doable.http.metrics import metrics_route  # noqa: PLC0415 - most services don't need its library

            others.append(metrics_route(core.metrics, metrics_token))
        self.router.routes.extend(others)
        # FastAPI's own router tries every operation again.
        self.others = StarletteRouter(others, redirect_slashes=False, default=web)
        routing = Routing([Operation(route, core, limits) for route in self._operations], self.others)
        self.outermost = Middleware(routing, PROBLEMS, origins, proxies, log, core.metrics)
        self._handle = Traced(self.outermost, tracer) if tracer else self.outermost

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Like FastAPI's, but without its telemetry, which reads the environment for each request."""
        await (self.handle if scope["type"] == "http" else self.router)(scope, receive, send)

    def handle(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Respond to an HTTP request."""
        scope["app"] = self
        return self._handle(scope, receive, send)

    def error_response(self, error: DoableError) -> Response:
        return problem(error)

    def complete_headers(self, response: Response, request: Scope) -> Headers:
        return self.outermost.complete_headers(response, request)

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        return self.router.lifespan_context(self)

    @property
    def body_max(self) -> int:
        """The largest limit of a body, in bytes."""
        return max(operation.body_max for operation in OPERATIONS)

    def begin_to_stop(self) -> None:
        """The server stops soon: report not ready, and go on responding."""
        self._health.stop()

    def end_streams(self) -> None:
        """End the responses that have no end: the server is about to wait for all the others."""
        self._changes.close()

    def openapi(self) -> Document:
        if self.openapi_schema is None:
            complete(super().openapi(), self._operations)
        return super().openapi()
