"""RFC 9110 §13 on tasks and lists: no lost update."""

import httpx
import pytest
from test_six_endpoints import add, refused

from doable.http.etags import TAGS_MAX

STALE = "The task has changed since you last saw it"
NO_REVISION = (
    'If-Match must hold the ETag of the task as the service sent it, such as "7";'
    ' a proxy that compresses responses changes it, for example to W/"7"'
)
CHANGES = [
    ("PUT", "", {"title": "New"}),
    ("DELETE", "", None),
    ("PATCH", "/complete", None),
    ("PATCH", "/incomplete", None),
]


async def test_a_task_carries_its_revision_as_a_strong_tag(alice: httpx.AsyncClient) -> None:
    created = await alice.post("/api/me/tasks", json={"title": "x"})
    url = created.headers["location"]
    assert created.headers["etag"] == '"1"'
    assert (await alice.patch(f"{url}/complete")).headers["etag"] == '"2"'
    assert (await alice.put(url, json={"title": "y"})).headers["etag"] == '"3"'
    assert (await alice.get(url)).headers["etag"] == '"3"'


@pytest.mark.parametrize("header", ['"1"', 'W/"1"', '"7", "1"', '"7","1",', "*", ' "a,b" , "1" '])
async def test_what_the_caller_has_already_is_not_sent_again(alice: httpx.AsyncClient, header: str) -> None:
    task = await add(alice)
    answer = await alice.get(f"/api/me/tasks/{task['id']}", headers={"if-none-match": header})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')


@pytest.mark.parametrize("header", ['"2"', '"11"', 'W/"2"', '"*"', '""'])
async def test_what_the_caller_does_not_have_is_sent(alice: httpx.AsyncClient, header: str) -> None:
    task = await add(alice)
    answer = await alice.get(f"/api/me/tasks/{task['id']}", headers={"if-none-match": header})
    assert (answer.status_code, answer.json()) == (200, task)


async def test_a_task_that_is_not_there_is_not_found_whatever_the_condition(alice: httpx.AsyncClient) -> None:
    for header in ({"if-none-match": "*"}, {"if-match": "*"}, {"if-match": '"1"'}):
        for method in ("GET", "PUT", "DELETE"):
            answer = await alice.request(method, "/api/me/tasks/1", headers=header, json={"title": "x"})
            refused(answer, 404, "Task not found")


@pytest.mark.parametrize(("method", "suffix", "body"), CHANGES)
@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        *((header, STALE) for header in ('"1"', '"1", "3"', 'W/"2", "1"')),
        *((header, NO_REVISION) for header in ('W/"2"', '"2-gzip"', '"two"', '"99999999999999999999"', '""', "")),
    ],
)
async def test_a_change_to_what_the_caller_did_not_see_is_refused_with_the_present_task(
    alice: httpx.AsyncClient, method: str, suffix: str, body: dict | None, header: str, sentence: str
) -> None:
    task = await add(alice)
    seen = (await alice.put(f"/api/me/tasks/{task['id']}", json={"title": "Seen by another"})).json()
    answer = await alice.request(method, f"/api/me/tasks/{task['id']}{suffix}", json=body, headers={"if-match": header})
    assert refused(answer, 412, sentence)["current"] == seen
    assert (await alice.get("/api/me/tasks")).json() == [seen]


@pytest.mark.parametrize(("method", "suffix", "body"), CHANGES)
@pytest.mark.parametrize("header", ['"1"', "*", '"7", "1"'])
async def test_a_change_to_what_the_caller_saw_is_made(
    alice: httpx.AsyncClient, method: str, suffix: str, body: dict | None, header: str
) -> None:
    task = await add(alice)
    answer = await alice.request(method, f"/api/me/tasks/{task['id']}{suffix}", json=body, headers={"if-match": header})
    assert answer.status_code in {200, 204}


@pytest.mark.parametrize(("method", "suffix", "body"), CHANGES)
async def test_if_none_match_on_a_change_refuses_what_it_names(
    alice: httpx.AsyncClient, method: str, suffix: str, body: dict | None
) -> None:
    task = await add(alice)
    url = f"/api/me/tasks/{task['id']}{suffix}"
    for header in ({"if-none-match": "*"}, {"if-none-match": 'W/"1"'}, {"if-none-match": '"7"', "if-match": '"7"'}):
        refused(await alice.request(method, url, json=body, headers=header), 412, STALE)
    assert (await alice.get(f"/api/me/tasks/{task['id']}")).json() == task
    for header in ({"if-none-match": '"7"'}, {"if-none-match": '"7"', "if-match": '"1", "2", "3"'}):
        answer = await alice.request(method, url, json=body, headers=header)
        assert answer.status_code in ({200, 204} if method != "DELETE" else {204, 404})


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("value", ["7", '"7', "W/7", '"a" "b"', "*, *", 'w/"7"', '"7" x'])
async def test_a_condition_that_cannot_be_read_changes_nothing(alice: httpx.AsyncClient, name: str, value: str) -> None:
    task = await add(alice)
    answer = await alice.delete(f"/api/me/tasks/{task['id']}", headers={name: value})
    refused(answer, 400, f'{name} must be * or tags in double quotes, such as "7"')
    assert (await alice.get(f"/api/me/tasks/{task['id']}")).json() == task


