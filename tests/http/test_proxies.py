"""Whom we believe about where a request comes from."""

from timeit import repeat

import httpx
import pytest

from doable.app import create_app
from doable.http.proxies import HOPS_MAX, WAY_MAX, Proxies
from doable.settings import Settings
from doable.store.address import Address

ADA = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
PROXIES = "10.0.0.0/8, 2001:db8::1, 192.0.2.9, 2001:db8::5:0/112, ::ffff:198.18.0.0/111"


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
        # A socket that listens for both tells IPv4 addresses as IPv6 ones.
        ("::ffff:10.1.2.3", ["203.0.113.7"], "203.0.113.7"),
        ("::ffff:203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("::FFFF:0a01:0203", ["::ffff:203.0.113.7, ::ffff:192.0.2.9"], "203.0.113.7"),
        ("2001:db8::5:1", ["203.0.113.7"], "203.0.113.7"),
        ("198.18.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("198.20.0.1", ["203.0.113.7"], "198.20.0.1"),
        # Some proxies tell the port as well.
        ("10.1.2.3", ["203.0.113.7:5678"], "203.0.113.7"),
        ("10.1.2.3", ["[2001:db8:7::7]:80"], "2001:db8:7::7"),
        ("10.1.2.3", ["[2001:DB8:7::7]"], "2001:db8:7::7"),
        ("10.1.2.3", ["203.0.113.7, 10.0.0.2:80, [::ffff:10.0.0.3]:8080"], "203.0.113.7"),
        ("10.1.2.3", ["203.0.113.7:"], "10.1.2.3"),
        ("10.1.2.3", ["203.0.113.7:http"], "10.1.2.3"),
        ("10.1.2.3", ["[203.0.113.7"], "10.1.2.3"),
        ("10.1.2.3", ["1" * 65], "10.1.2.3"),
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
        ("::ffff:10.1.2.3", "https", True),
        ("a socket", "https", False),
    ],
)
async def test_what_a_proxy_says_of_tls_is_believed(address: Address, peer: str, proto: str, is_secure: bool) -> None:
    session = await sign_up(address, peer, [("x-forwarded-proto", proto)])
    assert ("Secure" in session.headers["set-cookie"]) == is_secure


async def test_our_own_pages_behind_a_proxy_may_act(address: Address) -> None:
    page = [("x-forwarded-proto", "https"), ("origin", "https://doable.test")]
    assert (await sign_up(address, "10.1.2.3", page)).status_code == 200
    assert (await sign_up(address, "203.0.113.9", page)).status_code == 403


@pytest.fixture
def proxies() -> Proxies:
    return Proxies(PROXIES.split(", "))


def network_of(proxies: Proxies, *hops: str, peer: str = "10.0.0.1") -> str:
    forwarded = ", ".join(hops).encode()
    return proxies.network({"client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded)]})


def test_only_the_last_hops_are_looked_at(proxies: Proxies) -> None:
    ours = ["10.0.0.7"] * HOPS_MAX
    assert network_of(proxies, "203.0.113.7", *ours[1:]) == "203.0.113.7"
    assert network_of(proxies, *ours) == "10.0.0.7"
    # On a way that is longer than any, the end that nobody can choose is what counts.
    assert network_of(proxies, "203.0.113.7", *ours) == "10.0.0.1"


def test_a_stranger_behind_a_proxy_cannot_choose_an_address_however_much_he_sends(proxies: Proxies) -> None:
    for sent in (["198.51.100.1"], ["10.0.0.7"] * 5, ["10.0.0.7"] * 6000, ["x" * 60_000], [","] * 30_000, [""]):
        assert network_of(proxies, *sent, "203.0.113.7") == "203.0.113.7"
        assert network_of(proxies, *sent, "203.0.113.7", "10.0.0.2") == "203.0.113.7"


def test_thousands_of_hops_cost_little(proxies: Proxies) -> None:
    scope = {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", b", ".join([b"10.0.0.7"] * 6000))]}
    assert min(repeat(lambda: proxies.network(scope), number=10)) / 10 < 0.005  # looking at all of them takes 78 ms


def test_what_is_remembered_of_long_ways_is_nothing(proxies: Proxies) -> None:
    for number in range(100):
        assert network_of(proxies, "x" * WAY_MAX, f"203.0.113.{number}") == f"203.0.113.{number}"
    assert proxies._known.cache_info().currsize == 0
    for _ in range(2):
        assert network_of(proxies, "203.0.113.7") == "203.0.113.7"
    assert proxies._known.cache_info()[:2] == (1, 1)
