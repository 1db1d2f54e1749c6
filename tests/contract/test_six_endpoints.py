"""CONTRACT: the wire of the six endpoints, to the letter, over HTTP."""

import re
from datetime import UTC, datetime

import httpx
import pytest

ID_MAX = 2**63 - 1


async def add(client: httpx.AsyncClient, title: str = "Buy groceries", **more: object) -> dict:
    answer = await client.post("/api/me/tasks", json={"title": title, **more})
    assert answer.status_code == 201
    return answer.json()


async def titles(client: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = await client.get(f"/api/me/tasks{query}")
    assert answer.status_code == 200
    return [task["title"] for task in answer.json()]


def refused(answer: httpx.Response, status: int, sentence: str) -> dict:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["error"], body["detail"], body["status"]) == (sentence, sentence, status)
    assert body["type"] == f"/docs/errors#{body['code'].replace('_', '-')}"
    assert body["title"] == httpx.codes.get_reason_phrase(status) or status == 413
    return body


async def test_a_created_task_is_answered_as_the_contract_shows_it(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/api/alice/tasks", json={"title": "  Buy groceries\n", "description": " kept as sent "})
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    task = answer.json()
    assert list(task) == [
        *("id", "user_id", "title", "description", "status", "created_at", "updated_at", "revision"),
        "position",  # part 2 of the contract
    ]
    assert (task["user_id"], task["title"], task["description"]) == ("alice", "Buy groceries", " kept as sent ")
    assert (task["status"], task["revision"]) == ("incomplete", 1)
    assert task["created_at"] == task["updated_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", task["created_at"])
    assert abs((datetime.now(UTC) - datetime.fromisoformat(task["created_at"])).total_seconds()) < 60
    assert answer.headers["location"] == f"/api/alice/tasks/{task['id']}"
    assert (await alice.get(answer.headers["location"])).json() == task


async def test_me_stands_for_the_caller(alice: httpx.AsyncClient) -> None:
    task = await add(alice)
    assert (await alice.get(f"/api/alice/tasks/{task['id']}")).json() == task
    assert (await alice.get(f"/api/me/tasks/{task['id']}")).json() == task


@pytest.mark.parametrize("description", [None, "", "x" * 5000, "two\nlines", "naïve ☃ 𝄞"])
async def test_a_description_is_kept_as_sent(alice: httpx.AsyncClient, description: str | None) -> None:
    assert (await add(alice, description=description))["description"] == description


@pytest.mark.parametrize("title", ["x", "x" * 255, "𝄞" * 255, "  " + "x" * 255 + "  "])
async def test_a_title_has_up_to_255_characters_not_bytes(alice: httpx.AsyncClient, title: str) -> None:
    assert (await add(alice, title))["title"] == title.strip()


# Alone, or with white space around; the last two are a tag and a selector of variants beyond the basic plane.
BLANK = [
    "",
    " \t\n ",
    "\u2003",
    *"\x01\x1b\x7f\x85\xad\u200b\u200e\u2060\u2800\u3164\uffa0\ufeff\ufe0f",
    " \u200b \u2060",
    "\0",
]
BLANK += ["\U000e0041", "\U000e0101\u115f\u1160"]


@pytest.mark.parametrize("body", [{}, {"title": None}, *({"title": title} for title in BLANK)])
async def test_creating_needs_a_title(alice: httpx.AsyncClient, body: dict) -> None:
    refused(await alice.post("/api/me/tasks", json=body), 400, "Title is required")
    assert await titles(alice) == []


@pytest.mark.parametrize(
    "title", ["👩\u200d💻", "\u200bx", "a\u2060", "\u0600", "é\u0301", "\u202eabc", "⠁", "\u200bé \u200b"]
)
async def test_a_title_with_something_to_see_is_kept_with_what_is_invisible(
    alice: httpx.AsyncClient, title: str
) -> None:
    assert (await add(alice, f" {title} "))["title"] == title


@pytest.mark.parametrize("title", [None, "", "   ", "\u200b", "\u2800"])
async def test_a_title_cannot_be_emptied(alice: httpx.AsyncClient, title: str | None) -> None:
    task = await add(alice)
    answer = await alice.put(f"/api/me/tasks/{task['id']}", json={"title": title})
    refused(answer, 400, "Title cannot be empty")
    assert (await alice.get(f"/api/me/tasks/{task['id']}")).json() == task


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "x" * 256}, "Title must be 255 characters or less"),
        ({"title": "x", "description": "x" * 5001}, "Description must be 5000 characters or less"),
        ({"title": 5}, "Title must be a string"),
        ({"title": ["x"]}, "Title must be a string"),
        ({"title": "x", "description": 5}, "Description must be a string or null"),
        ({"title": "a\0b"}, "Title must not contain the NUL character"),
        ({"title": "x", "description": "\0"}, "Description must not contain the NUL character"),
        ({"title": "x", "id": 5}, "Field 'id' is set by the server"),
        ({"title": "x", "status": "complete"}, "Field 'status' is set by the server"),
        ({"title": "x", "colour": "red"}, "Unknown field 'colour'"),
    ],
)
async def test_what_is_wrong_is_named_on_create_and_on_update(
    alice: httpx.AsyncClient, fields: dict, sentence: str
) -> None:
    task = await add(alice)
    refused(await alice.post("/api/me/tasks", json=fields), 400, sentence)
    refused(await alice.put(f"/api/me/tasks/{task['id']}", json=fields), 400, sentence)
    assert (await alice.get("/api/me/tasks")).json() == [task]


