"""Live events over HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.core import identity
from doable.core.identity import REMEMBERED_SECONDS
from doable.core.own_keys import FRESH_SECONDS
from doable.core.owners import Owners
from doable.core.users import UserService
from doable.model import Actor
from doable.rest import events
from doable.settings import Settings
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from openapi import contract_of
from streams import Stream, listening
from tokens import hs256
from waits import until_blocked


async def add(client: httpx.AsyncClient, title: str = "Buy groceries") -> dict:
    answer = await client.post("/api/me/tasks", json={"title": title})
    assert answer.status_code == 201
    return answer.json()


async def cursor_of(client: httpx.AsyncClient) -> str:
    return (await client.get("/api/me/sync")).json()["cursor"]


async def revisions(stream: Stream, count: int) -> list[int]:
    return [(await stream.event()).data["revision"] for _ in range(count)]


async def ends(stream: Stream) -> bool:
    """Whether there is nothing more but comments."""
    while (block := await stream.block()) is not None:
        assert block.is_comment
    return True


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await holds():  # noqa: ASYNC110 - what we wait for is in the database
            await asyncio.sleep(0.05)


async def is_not(holds: Callable[[], Awaitable[bool]]) -> bool:
    return not await holds()


@asynccontextmanager
async def another(settings: Settings, address: Address) -> AsyncIterator[FastAPI]:
    """A second instance on the same database."""
    app = create_app(settings, address)
    async with app.router.lifespan_context(app):
        yield app


async def test_each_change_is_told_as_it_happens(app: FastAPI, alice: httpx.AsyncClient) -> None:
    async with listening(app) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "no-store"
        assert stream.first.fields == ["retry", "id"]
        task = await add(alice)
        path = f"/api/me/tasks/{task['id']}"
        await alice.patch(f"{path}/complete")
        await alice.patch(f"{path}/complete")
        await alice.patch(f"{path}/incomplete")
        await alice.put(path, json={"title": "x"})
        await alice.delete(path)
        told = [await stream.event() for _ in range(5)]
    assert [event.fields for event in told] == [["event", "id", "data"]] * 5
    assert {event.type for event in told} == {"change"}
    assert list(told[0].data) == ["revision", "type", "id", "kind", "actor"]
    assert [tuple(event.data.values()) for event in told] == [
        (1, "task", task["id"], "created", "alice"),
        (2, "task", task["id"], "completed", "alice"),
        (3, "task", task["id"], "reopened", "alice"),
        (4, "task", task["id"], "updated", "alice"),
        (5, "task", task["id"], "deleted", "alice"),
    ]


async def test_without_an_id_it_begins_now(app: FastAPI, alice: httpx.AsyncClient) -> None:
    await add(alice)
    async with listening(app) as stream:
        await add(alice)
        assert await revisions(stream, 1) == [2]


@pytest.mark.parametrize("how", ["cursor", "last_event_id"])
async def test_what_was_missed_is_told_first(app: FastAPI, alice: httpx.AsyncClient, how: str) -> None:
    await add(alice)
    cursor = await cursor_of(alice)
    await add(alice)
    await add(alice)
    async with listening(app, **{how: cursor}) as stream:
        assert await revisions(stream, 2) == [2, 3]
        await add(alice)
        assert await revisions(stream, 1) == [4]


async def test_whoever_is_cut_off_goes_on_where_he_was(app: FastAPI, alice: httpx.AsyncClient) -> None:
    async with listening(app) as stream:
        begun = stream.first.id
        await add(alice)
        await add(alice)
        seen = (await stream.event()).id
    async with listening(app, last_event_id=seen) as stream:
        assert await revisions(stream, 1) == [2]
    async with listening(app, last_event_id=begun, cursor=seen) as stream:
        assert await revisions(stream, 2) == [1, 2]


async def test_an_event_is_a_place_to_sync_from(app: FastAPI, alice: httpx.AsyncClient) -> None:
    async with listening(app) as stream:
        await add(alice)
        cursor = (await stream.event()).id
    task = await add(alice)
    assert (await alice.get("/api/me/sync", params={"cursor": cursor})).json()["tasks"] == [task]


async def test_more_than_a_batch_can_be_missed(app: FastAPI, alice: httpx.AsyncClient, db: Database) -> None:
    await add(alice)
    cursor = await cursor_of(alice)
    await db.write("insert into doable.tasks (user_id, title) select 'alice', 'x' from generate_series(1, 250)")
    async with listening(app, cursor=cursor) as stream:
        assert await revisions(stream, 250) == list(range(2, 252))


async def test_whoever_listens_before_his_first_task_is_told_of_it(app: FastAPI, alice: httpx.AsyncClient) -> None:
    async with listening(app) as stream:
        task = await add(alice)
        event = await stream.event()
        assert (event.data["revision"], event.data["id"]) == (1, task["id"])
    async with listening(app, last_event_id=stream.first.id) as again:
        assert (await again.event()).data == event.data


async def test_a_change_through_another_instance_is_told_within_a_second(
    app: FastAPI, alice: httpx.AsyncClient, settings: Settings, address: Address
) -> None:
    loop = asyncio.get_running_loop()
    async with another(settings, address) as elsewhere, listening(elsewhere) as stream, listening(app) as here:
        for number in range(1, 4):
            await add(alice)
            written = loop.time()
            assert await revisions(stream, 1) == [number]
            assert loop.time() - written < 1
            assert await revisions(here, 1) == [number]


async def test_a_change_by_plain_sql_is_told(app: FastAPI, alice: httpx.AsyncClient, db: Database) -> None:
    task = await add(alice)
    async with listening(app) as stream:
        await db.write("update doable.tasks set title = 'x'")
        told = (await stream.event()).data
    assert told == {"revision": 2, "type": "task", "id": task["id"], "kind": "updated", "actor": "alice"}


async def test_everybody_is_told_of_his_own_changes_only(
    app: FastAPI, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    async with listening(app, "alice") as one, listening(app, "alice") as two, listening(app, "bob") as other:
        await add(alice)
        await add(alice)
        his = await add(bob)
        assert await revisions(one, 2) == await revisions(two, 2) == [1, 2]
        assert (await other.event()).data["id"] == his["id"]


async def test_nobody_else_may_listen(client: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    assert (await client.get("/api/alice/events")).status_code == 401
    assert (await bob.get("/api/alice/events")).status_code == 403


async def test_a_cursor_that_does_not_hold_is_refused_before_the_stream_begins(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database
) -> None:
    await add(alice)
    cursor = await cursor_of(alice)
    assert (await alice.get("/api/me/events", headers={"last-event-id": "x"})).status_code == 400
    assert (await alice.get("/api/me/events", params={"cursor": ""})).status_code == 400
    assert (await bob.get("/api/me/events", params={"cursor": cursor})).status_code == 400
    await add(alice)
    await db.write("update doable.users set floor = 2")
    for how in ({"headers": {"last-event-id": cursor}}, {"params": {"lastEventId": cursor, "cursor": "x"}}):
        answer = await alice.get("/api/me/events", **how)
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")


async def test_head_tells_the_headers_and_ends(alice: httpx.AsyncClient) -> None:
    answer = await alice.head("/api/me/events")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")


async def test_a_silent_stream_has_a_comment_now_and_then(
    app: FastAPI, alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    async with listening(app) as stream:
        for _ in range(3):
            block = await stream.block()
            assert block is not None
            assert block.is_comment
        await add(alice)
        assert await revisions(stream, 1) == [1]


async def test_a_busy_stream_has_its_comments_too(
    app: FastAPI, alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.0)
    await add(alice)
    async with listening(app, last_event_id=None) as stream:
        await add(alice)
        blocks = [await stream.block() for _ in range(20)]
    assert sum(block is not None and block.is_comment for block in blocks) >= 19


async def test_a_stream_ends_when_the_account_is_deleted(app: FastAPI, alice: httpx.AsyncClient, db: Database) -> None:
    await add(alice)
    async with listening(app) as stream:
        await db.write("delete from doable.users")
        assert await stream.block() is None
    answer = await alice.get("/api/me/events", headers={"last-event-id": stream.first.id or ""})
    assert answer.status_code == 410


async def test_a_stream_ends_rather_than_tell_the_changes_of_another_time(
    app: FastAPI, alice: httpx.AsyncClient, db: Database
) -> None:
    await add(alice)
    async with listening(app) as stream:
        async with db.transaction() as transaction:
            await transaction.write("delete from doable.users")
            await transaction.write("insert into doable.users (id) values ('alice')")
            await transaction.write(
                "insert into doable.tasks (user_id, title) select 'alice', 'x' from generate_series(1, 3)"
            )
        assert await stream.block() is None


async def test_a_stream_ends_rather_than_leave_out_what_was_pruned(
    app: FastAPI, alice: httpx.AsyncClient, db: Database
) -> None:
    await add(alice)
    async with listening(app) as stream:
        async with db.transaction() as transaction:
            await transaction.write("update doable.tasks set title = 'x'")
            await transaction.write("update doable.tasks set title = 'y'")
            await transaction.write("delete from doable.changes where revision < 3")
        assert await stream.block() is None


async def test_a_stream_ends_when_everything_it_waited_for_was_pruned(
    app: FastAPI, alice: httpx.AsyncClient, db: Database
) -> None:
    await add(alice)
    async with listening(app) as stream:
        async with db.transaction() as transaction:
            await transaction.write("update doable.tasks set title = 'x'")
            await transaction.write("delete from doable.changes")
        assert await stream.block() is None


async def test_a_reader_that_does_not_read_is_dropped_and_harms_nobody(
    app: FastAPI, alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "UNREAD_SECONDS", 0.05)
    async with listening(app) as sleeper, listening(app) as reader:
        sleeper.may_write.clear()
        await add(alice)
        assert await revisions(reader, 1) == [1]
        assert sleeper.task is not None
        await asyncio.wait_for(sleeper.task, 10)
        await add(alice)
        assert await revisions(reader, 1) == [2]


async def test_streams_end_when_nobody_can_find_out_any_more_what_changes(
    settings: Settings, fresh_address: Address
) -> None:
    db = Database(fresh_address)
    async with another(settings, fresh_address) as app:
        async with listening(app) as stream:
            await db.write("alter table doable.users rename column revision to other")
            assert await stream.block() is None
        await db.write("alter table doable.users rename column other to revision")
        async with client_of(app, "alice") as alice, listening(app) as stream:
            await add(alice)
            assert await revisions(stream, 1) == [1]
    await db.close()


async def test_streams_end_when_the_service_stops(settings: Settings, address: Address) -> None:
    async with AsyncExitStack() as streams:
        async with another(settings, address) as app:
            opened = [await streams.enter_async_context(listening(app, user)) for user in ("alice", "alice", "bob")]
        assert [await stream.block() for stream in opened] == [None, None, None]
        refused = await streams.enter_async_context(listening(app))
        assert refused.status == 503


async def test_there_is_room_for_so_many_streams_and_no_more(settings: Settings, address: Address) -> None:
    few = settings.model_copy(update={"max_streams": 2})
    async with another(few, address) as app, listening(app), client_of(app, "alice") as alice:
        async with listening(app, "bob"):
            answer = await alice.get("/api/me/events")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        async with listening(app) as stream:
            assert stream.status == 200


async def test_one_user_has_only_so_many_streams(settings: Settings, address: Address) -> None:
    few = settings.model_copy(update={"user_max_streams": 2})
    async with another(few, address) as app, listening(app), client_of(app, "alice") as alice:
        async with listening(app), listening(app, "bob"):
            refused = await alice.get("/api/me/events")
            assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")
        async with listening(app) as stream:
            assert stream.status == 200


@pytest.mark.one_server  # The statement begins otherwise where Citus has planned it.
async def test_nothing_is_asked_while_nobody_listens(app: FastAPI, address: Address) -> None:
    connection = await connect(address.direct)

    async def is_asked() -> bool:
        """Whether anybody looked in the last half second, which is longer than a follower waits."""
        rows = await connection.fetch(
            "select from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_current_snapshot%'"
            " and state_change > clock_timestamp() - interval '0.5 seconds'"
        )
        return bool(rows)

    async with listening(app):
        await eventually(is_asked)
    await eventually(lambda: is_not(is_asked))
    await connection.close()


def test_the_example_in_the_document_is_what_a_stream_looks_like(app: FastAPI) -> None:
    entry = contract_of(app).find("GET", "/api/me/events")
    assert entry is not None
    example = entry["responses"]["200"]["content"]["text/event-stream"]["example"]
    data = next(line for line in example.split("\n") if line.startswith("data: "))
    assert msgspec.json.decode(data.removeprefix("data: ")) == {
        "revision": 12,
        "type": "task",
        "id": 7,
        "kind": "completed",
        "actor": "user-a",
    }


async def test_events_can_have_the_objects_as_they_are_now(app: FastAPI, alice: httpx.AsyncClient) -> None:
    cursor = await cursor_of(alice)
    task, gone = await add(alice), await add(alice)
    await alice.delete(f"/api/me/tasks/{gone['id']}")
    label = (await alice.post("/api/me/labels", json={"name": "errands"})).json()
    user = (await alice.patch("/api/me", json={"week_start": "sunday"})).json()
    task = (await alice.patch(f"/api/me/tasks/{task['id']}/complete")).json()
    async with listening(app, cursor=cursor, include="objects") as stream:
        told = [(await stream.event()).data for _ in range(6)]
    assert [one.get("object") for one in told] == [task, None, None, label, user, task]
    refused = await alice.get("/api/me/events", params={"include": "tasks"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "invalid_include")


async def test_what_a_script_does_says_so(app: FastAPI, alice: httpx.AsyncClient) -> None:
    """In events and history, also for a name that SQL would have to quote, in a batch, and once the token is gone."""
    cursor = await cursor_of(alice)
    made = (await alice.post("/api/me/tokens", json={"name": "It's 'my' \\ ☃"})).json()
    async with client_of(app, hs256("alice")) as script:
        script.headers["authorization"] = f"Bearer {made['token']}"
        key = {"idempotency-key": "1"}
        task = (await script.post("/api/me/tasks", json={"title": "plain"})).json()
        await script.post("/api/me/tasks", json={"title": "keyed"}, headers=key)
        operations = [{"op": "create", "task": {"title": "batch"}}]
        assert (await script.post("/api/me/batch", json={"operations": operations})).status_code == 200
        path = f"/api/me/tasks/{task['id']}"
        await script.patch(f"{path}/complete")
        assert (await script.delete(path)).status_code == 204
    await alice.delete(f"/api/me/tokens/{made['id']}")
    await add(alice)
    async with listening(app, cursor=cursor) as stream:
        told = [(await stream.event()).data for _ in range(6)]
    assert [(one["actor"], one.get("via")) for one in told] == [("alice", made["name"])] * 5 + [("alice", None)]
    history = (await alice.get(f"{path}/history")).json()
    assert [(entry["kind"], entry["via"]) for entry in history] == [
        (kind, made["name"]) for kind in ("deleted", "completed", "created")
    ]


async def ticket_of(client: httpx.AsyncClient) -> dict:
    answer = await client.post("/api/me/event-ticket")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_ticket_opens_one_stream(app: FastAPI, alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    cursor = await cursor_of(alice)
    await add(alice)
    first = await ticket_of(alice)
    expires_in = datetime.fromisoformat(first["expires_at"]) - datetime.now(UTC)
    assert timedelta(seconds=50) < expires_in <= timedelta(seconds=60)
    # A refused request, or one that opens no stream, does not use it up.
    for refused in ({"include": "x"}, {"bogus": "1"}, {"cursor": "zzz"}):
        async with client_of(app) as client:
            answer = await client.get("/api/me/events", params={"ticket": first["ticket"], **refused})
            assert answer.status_code == 400, answer.text
            assert (await client.head("/api/me/events", params={"ticket": first["ticket"]})).status_code == 200
    async with listening(app, ticket=first["ticket"], lastEventId=cursor) as stream:
        assert await revisions(stream, 1) == [1]
        await add(alice)
        await add(bob)
        assert await revisions(stream, 1) == [2]
    # The owner of the path is the one of the ticket.
    for query in (first, await ticket_of(bob)):
        answer = await client_without_credential(app, "/api/alice/events", query["ticket"])
        assert answer in {(401, "invalid_token"), (403, "not_your_tasks")}
    for text in ("", "x", "A" * 43):
        assert await client_without_credential(app, "/api/me/events", text) == (401, "invalid_token")


@pytest.mark.one_server
async def test_of_two_streams_with_one_ticket_one_opens(
    app: FastAPI, alice: httpx.AsyncClient, address: Address
) -> None:
    """The other one has found the ticket, and waits for the transaction that uses it up."""
    ticket = (await ticket_of(alice))["ticket"]
    other = await connect(address)
    async with other.transaction():
        await other.execute("delete from doable.event_tickets")
        late = asyncio.create_task(client_without_credential(app, "/api/me/events", ticket))
        await until_blocked(other.fetch)
    await other.close()
    assert await late == (401, "invalid_token")


async def client_without_credential(app: FastAPI, path: str, ticket: str) -> tuple[int, str]:
    async with client_of(app) as client:
        answer = await client.get(path, params={"ticket": ticket})
        return answer.status_code, answer.json()["code"]


async def test_a_ticket_is_good_for_a_minute_and_for_nothing_else(
    app: FastAPI, alice: httpx.AsyncClient, db: Database
) -> None:
    old = await ticket_of(alice)
    await db.write("update doable.event_tickets set expires_at = now()")
    assert await client_without_credential(app, "/api/me/events", old["ticket"]) == (401, "invalid_token")
    new = await ticket_of(alice)
    assert await client_without_credential(app, "/api/me/tasks", new["ticket"]) == (401, "not_authenticated")
    assert len(await db.read("select from doable.event_tickets")) == 1  # The new one: an old one goes when one is made.
    await db.write(
        "insert into doable.event_tickets (user_id, hash, expires_at)"
        " select 'alice', n::text::bytea, now() + interval '1 minute' from generate_series(1, 99) n"
    )
    refused = await alice.post("/api/me/event-ticket")
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")


@pytest.mark.parametrize("what", ["disabled", "revoked"])
async def test_a_ticket_ends_with_the_credential_that_made_it(
    app: FastAPI, db: Database, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    made = await app.state.core.tokens.create(Actor("alice"), {"name": "a script", "scopes": ["tasks:read"]})
    async with client_of(app) as script:
        script.headers["authorization"] = f"Bearer {made.token}"
        used, late = [(await ticket_of(script))["ticket"] for _ in range(2)]
    statement = {
        "disabled": "update doable.users set disabled_at = now()",
        "revoked": "delete from doable.access_tokens",
    }[what]
    async with listening(app, ticket=used) as stream:
        assert (await stream.block()) is not None  # It was checked, and goes on.
        await db.write(statement)
        assert await ends(stream)
    assert await client_without_credential(app, "/api/me/events", late) == (401, "invalid_token")


async def test_the_ticket_of_a_credential_that_expires_ends_with_it(app: FastAPI) -> None:
    async with client_of(app) as client:
        client.headers["authorization"] = f"Bearer {hs256('alice', exp=time.time() + 1)}"
        ticket = (await ticket_of(client))["ticket"]
    async with listening(app, ticket=ticket) as stream:
        assert await ends(stream)


async def test_a_stream_ends_when_its_token_expires(app: FastAPI) -> None:
    async with listening(app, token=hs256("alice", exp=time.time() + 0.3)) as stream:
        begun = time.monotonic()
        assert await stream.block() is None
        assert time.monotonic() - begun < events.HEARTBEAT_SECONDS / 2


async def test_a_stream_ends_when_its_token_is_revoked(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    core = app.state.core
    alice = Actor("alice")
    made = await core.tokens.create(alice, {"name": "a script"})
    async with listening(app, token=made.token) as stream, listening(app) as other:
        await core.tokens.revoke(alice, made.id)
        assert await ends(stream)
        assert await other.block() is not None


async def test_a_stream_ends_within_a_minute_when_its_token_is_revoked_elsewhere(
    app: FastAPI, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # FRESH_SECONDS count when it is the key that was revoked.
    assert REMEMBERED_SECONDS + events.HEARTBEAT_SECONDS + FRESH_SECONDS < 60
    monkeypatch.setattr(identity, "REMEMBERED_SECONDS", 0.1)
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    core = app.state.core
    made = await core.tokens.create(Actor("alice"), {"name": "a script"})
    async with listening(app, token=made.token) as stream:
        await db.write("delete from doable.access_tokens where id = $1", made.id)
        assert await ends(stream)


@pytest.mark.parametrize("disabled", [True, False], ids=["disabled", "deleted"])
async def test_a_stream_ends_when_its_user_may_no_longer_come_in(
    address: Address, db: Database, monkeypatch: pytest.MonkeyPatch, *, disabled: bool
) -> None:
    """Also of one who has written nothing, by a command in another process."""
    monkeypatch.setattr(identity, "REMEMBERED_SECONDS", 0.1)
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.05)
    async with another(Settings(_env_file=None), address) as app, client_of(app) as client:
        ada = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
        user = (await client.post("/api/auth/sign-up/email", json=ada)).json()["user"]
        jwt = (await client.get("/api/auth/token")).json()["token"]
        elsewhere = UserService(db, lambda _: None, owners=Owners(provisions=False))
        async with listening(app, token=jwt) as stream:
            await (elsewhere.disable(user["id"]) if disabled else elsewhere.remove(Actor(user["id"])))
            assert await ends(stream)
        if disabled:
            client.cookies.clear()
            refused = await client.post("/api/auth/sign-in/email", json=ada)
            assert (refused.status_code, refused.json()["code"]) == (403, "BANNED_USER")
