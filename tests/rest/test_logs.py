"""What the service writes about itself, and what it never does."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from clients import client_of
from doable import logs
from doable.app import create_app
from doable.settings import Settings
from doable.store import embedded
from doable.store.address import Address
from doable.store.database import Database
from processes import Service, database_url
from tokens import SECRET, hs256

numbers = count()  # of users who were never here
HEALTH = ["/health", "/health/ready", "/health/ready"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Logging belongs to the whole process: put it back."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], (root.level, logs.LOGGER.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    logs.LOGGER.setLevel(levels[1])


def broken() -> None:
    try:
        {}["for example"]
    except KeyError:
        logs.LOGGER.exception("It broke", extra={"facts": {"request_id": "r-1", "path": "/a\nb"}})


def test_elsewhere_than_on_a_terminal_each_line_is_an_object() -> None:
    stream = io.StringIO()
    logs.set_up("info", "auto", stream)
    logs.LOGGER.info("Started", extra={"facts": {"port": 8000}})
    broken()
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert datetime.fromisoformat(first.pop("time")).tzinfo
    assert first == {"level": "info", "event": "Started", "port": 8000}
    assert (second["level"], second["event"], second["request_id"]) == ("error", "It broke", "r-1")
    assert second["error"].endswith("KeyError: 'for example'")


def test_on_a_terminal_each_line_is_for_people() -> None:
    stream = Terminal()
    logs.set_up("info", "auto", stream)
    logs.LOGGER.info("Started", extra={"facts": {"port": 8000}})
    logs.LOGGER.warning("Slow")
    broken()
    first, second, third, *trace = stream.getvalue().splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d Started port=8000", first)
    assert second.endswith(" warning: Slow")
    assert third.endswith(r" error: It broke request_id=r-1 path=/a\nb")
    assert trace[-1] == "  KeyError: 'for example'"


def test_a_value_that_is_not_one_word_is_quoted() -> None:
    stream = io.StringIO()
    requests = logs.set_up("info", "text", stream)
    logs.LOGGER.info("x", extra={"facts": {"a": "b c=d", "e": r'"f" \ g', "h": r"\i", "j": "", "k": 5}})
    assert stream.getvalue()[9:] == r"""x a="b c=d" e="\"f\" \\ g" h=\i j="" k=5""" + "\n"
    assert requests is not None


async def test_the_user_of_a_request_is_quoted_where_needed() -> None:
    stream = io.StringIO()
    requests = logs.RequestLog(stream, json=False)
    requests.add(b"r-1", None, "GET", "/", 200, 0.001, user="ann token=7")
    requests.flush()
    assert stream.getvalue().endswith(' user="ann token=7"\n')


@pytest.mark.parametrize(("format", "stream"), [("json", Terminal()), ("text", io.StringIO())])
def test_the_format_can_be_chosen(format: str, stream: io.StringIO) -> None:
    logs.set_up("info", format, stream)
    logs.LOGGER.info("Started")
    assert stream.getvalue().startswith("{") is (format == "json")


def test_standard_error_is_where_logs_go(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up("info", "text")
    logs.LOGGER.info("Started")
    assert "Started" in stream.getvalue()


@pytest.mark.parametrize(("level", "seen"), [("debug", "diwe"), ("info", "iwe"), ("warning", "we"), ("error", "e")])
def test_the_level_decides_what_is_logged(level: str, seen: str) -> None:
    stream = io.StringIO()
    requests = logs.set_up(level, "json", stream)
    for name in ("debug", "info", "warning", "error"):
        getattr(logs.LOGGER, name)("x")
    assert "".join(json.loads(line)["level"][0] for line in stream.getvalue().splitlines()) == seen
    assert (requests is not None) is (level in {"debug", "info"})


async def test_a_request_is_one_line_in_the_order_of_the_answers() -> None:
    stream = io.StringIO()
    requests = logs.RequestLog(stream, json=True)
    requests.add(b"r-1", "192.0.2.1", "GET", "/api/me/tasks", 200, 0.0012345, user="alice")
    requests.add(b"r-2", None, "POST", '/a\n{"level":"error"}', 404, 1, "not_found")
    assert stream.getvalue() == ""
    requests.flush()
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first.pop("time")
    assert first == {
        "level": "info",
        "event": "request",
        "request_id": "r-1",
        "client": "192.0.2.1",
        "user": "alice",
        "method": "GET",
        "path": "/api/me/tasks",
        "status": 200,
        "ms": 1.23,
    }
    assert second["path"] == '/a\n{"level":"error"}'
    assert second["code"] == "not_found"
    assert not {"client", "user"} & second.keys()


@pytest.mark.parametrize(("level", "told"), [("info", ["/health/ready", "/a"]), ("debug", [*HEALTH, "/a"])])
async def test_health_checks_that_find_nothing_wrong_are_for_debugging(level: str, told: list[str]) -> None:
    stream = io.StringIO()
    requests = logs.set_up(level, "json", stream)
    assert requests is not None
    for path, status in [("/health", 200), ("/health/ready", 200), ("/health/ready", 503), ("/a", 200)]:
        requests.add(b"r", None, "GET", path, status, 0)
    requests.flush()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["path"] for line in lines] == told
    assert [line["level"] for line in lines][-2:] == ["info", "info"]
    assert {line["level"] for line in lines[:-2]} <= {"debug"}


async def test_a_path_cannot_forge_a_line_or_steer_a_terminal() -> None:
    stream = io.StringIO()
    requests = logs.RequestLog(stream, json=False)
    requests.add(b"r-1", "::1", "GET", "/a\r\n12:00:00 GET /admin 200 \x1b[2J\u202e", 404, 0.001, "x", "al\x9bice")
    requests.flush()
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d GET /a\\r\\n12:00:00 GET /admin 200 \\x1b\[2J\\u202e 404 1\.0 ms r-1"
        r" client=::1 code=x user=al\\x9bice\n",
        stream.getvalue(),
    )


async def test_what_json_lets_stand_can_not_steer_a_terminal_either() -> None:
    """A control sequence may begin with U+009B, which JSON need not escape; a reader of JSON gets what was sent."""
    stream = io.StringIO()
    requests = logs.set_up("info", "json", stream)
    assert requests is not None
    sent = "/é\x9b2J\x7f\u202e\u2028\x1b"
    requests.add(b"r", None, "GET", sent, 404, 0)
    requests.flush()
    logs.LOGGER.warning("Odd", extra={"facts": {"path": sent}})
    text = stream.getvalue()
    assert all(character.isprintable() or character == "\n" for character in text)
    assert [json.loads(line)["path"] for line in text.splitlines()] == [sent, sent]


def test_an_error_can_not_forge_a_line() -> None:
    stream = Terminal()
    logs.set_up("info", "auto", stream)
    try:
        int("x\u2028\r\n12:00:00 Started\x1b[2J")
    except ValueError:
        logs.LOGGER.exception("It broke")
    first, *rest = stream.getvalue().splitlines()
    assert first.endswith("It broke")
    assert all(line.startswith("  ") and line.isprintable() for line in rest)


def test_no_token_and_nothing_of_anybodys_is_ever_logged(address: Address) -> None:
    """The whole log of a service to which everything was sent that must not be in it."""
    token, forged = hs256("alice"), hs256("alice", secret="another secret, and as long as the right one")
    url = database_url(replace(address, password="the-database-password"))  # Also a pooler asks for no other.
    with Service(DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET, LOG_LEVEL="debug", DOABLE_LOG_FORMAT="json") as service:
        with httpx.Client(base_url=service.url, headers={"authorization": f"Bearer {token}"}) as alice:
            secret = {"title": "my-diary", "description": "dear-diary"}
            task = alice.post("/api/me/tasks", json=secret).headers["location"]
            alice.put(task, json={"title": "my-diary", "colour": "secret-colour"})
            alice.put(task, content=b'{"title": "half-a-secret')
            alice.get("/api/me/tasks", params={"status": "secret-status", "access_token": token})
            alice.get("/nowhere", params={"token": token}, headers={"cookie": "session=secret-cookie"})
            alice.get("/api/bob/tasks")
            for credential in (f"Bearer {forged}", "Bearer dbl_secret", f"Basic {token}", f"Bearer {token}x"):
                alice.get("/api/me/tasks", headers={"authorization": credential})
        assert service.stop() == 0
        log = service.log + "\n".join(service.said)
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert {line["client"] for line in requests} == {"127.0.0.1"}
    assert [(line["status"], line.get("user"), line.get("code")) for line in requests] == [
        (201, "alice", None),
        (400, "alice", "invalid_input"),
        (415, "alice", "unsupported_media_type"),
        (400, "alice", "invalid_input"),
        (404, None, "not_found"),
        (403, "alice", "not_your_tasks"),
        (401, None, "invalid_token"),
        (401, None, "invalid_token"),
        (401, None, "not_authenticated"),
        (401, None, "invalid_token"),
    ]
    for secret_words in (*token.split("."), *forged.split(".")[1:], "dbl_", "diary", "secret", SECRET, "the-database"):
        assert secret_words not in log


@pytest.mark.one_server
async def test_nothing_that_users_send_makes_postgresql_log_an_error(data_dir: Path) -> None:
    """Its errors would quote them: `Key (address)=(…) already exists`."""
    ada = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
    create = {"op": "create", "task": {"title": "my-diary"}}
    with embedded.running(data_dir) as server:
        app = create_app(Settings(_env_file=None), Address.parse(server.url))
        async with app.router.lifespan_context(app), client_of(app) as client:
            for status in (200, 422):
                assert (await client.post("/api/auth/sign-up/email", json=ada)).status_code == status
                client.cookies.clear()
        assert await first_requests(server.url, "post", "/api/me/tasks", json={"title": "my-diary"}) == 201
        assert await first_requests(server.url, "post", "/api/me/batch", json={"operations": [create]}) == 200
        assert await first_requests(server.url, "post", "/api/me/tokens", json={"name": "my-diary"}) == 201
        keyed = {"json": {"title": "my-diary"}, "headers": {"idempotency-key": "k"}}
        assert await first_requests(server.url, "post", "/api/me/tasks", **keyed) == 201
        db = Database(Address.parse(server.url))
        with suppress(asyncpg.UniqueViolationError):
            await db.write("insert into doable.addresses (address, user_id) values ($1, 'other')", "ada@example.com")
        await db.close()
    log = (data_dir / "postgresql.log").read_text()
    assert log.count("ERROR:") == 1  # the last one, which shows that there is something to see
    assert "addresses_pkey" in log
    assert not re.search("ada@example|diary", log, re.IGNORECASE)


async def first_requests(url: str, method: str, path: str, **request: Any) -> int:
    """The status of a request by a user of an issuer elsewhere who was never here."""
    app = create_app(Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET), Address.parse(url))
    async with app.router.lifespan_context(app), client_of(app, f"new-{next(numbers)}@example.org") as client:
        return (await client.request(method, path, **request)).status_code


@pytest.mark.parametrize("format", ["json", "text"])
async def test_the_log_names_the_token_that_acted(settings: Settings, address: Address, format: str) -> None:
    app = create_app(settings.model_copy(update={"log_format": format}), address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as alice:
        made = (await alice.post("/api/me/tokens", json={"name": "my-diary"})).json()
        app.outermost._log.flush()
        stream = app.outermost._log._stream = io.StringIO()
        await alice.get("/api/me")
        await alice.get("/api/me", headers={"authorization": f"Bearer {made['token']}"})
        app.outermost._log.flush()
        await alice.delete(f"/api/me/tokens/{made['id']}")
    by_jwt, by_token = stream.getvalue().splitlines()[:2]
    assert "token" not in by_jwt
    assert by_token.endswith(f" token={made['id']}" if format == "text" else f'"token":{made["id"]}}}')