async def test_every_fault_is_listed_at_once(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/api/me/tasks", json={"title": "", "description": 1, "id": 1, "x": 2})
    body = refused(answer, 400, "Title is required")
    assert [fault["field"] for fault in body["errors"]] == ["title", "description", "id", "x"]
    assert body["errors"][0] == {"field": "title", "code": "required", "message": "Title is required"}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The request body is not valid JSON"),
        (b"{", "The request body is not valid JSON"),
        (b'{"title": NaN}', "The request body is not valid JSON"),
        (b'{"title": "\\ud800"}', "The request body is not valid JSON"),
        (b'{"title": "\xff"}', "The request body is not valid JSON"),
        (b"[" * 100_000, "The request body is not valid JSON"),
        (b"[]", "The request body must be a JSON object"),
        (b'"title"', "The request body must be a JSON object"),
        (b"null", "The request body must be a JSON object"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(alice: httpx.AsyncClient, body: bytes, sentence: str) -> None:
    headers = {"content-type": "application/json"}
    refused(await alice.post("/api/me/tasks", content=body, headers=headers), 400, sentence)


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
async def test_json_is_json_whatever_its_parameters(alice: httpx.AsyncClient, media_type: str) -> None:
    answer = await alice.post("/api/me/tasks", content=b'{"title":"x"}', headers={"content-type": media_type})
    assert answer.status_code == 201


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
async def test_a_body_of_another_kind_is_refused(alice: httpx.AsyncClient, media_type: str) -> None:
    answer = await alice.post("/api/me/tasks", content=b'{"title":"x"}', headers={"content-type": media_type})
    refused(answer, 415, "The request body must be application/json")


async def test_a_body_over_its_bound_is_refused_before_it_is_read(alice: httpx.AsyncClient) -> None:
    read = 0

    async def endless():  # noqa: ANN202
        nonlocal read
        for _ in range(100):
            read += 1
            yield b" " * 65536

    headers = {"content-type": "application/json", "content-length": str(100 * 65536)}
    refused(
        await alice.post("/api/me/tasks", content=endless(), headers=headers),
        413,
        "The request body must be 256 KiB or less",
    )
    assert read == 0
    del headers["content-length"]
    answer = await alice.post("/api/me/tasks", content=endless(), headers=headers)
    refused(answer, 413, "The request body must be 256 KiB or less")
    assert read == 5


async def test_the_list_is_bare_newest_first_and_empty_without_tasks(alice: httpx.AsyncClient) -> None:
    assert (await alice.get("/api/me/tasks")).json() == []
    for title in ("one", "two", "three"):
        await add(alice, title)
    assert await titles(alice) == ["three", "two", "one"]


async def test_the_list_can_be_narrowed_by_status(alice: httpx.AsyncClient) -> None:
    await add(alice, "open")
    done = await add(alice, "done")
    await alice.patch(f"/api/me/tasks/{done['id']}/complete")
    assert await titles(alice, "?status=incomplete") == ["open"]
    assert await titles(alice, "?status=complete") == ["done"]
    for value in ("done", "", "Complete", "incomplete,complete"):
        answer = await alice.get("/api/me/tasks", params={"status": value})
        refused(answer, 400, "Invalid status value. Must be 'incomplete' or 'complete'")


async def test_pages_follow_each_other_without_gap_or_repetition(alice: httpx.AsyncClient) -> None:
    for number in range(7):
        await add(alice, str(number))
    seen, url = [], "/api/me/tasks?limit=3&status=incomplete"
    while url:
        answer = await alice.get(url)
        seen.append([task["title"] for task in answer.json()])
        url = answer.links.get("next", {}).get("url")
    assert seen == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "ten", "1.5", "", "99999999999999"])
async def test_a_limit_is_1_to_1000(alice: httpx.AsyncClient, limit: str) -> None:
    answer = await alice.get("/api/me/tasks", params={"limit": limit})
    refused(answer, 400, "The limit must be an integer from 1 to 1000")


@pytest.mark.parametrize("cursor", ["", "x", "A" * 21, "A" * 23, "f" * 22, "/" * 22])
async def test_a_cursor_that_is_not_ours_is_refused(alice: httpx.AsyncClient, cursor: str) -> None:
    answer = await alice.get("/api/me/tasks", params={"limit": 1, "cursor": cursor})
    refused(answer, 400, "The cursor is not valid")


