"""What a user may take away."""

import json

import httpx
import pytest

from doable.errors import UserNotFound
from doable.operations.export import export
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.export import AT_ONCE, PARTS
from doable.store.schema import metadata

# Of no use to the user, or of too much to somebody else.
KEPT_BACK = {"passwords", "idempotency_keys", "event_tickets"}


async def exported(address: Address, user: str) -> dict:
    written: list[bytes] = []
    await export(address, user, written.append)
    return json.loads(b"".join(written))


@pytest.fixture
async def filled(address: Address) -> Address:
    connection = await connect(address)
    await connection.execute(
        """
        insert into doable.addresses (address, user_id) values ('alice@example.com', 'alice');
        insert into doable.users (id, email, name)
          values ('alice', 'Alice@example.com', 'Alice "A" ☃'), ('bob', null, null);
        insert into doable.tasks (user_id, title) select 'alice', 'Task ' || n from generate_series(1, 501) n;
        update doable.tasks set status = 'complete' where title = 'Task 1';
        insert into doable.tasks (user_id, title) values ('bob', 'Bob''s secret');
        insert into doable.passwords (user_id, hash) values ('alice', '$argon2id$secret');
        insert into doable.sessions (user_id, token_hash, expires_at, remembered, ip_address)
          values ('alice', 'secret', now(), true, '192.0.2.1');
        insert into doable.access_tokens (user_id, name, token_hash, scopes)
          values ('alice', 'laptop', 'secret', '{tasks:read}');
        """
    )
    await connection.close()
    return address


@pytest.mark.parametrize("user", ["alice", "alice@EXAMPLE.com"])
async def test_an_export_has_all_that_is_theirs_and_no_more(filled: Address, user: str) -> None:
    assert AT_ONCE < 501
    found = await exported(filled, user)
    assert list(found) == [
        "exported_at",
        "user",
        "tasks",
        "lists",
        "labels",
        "filters",
        "completions",
        "changes",
        "sessions",
        "access_tokens",
    ]
    assert (found["user"]["id"], found["user"]["name"]) == ("alice", 'Alice "A" ☃')
    assert [task["title"] for task in found["tasks"]] == [f"Task {n + 1}" for n in range(501)]
    assert [change["revision"] for change in found["changes"]] == list(range(1, 503))
    assert found["changes"][-1]["kind"] == "completed"
    assert list(found["changes"][-1]) == [
        *("revision", "type", "object_id", "kind", "at", "actor", "via", "undo", "operation")
    ]
    assert found["changes"][0]["undo"] is None
    assert found["changes"][-1]["undo"] == {
        "status": "incomplete",
        "completed_at": None,
        "updated_at": found["tasks"][0]["created_at"],
        "revision": 1,
    }
    assert found["tasks"][0]["created_at"].endswith("Z")
    assert found["sessions"][0]["ip_address"] == "192.0.2.1"
    assert (found["access_tokens"][0]["name"], found["access_tokens"][0]["scopes"]) == ("laptop", ["tasks:read"])
    assert "secret" not in json.dumps(found)


async def test_what_is_in_the_trash_is_in_an_export_and_says_so(filled: Address) -> None:
    connection = await connect(filled)
    await connection.execute("update doable.tasks set deleted_at = now(), deleted_with = id where title = 'Task 2'")
    await connection.close()
    found = await exported(filled, "alice")
    assert [task["title"] for task in found["tasks"] if task["deleted_at"]] == ["Task 2"]
    assert found["changes"][-1]["kind"] == "deleted"


async def test_who_has_nothing_gets_empty_lists(filled: Address) -> None:
    connection = await connect(filled)
    await connection.execute("delete from doable.tasks where user_id = 'bob'")
    await connection.execute("delete from doable.changes where user_id = 'bob'")
    await connection.close()
    found = await exported(filled, "bob")
    assert (found["user"]["email"], found["tasks"], found["changes"]) == (None, [], [])


async def test_an_export_of_nobody_says_so(filled: Address) -> None:
    with pytest.raises(UserNotFound):
        await exported(filled, "carol")


def test_every_table_of_a_user_is_exported_or_kept_back() -> None:
    owned = {table.name for table in metadata.sorted_tables if "user_id" in table.primary_key.columns}
    assert owned == set(PARTS) | KEPT_BACK


async def test_an_export_shows_dates_as_the_service_does(alice: httpx.AsyncClient, address: Address) -> None:
    fields = {
        "due": {"date": "2026-12-01", "time": "17:00", "time_zone": "Europe/Berlin"},
        "reminders": [{"at": "2026-12-01T09:00:00.000000Z"}],
    }
    task = (await alice.post("/api/me/tasks", json={"title": "x", **fields})).json()
    assert (await exported(address, "alice"))["tasks"][0].items() >= {**fields, "title": "x"}.items()
    assert task.items() >= fields.items()
