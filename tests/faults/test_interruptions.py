"""Writes that are cut off at every point: the whole effect with its stored answer, or nothing at all."""

from collections.abc import AsyncIterator

import httpx
import pytest

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from proxy import Proxy

POINTS = 40  # more messages than any of these requests needs
BATCH = {
    "operations": [
        {"op": "create", "ref": "a", "task": {"title": "one"}},
        {"op": "create", "task": {"title": "two"}},
        {"op": "complete", "id": {"ref": "a"}},
    ]
}
EFFECTS = {"one task": ("/api/me/tasks", {"title": "one"}, 1, 1), "a batch": ("/api/me/batch", BATCH, 2, 3)}


@pytest.fixture
async def proxy(address: Address) -> AsyncIterator[Proxy]:
    async with Proxy(address) as proxy:
        yield proxy


async def counts(db: Database, user: str) -> tuple[int, int, int]:
    """Tasks, changes and stored answers."""
    row = await db.read_one(
        "select (select count(*) from doable.tasks where user_id = $1),"
        " (select count(*) from doable.changes where user_id = $1),"
        " (select count(*) from doable.idempotency_keys where user_id = $1)",
        user,
    )
    assert row is not None
    return row[0], row[1], row[2]


@pytest.mark.parametrize("delivered", [False, True], ids=["before the server has it", "before the answer is back"])
@pytest.mark.parametrize("effect", EFFECTS)
async def test_a_keyed_write_cut_off_anywhere_happens_once(
    settings: Settings, db: Database, proxy: Proxy, effect: str, delivered: bool
) -> None:
    path, body, tasks, changes = EFFECTS[effect]
    whole, nothing = (tasks, changes, 1), (0, 0, 0)
    cut_offs = interrupted = 0
    for point in range(POINTS):
        user = f"user-{point}"
        app = create_app(settings, proxy.address)
        async with app.router.lifespan_context(app), client_of(app, user) as client:
            await client.get("/api/me/tasks")  # The connection is there, so that what is cut is the write.
            proxy.cut(point, delivered=delivered)
            first = await client.post(path, json=body, headers={"idempotency-key": "once"})
            was_cut = proxy.was_cut
            proxy.disarm()
            if first.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                interrupted += 1
                assert await counts(db, user) in {whole, nothing}
            again = await client.post(path, json=body, headers={"idempotency-key": "once"})
            assert again.is_success
            assert await counts(db, user) == whole
            if first.is_success:
                assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
        cut_offs += was_cut
        if not was_cut:
            break
    assert cut_offs > 3
    assert interrupted > 0
    assert not was_cut, "the points did not reach the end of the request"


@pytest.mark.parametrize("delivered", [False, True], ids=["before the server has it", "before the answer is back"])
async def test_a_batch_without_a_key_is_whole_or_nothing(
    settings: Settings, db: Database, proxy: Proxy, delivered: bool
) -> None:
    for point in range(POINTS):
        user = f"user-{point}"
        app = create_app(settings, proxy.address)
        async with app.router.lifespan_context(app), client_of(app, user) as client:
            await client.get("/api/me/tasks")
            proxy.cut(point, delivered=delivered)
            answer = await client.post("/api/me/batch", json=BATCH)
            was_cut = proxy.was_cut
            proxy.disarm()
            assert answer.is_success or answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert await counts(db, user) in ({(2, 3, 0)} if answer.is_success else {(2, 3, 0), (0, 0, 0)})
        if not was_cut:
            break
    assert point > 3
    assert not was_cut, "the points did not reach the end of the request"