async def test_a_list_without_limit_has_everything(alice: httpx.AsyncClient, db) -> None:  # noqa: ANN001
    await add(alice, "first")
    await db.write("insert into doable.tasks (user_id, title) select 'alice', n::text from generate_series(1, 2500) n")
    everything = await titles(alice)
    assert len(everything) == len(set(everything)) == 2501
    assert (everything[0], everything[-1]) == ("2500", "first")
    assert len(await titles(alice, "?status=incomplete")) == 2501
    assert await titles(alice, "?status=complete") == []


async def test_what_an_update_does_not_send_stays(alice: httpx.AsyncClient) -> None:
    task = await add(alice, description="kept")
    changed = (await alice.put(f"/api/me/tasks/{task['id']}", json={"title": " New "})).json()
    assert changed == {**task, "title": "New", "updated_at": changed["updated_at"], "revision": 2}
    assert changed["updated_at"] > task["updated_at"]
    cleared = (await alice.put(f"/api/me/tasks/{task['id']}", json={"description": None})).json()
    assert (cleared["title"], cleared["description"]) == ("New", None)


async def test_an_update_that_changes_nothing_counts_nothing(alice: httpx.AsyncClient) -> None:
    task = await add(alice, description="same")
    again = await alice.put(f"/api/me/tasks/{task['id']}", json={"title": task["title"], "description": "same"})
    assert (again.status_code, again.json()) == (200, task)


async def test_an_update_needs_a_field(alice: httpx.AsyncClient) -> None:
    task = await add(alice)
    answer = await alice.put(f"/api/me/tasks/{task['id']}", json={})
    refused(answer, 400, "At least one field (title or description) must be provided")


async def test_completing_and_reopening_can_be_repeated(alice: httpx.AsyncClient) -> None:
    task = await add(alice)
    for path, status, revision in (("complete", "complete", 2), ("incomplete", "incomplete", 3)):
        first = await alice.patch(f"/api/me/tasks/{task['id']}/{path}")
        assert first.status_code == 200
        assert (first.json()["status"], first.json()["revision"]) == (status, revision)
        assert (await alice.patch(f"/api/me/tasks/{task['id']}/{path}")).json() == first.json()


async def test_a_deleted_task_is_gone(alice: httpx.AsyncClient) -> None:
    task = await add(alice)
    answer = await alice.delete(f"/api/me/tasks/{task['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers
    refused(await alice.delete(f"/api/me/tasks/{task['id']}"), 404, "Task not found")
    refused(await alice.get(f"/api/me/tasks/{task['id']}"), 404, "Task not found")
    assert await titles(alice) == []


ON_ONE = [("GET", ""), ("PUT", ""), ("DELETE", ""), ("PATCH", "/complete"), ("PATCH", "/incomplete")]


@pytest.mark.parametrize(("method", "suffix"), ON_ONE)
@pytest.mark.parametrize("id", ["0", "-1", "+1", "1.0", "abc", "1e3", str(ID_MAX + 1), "9" * 40, "%C2%B2", "0x1"])
async def test_an_id_is_a_decimal_integer_that_fits(
    alice: httpx.AsyncClient, method: str, suffix: str, id: str
) -> None:
    answer = await alice.request(method, f"/api/me/tasks/{id}{suffix}", json={"title": "x"})
    refused(answer, 400, "Invalid task ID")


@pytest.mark.parametrize(("method", "suffix"), ON_ONE)
async def test_the_largest_id_is_one_that_is_not_there(alice: httpx.AsyncClient, method: str, suffix: str) -> None:
    answer = await alice.request(method, f"/api/me/tasks/{ID_MAX}{suffix}", json={"title": "x"})
    refused(answer, 404, "Task not found")


@pytest.mark.parametrize(("method", "suffix"), ON_ONE)
async def test_a_stranger_finds_nothing_and_changes_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, method: str, suffix: str
) -> None:
    task = await add(alice)
    mine = await bob.request(method, f"/api/me/tasks/{task['id']}{suffix}", json={"title": "x"})
    refused(mine, 404, "Task not found")
    hers = await bob.request(method, f"/api/alice/tasks/{task['id']}{suffix}", json={"title": "x"})
    refused(hers, 403, "You can only access your own tasks")
    assert (await alice.get(f"/api/me/tasks/{task['id']}")).json() == task


async def test_a_request_is_judged_by_caller_then_path_then_form(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    nonsense = {"content": b"{", "headers": {"content-type": "text/plain"}}
    refused(await client.post("/api/bob/tasks", **nonsense), 401, "Not authenticated")
    refused(await alice.post("/api/bob/tasks", **nonsense), 403, "You can only access your own tasks")
    refused(await alice.put("/api/me/tasks/abc", **nonsense), 400, "Invalid task ID")


async def test_two_people_have_their_own_lists(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    await add(alice, "hers")
    await add(bob, "his")
    assert (await titles(alice), await titles(bob)) == (["hers"], ["his"])
