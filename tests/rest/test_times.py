"""Times have six digits wherever they go out, also those at a whole second, which encoders write without."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from doable.operations.export import export
from doable.store.address import Address
from doable.store.connection import connect

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")
IN_FULL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
AT_A_WHOLE_SECOND = """
set session_replication_role = replica;
update doable.users set created_at = date_trunc('second', created_at);
update doable.tasks set {}_at = date_trunc('second', {}_at);
update doable.access_tokens set created_at = date_trunc('second', created_at);
update doable.changes
set at = date_trunc('second', at), undo = undo || '{{"created_at": "2026-11-21T10:30:00+01:00"}}';
"""


def times(value: object) -> Iterator[str]:
    """All of them, but not a title that reads like one."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from times(inner) if name != "title" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from times(inner)
    elif isinstance(value, str) and TIME.fullmatch(value):
        yield value


@pytest.mark.one_server
@pytest.mark.usefixtures("superuser")
@pytest.mark.parametrize("which", ["created", "updated"])
async def test_a_time_at_a_whole_second_has_six_digits(alice: httpx.AsyncClient, address: Address, which: str) -> None:
    title = "Call at 2026-11-21T09:30:00Z"
    await alice.post("/api/me/tokens", json={"name": "x", "expires_in_days": 1})
    await alice.post("/api/me/tasks", json={"title": title})
    url = (await alice.post("/api/me/tasks", json={"title": "x"})).headers["location"]
    await alice.put(url, json={"title": '\x01"é\\/'})
    connection = await connect(address.direct)
    await connection.execute(AT_A_WHOLE_SECOND.format(which, which))
    await connection.close()
    id = int(url.rpartition("/")[2])
    stale = {"op": "complete", "id": id, "if_match": 99}
    answers = [
        await alice.get(url),
        *[await alice.get(f"/api/me/{path}") for path in ("tasks", "tasks?limit=1", "sync", "tokens")],
        await alice.get("/api/me"),
        await alice.get(f"{url}/history"),
        await alice.put(url, json={"title": "x"}, headers={"if-match": '"99"'}),
        await alice.post("/api/me/batch", json={"operations": [stale]}),
        await alice.post("/api/me/batch", json={"atomic": False, "operations": [stale, {"op": "reopen", "id": id}]}),
    ]
    for answer in answers:
        found = list(times(answer.json()))
        assert found, answer.request.url
        assert [time for time in found if not IN_FULL.fullmatch(time)] == [], answer.request.url
    assert [task["title"] for task in answers[1].json()] == ['\x01"é\\/', title]
    assert answers[6].json()[0]["before"]["created_at"] == "2026-11-21T09:30:00.000000Z"
    written: list[bytes] = []
    await export(address, "alice", written.append)
    assert [time for time in times(json.loads(b"".join(written))) if not IN_FULL.fullmatch(time)] == []
