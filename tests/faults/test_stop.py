"""A service that is told to stop: it says so, finishes what runs, ends in time, and forgets nothing."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from time import monotonic
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from doable.store.turns import AT_A_TIME
from processes import Service, database_url, eventually, workers_of
from streams import events_of, listening
from tokens import SECRET, hs256
from waits import until_blocked

TASKS = "/api/me/tasks"


def service(address: Address, workers: int = 1, **variables: str) -> Service:
    return Service(
        "--workers", str(workers), DATABASE_URL=database_url(address), BETTER_AUTH_SECRET=SECRET, **variables
    )


def client(service: Service) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {hs256('alice')}"}
    return httpx.AsyncClient(base_url=service.url, headers=headers, timeout=30)


async def titles(db: Database) -> list[str]:
    return [row[0] for row in await db.read("select title from doable.tasks order by title")]


@asynccontextmanager
async def held_up(address: Address) -> AsyncIterator[None]:
    """Every write waits until this is over."""
    connection = await connect(address)
    async with connection.transaction():
        await connection.execute("lock table doable.tasks in share mode")
        yield
    await connection.close()


def keep(service: Service) -> HTTPConnection:
    """A connection that has been used, and is not opened again."""
    connection = HTTPConnection(urlsplit(service.url).netloc)
    connection.request("GET", "/health")
    answer = connection.getresponse()
    answer.read()
    assert (answer.status, answer.getheader("connection")) == (200, None)
    connection.auto_open = 0
    return connection


def ask(connection: HTTPConnection, method: str, path: str) -> tuple[int, str | None]:
    """The status, and what becomes of the connection."""
    headers = {"authorization": f"Bearer {hs256('alice')}", "content-type": "application/json"}
    connection.request(method, path, '{"title": "late"}' if method == "POST" else None, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("connection")


async def test_it_goes_on_answering_until_load_balancers_have_noticed(address: Address, db: Database) -> None:
    with service(address, DOABLE_STOP_DELAY="60") as stopping:
        kept = [keep(stopping), keep(stopping)]
        stopping.process.terminate()
        ready = f"{stopping.url}/health/ready"
        eventually(lambda: httpx.get(ready).status_code == 503)
        assert ask(kept[0], "GET", "/health/ready") == (503, "close")
        assert ask(kept[1], "POST", TASKS) == (201, "close")
        async with client(stopping) as newcomer:
            answer = await newcomer.post(TASKS, json={"title": "new"})
            assert (answer.status_code, answer.headers["connection"]) == (201, "close")
            assert (await newcomer.get("/health")).status_code == 200
        stopping.process.send_signal(signal.SIGINT)  # A person at a terminal does not wait that long.
        assert stopping.wait() == 0
    assert await titles(db) == ["late", "new"]


async def is_refused(service: Service) -> bool:
    try:
        async with client(service) as newcomer:
            await newcomer.get("/health")
    except httpx.ConnectError:
        return True
    except httpx.TransportError:  # Taken by the system, and never by a worker.
        pass
    return False


async def test_what_runs_is_finished_while_the_port_is_free_for_the_next(address: Address, db: Database) -> None:
    with service(address) as stopping:
        async with client(stopping) as alice:
            async with held_up(address):
                requests = [asyncio.create_task(alice.post(TASKS, json={"title": f"{n}"})) for n in range(8)]
                await until_blocked(db.read, AT_A_TIME)  # The others wait for their turn.
                stopping.process.terminate()
                async with asyncio.timeout(20):
                    while not await is_refused(stopping):
                        pass
            answers = await asyncio.gather(*requests)
        assert [(answer.status_code, answer.headers["connection"]) for answer in answers] == [(201, "close")] * 8
        assert stopping.wait() == 0
    assert await titles(db) == [f"{n}" for n in range(8)]


async def test_what_takes_too_long_is_told_to_come_back_and_happens_once(
    address: Address, db: Database, alice: httpx.AsyncClient
) -> None:
    keyed = {"idempotency-key": "once"}
    with service(address, DOABLE_STOP_GRACE="1") as stopping:
        async with client(stopping) as impatient, held_up(address):
            request = asyncio.create_task(impatient.post(TASKS, json={"title": "once"}, headers=keyed))
            await until_blocked(db.read, 1)
            began = monotonic()
            stopping.process.terminate()
            answer = await request
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert (answer.json()["code"], answer.headers["connection"]) == ("unavailable", "close")
            assert stopping.wait() == 0
            assert monotonic() - began < 5
        assert "Exception" not in stopping.log
    assert (await alice.post(TASKS, json={"title": "once"}, headers=keyed)).status_code == 201
    assert await titles(db) == ["once"]


async def test_streams_end_in_order_and_go_on_elsewhere(
    address: Address, app: FastAPI, alice: httpx.AsyncClient
) -> None:
    assert (await alice.post(TASKS, json={"title": "1"})).status_code == 201
    with service(address) as stopping:
        async with client(stopping) as reader, reader.stream("GET", "/api/me/events") as stream:
            blocks = events_of(stream)
            first = await anext(blocks)
            assert first.fields == ["retry", "id"]
            stopping.process.terminate()
            assert [block async for block in blocks] == []  # It ends, and does not break off.
        assert stopping.wait() == 0
    assert (await alice.post(TASKS, json={"title": "2"})).status_code == 201
    async with listening(app, last_event_id=first.id) as stream:
        assert (await stream.event()).data["revision"] == 2


async def both_answer(service: Service) -> None:
    """Each process makes request ids of its own."""
    seen: set[str] = set()
    async with asyncio.timeout(60), httpx.AsyncClient(headers={"connection": "close"}, timeout=60) as client:
        while len(seen) < 2:
            seen.add((await client.get(f"{service.url}/health")).headers["x-request-id"][:12])


async def test_a_worker_that_does_not_end_is_killed(address: Address) -> None:
    with service(address, 2, DOABLE_STOP_GRACE="1") as stopping:
        await both_answer(stopping)
        workers = workers_of(stopping)
        workers[0].suspend()
        assert stopping.stop() == 0
        assert "A worker does not end and is killed" in stopping.log
    assert not any(worker.is_running() for worker in workers)