async def test_a_condition_may_be_sent_in_several_lines(alice: httpx.AsyncClient) -> None:
    task = await add(alice)
    lines = [("if-none-match", '"5"'), ("if-none-match", '"1"')]
    assert (await alice.get(f"/api/me/tasks/{task['id']}", headers=lines)).status_code == 304


async def test_an_unchanged_list_is_not_sent_again(alice: httpx.AsyncClient) -> None:
    for url in ("/api/me/tasks", "/api/me/tasks?status=complete", "/api/me/tasks?limit=1"):
        empty = await alice.get(url)
        again = await alice.get(url, headers={"if-none-match": empty.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", empty.headers["etag"])
    task = await add(alice)
    await add(alice)
    tags = set()
    for url in ("/api/me/tasks", "/api/me/tasks?status=complete", "/api/me/tasks?limit=1"):
        full = await alice.get(url)
        assert full.status_code == 200
        tags.add(full.headers["etag"])
        assert (await alice.get(url, headers={"if-none-match": f"W/{full.headers['etag']}"})).status_code == 304
        await alice.put(f"/api/me/tasks/{task['id']}", json={"title": url})
        assert (await alice.get(url, headers={"if-none-match": full.headers["etag"]})).status_code == 200
    assert len(tags) == 3


async def test_a_user_who_was_removed_and_came_again_has_other_tags(alice: httpx.AsyncClient, db) -> None:  # noqa: ANN001
    await add(alice)
    before = (await alice.get("/api/me/tasks")).headers["etag"]
    await db.write("delete from doable.users where id = 'alice'")
    await add(alice)
    assert (await alice.get("/api/me/tasks", headers={"if-none-match": before})).status_code == 200


async def test_a_long_list_has_a_tag_too(alice: httpx.AsyncClient, db) -> None:  # noqa: ANN001
    await add(alice)
    await db.write("insert into doable.tasks (user_id, title) select 'alice', n::text from generate_series(1, 1500) n")
    answer = await alice.get("/api/me/tasks")
    assert len(answer.json()) == 1501
    again = await alice.get("/api/me/tasks", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["if-match", "if-none-match"])
async def test_a_condition_that_names_very_many_tags_is_refused(alice: httpx.AsyncClient, name: str) -> None:
    task = await add(alice)
    for header in ('"1", ' * 2000, '"' + "a" * TAGS_MAX + '"', " " * (TAGS_MAX + 1)):
        answer = await alice.put(f"/api/me/tasks/{task['id']}", json={"title": "x"}, headers={name: header})
        assert answer.json()["errors"][0]["code"] == "invalid_header"


async def test_who_may_only_write_is_shown_nothing_by_a_refusal(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    """A token with `tasks:write` alone must not read the list by writes that it lets fail."""
    token = await alice.post("/api/me/tokens", json={"name": "writes", "scopes": ["tasks:write"]})
    client.headers["authorization"] = f"Bearer {token.json()['token']}"
    task = await add(alice, "secret", description="secret")
    url = f"/api/me/tasks/{task['id']}"
    stale = {"op": "complete", "id": task["id"], "if_match": 99}
    answers = [
        await client.request(method, f"{url}{suffix}", json=body, headers=headers)
        for method, suffix, body in CHANGES
        for headers in ({"if-match": '"99"'}, {"if-match": 'W/"1"'}, {"if-none-match": "*"}, {"if-none-match": '"1"'})
    ]
    answers.append(await client.post("/api/me/batch", json={"operations": [stale]}))
    for answer in answers:
        assert (answer.status_code, "secret" in answer.text, "current" in answer.json()) == (412, False, False)
    answer = await client.post("/api/me/batch", json={"atomic": False, "operations": [stale]})
    assert (answer.json()["results"][0]["status"], "secret" in answer.text) == (412, False)
    assert (await client.delete("/api/me/tasks/77", headers={"if-none-match": '"7"'})).status_code == 404
    assert (await alice.get(url)).json() == task
    written = await client.put(url, json={"title": "New"}, headers={"if-none-match": '"7"'})
    assert written.json()["description"] == "secret"  # Writing includes seeing what one has written.


async def test_an_answer_kept_for_one_who_may_read_is_not_for_one_who_may_not(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    token = await alice.post("/api/me/tokens", json={"name": "writes", "scopes": ["tasks:write"]})
    client.headers["authorization"] = f"Bearer {token.json()['token']}"
    url = f"/api/me/tasks/{(await add(alice))['id']}"
    headers = {"if-match": '"99"', "idempotency-key": '"a"'}
    assert "current" in (await alice.put(url, json={"title": "x"}, headers=headers)).json()
    assert (await client.put(url, json={"title": "x"}, headers=headers)).status_code == 422
    assert "current" in (await alice.put(url, json={"title": "x"}, headers=headers)).json()
