"""Which web pages may call, by name or by pattern, and what the operator hears of the others."""

import httpx
import pytest

from doable.origins import LENGTH_MAX, LOG_AGAIN_SECONDS, TOLD_MAX, Origins, parse
from doable.settings import Settings

ALLOWED = "https://*.example.dev, https://app-*.example.org:8443, https://Example.com:443"
TRUSTED = [
    "https://pr-7.example.dev",
    "https://7.example.dev",
    "https://app-x.example.org:8443",
    "https://example.com",
]
OWN = "http://doable.test"
STRANGE = [
    "https://evil.example.dev.attacker.com",
    "https://attacker.com/.example.dev",
    "https://attacker.com#.example.dev",
    "https://attacker.com@a.example.dev",
    "https://a.b.example.dev",
    "https://.example.dev",
    "https://example.dev",
    "https://aexample.dev",
    "https://a.exampleXdev",
    "https://a.example.dev.",
    "https://a.example.dev:8443",
    "https://a_b.example.dev",
    "https://ä.example.dev",
    "http://a.example.dev",
    "https://A.example.dev",
    "HTTPS://a.example.dev",
    "https://a.example.dev\n",
    "https://a.example.dev, https://a.example.dev",
    "https://*.example.dev",
    "https://app-.example.org:8443",
    "https://app-x.example.org",
    "https://appx.example.org:8443",
    "https://*.example.com",
    "https://a.example.com",
    "https://example.com:443",
    "*",
    "null",
    "",
]


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None, LOG_LEVEL="warning", CORS_ORIGINS=ALLOWED)


async def test_one_set_decides_who_reads_and_who_acts(client: httpx.AsyncClient) -> None:
    read, preflight = [("GET", "/health", {}), ("OPTIONS", "/api/me", {"access-control-request-method": "PUT"})]
    for origin in (*TRUSTED, OWN, *STRANGE):
        sender = {"origin": origin.encode()}
        for method, path, headers in (read, preflight):
            answer = await client.request(method, path, headers={**sender, **headers})
            allowed = origin if origin in TRUSTED else None
            assert answer.headers.get("access-control-allow-origin") == allowed, (origin, method)
        cookie = {"cookie": "better-auth.session_token=x"}
        answer = await client.post("/api/auth/sign-out", headers={**sender, **cookie})
        assert answer.status_code == (403 if origin in STRANGE else 200), origin


async def test_a_pattern_is_no_place_to_go_to(client: httpx.AsyncClient) -> None:
    for url, code in (
        ("https://pr-7.example.dev/dashboard", "VALIDATION_ERROR"),  # Of the password that is missing.
        ("https://*.example.dev/", "INVALID_CALLBACK_URL"),
        ("https://evil.example.dev.attacker.com/", "INVALID_CALLBACK_URL"),
        ("https://attacker.com/.example.dev", "INVALID_CALLBACK_URL"),
        ("https://a.example.dev@attacker.com/", "INVALID_CALLBACK_URL"),
        ("https://attacker.com#.example.dev", "INVALID_CALLBACK_URL"),
    ):
        answer = await client.post("/api/auth/sign-in/email", json={"callbackURL": url})
        assert answer.json()["code"] == code, url


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://app.example.com/", "https://app.example.com"),
        ("HTTPS://App.Example.com:443", "https://app.example.com"),
        ("http://app.example.com:80", "http://app.example.com"),
        ("https://app.example.com:80", "https://app.example.com:80"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://*.example.dev:8443", "https://*.example.dev:8443"),
        ("https://app-*-x.example.dev", "https://app-*-x.example.dev"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(text: str, origin: str) -> None:
    assert parse(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://*",
        "https://*.dev",
        "https://*.localhost",
        "https://*.0.0.1",
        "https://*.*.example.dev",
        "https://**.example.dev",
        "https://a.*.example.dev",
        "https://a.example.*",
        "https://*.example.dev.",
        "https://*example.dev:*",
        "https://a.example:*",
        "*://a.example.dev",
        "*.example.dev",
        "null",
        "app.example.com",
        "ftp://app.example.com",
        "https://app.example.com/path",
        "https://app.example.com?q",
        "https://ada@app.example.com",
        "https://bücher.example",
        "https://",
        "http://[",
        "https://app.example.com:",
    ],
)
def test_what_no_browser_sends_and_what_trusts_too_much_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r" is not an origin; write one like https://app\.example\.com, or a pattern"):
        parse(text)


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    return [record.__dict__["facts"] for record in caplog.records if record.message == "An origin was refused"]


async def test_the_operator_hears_which_origin_was_refused(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    sign_out = ("POST", "/api/auth/sign-out")
    for method, path, headers, origin in (
        ("GET", "/health", {"origin": "http://127.0.0.1:3000"}, "http://127.0.0.1:3000"),
        ("OPTIONS", "/api/me", {"origin": "null", "access-control-request-method": "PUT"}, "null"),
        (*sign_out, {"origin": "https://evil.example"}, "https://evil.example"),
        (*sign_out, {"referer": "https://worse.example/page?x=y"}, "https://worse.example"),
        (*sign_out, {"origin": "https://doable.test"}, "https://doable.test"),
        ("GET", "/health", {"origin": "https://" + "x" * LENGTH_MAX}, "https://" + "x" * (LENGTH_MAX - 8)),
        ("GET", "/health", {"origin": "https://pr-7.example.dev"}, None),
        (*sign_out, {"origin": OWN}, None),
        (*sign_out, {}, None),
    ):
        caplog.clear()
        for _ in range(2):
            await client.request(method, path, headers=headers)
        assert told(caplog) == ([{"origin": origin, "setting": "CORS_ORIGINS"}] if origin else [])


def test_strangers_fill_neither_the_log_nor_the_memory(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    origins = Origins([], clock=lambda: now)
    for number in range(3 * TOLD_MAX):
        origins.tell_refused(f"https://{number}.example")
    assert len(told(caplog)) == len(origins._told) == TOLD_MAX
    for now in (LOG_AGAIN_SECONDS / 2, LOG_AGAIN_SECONDS - 1, LOG_AGAIN_SECONDS, LOG_AGAIN_SECONDS + 1):  # noqa: B007 - the clock reads it
        origins.tell_refused("https://0.example")
    assert [facts["origin"] for facts in told(caplog)[TOLD_MAX:]] == ["https://0.example"]
    assert len(origins._told) == 1
