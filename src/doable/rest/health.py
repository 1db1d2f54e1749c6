"""For load balancers and people on call. Nothing here needs a credential, and nothing here tells a secret."""

from typing import Final

from starlette.types import ASGIApp

from doable.http.request import Request
from doable.http.response import json
from doable.rest.operation import Document, operation
from doable.rest.shapes import answers


def _object(**properties: Document) -> Document:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_OK: Final[Document] = {"type": "string", "const": "ok"}
_COUNT: Final[Document] = {"type": "integer", "minimum": 0}


@operation(
    "GET",
    "/health",
    id="getHealth",
    tag="health",
    summary="Check that the process responds",
    answers={200: answers("The process responds.", _object(status=_OK), {"status": "ok"})},
)
async def get_health(request: Request) -> ASGIApp:  # noqa: ARG001
    """Does not use the database, so that a database failure does not cause a restart of the service."""
    return json(200, {"status": "ok"})


@operation(
    "GET",
    "/health/ready",
    id="getReadiness",
    tag="health",
    summary="Check that the service can handle requests",
    answers={
        200: answers(
            "The database responds and has the schema of this version or of a newer one.",
            _object(status=_OK, schema_version={"type": "string"}),
            {"status": "ok", "schema_version": "0100"},
        )
    },
)
async def get_readiness(request: Request) -> ASGIApp:
    """503 if the database can't be reached, if it has an older schema, or if the service is stopping."""
    return json(200, {"status": "ok", "schema_version": await request.core.health.require_ready()})


@operation(
    "GET",
    "/health/pool",
    id="getPoolHealth",
    tag="health",
    summary="Show how busy the database connections are",
    answers={
        200: answers(
            "The numbers of database connections and of waiting requests in this process.",
            _object(open=_COUNT, idle=_COUNT, busy=_COUNT, max=_COUNT, waiting=_COUNT),
            {"open": 3, "idle": 2, "busy": 1, "max": 15, "waiting": 0},
        )
    },
)
async def get_pool_health(request: Request) -> ASGIApp:
    return json(200, request.core.health.pool())


OPERATIONS: Final = [get_health, get_readiness, get_pool_health]
