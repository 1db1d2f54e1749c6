"""`/` and the views of the app: the page for browsers, JSON for programs."""

import gzip
import json
import re
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest

from doable.store.address import Address
from tokens import SECRET
from web_builds import PAGE, serving

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
VIEWS = [
    *(
        "/today",
        "/upcoming",
        "/inbox",
        "/browse",
        "/lists",
        "/labels",
        "/filters",
        "/search",
        "/completed",
        "/trash",
        "/tasks",
    ),
    *("/settings", "/sign-in", "/sign-up"),
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self';"
    " worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types svelte-trusted-html doable"
)


@pytest.mark.parametrize("path", ["/", *VIEWS, "/lists/01j", "/settings/tokens", "/tasks/a/b?c=d", "/%74oday"])
async def test_a_browser_gets_the_page_at_every_view(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Doable</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers.get_list("vary", split_commas=True) == ["Accept", "Accept-Encoding", "Origin"]


async def test_the_page_may_do_what_the_app_needs_and_nothing_else(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/", headers=BROWSER)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("text/html;q=0", "application/json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/html, */*", "text/html; charset=utf-8"),
        ("application/json;q=0.5, text/html", "text/html; charset=utf-8"),
    ],
)
async def test_at_the_root_a_program_gets_json(visitor: httpx.AsyncClient, accept: str | None, media_type: str) -> None:
    answer = await visitor.get("/", headers={"accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.headers.get_list("vary", split_commas=True) == ["Accept", "Accept-Encoding", "Origin"]


async def test_what_a_program_reads_at_the_root_leads_on(visitor: httpx.AsyncClient) -> None:
    about = (await visitor.get("/")).json()
    assert (about.pop("name"), about.pop("version")) == ("Doable", version("doable"))
    assert set(about) == {"api", "docs", "health", "openapi"}
    for name, address in about.items():
        assert (await visitor.get(address)).status_code == (401 if name == "api" else 200), name


@pytest.mark.parametrize("path", ["/today", "/tasks", "/lists/1"])
@pytest.mark.parametrize("accept", [None, "*/*", "application/json"])
async def test_a_program_that_mistook_a_view_for_the_api_gets_404(
    visitor: httpx.AsyncClient, path: str, accept: str | None
) -> None:
    answer = await visitor.get(path, headers={"accept": accept} if accept else {})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/nowhere",
            "/todayx",
            "/Today",
            "/index.html",
            "/api",
            "/api/nowhere",
            "/docs/nowhere",
            "//today",
            "/%2Ftoday",
        ),
        *("/today%0A", "/lists%2F1"),
    ],
)
async def test_no_other_path_is_a_view(visitor: httpx.AsyncClient, path: str) -> None:
    url = httpx.URL("http://doable.test").copy_with(raw_path=path.encode())
    answer = await visitor.get(url, headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/today", "/sw.js"])
async def test_the_app_is_only_read(visitor: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await visitor.request(method, path, headers=BROWSER)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_a_page_that_has_not_changed_is_not_sent_again(visitor: httpx.AsyncClient) -> None:
    first = await visitor.get("/", headers=BROWSER)
    again = await visitor.get("/today", headers=BROWSER | {"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary", "content-security-policy"):
        assert again.headers[name] == first.headers[name]
    for_a_program = await visitor.get("/", headers={"if-none-match": first.headers["etag"]})
    assert for_a_program.status_code == 200
    malformed = await visitor.get("/", headers=BROWSER | {"if-none-match": "x"})
    assert (malformed.status_code, malformed.json()["code"]) == (400, "invalid_input")


async def test_the_page_comes_compressed(visitor: httpx.AsyncClient) -> None:
    plain = await visitor.get("/", headers=BROWSER)
    async with visitor.stream("GET", "/", headers=BROWSER | {"accept-encoding": "br, gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert answer.headers["etag"] != plain.headers["etag"]


def configuration(page: str) -> dict[str, Any]:
    (content,) = re.findall(r'<meta name="doable" content="([^"]*)">', page)
    found: dict[str, Any] = json.loads(unescape(content))
    return found


@pytest.mark.parametrize(
    ("settings", "provider", "sign_up", "auth_url"),
    [
        ({}, "accounts", "open", None),
        ({"DOABLE_SIGN_UP": "closed"}, "accounts", "closed", None),
        ({"BETTER_AUTH_SECRET": SECRET}, "better-auth", "open", None),
        ({"BETTER_AUTH_URL": "https://app.example.com"}, "better-auth", "open", "https://app.example.com"),
        ({"JWKS_URL": "https://issuer.example/keys"}, "other", "open", None),
    ],
)
async def test_the_page_knows_how_people_sign_in(
    address: Address, build: Path, settings: dict[str, str], provider: str, sign_up: str, auth_url: str | None
) -> None:
    async with serving(address, build, **settings) as visitor:
        page = (await visitor.get("/", headers=BROWSER)).text
    expected = {"version": version("doable"), "provider": provider, "signUp": sign_up, "authUrl": auth_url}
    assert configuration(page) == expected
    assert re.sub('content="[^"]+"', 'content=""', page) == PAGE


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://app.example.com", "https://app.example.com"),
        ("https://ada:secret@app.example.com:8443/base/", "https://app.example.com:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
async def test_the_page_may_ask_its_better_auth(address: Address, build: Path, url: str, origin: str) -> None:
    async with serving(address, build, BETTER_AUTH_URL=url) as visitor:
        answer = await visitor.get("/", headers=BROWSER)
    allowed = POLICY.replace("connect-src 'self'", f"connect-src 'self' {origin}")
    assert answer.headers["content-security-policy"] == allowed


async def test_what_an_operator_sets_can_not_leave_the_attribute(address: Address, build: Path) -> None:
    url = "https://app.example.com/\"><script>'&lt;"
    async with serving(address, build, BETTER_AUTH_URL=url) as visitor:
        page = (await visitor.get("/", headers=BROWSER)).text
    assert configuration(page)["authUrl"] == url
    assert page.count("<script") == 1


@pytest.mark.parametrize("path", ["/", "/today"])
async def test_an_app_that_is_not_built_says_how_to_build_it(address: Address, tmp_path: Path, path: str) -> None:
    async with serving(address, tmp_path / "nowhere") as visitor:
        answer = await visitor.get(path, headers=BROWSER)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "make web" in answer.text
        assert answer.headers["content-security-policy"] == POLICY
        assert (await visitor.get("/")).json()["name"] == "Doable"
        assert (await visitor.get("/sw.js")).status_code == 404
