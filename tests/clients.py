"""Clients of the application itself, without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from openapi import contract_of
from tokens import hs256


@asynccontextmanager
async def client_of(app: FastAPI, user: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose every answer is held against the OpenAPI document."""
    headers = {"authorization": f"Bearer {hs256(user)}"} if user else {}
    hooks = {"response": [contract_of(app).require_conforming]}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://doable.test", headers=headers, event_hooks=hooks
    ) as client:
        yield client
