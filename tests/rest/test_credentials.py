"""From the Authorization header to the caller, with a shared secret and with an issuer that publishes its keys."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from issuer import Issuer, issuer_with
from keys import Key
from tokens import claims_of, hs256


async def ask(client: httpx.AsyncClient, *credentials: str) -> httpx.Response:
    return await client.get("/api/me", headers=[(b"authorization", credential.encode()) for credential in credentials])


@pytest.mark.parametrize("credential", ["Bearer {}", "bearer {}", "BEARER  {} "])
async def test_the_scheme_is_bearer_in_any_case(client: httpx.AsyncClient, credential: str) -> None:
    assert (await ask(client, credential.format(hs256("alice")))).json()["id"] == "alice"


@pytest.mark.parametrize("credential", ["Bearer", "Bearer ", "Basic YWxpY2U6eA==", "{}", "Token {}", ""])
async def test_what_is_no_bearer_credential_is_none(client: httpx.AsyncClient, credential: str) -> None:
    answer = await ask(client, credential.format(hs256("alice")))
    assert (answer.status_code, answer.json()["error"]) == (401, "Not authenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="doable"'


async def test_a_credential_that_does_not_hold_is_told_so(client: httpx.AsyncClient) -> None:
    for token, sentence in (
        ("x", "Invalid token"),
        ("é", "Invalid token"),
        ("dbl_x", "Invalid token"),
        (hs256("alice", secret="x" * 32), "Invalid token"),
        (hs256("alice", exp=1), "Token expired"),
    ):
        answer = await ask(client, f"Bearer {token}")
        assert (answer.status_code, answer.json()["error"]) == (401, sentence)
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_of_two_credentials_neither_counts(client: httpx.AsyncClient) -> None:
    answer = await ask(client, f"Bearer {hs256('alice')}", f"Bearer {hs256('bob')}")
    assert (answer.status_code, answer.json()["error"]) == (400, "A request can have only one Authorization header")


async def test_a_credential_in_the_address_is_none(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/api/me?access_token={hs256('alice')}")).status_code == 401


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuer_with(Key("one")) as issuer:
        yield issuer


@pytest.fixture
async def visitor(issuer: Issuer, address: Address) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a credential at a service that trusts the issuer."""
    app = create_app(Settings(_env_file=None, JWKS_URL=issuer.url), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


async def test_people_of_the_issuer_are_known_and_others_are_not(issuer: Issuer, visitor: httpx.AsyncClient) -> None:
    token = issuer.keys[0].sign(claims_of("alice"))
    answers = await asyncio.gather(*(ask(visitor, f"Bearer {token}") for _ in range(20)))
    assert {answer.json()["id"] for answer in answers} == {"alice"}
    assert issuer.fetches == 1
    for stranger in (Key("two").sign(claims_of("alice")), hs256("alice")):
        assert (await ask(visitor, f"Bearer {stranger}")).json()["error"] == "Invalid token"


async def test_while_the_keys_are_out_of_reach_the_service_is_unavailable(
    issuer: Issuer, visitor: httpx.AsyncClient
) -> None:
    await issuer.go_down()
    answer = await ask(visitor, f"Bearer {issuer.keys[0].sign(claims_of('alice'))}")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
