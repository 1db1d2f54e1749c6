"""Paths and queries that nobody writes who means well."""

import re
from collections.abc import AsyncIterator
from itertools import product
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.http.request import PARAMETERS_MAX
from doable.settings import Settings
from doable.store.address import Address
from openapi import our_contract

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
ODDITIES = ["%2F", "%2F..%2F", "%00", "%0A", "%0D%0A", "%5C", "%25", "%FF", "%C0%AF", ";a", "%20", "%7F"]


@pytest.mark.parametrize(("pattern", "oddity"), [*product([*IN_THE_PATH, *IN_THE_OWNER], ODDITIES)])
async def test_odd_characters_in_a_path_lead_nowhere(alice: httpx.AsyncClient, pattern: str, oddity: str) -> None:
    for method in ("GET", "DELETE"):
        answer = await alice.request(method, pattern.format(oddity))
        assert answer.status_code in {400, 403, 404, 405}, f"{method} {pattern.format(oddity)}"


async def test_what_is_encoded_once_is_decoded_once(visitor: httpx.AsyncClient) -> None:
    for path in ("/docs%2Ferrors", "/docs%252Ferrors", "/api%2Fme/tasks", "/api/me%2Ftasks", "/%2Fhealth"):
        answer = await visitor.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert (await visitor.get("/%64ocs/%65rrors")).status_code == 200


IDS = ["a/b", "/", "a%2Fb", "%", "100%25", "a b", "é/ü", "a>b, <c", '"', "auth0|1", "x?y#z&=+;", "\n", "a/../b", "𝄞"]


@pytest.mark.parametrize("id", IDS)
async def test_any_user_id_can_stand_in_a_path(app: FastAPI, id: str) -> None:
    """Encoded as a segment. The addresses that come back are encoded too (RFC 8288 §3, RFC 3986)."""
    tasks = f"/api/{quote(id, safe='')}/tasks"
    async with client_of(app, id) as client:
        places = [(await client.post(tasks, json={"title": "x"})).headers["location"] for _ in range(3)]
        assert (await client.put(places[0], json={"title": "y"})).json()["user_id"] == id
        pages = [await client.get(f"{tasks}?limit=2"), await client.get(f"{places[0]}/history?limit=1")]
        links = [page.headers["link"] for page in pages]
        for address in (*places, *(link.removeprefix("<").partition(">")[0] for link in links)):
            assert re.fullmatch(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+", address)
        titles = [[one.get("title") for one in (await client.get(page.links["next"]["url"])).json()] for page in pages]
        assert titles == [["y"], [None]]
        for path in ("sync", "tasks/1/history"):
            assert (await client.get(f"/api/{quote(id, safe='')}/{path}")).status_code in {200, 404}
        assert (await client.delete(places[0])).status_code == 204


async def test_a_path_that_is_not_utf_8_names_nobody(app: FastAPI) -> None:
    async with client_of(app, "�") as client:
        assert (await client.get("/api/%FF/tasks")).status_code == 403
        assert (await client.get("/api/%EF%BF%BD/tasks")).status_code == 200


async def test_an_address_is_encoded_where_the_request_was_not(app: FastAPI) -> None:
    for id, encoded in (("a|b", "a%7Cb"), ("100%", "100%25")):
        async with client_of(app, id) as client:
            raw = httpx.URL("http://doable.test").copy_with(raw_path=f"/api/{id}/tasks".encode())
            answer = await client.post(raw, json={"title": "x"})
            assert answer.headers["location"].startswith(f"/api/{encoded}/tasks/")


@pytest.mark.parametrize("path", ["tasks", "sync", "events", "tasks/1/history"])
@pytest.mark.parametrize("parameter", ["a", "limit=1", "", "%26=%3D"])
async def test_a_query_of_very_many_parameters_is_refused(alice: httpx.AsyncClient, path: str, parameter: str) -> None:
    answer = await alice.get(f"/api/me/{path}?" + "&".join([parameter] * (PARAMETERS_MAX + 1)))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_many_parameters")


async def test_a_query_of_a_hundred_parameters_is_read(alice: httpx.AsyncClient) -> None:
    answer = await alice.get("/api/me/tasks?" + "&".join(f"x{number}" for number in range(PARAMETERS_MAX)))
    assert {fault["code"] for fault in answer.json()["errors"]} == {"unknown_parameter"}


GUARDED = [(method, path) for method, path, entry in our_contract().operations() if entry["tags"] != ["health"]]


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_a_query_parameter_that_is_not_known_is_named(alice: httpx.AsyncClient, method: str, path: str) -> None:
    """Left unheeded, `?statu=complete` would be every task. What answers GET answers HEAD."""
    url = path.format(user_id="me", type="task", id=1)
    answer = await alice.request(method, f"{url}?statu=complete&%71=x&q", content=b"{")
    assert (answer.status_code, answer.json()["error"]) == (400, "Unknown query parameter 'statu'")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["statu", "q"]
    if method == "GET":
        assert (await alice.head(f"{url}?page=2")).status_code == 400


async def test_a_query_parameter_stands_there_once(alice: httpx.AsyncClient) -> None:
    for query in ("limit=1&limit=2", "limit=1&%6cimit=1"):
        answer = await alice.get(f"/api/me/tasks?{query}&x")
        faults = [(fault["field"], fault["code"]) for fault in answer.json()["errors"]]
        assert (answer.status_code, faults) == (400, [("x", "unknown_parameter"), ("limit", "repeated_parameter")])


@pytest.mark.parametrize(
    "path",
    [
        "/health?at=1",
        "/docs?v=2",
        "/openapi.json?v=2",
        "/api/auth/get-session?disableCookieCache=true",
        "/api/auth/jwks?v",
    ],
)
async def test_what_is_public_or_of_better_auth_lets_other_parameters_pass(
    visitor: httpx.AsyncClient, path: str
) -> None:
    assert (await visitor.get(path)).status_code == 200


@pytest.mark.parametrize("query", ["status=bogus", "limit=0", "cursor=x", "q=x", "limit=1&limit=1"])
async def test_only_a_valid_request_is_told_that_nothing_has_changed(alice: httpx.AsyncClient, query: str) -> None:
    for headers in ({"if-none-match": "*"}, {"if-none-match": (await alice.get("/api/me/tasks")).headers["etag"]}):
        assert (await alice.get(f"/api/me/tasks?{query}", headers=headers)).status_code == 400
    task = (await alice.post("/api/me/tasks", json={"title": "x"})).json()["id"]
    assert (await alice.get(f"/api/me/tasks/{task}", headers=headers)).status_code == 200
    answer = await alice.get(f"/api/me/tasks/{task}?{query}", headers={"if-none-match": "*"})
    assert answer.status_code == 400
