"""The files of the app: how long they are kept, how they are compressed, and that nothing else can be read."""

import httpx
import pytest

from processes import Service
from web_builds import FILES

ASSET = "/assets/app-1a2b.js"


@pytest.mark.parametrize(
    ("path", "media_type", "kept"),
    [
        (ASSET, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/app-3c4d.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "public, max-age=86400"),
        ("/icons/icon.svg", "image/svg+xml", "public, max-age=86400"),
        ("/icons/icon-192.png", "image/png", "public, max-age=86400"),
        ("/fonts.bin", "application/octet-stream", "public, max-age=86400"),
    ],
)
async def test_a_file_is_served_as_what_it_is(
    visitor: httpx.AsyncClient, path: str, media_type: str, kept: str
) -> None:
    answer = await visitor.get(path)
    assert (answer.status_code, answer.content) == (200, FILES[path[1:]])
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (media_type, kept)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_service_worker_is_bound_by_the_policy_of_the_page(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/", headers={"accept": "text/html"})
    worker = await visitor.get("/sw.js")
    assert worker.headers["content-security-policy"] == page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("accepted", "coding", "suffix"),
    [
        ("gzip, deflate, br, zstd", "br", ".br"),
        ("gzip", "gzip", ".gz"),
        ("br;q=0.1, gzip;q=0.9", "gzip", ".gz"),
        ("gzip;q=0, br;q=0", None, ""),
        ("identity, gzip;q=0.5", None, ""),
        ("zstd", None, ""),
    ],
)
async def test_a_file_comes_in_the_coding_that_the_client_wants(
    visitor: httpx.AsyncClient, accepted: str, coding: str | None, suffix: str
) -> None:
    body = FILES[f"assets/app-1a2b.js{suffix}"]
    async with visitor.stream("GET", ASSET, headers={"accept-encoding": accepted}) as answer:
        assert b"".join([part async for part in answer.aiter_raw()]) == body
    assert answer.headers.get("content-encoding") == coding
    assert int(answer.headers["content-length"]) == len(body)
    assert answer.headers.get_list("vary", split_commas=True) == ["Accept-Encoding", "Origin"]


async def test_a_file_without_a_compressed_form_comes_as_it_is(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/assets/app-3c4d.css", headers={"accept-encoding": "br, gzip"})
    assert answer.text == "p{}"
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Origin"


async def test_each_coding_has_its_own_tag(visitor: httpx.AsyncClient) -> None:
    tags = set()
    for accepted in ("identity", "gzip", "br"):
        headers = {"accept-encoding": accepted}
        async with visitor.stream("GET", ASSET, headers=headers) as answer:
            tags.add(answer.headers["etag"])
        again = await visitor.get(ASSET, headers=headers | {"if-none-match": f'"x", W/{answer.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
        assert "content-encoding" not in again.headers
        assert "content-length" not in again.headers
    assert len(tags) == 3


async def test_head_tells_what_get_would(visitor: httpx.AsyncClient) -> None:
    """The server drops the body."""
    for accepted in ("identity", "gzip"):
        answers = [
            await visitor.request(method, ASSET, headers={"accept-encoding": accepted}) for method in ("HEAD", "GET")
        ]
        told = [{name: one.headers[name] for name in one.headers if name != "x-request-id"} for one in answers]
        assert told[0] == told[1]


PATHS = [
    "/assets/app-0000.js",
    "/assets/",
    "/assets",
    "/assets/app-1a2b.js.br",
    "/assets/app-1a2b.js.gz",
    "/assets/../index.html",
    "/assets/../sw.js",
    "/assets/../../application.py",
    "/assets/%2e%2e/sw.js",
    "/assets/..%2Fsw.js",
    "/assets/%252e%252e/sw.js",
    "/assets//app-1a2b.js",
    "/assets/app-1a2b.js%00",
    "/assets/app-1a2b.js%0A",
    "/assets\\app-1a2b.js",
    "/./sw.js",
    "//sw.js",
    "/icons/../../../../../../etc/passwd",
    "/icons",
    "/sw.js/",
    "/application.py",
]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_else_can_be_read_and_the_page_never_stands_for_a_file(served: Service, path: str) -> None:
    # What httpx would resolve arrives as it is written.
    with httpx.Client(headers={"accept": "text/html,*/*;q=0.8"}) as client:
        answer = client.get(served.url, extensions={"target": path.encode()})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.headers["cache-control"] == "no-store"


def test_a_target_that_is_no_path_is_not_found(served: Service) -> None:
    with httpx.Client(headers={"accept": "text/html"}) as client:
        answer = client.options(served.url, extensions={"target": b"*"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_server_sends_no_body_to_head(served: Service) -> None:
    with httpx.Client(base_url=served.url) as client:
        head, whole = client.head(ASSET), client.get(ASSET)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
