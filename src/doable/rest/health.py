"""Health checks for load balancers and operators. They need no credential and show no secret."""

from typing import Annotated, Final, Literal

from pydantic import Field
from starlette.types import ASGIApp

from doable.http.request import Request
from doable.http.response import json
from doable.rest.operation import Router
from doable.rest.shapes import Shape, json_response

Count = Annotated[int, Field(ge=0)]


class Health(Shape):
    status: Literal["ok"]


class Readiness(Health):
    schema_version: str


class PoolHealth(Shape):
    open: Count
    idle: Count
    busy: Count
    max: Count
    waiting: Count


router: Final = Router(tags=["health"])


@router.get(
    "/health",
    operation_id="getHealth",
    summary="Check that the process responds",
    response_model=Health,
    responses={200: json_response("The process responds.", {"status": "ok"})},
)
async def get_health(request: Request) -> ASGIApp:  # noqa: ARG001
    """Does not use the database, so that a database failure does not cause a restart of the service."""
    return json(200, {"status": "ok"})


@router.get(
    "/health/ready",
    operation_id="getReadiness",
    summary="Check that the service can handle requests",
    response_model=Readiness,
    responses={
        200: json_response(
            "The database responds and has the schema of this version or of a newer one.",
            {"status": "ok", "schema_version": "0100"},
        )
    },
)
async def get_readiness(request: Request) -> ASGIApp:
    """503 if the database can't be reached, if it has an older schema, or if the service is stopping."""
    return json(200, {"status": "ok", "schema_version": await request.core.health.require_ready()})


@router.get(
    "/health/pool",
    operation_id="getPoolHealth",
    summary="Show how busy the database connections are",
    response_model=PoolHealth,
    responses={
        200: json_response(
            "The numbers of database connections and of waiting requests in this process.",
            {"open": 3, "idle": 2, "busy": 1, "max": 15, "waiting": 0},
        )
    },
)
async def get_pool_health(request: Request) -> ASGIApp:
    return json(200, request.core.health.pool())
