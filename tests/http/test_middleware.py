"""What every answer has in common, and what nobody gets to see."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.http.middleware import Middleware
from doable.http.proxies import Proxies
from doable.http.request import Request
from doable.http.response import json as json_answer
from doable.logs import RequestLog
from doable.origins import Origins
from doable.rest.problems import PROBLEMS
from doable.settings import Settings
from doable.store.address import Address
from openapi import our_contract
from processes import Service
from tokens import SECRET, hs256

PAGE = "http://localhost:3000"
STRANGER = "https://evil.example"
PATHS = sorted({path for _, path, _ in our_contract().operations()})
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND"}


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["error"] == body["detail"]
    return body


async def test_every_answer_has_an_id_of_its_own(alice: httpx.AsyncClient) -> None:
    paths = ["/health", "/api/me/tasks", "/api/me/tasks/0", "/nowhere", "/docs", "/openapi.json"]
    ids = [(await alice.get(path)).headers["x-request-id"] for path in paths]
    assert len(set(ids)) == len(paths)
    assert all(re.fullmatch("[0-9a-f]{13,}", id) for id in ids)


@pytest.mark.parametrize("id", ["abc-123", "!", "~" * 128])
async def test_an_id_that_the_client_gives_is_kept(client: httpx.AsyncClient, id: str) -> None:
    assert (await client.get("/health", headers={"x-request-id": id})).headers["x-request-id"] == id


@pytest.mark.parametrize("id", ["", "two words", "x" * 129, "tab\there", "naïve", "\x1b[2J", 'a\r\nset-cookie: b="1"'])
async def test_an_id_that_could_do_harm_is_replaced(client: httpx.AsyncClient, id: str) -> None:
    answer = await client.get("/health", headers=[(b"x-request-id", id.encode("latin-1"))])
    assert re.fullmatch("[0-9a-f]{13,}", answer.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/nowhere", "/api", "/api/me/tasks/", "/api/me/tasks/1/", "/api//tasks/1/x/y"])
async def test_a_path_that_is_none_is_a_problem(alice: httpx.AsyncClient, path: str) -> None:
    assert refused(await alice.get(path), 404, "not_found")["error"] == "Not found"


@pytest.mark.parametrize("path", [*PATHS, "/docs", "/openapi.json", "/docs/errors"])
async def test_another_method_is_refused_with_all_that_are_allowed(client: httpx.AsyncClient, path: str) -> None:
    at = re.sub("{[^}]*}", "1", path)
    offered = {method for method, offered, _ in our_contract().operations() if offered == path} or {"GET"}
    if "GET" in offered:
        offered.add("HEAD")
    for method in METHODS - offered:
        answer = await client.request(method, at)
        assert answer.status_code == 405
        assert method == "HEAD" or refused(answer, 405, "method_not_allowed")["error"] == "Method Not Allowed"
        assert set(answer.headers["allow"].split(", ")) == offered


@pytest.fixture
async def broken(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A service with a mistake in it, of which it tells a secret."""

    async def fail(_: object) -> str:
        raise RuntimeError("the password is hunter2")

    core = app.state.core
    monkeypatch.setattr(type(core.health), "require_ready", fail)
    async with client_of(app) as client:
        yield client


