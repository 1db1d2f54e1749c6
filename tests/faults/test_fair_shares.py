"""One user keeps the service busy: another notices little of it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from statistics import quantiles

import httpx
import pytest

from doable.store.address import Address
from processes import Service, database_url
from rounds import Rounds
from tokens import SECRET, hs256

P50, P95 = 0.05, 0.5  # seconds


@pytest.fixture
def service(address: Address) -> Iterator[Service]:
    """One process of our own, that nothing slows down that counts what tests cover."""
    variables = {"DATABASE_URL": database_url(address), "BETTER_AUTH_SECRET": SECRET}
    with Service(**variables, COVERAGE_PROCESS_START="", COVERAGE_PROCESS_CONFIG="") as service:
        yield service


def request(user: str, method: str, path: str, body: object = None) -> bytes:
    """The bytes of it: what sends them here takes no time from what is measured."""
    content = b"" if body is None else json.dumps(body).encode()
    return (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {hs256(user)}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    ).encode() + content


async def answers(service: Service, message: bytes, seen: list[tuple[int, float]]) -> None:
    """Send it again and again on one connection until cancelled; the status and seconds of each answer are `seen`."""
    url = httpx.URL(service.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        while True:
            began = time.monotonic()
            writer.write(message)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            seen.append((int(head[9:12]), time.monotonic() - began))
    finally:
        writer.transport.abort()


@asynccontextmanager
async def busy(service: Service, messages: list[bytes]) -> AsyncIterator[list[tuple[int, float]]]:
    """Each message on a connection of its own, without a pause."""
    seen: list[tuple[int, float]] = []
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(answers(service, message, seen)) for message in messages]
        yield seen
        for task in tasks:
            task.cancel()


async def add_task(service: Service, user: str) -> int:
    headers = {"Authorization": f"Bearer {hs256(user)}"}
    async with httpx.AsyncClient(base_url=service.url, headers=headers) as client:
        return (await client.post("/api/me/tasks", json={"title": "x"})).json()["id"]


def batches(id: int) -> list[bytes]:
    operations = [{"op": ("complete", "reopen")[turn % 2], "id": id} for turn in range(500)]
    return [request("mallory", "POST", "/api/me/batch", {"operations": operations})] * 20


def single_writes(id: int) -> list[bytes]:
    return [request("mallory", "PUT", f"/api/me/tasks/{id}", {"title": f"title {turn}"}) for turn in range(100)]


@pytest.mark.parametrize("load", [batches, single_writes])
async def test_a_user_who_writes_all_the_time_leaves_the_others_their_share(
    service: Service, rounds: Rounds, load: Callable[[int], list[bytes]]
) -> None:
    id = await add_task(service, "mallory")
    await add_task(service, "bob")
    async with busy(service, load(id)) as writes, busy(service, [request("bob", "GET", "/api/me/tasks")]) as lists:
        await asyncio.sleep(rounds(few=2, full=8))
    assert {status for status, _ in lists} == {200}
    assert {status for status, _ in writes} <= {200, 503}
    assert 200 in {status for status, _ in writes}
    twentieths = quantiles([seconds for _, seconds in lists], n=20)
    assert twentieths[9] < P50
    assert twentieths[18] < P95
