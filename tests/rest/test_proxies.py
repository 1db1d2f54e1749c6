"""Whom we believe about where a request comes from."""

import httpx
import pytest

from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address

ADA = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
PROXIES = "10.0.0.0/8, 2001:db8::1, 192.0.2.9"


async def sign_up(address: Address, peer: str, headers: list[tuple[str, str]]) -> httpx.Response:
    """As it comes from `peer`, whether that is a proxy or not."""
    settings = Settings(_env_file=None, LOG_LEVEL="error", DOABLE_TRUSTED_PROXIES=PROXIES)
    app = create_app(settings, address)
    transport = httpx.ASGITransport(app, client=(peer, 123))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://doable.test", headers=headers) as client,
    ):
        answer = await client.post("/api/auth/sign-up/email", json=ADA)
        if answer.status_code != 200:
            return answer
        client.cookies.clear()
        token = answer.json()["token"]
        session = await client.get("/api/auth/get-session", headers={"authorization": f"Bearer {token}"})
        session.headers["set-cookie"] = answer.headers["set-cookie"]
        return session


@pytest.mark.parametrize(
    ("peer", "forwarded", "told"),
    [
        ("10.1.2.3", ["203.0.113.7"], "203.0.113.7"),
        ("2001:db8::1", ["2001:db8:7::7"], "2001:db8:7::7"),
        ("10.1.2.3", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),  # The first was sent by the caller himself.
        ("10.1.2.3", ["198.51.100.1, 203.0.113.7", "192.0.2.9, 10.0.0.2"], "203.0.113.7"),
        ("10.1.2.3", ["10.0.0.7,10.0.0.8"], "10.0.0.7"),
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["unknown"], "10.1.2.3"),
        ("10.1.2.3", ["203.0.113.7, unknown, 10.0.0.2"], "10.0.0.2"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("192.0.2.8", ["198.51.100.1"], "192.0.2.8"),
        ("a socket", ["198.51.100.1"], "a socket"),
    ],
)
async def test_the_address_is_the_last_one_that_is_none_of_our_proxies(
    address: Address, peer: str, forwarded: list[str], told: str
) -> None:
    session = await sign_up(address, peer, [("x-forwarded-for", value) for value in forwarded])
    assert session.json()["session"]["ipAddress"] == told


@pytest.mark.parametrize(
    ("peer", "proto", "is_secure"),
    [
        ("10.1.2.3", "https", True),
        ("10.1.2.3", "http", False),
        ("10.1.2.3", "wss", False),
        ("203.0.113.9", "https", False),
    ],
)
async def test_what_a_proxy_says_of_tls_is_believed(address: Address, peer: str, proto: str, is_secure: bool) -> None:
    session = await sign_up(address, peer, [("x-forwarded-proto", proto)])
    assert ("Secure" in session.headers["set-cookie"]) == is_secure


async def test_our_own_pages_behind_a_proxy_may_act(address: Address) -> None:
    page = [("x-forwarded-proto", "https"), ("origin", "https://doable.test")]
    assert (await sign_up(address, "10.1.2.3", page)).status_code == 200
    assert (await sign_up(address, "203.0.113.9", page)).status_code == 403
