"""The caller and the personal access tokens of the caller, over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from streams import listening

SCRIPT = {"name": "Script"}
UNSET = {"time_zone": None, "week_start": "monday", "day_start": "09:00", "date_order": "dmy"}


@asynccontextmanager
async def bearer(app: FastAPI, token: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://doable.test", headers=headers) as client:
        yield client


async def make(client: httpx.AsyncClient, **fields: object) -> dict[str, Any]:
    answer = await client.post("/api/me/tokens", json={**SCRIPT, **fields})
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


async def test_the_caller_is_told_who_they_are(alice: httpx.AsyncClient) -> None:
    nobody_yet = {"id": "alice", "email": None, "name": None, **UNSET, "created_at": None}
    assert (await alice.get("/api/me")).json() == nobody_yet
    task = (await alice.post("/api/me/tasks", json={"title": "Buy groceries"})).json()
    known = (await alice.get("/api/me")).json()
    assert known == {**nobody_yet, "created_at": known["created_at"]}
    assert datetime.fromisoformat(known["created_at"]) <= datetime.fromisoformat(task["created_at"])


async def test_nobody_is_told_nothing(client: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/api/me"), ("DELETE", "/api/me"), ("GET", "/api/me/tokens")):
        assert (await client.request(method, path)).json()["error"] == "Not authenticated"


async def test_a_token_does_what_its_user_may_within_its_scopes(app: FastAPI, alice: httpx.AsyncClient) -> None:
    made = await make(alice, scopes=["tasks:read"])
    assert list(made) == ["id", "name", "scopes", "created_at", "expires_at", "last_used_at", "token"]
    task = (await alice.post("/api/me/tasks", json={"title": "Buy groceries"})).json()
    async with bearer(app, made["token"]) as script:
        assert (await script.get("/api/alice/tasks")).json() == [task]
        assert (await script.get("/api/me")).json()["id"] == "alice"
        assert (await script.get("/api/bob/tasks")).status_code == 403
        refused = await script.post("/api/me/tasks", json={"title": "x"})
    assert (refused.status_code, refused.json()["error"]) == (403, "This token may not do that")
    assert 'error="insufficient_scope", scope="tasks:write"' in refused.headers["www-authenticate"]


async def test_a_token_can_not_make_others_or_remove_its_user(app: FastAPI, alice: httpx.AsyncClient) -> None:
    made = await make(alice)
    async with bearer(app, made["token"]) as script:
        for method, path in (
            ("GET", "/api/me/tokens"),
            ("POST", "/api/me/tokens"),
            ("DELETE", f"/api/me/tokens/{made['id']}"),
            ("DELETE", "/api/me"),
            ("PATCH", "/api/me"),
        ):
            refused = await script.request(method, path)
            assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
            assert 'scope="account"' in refused.headers["www-authenticate"]
    assert len((await alice.get("/api/me/tokens")).json()) == 1


async def test_a_token_is_shown_once(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/api/me/tokens", json={**SCRIPT, "expires_in_days": 90})
    assert answer.headers["cache-control"] == "no-store"
    made = answer.json()
    token = made.pop("token")
    assert datetime.fromisoformat(made["expires_at"]) == datetime.fromisoformat(made["created_at"]) + timedelta(days=90)
    listed = await alice.get("/api/me/tokens")
    assert listed.json() == [made]
    assert token not in listed.text


async def test_all_that_is_wrong_with_a_wish_is_told_at_once(alice: httpx.AsyncClient) -> None:
    wish = {"name": " ", "scopes": ["account"], "expires_in_days": 0, "colour": "red"}
    answer = await alice.post("/api/me/tokens", json=wish)
    assert (answer.status_code, answer.json()["error"]) == (400, "Name is required")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["name", "scopes", "expires_in_days", "colour"]
    assert (await alice.get("/api/me/tokens")).json() == []


async def test_a_revoked_token_stops_at_once(app: FastAPI, alice: httpx.AsyncClient) -> None:
    made = await make(alice)
    async with bearer(app, made["token"]) as script:
        assert (await script.get("/api/me/tasks")).status_code == 200
        assert (await alice.delete(f"/api/me/tokens/{made['id']}")).status_code == 204
        refused = await script.get("/api/me/tasks")
    assert (refused.status_code, refused.json()["error"]) == (401, "Invalid token")
    assert (await alice.delete(f"/api/me/tokens/{made['id']}")).json()["error"] == "Token not found"


async def test_a_token_of_mine_is_nothing_to_a_stranger(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await make(alice)
    assert (await bob.get("/api/me/tokens")).json() == []
    refused = await bob.delete(f"/api/me/tokens/{made['id']}")
    assert (refused.status_code, refused.json()["code"]) == (404, "token_not_found")
    assert len((await alice.get("/api/me/tokens")).json()) == 1


async def test_settings_reach_the_other_clients(app: FastAPI, alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    wish = {"name": " Ada ", "time_zone": "Pacific/Apia", "week_start": "saturday", "day_start": "07:30"}
    cursor = (await alice.get("/api/me/sync")).json()["cursor"]
    task = (await alice.post("/api/me/tasks", json={"title": "Buy groceries"})).json()
    user = (await alice.patch("/api/me", json=wish)).json()
    assert user == (await alice.get("/api/me")).json() == {**user, **wish, "name": "Ada", "date_order": "dmy"}
    delta = (await alice.get("/api/me/sync", params={"cursor": cursor})).json()
    assert (delta["tasks"], delta["user"], delta["removed"]) == ([task], user, [])
    pages = [(await alice.get("/api/me/sync", params={"limit": 1})).json()]
    pages.append((await alice.get("/api/me/sync", params={"limit": 1, "cursor": pages[0]["cursor"]})).json())
    assert [(page["tasks"], page.get("user"), page["has_more"]) for page in pages] == [
        ([task], None, True),
        ([], user, False),
    ]
    async with listening(app, cursor=cursor) as stream:
        told = [(await stream.event()).data for _ in range(2)]
    assert told[1] == {
        "revision": task["revision"] + 1,
        "type": "user",
        "id": "alice",
        "kind": "updated",
        "actor": "alice",
    }
    # What changes nothing counts for nothing, and a null takes a setting back.
    assert (await alice.patch("/api/me", json=wish)).json() == user
    assert "user" not in (await alice.get("/api/me/sync", params={"cursor": delta["cursor"]})).json()
    back = (await alice.patch("/api/me", json={"time_zone": None, "name": None})).json()
    assert back == {**user, "time_zone": None, "name": None}
    assert (await bob.get("/api/me")).json()["week_start"] == "monday"


async def test_a_key_changes_settings_once(alice: httpx.AsyncClient) -> None:
    """Also those of a user who has never written."""
    first, again = [
        await alice.patch("/api/me", json={"week_start": "sunday"}, headers={"idempotency-key": "1"}) for _ in range(2)
    ]
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json()["week_start"] == "sunday"


async def test_each_setting_that_can_not_be_is_named(alice: httpx.AsyncClient) -> None:
    wish = {"name": 1, "time_zone": "berlin", "week_start": "tuesday", "day_start": "9:00", "date_order": None}
    answer = await alice.patch("/api/me", json={**wish, "email": "a@example.com", "colour": "red"})
    assert answer.status_code == 400
    assert [(fault["field"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("name", "wrong_type"),
        ("time_zone", "unknown_time_zone"),
        ("week_start", "invalid_week_start"),
        ("day_start", "invalid_time"),
        ("date_order", "required"),
        ("email", "read_only"),
        ("colour", "unknown_field"),
    ]
    assert (await alice.patch("/api/me", json={})).json()["code"] == "invalid_input"
    assert (await alice.get("/api/me")).json()["created_at"] is None


@pytest.mark.parametrize("id", ["0", "-1", "x", "1.0", "9223372036854775808", "%00"])
async def test_what_is_no_token_id_is_refused(alice: httpx.AsyncClient, id: str) -> None:
    answer = await alice.delete(f"/api/me/tokens/{id}")
    assert (answer.status_code, answer.json()["error"]) == (400, "Invalid token ID")


async def test_a_user_can_leave_with_everything(app: FastAPI, alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    token = (await make(alice))["token"]
    for client in (alice, bob):
        await client.post("/api/me/tasks", json={"title": "Buy groceries"})
    async with bearer(app, token) as script:
        assert (await script.get("/api/me/tasks")).status_code == 200
        assert (await alice.delete("/api/me")).status_code == 204
        assert (await script.get("/api/me/tasks")).json()["error"] == "Invalid token"
    assert (await alice.get("/api/me/tasks")).json() == []
    assert (await alice.get("/api/me")).json()["created_at"] is None
    assert len((await bob.get("/api/me/tasks")).json()) == 1
    assert (await alice.delete("/api/me")).status_code == 204


async def test_a_user_of_an_issuer_elsewhere_who_left_may_begin_anew(alice: httpx.AsyncClient) -> None:
    await alice.post("/api/me/tasks", json={"title": "Buy groceries"})
    await alice.delete("/api/me")
    assert (await alice.post("/api/me/tasks", json={"title": "Buy more"})).json()["revision"] == 1