async def test_a_mistake_of_ours_tells_nothing_but_where_to_look(
    broken: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await broken.get("/health/ready", headers={"x-request-id": "look-for-me"})
    body = refused(answer, 500, "internal_error")
    assert body["error"] == "Internal server error"
    assert body["request_id"] == answer.headers["x-request-id"] == "look-for-me"
    assert "hunter2" not in answer.text
    (record,) = (record for record in caplog.records if record.name == "doable.http")
    assert record.__dict__["facts"] == {"request_id": "look-for-me"}
    assert record.exc_info
    assert (await broken.get("/health")).status_code == 200


async def drive(app: Middleware, *received: dict[str, object], **scope: object) -> list[dict[str, object]]:
    """One request, as a server would hand it over; returns what was sent."""
    messages = list(received) or [{"type": "http.request"}]
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    headers = [(b"host", b"doable.test"), (b"content-type", b"application/json")]
    target = {"path": "/", "raw_path": b"/", "query_string": b""}
    defaults = {"type": "http", "http_version": "1.1", "method": "POST", **target, "headers": headers}
    await app({**defaults, **scope}, receive, send)  # type: ignore[arg-type]
    return sent


async def test_an_answer_that_breaks_off_is_not_followed_by_another(caplog: pytest.LogCaptureFixture) -> None:
    async def half(_scope: object, _receive: object, send) -> None:  # noqa: ANN001
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("halfway")

    log = io.StringIO()
    app = Middleware(half, PROBLEMS, Origins([]), Proxies([]), RequestLog(log, json=True))
    with pytest.raises(RuntimeError, match="halfway"):
        await drive(app)
    assert "A response broke off" in caplog.text
    app._log.flush()  # type: ignore[union-attr]
    assert json.loads(log.getvalue())["status"] == 200


async def test_half_a_request_asks_for_nothing() -> None:
    """RFC 9112 §8: the client went away before its body had ended, though what came would be a whole one."""
    heard = []

    async def listen(scope, receive, send) -> None:  # noqa: ANN001
        heard.append(await Request(scope, receive, send).read_object())
        await json_answer(200, {})(scope, receive, send)

    log = io.StringIO()
    app = Middleware(listen, PROBLEMS, Origins([]), Proxies([]), RequestLog(log, json=True))
    part = {"type": "http.request", "body": b'{"title":"x"}', "more_body": True}
    assert await drive(app, part, {"type": "http.disconnect"}) == []
    assert heard == []
    app._log.flush()  # type: ignore[union-attr]
    assert json.loads(log.getvalue())["status"] == 499
    assert await drive(app, part, {"type": "http.request", "body": b"   "})
    assert heard == [{"title": "x"}]


async def test_what_is_no_request_is_passed_on() -> None:
    seen = []

    async def app(scope, _receive, _send) -> None:  # noqa: ANN001
        seen.append(scope["type"])

    await drive(Middleware(app, PROBLEMS, Origins([]), Proxies([]), None), type="lifespan")
    assert seen == ["lifespan"]


async def test_nobody_speaks_web_sockets_here(app: FastAPI) -> None:
    sent = await drive(app, {"type": "websocket.connect"}, type="websocket", path="/api/me/tasks")  # type: ignore[arg-type]
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("path", ["/health", "/api/me/tasks", "/api/me/tasks/x", "/nowhere", "/docs", "/openapi.json"])
async def test_nothing_is_taken_for_what_it_is_not(alice: httpx.AsyncClient, path: str) -> None:
    assert (await alice.get(path)).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/health", "/api/me/tasks/x", "/nowhere"])
async def test_nothing_private_is_stored_on_the_way(alice: httpx.AsyncClient, path: str) -> None:
    assert (await alice.get(path)).headers["cache-control"] == "no-store"


async def test_what_has_an_etag_may_be_kept_by_its_reader_alone(alice: httpx.AsyncClient) -> None:
    task = await alice.post("/api/me/tasks", json={"title": "x"})
    for path in ("/api/me/tasks", task.headers["location"]):
        cached = (await alice.get(path)).headers["cache-control"]
        assert cached == "no-store" or {"private", "no-cache"} <= set(cached.split(", "))


async def test_a_page_of_ours_may_read_every_answer(alice: httpx.AsyncClient) -> None:
    for path in ("/api/me/tasks", "/api/me/tasks/x", "/api/bob/tasks", "/nowhere"):
        answer = await alice.get(path, headers={"origin": PAGE})
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.headers["access-control-allow-credentials"] == "true"
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"ETag", "Link", "Location", "Retry-After", "X-Request-ID"} <= set(exposed)
        assert answer.headers["vary"] == "Origin"


async def test_a_page_of_ours_may_read_that_something_broke(broken: httpx.AsyncClient) -> None:
    answer = await broken.get("/health/ready", headers={"origin": PAGE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (500, PAGE)


@pytest.mark.parametrize("origin", [STRANGER, "null", "*", f"{PAGE}.evil.example", "http://localhost:30000", ""])
async def test_a_strange_page_gets_nothing(alice: httpx.AsyncClient, origin: str) -> None:
    ask = {"access-control-request-method": "PUT", "access-control-request-headers": "authorization"}
    for answer in (
        await alice.get("/api/me/tasks", headers={"origin": origin}),
        await alice.options("/api/me/tasks", headers={"origin": origin, **ask}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_browser_may_ask_first(client: httpx.AsyncClient, method: str) -> None:
    headers = "authorization,content-type,idempotency-key,if-match,if-none-match,last-event-id,x-request-id"
    headers += ",traceparent,tracestate,baggage"
    ask = {"access-control-request-method": method, "access-control-request-headers": headers}
    answer = await client.options("/api/alice/tasks/1", headers={"origin": PAGE, **ask})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert method in answer.headers["access-control-allow-methods"].split(", ")
    assert set(headers.split(",")) <= set(answer.headers["access-control-allow-headers"].lower().split(", "))
    assert answer.headers["access-control-max-age"] == "3600"
    assert answer.headers["x-request-id"]


async def test_origins_are_the_ones_that_were_set_up(address: Address) -> None:
    settings = Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET, CORS_ORIGINS="https://a.example, https://b.example/")
    async with client_of(create_app(settings, address)) as client:
        for origin, allowed in (("https://a.example", True), ("https://b.example", True), (PAGE, False)):
            answer = await client.get("/health", headers={"origin": origin})
            assert (answer.headers.get("access-control-allow-origin") == origin) is allowed


@pytest.mark.usefixtures("address")
def test_head_is_get_without_the_body(service: Service) -> None:
    headers = {"authorization": f"Bearer {hs256('alice')}"}
    with httpx.Client(base_url=service.url, headers=headers) as alice:
        task = alice.post("/api/me/tasks", json={"title": "x"}).headers["location"]
        for path in ("/health", "/api/me/tasks", task, "/docs", "/openapi.json", "/nowhere"):
            got, head = alice.get(path), alice.head(path)
            assert (head.status_code, head.content) == (got.status_code, b"")
            for headers in (got.headers, head.headers):
                del headers["date"], headers["x-request-id"]
            assert head.headers == got.headers


async def test_requests_that_run_at_once_keep_their_ids_apart(alice: httpx.AsyncClient) -> None:
    ids = [f"id-{number}" for number in range(20)]
    answers = await asyncio.gather(*(alice.get("/api/me/tasks", headers={"x-request-id": id}) for id in ids))
    assert [answer.headers["x-request-id"] for answer in answers] == ids
