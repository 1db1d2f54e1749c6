"""Rate limits as clients meet them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from openapi import contract_of
from tokens import SECRET, hs256

PAGE = "http://localhost:3000"


@asynccontextmanager
async def limited(address: Address, **variables: str) -> AsyncIterator[FastAPI]:
    settings = Settings(_env_file=None, LOG_LEVEL="error", **variables)  # type: ignore[arg-type]
    app = create_app(settings, address)
    async with app.router.lifespan_context(app):
        yield app


def client_from(app: FastAPI, peer: str, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(peer, 123)),
        base_url="http://doable.test",
        headers=headers,
        event_hooks={"response": [contract_of(app).require_conforming]},
    )


def bearer(user: str) -> str:
    return f"Bearer {hs256(user)}"


async def test_a_user_who_asks_too_often_waits_and_nobody_else_does(address: Address) -> None:
    async with limited(address, BETTER_AUTH_SECRET=SECRET, DOABLE_RATE_LIMIT_USER="3/hour") as app:
        async with client_of(app, "alice") as alice, client_of(app, "bob") as bob:
            for left in (2, 1, 0):
                answer = await alice.get("/api/me/tasks")
                assert answer.status_code == 200
                assert answer.headers["ratelimit-policy"] == '"user";q=3;w=3600'
                assert answer.headers["ratelimit"] == f'"user";r={left};t=1200'
            answer = await alice.post("/api/me/tasks", json={"title": "x"})
            assert answer.status_code == 429
            assert answer.json()["code"] == "rate_limited"
            assert answer.headers["retry-after"] == "1200"
            assert answer.headers["ratelimit"] == '"user";r=0;t=1200'
            assert (await bob.get("/api/me/tasks")).json() == []
        assert app.state.limits.counts["user"] == {"allowed": 4, "refused": 1}


async def test_refusals_of_other_kinds_count_too_and_tell_what_is_left(address: Address) -> None:
    async with (
        limited(address, BETTER_AUTH_SECRET=SECRET, DOABLE_RATE_LIMIT_USER="9/min") as app,
        client_of(app, "alice") as alice,
    ):
        left = []
        for path in ("/api/me/tasks/1", "/api/me/tasks/x", "/api/bob/tasks"):
            answer = await alice.get(path)
            assert answer.status_code in {400, 403, 404}
            left.append(answer.headers["ratelimit"].split(";")[1])
        assert left == ["r=8", "r=7", "r=6"]


async def test_rubbish_uses_up_what_its_address_may_ask(address: Address) -> None:
    async with limited(address, BETTER_AUTH_SECRET=SECRET, DOABLE_RATE_LIMIT_ADDRESS="2/min") as app:
        async with client_from(app, "203.0.113.7", authorization="Bearer rubbish") as stranger:
            assert [(await stranger.get("/api/me/tasks")).status_code for _ in range(3)] == [401, 401, 429]
        async with client_from(app, "203.0.113.7", authorization=bearer("alice")) as alice:
            answer = await alice.get("/api/me/tasks")
            assert (answer.status_code, answer.headers["ratelimit-policy"]) == (429, '"address";q=2;w=60')
        async with client_from(app, "203.0.113.8", authorization=bearer("alice")) as alice:
            assert (await alice.get("/api/me/tasks")).status_code == 200


async def test_both_limits_are_told_and_the_first_that_is_used_up_refuses(address: Address) -> None:
    variables = {"DOABLE_RATE_LIMIT_ADDRESS": "5/sec", "DOABLE_RATE_LIMIT_USER": "1/day"}
    async with (
        limited(address, BETTER_AUTH_SECRET=SECRET, **variables) as app,
        client_from(app, "203.0.113.7", authorization=bearer("alice")) as alice,
    ):
        answer = await alice.get("/api/me/tasks")
        assert answer.headers.get_list("ratelimit-policy") == ['"address";q=5;w=1', '"user";q=1;w=86400']
        assert answer.headers.get_list("ratelimit") == ['"address";r=4;t=1', '"user";r=0;t=86400']
        answer = await alice.get("/api/me/tasks")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "86400")


@pytest.mark.parametrize(
    ("peer", "forwarded", "shares"),
    [
        ("203.0.113.7", "198.51.100.{}", True),  # Anybody can say that he speaks for others.
        ("127.0.0.1", "198.51.100.{}", False),
        ("127.0.0.1", "198.51.100.{}, 203.0.113.7", True),
        ("127.0.0.1", "2001:db8::{}", True),
        ("127.0.0.1", "2001:db8:0:{}::1", False),
    ],
)
async def test_an_address_is_the_one_that_a_trusted_proxy_tells(
    address: Address, peer: str, forwarded: str, *, shares: bool
) -> None:
    async with (
        limited(address, BETTER_AUTH_SECRET=SECRET, DOABLE_RATE_LIMIT_ADDRESS="1/min") as app,
        client_from(app, peer) as client,
    ):
        statuses = [
            (await client.get("/api/me", headers={"x-forwarded-for": forwarded.format(number)})).status_code
            for number in (1, 2)
        ]
        assert statuses == [401, 429 if shares else 401]


async def test_what_must_always_pass_is_never_limited(address: Address) -> None:
    variables = {"DOABLE_RATE_LIMIT_ADDRESS": "1/day", "DOABLE_RATE_LIMIT_USER": "1/day"}
    ask = {"origin": PAGE, "access-control-request-method": "GET"}
    async with limited(address, BETTER_AUTH_SECRET=SECRET, **variables) as app, client_of(app, "alice") as alice:
        for _ in range(2):
            for path in ("/health", "/health/ready", "/health/pool", "/openapi.json", "/docs"):
                answer = await alice.get(path)
                assert answer.status_code == 200
                assert "ratelimit" not in answer.headers
            assert (await alice.options("/api/me/tasks", headers=ask)).status_code == 204


async def test_without_a_limit_nothing_is_told(alice: httpx.AsyncClient) -> None:
    assert not [name for name in (await alice.get("/api/me/tasks")).headers if name.startswith("ratelimit")]


async def test_the_accounts_are_limited_from_the_start(address: Address) -> None:
    async with limited(address) as app, client_of(app) as client:
        answer = await client.get("/api/auth/get-session", headers={"origin": PAGE})
        assert answer.headers["ratelimit-policy"] == '"auth";q=600;w=60'
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"RateLimit", "RateLimit-Policy"} <= set(exposed)
        assert "ratelimit" not in (await client.get("/api/me")).headers


async def test_who_asks_the_accounts_too_often_is_told_as_better_auth_tells(address: Address) -> None:
    async with limited(address, DOABLE_RATE_LIMIT_AUTH="1/min") as app, client_of(app) as client:
        assert (await client.get("/api/auth/token")).status_code == 401
        answer = await client.post("/api/auth/sign-in/email", json={"email": "a@example.com", "password": "x" * 8})
        assert (answer.status_code, answer.json()["code"]) == (429, "RATE_LIMITED")
        assert answer.headers["x-retry-after"] == answer.headers["retry-after"] == "60"
