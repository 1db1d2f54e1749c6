"""Every route of the document by whoever should not get in. A new route is here without being asked."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.model import Actor, Scope
from doable.settings import Settings
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from doable.store.schema import metadata
from openapi import our_contract
from tokens import hs256

CONTRACT = our_contract()
# Whoever may be anybody: a route that is added without a credential has to be added here, too.
PUBLIC = {"getHealth", "getReadiness", "getPoolHealth"}
# Of the built-in accounts: who has no session yet, or none any more, and who has to have one.
PUBLIC_ACCOUNTS = {"signUp", "signIn", "signOut", "getSession", "getKeys"}
WITH_ACCOUNTS = our_contract(None)
BY_SESSION = [
    pytest.param(method, path, entry, id=f"{method} {path}")
    for method, path, entry in WITH_ACCOUNTS.operations()
    if entry["tags"] == ["auth"] and entry["operationId"] not in PUBLIC_ACCOUNTS
]
GUARDED = [
    pytest.param(method, path, entry, id=f"{method} {path}")
    for method, path, entry in CONTRACT.operations()
    if entry["operationId"] not in PUBLIC
]
OWNED = [case for case in GUARDED if "{user_id}" in str(case.values[1])]
BY_ID = [case for case in GUARDED if "{id}" in str(case.values[1])]
every_guarded_route = pytest.mark.parametrize(("method", "path", "entry"), GUARDED)
every_route_with_an_owner = pytest.mark.parametrize(("method", "path", "entry"), OWNED)
every_route_to_one_thing = pytest.mark.parametrize(("method", "path", "entry"), BY_ID)

Body = dict[str, Any]


class Hers(NamedTuple):
    """One of everything that can be alice's."""

    task: int
    list: int
    label: int
    filter: int
    token: int
    trashed: int
    read_only: str

    def at(self, path: str, user_id: str = "me") -> str:
        """The path to it, or to her."""
        kind = next((name for name in ("list", "label", "filter", "token") if f"/{name}s/" in path), "task")
        kind = "trashed" if "/trash/" in path else kind
        return path.format(user_id=user_id, id=getattr(self, kind), type="task")


@pytest.fixture
async def hers(alice: httpx.AsyncClient, app: FastAPI, db: Database) -> Hers:
    core = app.state.core
    task = (await alice.post("/api/me/tasks", json={"title": "hers"})).json()["id"]
    of_hers = [
        (await alice.post(f"/api/me/{kind}", json={"name": "hers", **more})).json()["id"]
        for kind, more in (("lists", {}), ("labels", {}), ("filters", {"filter": "p1"}))
    ]
    token = await core.tokens.create(Actor("alice"), {"name": "read only", "scopes": [Scope.READ]})
    # Else the first use would be noted, in the background.
    await db.write("update doable.access_tokens set last_used_at = now() where user_id = $1", "alice")
    trashed = (await alice.post("/api/me/tasks", json={"title": "hers, deleted"})).json()["id"]
    await alice.delete(f"/api/me/tasks/{trashed}")
    return Hers(task, *of_hers, token.id, trashed, token.token)


@pytest.fixture
async def untouched(address: Address, hers: Hers) -> AsyncIterator[None]:
    """Fails the test when anything of alice's is not what it was before."""
    before = await everything(address, "alice")
    assert {row[1] for row in before["tasks"]} == {hers.task, hers.trashed}
    assert [row[1] for row in before["access_tokens"]] == [hers.token]
    yield
    assert await everything(address, "alice") == before


