"""Saved filters: what they hold, and what becomes of the names in them."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from doable.core.collections import FilterService
from doable.store.database import Database
from streams import listening

FILTERS = "/api/me/filters"


async def save(client: httpx.AsyncClient, filter: str, **more: object) -> dict[str, Any]:
    answer = await client.post(FILTERS, json={"name": "Mine", "filter": filter, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def texts(client: httpx.AsyncClient) -> list[str]:
    return [one["filter"] for one in (await client.get(FILTERS)).json()]


async def faults(client: httpx.AsyncClient, path: str, **fields: object) -> list[tuple[object, ...]]:
    answer = await client.post(path, json=fields)
    assert answer.status_code == 400, answer.text
    return [(one["field"], one["code"], one.get("column")) for one in answer.json()["errors"]]


async def test_a_filter_is_saved_changed_moved_and_deleted(
    app: FastAPI, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    fields = {"filter": " P1 & #Nowhere", "sort": "-priority,due", "color": "#3b82f6", "uid": "a"}
    one = await save(alice, **fields)
    assert one.items() >= {"name": "Mine", "revision": 1, **fields}.items()
    again = await alice.post(FILTERS, json={"name": "Other", "filter": "p2", "uid": "a"})
    assert (again.status_code, again.json()) == (200, one)
    two = await save(alice, "today")
    path = f"{FILTERS}/{one['id']}"
    got = await alice.get(path)
    assert (got.json(), got.headers["etag"]) == (one, '"1"')
    changed = await alice.patch(path, json={"filter": "p2", "sort": None}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.json()["filter"], "sort" in changed.json()) == (200, "p2", False)
    stale = await alice.delete(path, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    assert (await alice.post(f"{path}/move", json={"after": two["id"]})).status_code == 200
    assert await texts(alice) == ["today", "p2"]
    assert (await alice.get(path, headers={"if-none-match": '"3"'})).status_code == 200
    kinds = [entry["kind"] for entry in (await alice.get(f"{path}/history")).json()]
    assert kinds == ["moved", "updated", "created"]
    assert (await bob.delete(path)).json()["code"] == "filter_not_found"
    delta = (await alice.get("/api/me/sync")).json()
    assert [found["id"] for found in delta["filters"]] == [two["id"], one["id"]]
    assert (await alice.delete(path)).status_code == 204
    async with listening(app, cursor=delta["cursor"]) as stream:
        event = (await stream.event()).data
    assert (event["type"], event["id"], event["kind"]) == ("filter", one["id"], "deleted")
    delta = (await alice.get("/api/me/sync", params={"cursor": delta["cursor"]})).json()
    assert delta["removed"] == [{"type": "filter", "id": one["id"]}]
    delta = (await alice.get("/api/me/sync")).json()
    assert ([found["id"] for found in delta["filters"]], delta["tasks"]) == ([two["id"]], [])


async def test_what_is_not_a_filter_is_not_saved(alice: httpx.AsyncClient) -> None:
    assert await faults(alice, FILTERS, name="", filter="p9 & #a & (", sort="color") == [
        ("name", "required", None),
        ("filter", "invalid_filter", 1),
        ("filter", "invalid_filter", 12),
        ("sort", "invalid_sort", None),
    ]
    assert await faults(alice, FILTERS, name="a") == [("filter", "required", None)]
    assert await faults(alice, FILTERS, name="a", filter=5, sort=5) == [
        ("filter", "wrong_type", None),
        ("sort", "wrong_type", None),
    ]
    assert await faults(alice, FILTERS, name="a", filter="p1 | " * 250 + "p1") == [("filter", "too_long", 1001)]
    one = await save(alice, "p1")
    answer = await alice.patch(f"{FILTERS}/{one['id']}", json={"filter": ""})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_filter")
    assert await texts(alice) == ["p1"]


async def test_there_are_only_so_many(alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FilterService, "most", 1)
    await save(alice, "p1")
    answer = await alice.post(FILTERS, json={"name": "more", "filter": "p1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")


async def test_a_filter_is_checked_without_saving_it(alice: httpx.AsyncClient) -> None:
    answer = await alice.post(f"{FILTERS}/parse", json={"filter": '((TODAY))&#"Home"|@x*'})
    assert (answer.status_code, answer.json()) == (200, {"filter": "today & #Home | @x*"})
    assert await faults(alice, f"{FILTERS}/parse", filter="today &") == [("filter", "invalid_filter", 8)]
    assert await faults(alice, f"{FILTERS}/parse", filter="today", more=1) == [("more", "unknown_field", None)]
    assert await faults(alice, f"{FILTERS}/parse") == [("filter", "required", None)]
    assert await texts(alice) == []


async def test_lists_and_labels_are_renamed_in_saved_filters(alice: httpx.AsyncClient, db: Database) -> None:
    home = (await alice.post("/api/me/lists", json={"name": "Home"})).json()
    label = (await alice.post("/api/me/labels", json={"name": "errand"})).json()
    other = (await alice.post("/api/me/labels", json={"name": "shop"})).json()
    for text in ("#home  & @errand", "@Errand | #Homely", "p1"):
        await save(alice, text)
    await alice.patch(f"/api/me/lists/{home['id']}", json={"name": "My home"})
    assert await texts(alice) == ['#"My home"  & @errand', "@Errand | #Homely", "p1"]
    await alice.patch(f"/api/me/labels/{label['id']}", json={"name": "errands"})
    assert await texts(alice) == ['#"My home"  & @errands', "@errands | #Homely", "p1"]
    await alice.patch(f"/api/me/labels/{label['id']}?merge=true", json={"name": "SHOP"})
    assert await texts(alice) == ['#"My home"  & @shop', "@shop | #Homely", "p1"]
    renames = await db.read("select type, operation from doable.changes where kind = 'updated' order by revision")
    assert [row[0] for row in renames] == ["filter", "list", "filter", "filter", "label", "filter", "filter"]
    await alice.patch(f"/api/me/lists/{home['id']}", json={"color": "#ffffff"})
    await alice.patch(f"/api/me/labels/{other['id']}", json={"color": "#ffffff"})
    assert await texts(alice) == ['#"My home"  & @shop', "@shop | #Homely", "p1"]


async def test_a_filter_keeps_a_name_that_another_list_has(alice: httpx.AsyncClient) -> None:
    first, second = [(await alice.post("/api/me/lists", json={"name": name})).json() for name in ("Home", "home")]
    saved = (await alice.post("/api/me/filters", json={"name": "x", "filter": "#Home"})).json()
    for listed, filter in ((first, "#Home"), (second, "#Work")):
        await alice.patch(f"/api/me/lists/{listed['id']}", json={"name": "Work"})
        assert (await alice.get(f"/api/me/filters/{saved['id']}")).json()["filter"] == filter


async def test_a_name_that_makes_a_saved_filter_too_long_is_refused(alice: httpx.AsyncClient) -> None:
    home = (await alice.post("/api/me/lists", json={"name": "Home"})).json()
    path = f"/api/me/lists/{home['id']}"
    await save(alice, "#Home" + "\t" * 900 + "& p1")
    await save(alice, "#Home & search: " + "x" * 960)
    refused = await alice.patch(path, json={"name": "H" * 40})
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [("name", "too_long")]
    assert (await alice.get(path)).json() == home
    assert (await alice.patch(path, json={"name": "H" * 20})).status_code == 200
    assert (await texts(alice))[0] == "#" + "H" * 20 + "\t" * 900 + "& p1"
    await alice.patch(f"{FILTERS}/{(await alice.get(FILTERS)).json()[1]['id']}", json={"filter": "p1"})
    assert (await alice.patch(path, json={"name": "H" * 150})).status_code == 200
    assert (await texts(alice))[0] == "#" + "H" * 150 + " & p1"


async def test_a_batch_has_filters(alice: httpx.AsyncClient) -> None:
    operations: list[dict[str, Any]] = [
        {"op": "create", "type": "filter", "ref": "a", "filter": {"name": "A", "filter": "p1", "uid": "u"}},
        {"op": "create", "type": "filter", "filter": {"name": "B", "filter": "p2"}},
        {"op": "update", "type": "filter", "id": {"ref": "a"}, "filter": {"filter": "p3"}},
        {"op": "move", "type": "filter", "id": {"uid": "u"}, "to": "last"},
    ]
    answer = await alice.post("/api/me/batch", json={"operations": operations})
    assert [one["status"] for one in answer.json()["results"]] == [201, 201, 200, 200]
    assert await texts(alice) == ["p2", "p3"]
    wrong = {"op": "create", "type": "filter", "filter": {"name": "C", "filter": "p9"}}
    refused = await alice.post("/api/me/batch", json={"operations": [wrong]})
    (fault,) = refused.json()["errors"]
    assert (fault["field"], fault["column"]) == ("operations[0].filter.filter", 1)
    gone = [{"op": "delete", "type": "filter", "id": {"uid": "u"}}]
    assert (await alice.post("/api/me/batch", json={"operations": gone})).status_code == 200
    assert await texts(alice) == ["p2"]


@pytest.mark.parametrize("letter", ["東", "🙂"])
async def test_the_longest_filter_can_be_saved_and_used_in_any_script(alice: httpx.AsyncClient, letter: str) -> None:
    longest = f"search: {letter * 490}|search: {letter * 493}"
    assert len(longest) == 1000
    saved = await alice.post("/api/me/filters", json={"name": "x", "filter": longest})
    assert (saved.status_code, saved.json()["filter"]) == (201, longest)
    for _ in range(2):
        await alice.post("/api/me/tasks", json={"title": "x", "description": letter * 490})
    query = {"filter": longest, "search": letter * 255, "sort": "title,created", "limit": "1"}
    first = await alice.get("/api/me/tasks", params=query)
    second = await alice.get(first.links["next"]["url"])
    assert [len(one.json()) for one in (first, second)] == [1, 1]
    assert first.json() != second.json()
