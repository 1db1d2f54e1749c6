"""What the people on call are told, and who else is not."""

from collections.abc import AsyncIterator, Iterable

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse

from clients import client_of
from doable.app import create_app
from doable.metrics import FAMILIES
from doable.settings import Settings
from doable.store.address import Address
from streams import listening
from tokens import SECRET, hs256

TOKEN = "an operator's token of the tests"
READ = {"authorization": f"Bearer {TOKEN}"}
CREDENTIALS = {"email": "ada@example.com", "password": "correct horse battery"}


@pytest.fixture
async def measured(address: Address) -> AsyncIterator[FastAPI]:
    app = create_app(Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET, DOABLE_METRICS_TOKEN=TOKEN), address)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(measured: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(measured) as client:
        yield client


def values(families: Iterable[Metric]) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    return {(sample.name, *sample.labels.values()): sample.value for one in families for sample in one.samples}


async def read(client: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    answer = await client.get("/metrics", headers=READ)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    return values(parse(answer.text))


async def test_requests_are_told_by_the_template_of_their_route(measured: FastAPI, client: httpx.AsyncClient) -> None:
    async with client_of(measured, "alice") as alice:
        for title in ("Buy groceries", "Call the plumber", ""):
            await alice.post("/api/me/tasks", json={"title": title})
        await alice.get("/api/alice/tasks/1234")
        await alice.put("/api/me/tasks")
        await alice.get("/wp-login.php")
    seen = await read(client)
    requests = "doable_http_request_duration_seconds_count"
    assert {key[1:]: value for key, value in seen.items() if key[0] == requests} == {
        ("POST", "/api/{user_id}/tasks", "201"): 2,
        ("POST", "/api/{user_id}/tasks", "400"): 1,
        ("GET", "/api/{user_id}/tasks/{id}", "404"): 1,
        ("PUT", "/api/{user_id}/tasks", "405"): 1,
        ("GET", "other", "404"): 1,
    }
    assert sum(value for key, value in seen.items() if key[0].endswith("_bucket") and "+Inf" in key) == 6
    assert seen["doable_statement_duration_seconds_count", "objects.CREATE"] == 3  # once before alice was known
    assert seen["doable_pool_busy",] == 0
    assert seen["doable_pool_open",] >= 1


async def test_what_went_wrong_is_told_by_its_code(measured: FastAPI, client: httpx.AsyncClient) -> None:
    async with client_of(measured, "alice") as alice:
        for _ in range(2):
            await alice.post("/api/me/tasks", json={"title": ""}, headers={"idempotency-key": "again"})
        await alice.get("/api/bob/tasks")
    await client.get("/api/me/tasks", headers={"authorization": f"Bearer {hs256('alice', exp=1)}"})
    await client.head("/api/me/tasks")
    seen = await read(client)
    assert {key[1]: value for key, value in seen.items() if key[0] == "doable_problems_total"} == {
        "invalid_input": 2,
        "not_your_tasks": 1,
        "token_expired": 1,
        "not_authenticated": 1,
    }


async def test_credentials_are_told_by_their_kind(address: Address) -> None:
    app = create_app(Settings(_env_file=None, DOABLE_METRICS_TOKEN=TOKEN), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        signed_up = await client.post("/api/auth/sign-up/email", json=CREDENTIALS | {"name": "Ada"})
        session = {"authorization": f"Bearer {signed_up.json()['token']}"}
        client.cookies.clear()
        jwt = {"authorization": f"Bearer {(await client.get('/api/auth/token', headers=session)).json()['token']}"}
        await client.get("/api/auth/get-session", headers=session)
        made = await client.post("/api/me/tokens", json={"name": "script", "scopes": ["tasks:read"]}, headers=jwt)
        await client.get("/api/me/tasks", headers={"authorization": f"Bearer {made.json()['token']}"})
        await client.post("/api/auth/sign-in/email", json=CREDENTIALS)
        client.cookies.clear()
        await client.post("/api/auth/sign-in/email", json=CREDENTIALS | {"password": "a wrong one"})
        seen = await read(client)
    assert {key[1]: value for key, value in seen.items() if key[0] == "doable_credentials_accepted_total"} == {
        "session": 2,
        "jwt": 1,
        "access_token": 1,
        "password": 1,
    }
    assert seen["doable_problems_total", "invalid_email_or_password"] == 1


async def test_what_rate_limits_decide_is_told(address: Address) -> None:
    limited = Settings(
        _env_file=None, BETTER_AUTH_SECRET=SECRET, DOABLE_METRICS_TOKEN=TOKEN, DOABLE_RATE_LIMIT_USER="2/min"
    )
    app = create_app(limited, address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as alice:
        for _ in range(3):
            await alice.get("/api/me/tasks")
        seen = await read(alice)
    assert seen["doable_rate_limit_requests_total", "user", "allowed"] == 2
    assert seen["doable_rate_limit_requests_total", "user", "refused"] == 1


async def test_it_is_for_the_operators_token_alone(client: httpx.AsyncClient) -> None:
    for header in ({}, {"authorization": f"Basic {TOKEN}"}):
        refused = await client.get("/metrics", headers=header)
        assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    for credential in (f"{TOKEN}x", hs256("alice"), "é"):
        refused = await client.get("/metrics", headers={"authorization": f"Bearer {credential}".encode()})
        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")
        assert "doable_" not in refused.text


async def test_openmetrics_is_there_for_who_asks(client: httpx.AsyncClient) -> None:
    await client.get("/health")
    answer = await client.get("/metrics", headers=READ | {"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    families = list(parse_openmetrics(answer.text))
    assert {family.name for family in families} == {name.removesuffix("_total") for name in FAMILIES}
    assert values(families)["doable_http_request_duration_seconds_count", "GET", "/health", "200"] == 1


async def test_without_a_token_there_is_nothing_and_nothing_is_counted(app: FastAPI) -> None:
    async with client_of(app) as client:
        assert (await client.get("/metrics", headers=READ)).status_code == 404
    assert all(getattr(route, "core", None) is None or route.core.metrics is None for route in app.routes)


async def test_streams_and_their_lag_are_told(measured: FastAPI, client: httpx.AsyncClient) -> None:
    async with listening(measured), listening(measured):
        seen = await read(client)
        assert seen["doable_streams_open",] == 2
        assert 0 <= seen["doable_feed_lag_seconds",] < 10
    seen = await read(client)
    assert (seen["doable_streams_open",], seen["doable_feed_lag_seconds",]) == (0, 0)
    assert seen["doable_http_request_duration_seconds_count", "GET", "/api/{user_id}/events", "200"] == 2