async def everything(address: Address, user: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of one user, of every table that has an owner."""
    connection = await connect(address.direct)
    owned = [table.name for table in metadata.sorted_tables if "user_id" in table.primary_key.columns]
    rows = {name: await connection.fetch(f"select * from doable.{name} where user_id = $1", user) for name in owned}  # noqa: S608
    rows["users"] = await connection.fetch("select * from doable.users where id = $1", user)
    await connection.close()
    return {name: sorted(map(tuple, found), key=repr) for name, found in rows.items()}


async def ask(client: httpx.AsyncClient, method: str, path: str, entry: Body) -> httpx.Response:
    """The request that the document gives as an example."""
    bodies = entry.get("requestBody", {}).get("content", {})
    return await client.request(method, path, json=next(iter(bodies.values()), {}).get("example"))


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"


def test_only_what_must_be_public_is_public() -> None:
    for contract, public in ((CONTRACT, PUBLIC), (WITH_ACCOUNTS, PUBLIC | PUBLIC_ACCOUNTS)):
        open_to_all = {
            entry["operationId"]
            for _, _, entry in contract.operations()
            if not entry["security"] or {} in entry["security"]
        }
        assert open_to_all == public


@every_guarded_route
@pytest.mark.usefixtures("untouched")
async def test_nobody_gets_in_without_a_token(
    client: httpx.AsyncClient, hers: Hers, method: str, path: str, entry: Body
) -> None:
    answer = await ask(client, method, hers.at(path, "alice"), entry)
    refused(answer, 401, "not_authenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="doable"'


@every_guarded_route
@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("credential", "code"),
    [
        ("Bearer nonsense", "invalid_token"),
        (f"Bearer {hs256('alice', secret='another secret, and as long as the right one')}", "invalid_token"),
        (f"Bearer {hs256('alice', exp=1)}", "token_expired"),
        (f"Bearer dbl_{'A' * 43}", "invalid_token"),
        (f"Basic {hs256('alice')}", "not_authenticated"),
        ("Bearer", "not_authenticated"),
    ],
    ids=["nonsense", "forged", "expired", "unknown-access-token", "basic", "empty"],
)
async def test_nobody_gets_in_with_a_bad_token(
    client: httpx.AsyncClient, hers: Hers, method: str, path: str, entry: Body, credential: str, code: str
) -> None:
    client.headers["authorization"] = credential
    answer = await ask(client, method, hers.at(path, "alice"), entry)
    refused(answer, 401, code)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="doable"')


@every_guarded_route
@pytest.mark.usefixtures("untouched")
async def test_a_read_only_token_reads_and_nothing_else(
    client: httpx.AsyncClient, hers: Hers, method: str, path: str, entry: Body
) -> None:
    (scope,) = entry["security"][0]["bearer"]
    client.headers["authorization"] = f"Bearer {hers.read_only}"
    if scope != Scope.READ:
        answer = await ask(client, method, hers.at(path), entry)
        refused(answer, 403, "insufficient_scope")
        assert f'scope="{scope}"' in answer.headers["www-authenticate"]
    elif path == "/api/me/event-ticket":
        assert scope == Scope.READ  # tests/rest/test_events.py tells what it is good for.
    elif "text/event-stream" not in entry["responses"]["200"].get("content", {}):
        assert method == "GET" or entry["operationId"] == "parseFilter"
        assert (await ask(client, method, hers.at(path), entry)).status_code == 200


@every_route_with_an_owner
@pytest.mark.usefixtures("untouched")
async def test_nobody_gets_in_at_somebody_elses_path(
    bob: httpx.AsyncClient, hers: Hers, method: str, path: str, entry: Body
) -> None:
    refused(await ask(bob, method, hers.at(path, "alice"), entry), 403, "not_your_tasks")


@every_route_to_one_thing
@pytest.mark.usefixtures("untouched")
async def test_what_is_somebody_elses_is_not_found(
    bob: httpx.AsyncClient, hers: Hers, method: str, path: str, entry: Body
) -> None:
    mine = await bob.post("/api/me/tasks", json={"title": "his, so that he is known"})
    assert mine.status_code == 201
    answer = await ask(bob, method, hers.at(path), entry)
    assert answer.status_code == 404
    assert answer.json()["code"].endswith("not_found")


@pytest.mark.parametrize(("method", "path", "entry"), BY_SESSION)
async def test_what_needs_a_session_is_closed_to_everything_else(
    address: Address, method: str, path: str, entry: Body
) -> None:
    app = create_app(Settings(_env_file=None), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        person = {"name": "Ada", "email": "ada@example.com", "password": "a password of Ada's"}
        session = (await client.post("/api/auth/sign-up/email", json=person)).json()["token"]
        client.cookies.clear()
        token = await client.get("/api/auth/token", headers={"authorization": f"Bearer {session}"})
        personal = await client.post(
            "/api/me/tokens", json={"name": "all"}, headers={"authorization": f"Bearer {token.json()['token']}"}
        )
        others = (token.json()["token"], personal.json()["token"], hs256("ada"), "nonsense", session[:-1] + "!")
        for headers in ({}, *({"authorization": f"Bearer {other}"} for other in others)):
            client.headers.pop("authorization", None)
            client.headers.update(headers)
            answer = await ask(client, method, path, entry)
            assert answer.status_code == 401
        for at in ("/api/me", "/api/me/tasks"):
            answer = await client.get(at, headers={"authorization": f"Bearer {session}"})
            refused(answer, 401, "invalid_token")
