"""The REST door as one ASGI application."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from doable.core.core import Core
from doable.logs import RequestLog
from doable.rest import health, sync, tasks
from doable.rest.manners import Manners
from doable.rest.operation import Spec, routes
from doable.rest.shapes import schemas

# The task operations come first: the router tries one after the other.
OPERATIONS: Final[Sequence[Spec]] = [*tasks.OPERATIONS, *sync.OPERATIONS, *health.OPERATIONS]

DESCRIPTION: Final = """The task service that every client can share: no lost update, no missed change, no duplicate
on retry. Errors are `application/problem+json` (RFC 9457) with the sentence for users as `error`."""
REQUEST_HEADERS: Final = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-ID",
]
RESPONSE_HEADERS: Final = ["ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After", "X-Request-ID"]
TAGS: Final = [
    {"name": "tasks", "description": "Create, read, change, complete and delete tasks."},
    {"name": "changes", "description": "Follow what changes: offline copies, live events, history."},
    {"name": "health", "description": "For load balancers and people on call."},
]


class RestApplication(FastAPI):
    """FastAPI's routing and document, with our manners in place of its middleware."""

    def __init__(
        self,
        core: Core,
        *,
        version: str,
        cors_origins: Sequence[str],
        log: RequestLog | None,
        lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    ) -> None:
        super().__init__(
            title="Doable",
            version=version,
            description=" ".join(DESCRIPTION.split()),
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            openapi_tags=TAGS,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=lifespan,
        )
        self._cors_origins = cors_origins
        self._log = log
        self.router.routes.extend(routes(OPERATIONS, core))

    def build_middleware_stack(self) -> ASGIApp:
        # Errors become answers inside, so that a browser may read those too.
        return CORSMiddleware(
            Manners(self.router, self._log),
            allow_origins=self._cors_origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=REQUEST_HEADERS,
            expose_headers=RESPONSE_HEADERS,
            max_age=3600,
        )

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            components = super().openapi().setdefault("components", {})
            components["schemas"] = schemas()
            components["securitySchemes"] = {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A JWT of the identity provider, or a personal access token (`dbl_…`).",
                }
            }
        return super().openapi()
