"""The application below other people's servers: it does what it does, and refuses what they let pass."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from doable.app import create_app
from doable.rest.application import RestApplication
from doable.settings import load
from doable.store.address import Address
from processes import database_url, environment, eventually
from tokens import SECRET, hs256

HERE = Path(__file__).parent
FACTORY = f"{Path(__file__).stem}:create"
SERVERS = {
    "uvicorn": ("uvicorn", "--factory", "--http", "h11", "--log-level", "warning"),
    "granian": ("granian", "--factory", "--interface", "asgi", "--log-level", "warning"),
}
FRAMES = "POST /api/me/tasks HTTP/1.1", "Host: x"
CREDENTIAL = f"Authorization: Bearer {hs256('alice')}"
KIND = "Content-Type: application/json"
BODY = '{"title":"x"}'
LENGTH = f"Content-Length: {len(BODY)}"
CHUNKS = f"{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n"
NEXT = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"  # What a second reader could take for a request of its own.
# Heads without the credential and the media type, and what follows them.
RAW = {
    "no host": (["POST /api/me/tasks HTTP/1.1", LENGTH], BODY),
    "two hosts": ([*FRAMES, "Host: y", LENGTH], BODY),
    "two equal hosts": ([*FRAMES, "Host: x", LENGTH], BODY),
    "two hosts in 1.0": (["POST /api/me/tasks HTTP/1.0", "Host: x", "Host: x", LENGTH], BODY),
    "an empty host": (["POST /api/me/tasks HTTP/1.1", "Host:", LENGTH], BODY),
    "a host with a path": (["POST /api/me/tasks HTTP/1.1", "Host: x/y", LENGTH], BODY),
    "a host with a blank": (["POST /api/me/tasks HTTP/1.1", "Host: x y", LENGTH], BODY),
    "version 0.9": (["POST /api/me/tasks HTTP/0.9", "Host: x", LENGTH], BODY),
    "version 1.2": (["POST /api/me/tasks HTTP/1.2", "Host: x", LENGTH], BODY),
    "version 2.0": (["POST /api/me/tasks HTTP/2.0", "Host: x", LENGTH], BODY),
    "no version": (["POST /api/me/tasks", "Host: x", LENGTH], BODY),
    "gzip, chunked": ([*FRAMES, "Transfer-Encoding: gzip, chunked"], CHUNKS),
    "chunked, gzip": ([*FRAMES, "Transfer-Encoding: chunked, gzip"], CHUNKS),
    "identity": ([*FRAMES, "Transfer-Encoding: identity"], CHUNKS),
    "xchunked": ([*FRAMES, "Transfer-Encoding: xchunked"], CHUNKS),
    "two codings": ([*FRAMES, "Transfer-Encoding: gzip", "Transfer-Encoding: chunked"], CHUNKS),
    "chunked in 1.0": (["POST /api/me/tasks HTTP/1.0", "Host: x", "Transfer-Encoding: chunked"], CHUNKS),
    "a length before a coding": ([*FRAMES, LENGTH, "Transfer-Encoding: chunked"], CHUNKS),
    "a length after a coding": ([*FRAMES, "Transfer-Encoding: chunked", LENGTH], CHUNKS),
    "two lengths": ([*FRAMES, LENGTH, "Content-Length: 0"], BODY),
    "a length of 5000 digits": ([*FRAMES, f"Content-Length: {'9' * 5000}"], BODY),
    "a length with a sign": ([*FRAMES, f"Content-Length: +{len(BODY)}"], BODY),
    "a negative length": ([*FRAMES, "Content-Length: -1"], BODY),
    "a hexadecimal length": ([*FRAMES, f"Content-Length: {len(BODY):#x}"], BODY),
    "two credentials": ([*FRAMES, LENGTH, CREDENTIAL], BODY),
    "two media types": ([*FRAMES, LENGTH, KIND], BODY),
    "101 lines": ([*FRAMES, LENGTH, *(f"X-{number}: a" for number in range(97))], BODY),
    "a long query": ([f"POST /api/me/tasks?{'a' * 20 * 1024} HTTP/1.1", "Host: x", LENGTH], BODY),
}
# Granian goes by the coding, hands on no length, and closes the connection after the answer (RFC 9112 §6.3, point 3).
BY_THE_CODING = {("granian", "a length before a coding"), ("granian", "a length after a coding")}
STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3}) ")


def create() -> RestApplication:
    """What the servers start."""
    settings = load()
    assert settings.database_url is not None
    return create_app(settings, Address.parse(settings.database_url.get_secret_value()))


@dataclass
class Server:
    name: str
    port: int

    def client(self) -> httpx.Client:
        headers = {"authorization": f"Bearer {hs256('alice')}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=20)

    def is_up(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready").status_code == 200
        return False

    def hear(self, said: bytes) -> bytes:
        """Everything that comes until the server closes the connection."""
        heard = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection, suppress(ConnectionError):
            connection.sendall(said)
            while part := connection.recv(65536):
                heard += part
        return heard


@pytest.fixture(scope="module", params=SERVERS)
def host(request: pytest.FixtureRequest, worker_address: Address) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = Server(request.param, free.getsockname()[1])
    module, *options = SERVERS[host.name]
    process = subprocess.Popen(
        [sys.executable, "-m", module, *options, "--host", "127.0.0.1", "--port", str(host.port), FACTORY],
        env=environment(
            DATABASE_URL=database_url(worker_address), BETTER_AUTH_SECRET=SECRET, PYTHONPATH=f"{HERE}:{HERE.parent}"
        ),
        cwd="/",
    )
    eventually(lambda: process.poll() is not None or host.is_up())
    assert process.poll() is None
    yield host
    process.terminate()
    process.wait(60)


@pytest.mark.usefixtures("address")
def test_tasks_are_made_read_and_listed(host: Server) -> None:
    with host.client() as alice:
        made = alice.post("/api/me/tasks", json={"title": "Buy groceries"})
        assert made.status_code == 201
        task = made.json()
        assert alice.get(made.headers["location"]).json() == task
        assert alice.get("/api/me/tasks").json() == [task]
        assert alice.get("/api/me/tasks", headers={"if-none-match": '"x"'}).headers["etag"]
        assert alice.patch(f"/api/me/tasks/{task['id']}/complete").json()["status"] == "complete"
        assert alice.request("HEAD", "/api/me/tasks").content == b""
        assert alice.delete(made.headers["location"]).status_code == 204


@pytest.mark.usefixtures("address")
def test_changes_are_told_as_they_happen(host: Server) -> None:
    with host.client() as alice, alice.stream("GET", "/api/me/events") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry: ")
        alice.post("/api/me/tasks", json={"title": "Buy groceries"})
        told = next(line for line in lines if line.startswith("data: "))
        assert '"kind":"created"' in told


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("case", RAW)
def test_what_could_be_read_in_two_ways_is_refused_and_ends_the_connection(host: Server, case: str) -> None:
    head, rest = RAW[case]
    heard = host.hear("\r\n".join([*head, CREDENTIAL, KIND, "", rest + NEXT]).encode())
    statuses = STATUS.findall(heard)
    if (host.name, case) in BY_THE_CODING:
        assert statuses == [b"201"]
        return
    assert len(statuses) <= 1, heard
    assert all(status >= b"400" for status in statuses), heard
    with host.client() as alice:
        assert alice.get("/api/me/tasks").json() == []


@pytest.mark.usefixtures("address")
def test_the_same_message_without_a_flaw_is_served(host: Server) -> None:
    for head, rest in (([*FRAMES, LENGTH], BODY), ([*FRAMES, "Transfer-Encoding: chunked"], CHUNKS)):
        said = "\r\n".join([*head, CREDENTIAL, KIND, "Connection: close", "", rest])
        assert host.hear(said.encode()).startswith(b"HTTP/1.1 201")


def test_bodies_are_bounded_and_come_uncompressed(host: Server) -> None:
    # Only the head: a server that answers and closes before it has read a body resets the connection.
    head = [*FRAMES, CREDENTIAL, KIND, f"Content-Length: {256 * 1024 + 1}", "Connection: close", "", ""]
    heard = host.hear("\r\n".join(head).encode())
    assert heard.startswith(b"HTTP/1.1 413"), heard
    assert b"The request body must be 256 KiB or less" in heard
    with host.client() as alice:
        answer = alice.post("/api/me/tasks", json={"title": "x"}, headers={"content-encoding": "gzip"})
        assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
