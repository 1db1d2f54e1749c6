"""A list that was answered before is sent again only while it is still right."""

import json
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.core.owners import Owners
from doable.core.tasks import TaskService
from doable.http.framing import TARGET_MAX
from doable.http.request import Request
from doable.http.response import Response
from doable.model import Actor
from doable.rest.list_cache import ENTRY_OVERHEAD, OWNER_MAX, RESPONSE_MAX, ListCache
from doable.rest.listing import _array, _rest
from doable.settings import Settings
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database

LIST = "/api/me/tasks"


async def run(address: Address, *statements: str) -> None:
    connection = await connect(address.direct)  # What it sets goes with it.
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def titles(client: httpx.AsyncClient, url: str = LIST) -> list[str]:
    return [task["title"] for task in (await client.get(url)).raise_for_status().json()]


@pytest.mark.one_server
@pytest.mark.usefixtures("superuser")
async def test_a_list_that_has_not_changed_is_not_read_again(alice: httpx.AsyncClient, address: Address) -> None:
    await alice.post(LIST, json={"title": "one"})
    first = await alice.get(LIST)
    await run(address, "set session_replication_role = replica", "delete from doable.tasks")  # Nothing is counted.
    again = await alice.get(LIST)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert await titles(alice, f"{LIST}?limit=10") == []


async def test_what_others_write_is_seen_at_once(
    alice: httpx.AsyncClient, address: Address, settings: Settings
) -> None:
    await alice.post(LIST, json={"title": "one"})
    assert await titles(alice) == ["one"]
    await run(address, "update doable.tasks set title = 'by psql'")
    assert await titles(alice) == ["by psql"]
    other = create_app(settings, address)
    async with other.router.lifespan_context(other), client_of(other, "alice") as elsewhere:
        await elsewhere.post(LIST, json={"title": "elsewhere"})
        assert await titles(alice) == ["elsewhere", "by psql"]


async def test_what_one_writes_oneself_is_seen_at_once(alice: httpx.AsyncClient) -> None:
    assert await titles(alice) == []
    task = (await alice.post(LIST, json={"title": "one"})).json()
    assert await titles(alice) == ["one"]
    await alice.patch(f"{LIST}/{task['id']}/complete")
    assert await titles(alice, f"{LIST}?status=incomplete") == []
    await alice.delete(f"{LIST}/{task['id']}")
    assert await titles(alice) == []


async def test_who_comes_again_does_not_find_the_lists_of_before(alice: httpx.AsyncClient, app: FastAPI) -> None:
    await alice.post(LIST, json={"title": "one"})
    assert await titles(alice) == ["one"]
    assert (await alice.delete("/api/me")).status_code == 204
    assert app.state.lists.find("alice", (LIST.encode(), b"")) is None
    await alice.post(LIST, json={"title": "new"})
    assert await titles(alice) == ["new"]


async def test_the_next_page_is_where_it_was_asked_for(alice: httpx.AsyncClient) -> None:
    for number in range(3):
        await alice.post(LIST, json={"title": str(number)})
    for path in (LIST, "/api/alice/tasks"):
        for _ in range(2):
            page = await alice.get(f"{path}?limit=2")
            assert page.headers["link"].startswith(f"<{path}?limit=2&cursor=")


async def test_a_kept_list_takes_conditions_like_any_other(alice: httpx.AsyncClient) -> None:
    etag = (await alice.get(LIST)).headers["etag"]
    assert (await alice.get(LIST, headers={"If-None-Match": etag})).status_code == 304
    assert (await alice.get(LIST, headers={"If-None-Match": '"other"'})).status_code == 200
    assert (await alice.get(LIST, headers={"If-None-Match": "other"})).status_code == 400


def answer(size: int = 100) -> Response:
    return Response(200, b"x" * size)


def test_those_who_asked_last_are_kept() -> None:
    cache = ListCache(3 * (101 + ENTRY_OVERHEAD))
    for owner in ("a", "b", "c"):
        cache.keep(owner, (b"/", b""), answer())
    assert cache.find("a", (b"/", b"")) is not None
    cache.keep("d", (b"/", b""), answer())
    assert [owner for owner in "abcd" if cache.find(owner, (b"/", b""))] == ["a", "c", "d"]
    cache.keep("e", (b"/", b""), answer(2 * (100 + ENTRY_OVERHEAD)))
    assert [owner for owner in "abcde" if cache.find(owner, (b"/", b""))] == ["e"]


def test_nobody_has_many_lists_kept() -> None:
    cache = ListCache(10**6)
    targets = [(b"/", b"limit=%d" % limit) for limit in range(OWNER_MAX + 2)]
    for target in targets:
        cache.keep("a", target, answer())
    assert [cache.find("a", target) is not None for target in targets] == [False] * 2 + [True] * OWNER_MAX
    cache.forget("a")
    assert cache._room == 10**6


@pytest.mark.parametrize(("room", "size"), [(0, 1), (10**9, RESPONSE_MAX + 1)], ids=["no room", "too long"])
def test_some_lists_are_not_kept(room: int, size: int) -> None:
    cache = ListCache(room)
    cache.keep("a", (b"/", b""), answer(size))
    assert cache.find("a", (b"/", b"")) is None
    assert cache._room == room


def test_a_list_takes_the_place_of_the_one_before() -> None:
    cache = ListCache(10**6)
    later = answer(200)
    for one in (answer(), later):
        cache.keep("a", (b"/", b""), one)
    assert cache.find("a", (b"/", b"")) is later
    assert cache._room == 10**6 - 201 - ENTRY_OVERHEAD


def test_what_was_asked_takes_room_too() -> None:
    cache = ListCache(10 * TARGET_MAX)
    for owner in range(100):
        cache.keep(str(owner), (b"/", b"a" * TARGET_MAX), Response(200, b"[]", (b"link", b"a" * TARGET_MAX)))
    assert len(cache._owners) == 4
    for owner in range(100):
        cache.forget(str(owner))
    assert cache._room == 10 * TARGET_MAX


async def test_a_list_whose_rest_goes_while_it_is_sent_is_still_one(db: Database) -> None:
    service = TaskService(db, owners=Owners(provisions=True))
    alice = Actor("alice")
    for title in ("one", "two", "three"):
        await service.create(alice, "alice", {"title": title})
    first = await service.list(alice, "alice", limit=2)
    call = SimpleNamespace(core=SimpleNamespace(tasks=service), actor=alice, owner="alice")
    parts = _array(first, _rest(cast(Request, call), {}, first))
    body = await anext(parts)
    await db.write("delete from doable.tasks")
    body += b"".join([part async for part in parts])
    assert [task["title"] for task in json.loads(body)] == ["three", "two"]
