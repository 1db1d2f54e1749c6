"""Traces, as a collector gets them."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from starlette.types import Message, Send

from clients import client_of
from collector import Collector, collecting
from doable import tracing
from doable.app import create_app
from doable.errors import Misconfigured
from doable.http.tracing import _GETTER, Traced
from doable.settings import Settings
from doable.store import objects
from doable.store.address import Address
from processes import Service, database_url, environment, eventually, place, run
from streams import listening
from tokens import SECRET, hs256

MONITORING = Path(__file__).parents[2] / "docs/monitoring.md"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
# The exporter's own library keeps a connection open for its next export, which never comes.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture
def traced(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Collector:
    monkeypatch.setenv(ENDPOINT, collector.url)
    return collector


@asynccontextmanager
async def running(settings: Settings, address: Address) -> AsyncIterator[FastAPI]:
    """The application; at its end everything has been sent."""
    app = create_app(settings, address)
    async with app.router.lifespan_context(app):
        yield app


async def test_a_request_is_a_span_and_each_of_its_statements_one_below(
    traced: Collector, settings: Settings, address: Address
) -> None:
    async with running(settings, address) as app, client_of(app, "alice") as alice:
        await alice.get("/health/ready?access_token=secret-token")
        answer = await alice.post(
            "/api/me/tasks",
            json={"title": "secret-title"},
            headers={"traceparent": f"00-{TRACE}-{CALLER}-01"},
        )
        assert answer.status_code == 201
    request = traced.named("POST /api/{user_id}/tasks")
    assert request.span.kind == Span.SPAN_KIND_SERVER
    assert request.span.trace_id.hex() == TRACE
    assert request.span.parent_span_id.hex() == CALLER
    assert request.span.status.code == Status.STATUS_CODE_UNSET
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/api/{user_id}/tasks",
        "http.response.status_code": 201,
        "url.path": "/api/me/tasks",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
        "doable.request_id": answer.headers["x-request-id"],
    }
    statements = [one for one in traced.spans if one.span.parent_span_id == request.span.span_id]
    assert [one.span.name for one in statements] == ["objects.CREATE", "users.PROVISION", "objects.CREATE"]
    for one in statements:
        assert one.span.kind == Span.SPAN_KIND_CLIENT
        assert one.span.trace_id == request.span.trace_id
        assert one.attributes == {"db.system.name": "postgresql", "db.query.summary": one.span.name}
        assert request.span.start_time_unix_nano <= one.span.start_time_unix_nano
        assert one.span.start_time_unix_nano < one.span.end_time_unix_nano <= request.span.end_time_unix_nano
    documented = MONITORING.read_text()
    assert all(f"`{name}`" in documented for one in traced.spans for name in one.attributes)
    assert {one.service["service.name"] for one in traced.spans} == {"doable"}
    assert traced.named("GET /health/ready").span.trace_id != request.span.trace_id
    assert b"secret" not in traced.octets


async def test_what_goes_wrong_is_an_error(
    traced: Collector, settings: Settings, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(objects.FIND, "task", "select 1 / 0, $1::text, $2::bigint")
    async with running(settings, address) as app, client_of(app, "alice") as alice:
        assert (await alice.get("/api/me/tasks/1")).status_code == 500
        assert (await alice.get("/wp-login.php")).status_code == 404
        assert (await alice.request("BREW", "/health")).status_code == 405
    request = traced.named("GET /api/{user_id}/tasks/{id}")
    assert request.span.status.code == Status.STATUS_CODE_ERROR
    assert request.attributes["error.type"] == "500"
    statement = traced.named("objects.FIND")
    assert statement.span.status.code == Status.STATUS_CODE_ERROR
    assert statement.attributes["error.type"] == "22012"
    assert b"division" not in traced.octets
    unknown = traced.named("GET")
    assert unknown.span.status.code == Status.STATUS_CODE_UNSET
    assert "http.route" not in unknown.attributes
    assert traced.named("HTTP /health").attributes["http.request.method"] == "_OTHER"


async def test_an_answer_that_breaks_off_is_an_error(traced: Collector) -> None:
    async def half(_scope: object, _receive: object, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-request-id", b"r-1")]})
        raise RuntimeError("halfway")

    async def ignore(_: Message) -> None:
        """Nobody reads it."""

    traces = tracing.from_environment()
    assert traces is not None
    scope = {"type": "http", "method": "GET", "path": "/", "scheme": "http", "http_version": "1.1", "headers": []}
    with pytest.raises(RuntimeError):
        await Traced(half, traces.tracer)(scope, ignore, ignore)  # type: ignore[arg-type]
    traces.close()
    assert traced.named("GET").span.status.code == Status.STATUS_CODE_ERROR
    assert traced.named("GET").attributes["error.type"] == "RuntimeError"


async def test_the_caller_decides_what_is_sampled(traced: Collector, settings: Settings, address: Address) -> None:
    async with running(settings, address) as app, client_of(app, "alice") as alice:
        await alice.get("/api/me/tasks", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    assert traced.spans == []


async def test_the_usual_variables_say_how(
    traced: Collector, settings: Settings, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "my-tasks")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    async with running(settings, address) as app, client_of(app) as client:
        await client.get("/health")
    (seen,) = traced.spans
    assert seen.service["service.name"] == "my-tasks"
    assert seen.service["deployment.environment.name"] == "staging"
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    async with running(settings, address) as app, client_of(app) as client:
        await client.get("/health")
    assert len(traced.spans) == 1


async def test_what_is_done_for_nobody_in_particular_belongs_to_no_trace(
    traced: Collector, settings: Settings, address: Address
) -> None:
    async with running(settings, address) as app, client_of(app, "alice") as alice, listening(app) as stream:
        await alice.post("/api/me/tasks", json={"title": "Buy groceries"})
        await stream.event()
    assert traced.named("GET /api/{user_id}/events")
    assert not {"changes.SNAPSHOT", "changes.REVISIONS"} & {one.span.name for one in traced.spans}


def test_a_propagator_may_look_at_every_header() -> None:
    headers = [(b"b3", b"1"), (b"traceparent", b"2")]
    assert _GETTER.keys(headers) == ["b3", "traceparent"]
    assert _GETTER.get(headers, "B3") == ["1"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_log_lines_name_the_trace(collector: Collector, address: Address, workers: str) -> None:
    settings = {
        "DATABASE_URL": database_url(address),
        "BETTER_AUTH_SECRET": SECRET,
        "DOABLE_LOG_FORMAT": "json",
        "DOABLE_SLOW_STATEMENT_MS": "1",
        ENDPOINT: collector.url,
    }
    headers = {"authorization": f"Bearer {hs256('alice')}", "traceparent": f"00-{TRACE}-{CALLER}-01"}
    with Service("--workers", workers, **settings) as service:
        lines = []

        def is_slow_once() -> bool:
            httpx.post(f"{service.url}/api/me/tasks", json={"title": "Buy groceries"}, headers=headers, timeout=60)
            lines[:] = [json.loads(line) for line in service.log.splitlines()]
            return {line["event"] for line in lines if "trace_id" in line} == {"request", "Slow statement"}

        eventually(is_slow_once)
        assert service.stop() == 0
    assert {line["trace_id"] for line in lines if "trace_id" in line} == {TRACE}
    assert {one.span.trace_id.hex() for one in collector.spans} == {TRACE}


def test_a_collector_that_is_away_holds_nobody_up(address: Address) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Service(DATABASE_URL=database_url(address), BETTER_AUTH_SECRET=SECRET, **{ENDPOINT: endpoint}) as service:
            assert httpx.get(f"{service.url}/health").status_code == 200
            began = time.monotonic()
            assert service.stop() == 0
            assert time.monotonic() - began < tracing.CLOSE_SECONDS + 10


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, False),
        ({ENDPOINT: ""}, False),
        ({ENDPOINT: "http://localhost:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", ENDPOINT: "http://localhost:4318"}, False),
        ({"OTEL_SDK_DISABLED": "True", ENDPOINT: "http://localhost:4318"}, False),
        ({"OTEL_SERVICE_NAME": "my-tasks"}, False),
        ({ENDPOINT: "http://localhost:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
    ],
)
def test_traces_are_made_when_they_are_asked_for(variables: dict[str, str], *, wanted: bool) -> None:
    assert tracing.is_wanted(variables) is wanted


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"OTEL_TRACES_EXPORTER": "zipkin"},
            "OTEL_TRACES_EXPORTER: zipkin is none of those that",
        ),
        (
            {ENDPOINT: "http://localhost:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL: grpc is not supported; use http/protobuf",
        ),
    ],
)
def test_what_can_not_be_had_is_told(variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(Misconfigured, match=sentence):
        tracing.is_wanted(variables)


def test_without_the_variables_nothing_is_loaded() -> None:
    program = (
        "import sys; from doable.app import create_app; from doable.settings import load;"
        "from doable.store.address import Address;"
        "create_app(load(), Address.parse('postgresql://nobody@localhost/none'));"
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter',"
        " 'prometheus_client'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), cwd="/", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


WITHOUT_PACKAGES = """
import sys
sys.modules["opentelemetry.exporter.otlp.proto.http.trace_exporter"] = None
"""


def test_packages_that_are_missing_are_told(url: str) -> None:
    with place() as path:
        (path / "sitecustomize.py").write_text(WITHOUT_PACKAGES)
        (path / ".env").write_text(f"{ENDPOINT}=http://localhost:4318\nOTEL_SERVICE_NAME=\n")
        failed = run("serve", "--port", "0", cwd=path, PYTHONPATH=str(path), DATABASE_URL=url)
    assert failed.returncode == 2
    assert failed.stderr.strip() == (
        "doable: OTEL_*: traces need packages that are not installed"
        " (opentelemetry.exporter.otlp.proto.http.trace_exporter); install doable[otel], or unset the variables"
    )
