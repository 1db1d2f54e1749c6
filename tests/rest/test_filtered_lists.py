"""Lists of tasks that a filter selects: what is found, and for how long an answer is right."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from clients import client_of
from clock import Clock
from doable.app import create_app
from doable.rest import listing
from doable.settings import Settings
from doable.store import migrate
from doable.store.address import Address
from postgres import FAST, Server
from processes import place

TASKS = "/api/me/tasks"


async def add(client: httpx.AsyncClient, title: str, **fields: object) -> dict[str, Any]:
    answer = await client.post(TASKS, json={"title": title, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def titles(client: httpx.AsyncClient, **query: object) -> list[str]:
    answer = await client.get(TASKS, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return [task["title"] for task in answer.json()]


async def fault(client: httpx.AsyncClient, **query: str) -> tuple[object, ...]:
    answer = await client.get(TASKS, params=query)
    assert answer.status_code == 400, answer.text
    (one,) = answer.json()["errors"]
    return one["field"], one["code"], one.get("column")


async def test_a_filter_selects_among_fields_lists_and_labels(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    home = (await alice.post("/api/me/lists", json={"name": "Home"})).json()["id"]
    attic = (await alice.post("/api/me/lists", json={"name": "Attic", "archived": True})).json()["id"]
    parent = await add(alice, "roof", list_id=home, priority="high")
    await add(alice, "tiles", parent_id=parent["id"], labels=["Errand"])
    await add(alice, "box", list_id=attic)
    done = await add(alice, "done", labels=["errand run"])
    await alice.patch(f"{TASKS}/{done['id']}/complete")
    await add(alice, "rent", due={"date": "2026-12-01"})
    await add(bob, "his", priority="high", labels=["Errand"])
    for text, expected in {
        "p1": ["roof"],
        "#home": ["tiles", "roof"],
        "#attic": ["box"],
        "#attic | no list": ["rent", "box"],
        "!#home": ["rent"],
        "subtask | due: 2026-12-01": ["rent", "tiles"],
        "@errand": ["tiles"],
        "@err*": ["tiles"],
        "all & @err*": ["done", "tiles"],
        "@none*": [],
        "complete": ["done"],
        "no date & no labels": ["roof"],
        "recurring": [],
    }.items():
        assert await titles(alice, filter=text) == expected, text
    assert await titles(alice, filter="@err*", status="complete") == ["done"]
    assert await titles(alice, filter="incomplete", list=home, parent=parent["id"]) == ["tiles"]
    assert await titles(alice, filter="#home", label="errand") == ["tiles"]


async def test_a_filter_that_is_not_valid_is_refused_with_its_column(alice: httpx.AsyncClient) -> None:
    assert await fault(alice, filter="p1 & tommorow") == ("filter", "invalid_filter", 6)
    assert await fault(alice, filter="p1 & #Nowhere") == ("filter", "list_not_found", 6)
    assert await fault(alice, filter="@nothing") == ("filter", "label_not_found", 1)
    assert await fault(alice, filter="") == ("filter", "invalid_filter", 1)
    assert await fault(alice, filter="p1", time_zone="Berlin") == ("time_zone", "unknown_time_zone", None)
    assert await fault(alice, time_zone="europe/berlin") == ("time_zone", "unknown_time_zone", None)
    assert await titles(alice, time_zone="Europe/Berlin") == []


async def test_a_filtered_list_has_pages(alice: httpx.AsyncClient) -> None:
    for number in range(5):
        await add(alice, str(number), priority=["low", "high"][number % 2])
    await add(alice, "other")
    path, seen = f"{TASKS}?filter=p1 | p3&limit=2", []
    while path:
        answer = await alice.get(path)
        assert answer.status_code == 200, answer.text
        seen.append([task["title"] for task in answer.json()])
        path = answer.links.get("next", {}).get("url", "")
    assert seen == [["4", "3"], ["2", "1"], ["0"]]


async def test_a_filtered_list_without_a_limit_is_whole(
    alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_MAX", 2)
    for number in range(5):
        await add(alice, str(number), due={"date": "2026-07-01", "time": "12:00"})
    for text in ("!no date", "overdue | !overdue"):
        answer = await alice.get(TASKS, params={"filter": text})
        assert [task["title"] for task in answer.json()] == ["4", "3", "2", "1", "0"]
        assert ("etag" in answer.headers) is (text == "!no date")


async def test_a_filtered_list_of_a_removed_user_is_refused(address: Address) -> None:
    app = create_app(Settings(_env_file=None), address)
    async with app.router.lifespan_context(app), client_of(app) as client:
        person = {"name": "Ada", "email": "ada@example.com", "password": "a password of Ada's"}
        session = (await client.post("/api/auth/sign-up/email", json=person)).json()["token"]
        token = (await client.get("/api/auth/token", headers={"authorization": f"Bearer {session}"})).json()["token"]
        client.headers["authorization"] = f"Bearer {token}"
        assert await titles(client, filter="today") == []
        assert (await client.delete("/api/me")).status_code == 204
        answer = await client.get(TASKS, params={"filter": "today"})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    with place() as directory:
        yield Clock(directory)


@pytest.fixture(scope="module")
async def faked(clock: Clock) -> AsyncIterator[Address]:
    """A database whose clock can be set."""
    with place() as directory, Server(directory, settings=FAST, environment=clock.environment) as address:
        await migrate.upgrade(address)
        yield address


@pytest.fixture
async def ada(settings: Settings, faked: Address) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, faked)
    async with app.router.lifespan_context(app), client_of(app, "ada") as client:
        yield client


EAST = "Pacific/Kiritimati"  # UTC+14
WEST = "Pacific/Pago_Pago"  # UTC-11


async def test_no_answer_is_right_beyond_midnight_or_in_another_zone(ada: httpx.AsyncClient, clock: Clock) -> None:
    clock.set("@2026-07-01 11:30:00")
    await add(ada, "Thursday", due={"date": "2026-07-02"})
    await add(ada, "Wednesday", due={"date": "2026-07-01"})
    await add(ada, "Tuesday at 23:45 in the west", due={"date": "2026-06-30", "time": "23:45", "time_zone": WEST})

    async def ask(zone: str, seen: str | None = None, text: str = "today") -> tuple[int, list[str], str | None]:
        headers = {"if-none-match": seen} if seen else {}
        answer = await ada.get(TASKS, params={"filter": text, "time_zone": zone}, headers=headers)
        titles = [task["title"] for task in answer.json()] if answer.status_code == 200 else []
        return answer.status_code, titles, answer.headers.get("etag")

    status, found, east = await ask(EAST)
    assert found == ["Tuesday at 23:45 in the west", "Thursday"]
    assert (await ask(EAST, east))[0] == 304
    assert (await ask(EAST))[1:] == (found, east)  # It was kept.
    status, found, west = await ask(WEST, east)
    assert (status, found) == (200, ["Wednesday"])
    assert (await ask("UTC", west))[1] == ["Tuesday at 23:45 in the west", "Wednesday"]
    assert await titles(ada, filter="today") == ["Tuesday at 23:45 in the west", "Wednesday"]
    await ada.patch("/api/me", json={"time_zone": WEST})
    assert await titles(ada, filter="today") == ["Wednesday"]
    clock.set("@2026-07-01 10:59:59")
    assert (await ask(WEST, west))[0] == 200
    assert (await ask(WEST, west))[1] == ["Tuesday at 23:45 in the west"]
    clock.set("@2026-07-02 11:00:00")
    assert (await ask(WEST, west))[:2] == (200, ["Thursday"])
    assert (await ask(EAST, east))[:2] == (200, [])


async def test_what_is_overdue_is_never_kept(ada: httpx.AsyncClient, clock: Clock) -> None:
    clock.set("@2026-08-01 11:30:00")
    await add(ada, "floating", due={"date": "2026-08-01", "time": "12:00"})
    await add(ada, "zoned", due={"date": "2026-08-01", "time": "12:00", "time_zone": "Europe/London"})
    query = {"filter": "overdue & due: 2026-08-01", "time_zone": "Europe/Berlin"}
    answer = await ada.get(TASKS, params=query, headers={"if-none-match": "*"})
    assert (answer.status_code, [task["title"] for task in answer.json()]) == (200, ["zoned", "floating"])
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    clock.set("@2026-08-01 10:30:00")
    assert await titles(ada, **query) == ["floating"]
    refused = await ada.get(TASKS, params=query, headers={"if-none-match": "no tag"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "invalid_header")


async def test_what_is_overdue_two_days_further_east_is_found(ada: httpx.AsyncClient, clock: Clock) -> None:
    """Where it is still the 1st, a time on the 3rd can have passed."""
    clock.set("@2026-12-02 10:35:00")
    await add(ada, "far east", due={"date": "2026-12-03", "time": "00:15", "time_zone": EAST})
    query = {"filter": "overdue & due after: 2026-11-30", "time_zone": WEST}
    assert await titles(ada, **query) == ["far east"]


async def test_a_page_keeps_the_moment_and_the_zone_of_the_first_one(ada: httpx.AsyncClient, clock: Clock) -> None:
    clock.set("@2026-09-01 12:00:00")
    for number in range(3):
        await add(ada, str(number), due={"date": "2026-09-02"})
    first = await ada.get(TASKS, params={"filter": "today", "limit": "2", "time_zone": EAST})
    assert [task["title"] for task in first.json()] == ["2", "1"]
    clock.set("@2026-09-05 12:00:00")
    following = await ada.get(first.links["next"]["url"])
    assert [task["title"] for task in following.json()] == ["0"]
    other = await ada.get(str(httpx.URL(first.links["next"]["url"]).copy_set_param("time_zone", WEST)))
    assert other.json() == following.json()
