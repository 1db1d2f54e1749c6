"""Quick add over HTTP: one sentence becomes a task. `tests/core/test_quick_add.py` tells what is understood."""

from typing import Any

import httpx
import pytest

# A Friday, half past ten in Berlin.
NOW = {"now": "2026-11-27T09:30:00Z", "time_zone": "Europe/Berlin"}
TEXT = "  Pay rent every 1st at 9 #home @bills p1"


async def quick(client: httpx.AsyncClient, text: str, status: int = 201, **more: object) -> dict[str, Any]:
    answer = await client.post("/api/me/tasks/quick", json={"text": text, **NOW, **more})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_a_sentence_becomes_a_task(alice: httpx.AsyncClient) -> None:
    home = (await alice.post("/api/me/lists", json={"name": "Home"})).json()
    await alice.post("/api/me/lists", json={"name": "home"})
    answer = await alice.post("/api/me/tasks/quick", json={"text": TEXT, **NOW})
    assert answer.status_code == 201
    made = answer.json()
    parsed = made.pop("parsed")
    assert {TEXT[part["start"] : part["end"]]: part["field"] for part in parsed} == {
        "every 1st": "recurrence",
        "at 9": "due",
        "#home": "list_id",
        "@bills": "labels",
        "p1": "priority",
    }
    assert answer.headers["location"] == f"/api/me/tasks/{made['id']}"
    stored = await alice.get(answer.headers["location"])
    assert (stored.json(), stored.headers["etag"]) == (made, answer.headers["etag"])
    assert {name: made[name] for name in ("title", "list_id", "labels", "priority", "due", "recurrence")} == {
        "title": "Pay rent",
        "list_id": home["id"],
        "labels": ["bills"],
        "priority": "high",
        "due": {"date": "2026-12-01", "time": "09:00"},
        "recurrence": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1", "basis": "schedule", "anchor": "2026-12-01"},
    }
    assert [label["name"] for label in (await alice.get("/api/me/labels")).json()] == ["bills"]


async def test_a_dry_run_tells_what_would_be_and_makes_nothing(alice: httpx.AsyncClient) -> None:
    found = await quick(alice, "Call mom tomorrow @family #nowhere", 200, dry_run=True)
    fields = {"title": "Call mom #nowhere", "due": {"date": "2026-11-28"}, "labels": ["family"]}
    assert found["task"] == fields
    assert [part["field"] for part in found["parsed"]] == ["due", "labels"]
    far = await quick(alice, f"{' ' * 100_000}Call mom tomorrow{' ' * 100_000}", 200, dry_run=True)
    assert far["parsed"] == [{"start": 100_009, "end": 100_017, "field": "due"}]
    late = {"now": "9999-06-01T00:00:00Z", "dry_run": True}  # No year has such a day any more.
    refused = await alice.post("/api/me/tasks/quick", json={"text": "x every feb 29", **late})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "recurrence.rule")
    assert (await alice.get("/api/me/tasks")).json() == (await alice.get("/api/me/labels")).json() == []
    made = await quick(alice, "Call mom tomorrow @family #nowhere")
    assert {name: made[name] for name in fields} == fields


async def test_the_settings_of_the_user_count(alice: httpx.AsyncClient) -> None:
    """The zone of the request first, then that of the user."""
    late = {"now": "2026-11-27T23:30:00Z", "dry_run": True}
    for settings, due in (({}, "2026-11-28"), ({"time_zone": "Asia/Tokyo"}, "2026-11-29")):
        await alice.patch("/api/me", json={"week_start": "sunday", **settings})
        body = {"text": "Call tomorrow", **late}
        found = (await alice.post("/api/me/tasks/quick", json=body)).json()
        assert found["task"]["due"] == {"date": due}
    assert (await quick(alice, "Call next week", 200, dry_run=True))["task"]["due"] == {"date": "2026-11-29"}
    for order, due in (("dmy", "2027-04-03"), ("mdy", "2027-03-04")):
        await alice.patch("/api/me", json={"date_order": order})
        assert (await quick(alice, "Call 3/4", 200, dry_run=True))["task"]["due"] == {"date": due}
    now = (await alice.post("/api/me/tasks/quick", json={"text": "Call today"})).json()
    assert now["due"].keys() == {"date"}


async def test_a_uid_or_a_key_makes_one_task(alice: httpx.AsyncClient) -> None:
    body = {"text": "Call mom tomorrow", "uid": "a", **NOW}
    made = (await alice.post("/api/me/tasks/quick", json=body)).json()
    again = await alice.post("/api/me/tasks/quick", json={**body, "text": "Call dad"})
    assert (again.status_code, again.json()) == (200, {**made, "parsed": []})
    for _ in range(2):
        keyed = await alice.post("/api/me/tasks/quick", json={"text": TEXT}, headers={"idempotency-key": "1"})
    assert keyed.headers["idempotency-replayed"] == "true"
    assert len(keyed.json()["parsed"]) == 4
    assert len((await alice.get("/api/me/tasks")).json()) == 2


async def test_a_long_answer_that_is_kept_still_tells_what_was_understood(alice: httpx.AsyncClient) -> None:
    text = "x " + " ".join(f"@{n}{'ü' * 40}" for n in range(20))
    first, again = [
        await alice.post("/api/me/tasks/quick", json={"text": text}, headers={"idempotency-key": "1"}) for _ in range(2)
    ]
    assert len(first.content) > 4096 or len(first.json()["parsed"]) == 20
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, [("text", "required")]),
        ({"text": " \u200b "}, [("text", "required")]),
        ({"text": "x" * 1001}, [("text", "too_long")]),
        ({"text": "x" * 256}, [("title", "too_long")]),
        (
            {"text": 1, "time_zone": "berlin", "now": "today", "dry_run": "yes", "uid": "", "title": "x"},
            [
                ("text", "wrong_type"),
                ("time_zone", "unknown_time_zone"),
                ("now", "invalid_instant"),
                ("dry_run", "wrong_type"),
                ("uid", "required"),
                ("title", "unknown_field"),
            ],
        ),
    ],
)
async def test_what_is_wrong_is_named_and_changes_nothing(
    alice: httpx.AsyncClient, body: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    answer = await alice.post("/api/me/tasks/quick", json=body)
    assert answer.status_code == 400
    assert [(fault["field"], fault["code"]) for fault in answer.json()["errors"]] == faults
    assert (await alice.get("/api/me/tasks")).json() == []


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("text", ["tomorrow x", "x in 3 weeks", "x next month", "x every day at 9", "x -> yesterday"])
async def test_there_is_no_moment_that_breaks_it(alice: httpx.AsyncClient, now: str, text: str) -> None:
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        answer = await alice.post("/api/me/tasks/quick", json={"text": text, "now": now, "time_zone": zone})
        assert answer.status_code in {201, 400}, answer.text
