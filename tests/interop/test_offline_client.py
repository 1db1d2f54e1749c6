"""The client of examples/, which works offline: what docs/sync.md promises of it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from doable.store.address import Address
from doable.store.database import Database
from processes import Service, database_url
from proxy import Proxy
from tokens import SECRET, hs256

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
Do: TypeAlias = Callable[..., Any]


@pytest.fixture(scope="session")
def program() -> list[str]:
    """What runs the client."""
    return [sys.executable, str(HERE / "drive.py"), str(EXAMPLES)]


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[Do]:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    to, of = process.stdin, process.stdout

    async def do(*words: object) -> Any:
        to.write(json.dumps(words).encode() + b"\n")
        return json.loads(await asyncio.wait_for(of.readline(), 20))

    yield do
    to.close()
    await asyncio.wait_for(process.wait(), 10)


async def test_a_client_works_offline_and_agrees_with_the_server_whatever_happens(
    program: list[str], address: Address, db: Database, tmp_path: Path
) -> None:
    with Service(DATABASE_URL=database_url(address), BETTER_AUTH_SECRET=SECRET, DOABLE_CLIENT_TIMEOUT="1") as service:
        url = httpx.URL(service.url)
        headers = {"authorization": f"Bearer {hs256('alice')}"}
        async with (
            Proxy(Address.parse(f"postgresql://service@{url.host}:{url.port}/none")) as proxy,
            httpx.AsyncClient(base_url=f"{service.url}/api/me", headers=headers) as other,
        ):
            way = f"http://127.0.0.1:{proxy.address.port}"
            command = [*program, way, hs256("alice"), str(tmp_path / "state.json")]

            async def present() -> dict[int, Any]:
                return {task["id"]: task for task in (await other.get("/tasks")).json()}

            async with running(*command) as do:
                key = await do("write", "POST", "/tasks", {"title": "Milk"})
                await do("write", "PATCH", f"/tasks/{key}/complete")
                await do("write", "PUT", f"/tasks/{key}", {"title": "Oat milk"})
                assert await do("tasks") == [{"id": key, "uid": key, "title": "Oat milk", "status": "complete"}]
                assert await present() == {}
                assert await do("sync") == []
                (milk,) = (await present()).values()
                assert (milk["title"], milk["status"]) == ("Oat milk", "complete")
                assert await do("tasks") == [milk]

                await other.patch(f"/tasks/{milk['id']}/incomplete")
                bread = (await other.post("/tasks", json={"title": "Bread"})).json()
                assert await do("sync") == []
                assert {task["id"]: task for task in await do("tasks")} == await present()

                await do("write", "POST", "/tasks", {"title": "Eggs"})
                proxy.cut(0, delivered=True)
                assert "failed" in await do("sync")
                assert proxy.was_cut
                assert [task["title"] for task in await do("tasks")].count("Eggs") == 1

            async with running(*command) as do:  # Another day; it has forgotten nothing.
                assert [task["title"] for task in await do("tasks")].count("Eggs") == 1
                await db.write("delete from doable.idempotency_keys")  # after 24 hours
                assert await do("sync") == []
                assert [task["title"] for task in (await present()).values()].count("Eggs") == 1
                assert {task["id"]: task for task in await do("tasks")} == await present()

                await do("write", "POST", "/tasks", {"title": "Figs"})
                proxy.halve()
                assert "408" in (await do("sync"))["failed"]
                assert await do("sync") == []
                assert [task["title"] for task in (await present()).values()].count("Figs") == 1

                await other.delete(f"/tasks/{bread['id']}")
                await do("write", "PATCH", f"/tasks/{bread['id']}/complete")
                assert await do("sync") == ["Task not found"]
                await do("write", "DELETE", f"/tasks/{milk['id']}")
                assert milk["id"] not in [task["id"] for task in await do("tasks")]
                await db.write("update doable.installation set epoch = gen_random_uuid()")
                assert await do("sync") == []
                assert {task["id"]: task for task in await do("tasks")} == await present()
                assert list(await present()) != []

                assert await do("follow") == []
                jam = (await other.post("/tasks", json={"title": "Jam"})).json()
                while jam["id"] not in [task["id"] for task in await do("tasks")]:
                    assert await do("follow") == []
