"""The REST door as one ASGI application."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from fastapi import FastAPI
from opentelemetry.trace import Tracer
from starlette.types import Receive, Scope, Send

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
from doable.rest import auth, auth_shapes, batch, events, health, history, me, session, sync, tasks
from doable.rest.documents import document_routes
from doable.rest.list_cache import ListCache
from doable.rest.operation import Document, OperationRoute, Spec, entry
from doable.rest.problems import PROBLEMS, problem
from doable.rest.routing import Routing
from doable.rest.shapes import schemas

# The task operations come first: one path is tried after the other.
OPERATIONS: Final[Sequence[Spec]] = [
    *tasks.OPERATIONS,
    *batch.OPERATIONS,
    *sync.OPERATIONS,
    *events.OPERATIONS,
    *history.OPERATIONS,
    *me.OPERATIONS,
    *health.OPERATIONS,
]

# Health checks and metrics must be served under overload too.
ALWAYS_ADMITTED: Final = (b"/health", b"/metrics")

DESCRIPTION: Final = """The task service that every client can share: no lost update, no missed change, no duplicate
on retry. Errors are `application/problem+json` (RFC 9457). Their member `error` is a sentence for users."""
TAGS: Final = [
    {"name": "tasks", "description": "Create, read, update, complete and delete tasks."},
    {"name": "changes", "description": "Follow changes: offline copies, live events, history."},
    {"name": "me", "description": "The current user and their personal access tokens."},
    {"name": "health", "description": "Health checks for load balancers and operators."},
]
AUTH_TAG: Final = {"name": "auth", "description": "The built-in accounts, in the formats of Better Auth."}
SECURITY_SCHEMES: Final[Document] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A JWT from the identity provider, or a personal access token (`dbl_…`).",
    },
}


class RestApplication(FastAPI):
    """FastAPI's routes, with our own document, and our routing and middleware in place of its middleware."""

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
        lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    ) -> None:
        super().__init__(
            version=version,
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
        self._has_accounts = core.accounts is not None
        specs = [*OPERATIONS, *(auth.OPERATIONS if self._has_accounts else ())]
        operations = [OperationRoute(spec, core, limits) for spec in specs]
        self.router.routes.extend([*operations, *document_routes()])
        if core.metrics is not None and metrics_token is not None:
            from doable.http.metrics import metrics_route  # noqa: PLC0415 - most services do without its library

            self.router.routes.append(metrics_route(core.metrics, metrics_token))
        self.outermost = Middleware(Routing(operations, self.router), PROBLEMS, origins, proxies, log, core.metrics)
        self._handle = Traced(self.outermost, tracer) if tracer else self.outermost

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As a framework's application, but for its telemetry, which looks at the environment for each request."""
        await (self.handle if scope["type"] == "http" else self.router)(scope, receive, send)

    def handle(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """The same for HTTP alone."""
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
        """Bytes of the longest body that an operation reads."""
        return max(spec.body_max for spec in OPERATIONS) * 1024

    def begin_to_stop(self) -> None:
        """The server will stop soon: it is not ready any more, and still answers."""
        self._health.stop()

    def end_streams(self) -> None:
        """The server is about to wait for all answers to end, and these would not."""
        self._changes.close()

    def openapi(self) -> Document:
        if self.openapi_schema is None:
            paths: Document = {}
            for route in self.routes:
                if isinstance(route, OperationRoute):
                    paths.setdefault(route.path, {})[route.spec.method.lower()] = entry(route.spec)
            components: Document = {"schemas": schemas(*batch.SHAPES), "securitySchemes": SECURITY_SCHEMES}
            if self._has_accounts:
                components["schemas"] = schemas(*batch.SHAPES, *auth_shapes.SHAPES)
                components["securitySchemes"] = SECURITY_SCHEMES | session.SECURITY_SCHEMES
            self.openapi_schema = {
                "openapi": "3.1.0",
                "info": {
                    "title": "Doable",
                    "version": self.version,
                    "description": " ".join(DESCRIPTION.split()),
                    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                },
                "servers": [{"url": "/", "description": "This service."}],
                "tags": [*TAGS, AUTH_TAG] if self._has_accounts else TAGS,
                "paths": paths,
                "components": components,
            }
        return self.openapi_schema
