"""What the credentials of a user who was removed are still good for, in the process that did it and in another one."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.rest.application import RestApplication
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from openapi import contract_of
from streams import listening
from tokens import SECRET, hs256

ADA = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
ONLY_WRITES = {"operations": [{"op": "complete", "id": 1}]}
PROVIDERS = {"accounts": {}, "better-auth": {"BETTER_AUTH_SECRET": SECRET}}


@pytest.fixture(params=PROVIDERS)
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings(_env_file=None, LOG_LEVEL="error", **PROVIDERS[request.param])


@pytest.fixture
async def apps(settings: Settings, address: Address) -> AsyncIterator[list[RestApplication]]:
    """Two processes with one database."""
    async with AsyncExitStack() as stack:
        apps = [create_app(settings, address) for _ in range(2)]
        for app in apps:
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield apps


@pytest.fixture
async def here(apps: list[RestApplication]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(apps[0]) as client:
        yield client


@pytest.fixture
async def there(apps: list[RestApplication]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(apps[1]) as client:
        yield client


def requests_of(app: RestApplication) -> list[tuple[str, str, object]]:
    """Every operation that wants a bearer's scope, with the body that the document gives as an example."""
    found: list[tuple[str, str, object]] = [
        ("POST", "/api/me/batch", ONLY_WRITES),
        ("GET", "/api/me/tasks?limit=1", None),
    ]
    for method, path, entry in contract_of(app).operations():
        if any("bearer" in way for way in entry["security"]):
            content = entry.get("requestBody", {}).get("content", {}).get("application/json", {})
            found.append((method, path.format(user_id="me", type="task", id=1), content.get("example")))
    return found


async def jwt_of(client: httpx.AsyncClient, settings: Settings) -> dict[str, str]:
    """Of somebody who has not written anything yet."""
    if settings.better_auth_secret:
        return {"authorization": f"Bearer {hs256('alice')}"}
    session = (await client.post("/api/auth/sign-up/email", json=ADA)).json()["token"]
    client.cookies.clear()
    answer = await client.get("/api/auth/token", headers={"authorization": f"Bearer {session}"})
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def test_the_credentials_of_a_removed_user_are_refused_everywhere(
    apps: list[RestApplication], settings: Settings, here: httpx.AsyncClient, there: httpx.AsyncClient, db: Database
) -> None:
    """A personal access token, and the JWT of a built-in account. That of an issuer elsewhere may begin anew."""
    jwt = await jwt_of(here, settings)
    made = await here.post("/api/me/tokens", json={"name": "Script"}, headers=jwt)
    token = {"authorization": f"Bearer {made.json()['token']}"}
    for headers in (jwt, token):  # Both processes remember both.
        for client in (here, there):
            assert (await client.get("/api/me/tasks", headers=headers)).status_code == 200
    assert (await here.delete("/api/me", headers=jwt)).status_code == 204
    gone = [token] if settings.better_auth_secret else [token, jwt]
    answers = {}
    for client in (there, here):
        for headers in gone:
            for method, path, body in requests_of(apps[0]):
                answer = await client.request(method, path, json=body, headers=headers)
                answers[method, path, headers is jwt, client is here] = answer.status_code
    assert set(answers.values()) <= {401, 403}, answers
    # A token may never do some things, whether its user is there or not.
    assert {path for (_, path, _, _), status in answers.items() if status == 403} <= {
        "/api/me",
        "/api/me/tokens",
        "/api/me/tokens/1",
    }
    assert await db.read("select from doable.users") == []
    if settings.better_auth_secret:
        assert (await there.get("/api/me/tasks", headers=jwt)).json() == []
        assert (await there.post("/api/me/tasks", json={"title": "Again"}, headers=jwt)).status_code == 201


async def test_the_streams_of_a_removed_user_end_also_before_anything_was_written(
    apps: list[RestApplication], settings: Settings, here: httpx.AsyncClient
) -> None:
    jwt = await jwt_of(here, settings)
    await here.post("/api/me/tokens", json={"name": "Script"}, headers=jwt)  # There, with nothing written.
    async with listening(apps[1], token=jwt["authorization"].removeprefix("Bearer ")) as stream:
        assert (await here.delete("/api/me", headers=jwt)).status_code == 204
        assert await stream.block() is None
