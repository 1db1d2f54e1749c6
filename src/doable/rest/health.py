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
    summary="Whether the process answers",
    answers={200: answers("It does.", _object(status=_OK), {"status": "ok"})},
)
async def get_health(request: Request) -> ASGIApp:  # noqa: ARG001
    """Asks nobody else, so that a database that is away does not get the service restarted."""
    return json(200, {"status": "ok"})


@operation(
    "GET",
    "/health/ready",
    id="getReadiness",
    tag="health",
    summary="Whether requests can be served",
    answers={
        200: answers(
            "The database answers and has the schema of this version, or of a newer one.",
            _object(status=_OK, schema_version={"type": "string"}),
            {"status": "ok", "schema_version": "0100"},
        )
    },
)
async def get_readiness(request: Request) -> ASGIApp:
    """503 while the database is out of reach or has an older schema, and once the service was told to stop."""
    return json(200, {"status": "ok", "schema_version": await request.core.health.require_ready()})


@operation(
    "GET",
    "/health/pool",
    id="getPoolHealth",
    tag="health",
    summary="How busy the database connections are",
    answers={
        200: answers(
            "Counts of this process.",
            _object(open=_COUNT, idle=_COUNT, busy=_COUNT, max=_COUNT, waiting=_COUNT),
            {"open": 3, "idle": 2, "busy": 1, "max": 15, "waiting": 0},
        )
    },
)
async def get_pool_health(request: Request) -> ASGIApp:
    return json(200, request.core.health.pool())


OPERATIONS: Final = [get_health, get_readiness, get_pool_health]
