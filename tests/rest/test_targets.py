"""Paths and queries that nobody writes who means well."""

from collections.abc import AsyncIterator
from itertools import product

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.rest.http import PARAMETERS_MAX
from doable.settings import Settings
from doable.store.address import Address

METRICS_TOKEN = "an operator's token of the tests"


@pytest.fixture
async def visitor(address: Address) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at a service with everything that there can be."""
    app = create_app(Settings(_env_file=None, LOG_LEVEL="error", DOABLE_METRICS_TOKEN=METRICS_TOKEN), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/health", "/metrics", "/docs", "/openapi.json", "/api/auth/jwks", "/api/auth/get-session", "/api/me"]
)
async def test_a_line_break_after_a_path_makes_another_path(visitor: httpx.AsyncClient, path: str) -> None:
    """What a proxy does not let pass under the one name must not pass under the other."""
    assert (await visitor.get(path)).status_code in {200, 401}
    answer = await visitor.get(f"{path}%0A")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


IN_THE_PATH = ["/api/me/tasks/1{}", "/api/me/tasks/{}", "/{}", "/docs/{}x"]
IN_THE_OWNER = ["/api/me{}/tasks", "/api/{}/tasks/1"]
SLASHES = ["%2F", "%2F..%2F"]
ODDITIES = ["%00", "%0A", "%0D%0A", "%5C", "%25", "%FF", "%C0%AF", ";a", "%20", "%7F"]


@pytest.mark.parametrize(
    ("pattern", "oddity"), [*product(IN_THE_PATH, SLASHES), *product([*IN_THE_PATH, *IN_THE_OWNER], ODDITIES)]
)
async def test_odd_characters_in_a_path_lead_nowhere(alice: httpx.AsyncClient, pattern: str, oddity: str) -> None:
    for method in ("GET", "DELETE"):
        answer = await alice.request(method, pattern.format(oddity))
        assert answer.status_code in {400, 403, 404, 405}, f"{method} {pattern.format(oddity)}"


@pytest.mark.parametrize("path", ["tasks", "sync", "events", "tasks/1/history"])
@pytest.mark.parametrize("parameter", ["a", "limit=1", "", "%26=%3D"])
async def test_a_query_of_very_many_parameters_is_refused(alice: httpx.AsyncClient, path: str, parameter: str) -> None:
    answer = await alice.get(f"/api/me/{path}?" + "&".join([parameter] * (PARAMETERS_MAX + 1)))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_many_parameters")


async def test_a_query_may_have_a_hundred_parameters(alice: httpx.AsyncClient) -> None:
    assert (await alice.get("/api/me/tasks?" + "&".join(["limit=1"] * PARAMETERS_MAX))).status_code == 200
