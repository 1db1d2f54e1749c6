"""A backup is everything at one moment, and what is restored from it is told apart from the time that is lost."""

import asyncio
import gzip
import os
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from clients import client_of
from doable.app import create_app
from doable.errors import Misconfigured
from doable.operations.backup import BLOCK_BYTES, back_up, restore
from doable.settings import Settings
from doable.store import migrate
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.database import Database
from doable.store.schema import metadata
from postgres import BIN

# Everything that COPY has to escape, and everything that a title may hold.
MOVED = {"users.revision", "users.floor"}
AWKWARD = [
    "\\.",
    "\\N",
    "a\tb\\tc",
    "line one\nline two\r\n",
    "naïve ☃ 𝄞",
    "'; drop table doable.users; --",
    "\x01\x7f",
]
EVERYTHING = {table.name for table in metadata.sorted_tables} - {"installation", "sign_in_failures"}


def silently(_table: str, _rows: int) -> None:
    """Nobody looks."""


async def backup_of(address: Address) -> bytes:
    file = BytesIO()
    await back_up(address, file, silently)
    return file.getvalue()


async def restored(address: Address, backup: bytes, *, replace: bool = False) -> dict[str, int]:
    return await restore(address, BytesIO(backup), silently, replace=replace)


async def contents(address: Address) -> dict[str, list[asyncpg.Record]]:
    """All rows of all tables, but for what a restore moves."""
    connection = await connect(address)
    found = {}
    for table in metadata.sorted_tables:
        if table.name in EVERYTHING:
            columns = ", ".join(column.name for column in table.columns if str(column) not in MOVED)
            found[table.name] = await connection.fetch(f"select {columns} from {table.fullname} order by 1, 2")  # noqa: S608
    await connection.close()
    return found


async def run(address: Address, statements: str) -> None:
    connection = await connect(address)
    await connection.execute(statements)
    await connection.close()


@asynccontextmanager
async def served(settings: Settings, address: Address) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Alice and Bob, at a service of its own."""
    app = create_app(settings, address)
    async with app.router.lifespan_context(app), client_of(app, "alice") as alice, client_of(app, "bob") as bob:
        yield alice, bob


@pytest.fixture
async def filled(address: Address, app: FastAPI) -> Address:
    """A database with something in every table."""
    async with client_of(app, "alice") as alice, client_of(app, "bob") as bob:
        for text in AWKWARD:
            answer = await alice.post("/api/me/tasks", json={"title": f"x{text}x", "description": text})
            assert answer.status_code == 201
        await alice.delete(answer.headers["location"])
        home = (await alice.post("/api/me/lists", json={"name": "Home"})).json()
        await alice.post("/api/me/filters", json={"name": "f", "filter": "p1"})
        await alice.post("/api/me/tasks", json={"title": "x", "list_id": home["id"], "labels": ["a", "b\\"]})
        await bob.post("/api/me/tasks", json={"title": "Bob's"})
        daily = {"title": "x", "due": {"date": "2025-11-20"}, "recurrence": {"rule": "FREQ=DAILY"}}
        recurring = await alice.post("/api/me/tasks", json=daily)
        await alice.patch(f"{recurring.headers['location']}/complete")
    await run(
        address,
        """
        update doable.users set email = 'alice@example.com', name = E'Al\\tice' where id = 'alice';
        insert into doable.addresses (address, user_id) values ('alice@example.com', 'alice');
        insert into doable.passwords (user_id, hash) values ('alice', '$argon2id$secret');
        insert into doable.sessions (user_id, token_hash, expires_at, remembered, ip_address)
          values ('alice', '\\xdeadbeef00', now(), true, '192.0.2.1');
        insert into doable.access_tokens (user_id, name, token_hash, scopes)
          values ('alice', 'laptop', '\\xfeed5c', '{tasks:read,"a,b"}');
        insert into doable.event_tickets (user_id, hash, expires_at) values ('alice', '\\x00', now());
        insert into doable.idempotency_keys (user_id, key, fingerprint, status, headers, body)
          values ('alice', 'k', '\\x00ff', 201, '{"location": "/a\\\\n"}', '\\x7b7d');
        insert into doable.signing_keys (id, private_key) values ('k1', E'-----BEGIN\\nEND');
        insert into doable.sign_in_failures (subject, failures, last_at) values ('alice', 3, now());
        """,
    )
    return address


async def test_everything_comes_back_as_it_was(filled: Address, empty_address: Address) -> None:
    before = await contents(filled)
    total = await restored(empty_address, await backup_of(filled))
    assert all(before.values())
    assert total == {name: len(rows) for name, rows in before.items()}
    assert await contents(empty_address) == before
    await migrate.require_same(empty_address)


async def test_no_table_can_be_forgotten(filled: Address) -> None:
    assert set(await back_up(filled, BytesIO(), silently)) == EVERYTHING


async def test_what_comes_after_a_restore_goes_on_counting(
    filled: Address, fresh_address: Address, settings: Settings
) -> None:
    async with served(settings, filled) as (alice, _):
        last = (await alice.post("/api/me/tasks", json={"title": "Soon gone"})).json()
        await alice.delete(f"/api/me/tasks/{last['id']}")
    await restored(fresh_address, await backup_of(filled))
    async with served(settings, fresh_address) as (alice, bob):
        new = (await alice.post("/api/me/tasks", json={"title": "Next"})).json()
        assert new["id"] > last["id"]
        assert (await alice.put(f"/api/me/tasks/{new['id']}", json={"title": "Changed"})).status_code == 200
        history = (await alice.get(f"/api/me/tasks/{new['id']}/history")).json()
        assert len(history) == 2
        assert [task["title"] for task in (await bob.get("/api/me/tasks")).json()] == ["Bob's"]


async def test_cursors_and_etags_of_the_lost_time_are_refused(filled: Address, settings: Settings) -> None:
    backup = await backup_of(filled)
    async with served(settings, filled) as (alice, _):
        task = (await alice.post("/api/me/tasks", json={"title": "Lost"})).json()
        path = f"/api/me/tasks/{task['id']}"
        lost = (await alice.put(path, json={"title": "Lost again"})).headers["etag"]
        cursor = (await alice.get("/api/me/sync")).json()["cursor"]
        listed = (await alice.get("/api/me/tasks")).headers["etag"]
    await restored(filled, backup, replace=True)
    async with served(settings, filled) as (alice, _):
        assert (await alice.get("/api/me/sync", params={"cursor": cursor})).status_code == 410
        task = (await alice.post("/api/me/tasks", json={"title": "Another life"})).json()
        path = f"/api/me/tasks/{task['id']}"
        await alice.put(path, json={"title": "Another life, again"})
        late = await alice.put(path, json={"title": "Overwritten"}, headers={"if-match": lost})
        assert late.status_code == 412
        page = await alice.get("/api/me/tasks", headers={"if-none-match": listed})
        assert page.status_code == 200


async def test_clients_can_follow_what_happens_after_a_restore(filled: Address, settings: Settings) -> None:
    await restored(filled, await backup_of(filled), replace=True)
    async with served(settings, filled) as (alice, _):
        new = (await alice.post("/api/me/tasks", json={"title": "After"})).json()
        page = (await alice.get("/api/me/sync", params={"limit": 1})).json()
        # One who has read a part so far can't go on with the live stream, and is told so; with the sync they can.
        early = await alice.get("/api/me/events", params={"cursor": page["cursor"]})
        assert early.status_code == 410
        seen = [*page["tasks"]]
        while page["has_more"]:
            page = (await alice.get("/api/me/sync", params={"limit": 1, "cursor": page["cursor"]})).json()
            seen += page["tasks"]
        assert [task["id"] for task in seen][-1] == new["id"]
        assert len(seen) == len(AWKWARD) + 2
        await alice.delete(f"/api/me/tasks/{new['id']}")
        page = (await alice.get("/api/me/sync", params={"cursor": page["cursor"]})).json()
        assert page["removed"] == [{"type": "task", "id": new["id"]}]


async def test_a_database_with_users_is_left_alone(filled: Address, fresh_address: Address) -> None:
    await run(fresh_address, "insert into doable.users (id) values ('carol')")
    backup = await backup_of(filled)
    with pytest.raises(Misconfigured, match="has users; add --replace"):
        await restored(fresh_address, backup)
    assert [row["id"] for row in (await contents(fresh_address))["users"]] == ["carol"]
    await restored(fresh_address, backup, replace=True)
    assert await contents(fresh_address) == await contents(filled)


async def test_the_keys_that_a_service_makes_when_it_starts_do_not_stand_in_the_way(
    filled: Address, fresh_address: Address
) -> None:
    await run(fresh_address, "insert into doable.signing_keys (id, private_key) values ('new', 'new')")
    await restored(fresh_address, await backup_of(filled))
    assert [row["id"] for row in (await contents(fresh_address))["signing_keys"]] == ["k1"]


@pytest.mark.parametrize("damage", ["cut off", "bits flipped", "not gzip", "another script", "lines lost", "end lost"])
async def test_a_damaged_backup_changes_nothing(filled: Address, fresh_address: Address, damage: str) -> None:
    backup = await backup_of(filled)
    script = gzip.decompress(backup)
    broken = {
        "cut off": backup[:-9],
        "bits flipped": backup[:-200] + bytes(255 - byte for byte in backup[-200:]),
        "not gzip": b"select 1;",
        "another script": gzip.compress(b"drop table doable.users;\n"),
        "lines lost": gzip.compress(re.sub(rb".*deadbeef00.*\n", b"", script)),
        "end lost": gzip.compress(script[: script.index(b"\\.\n")]),
    }[damage]
    await run(fresh_address, "insert into doable.users (id) values ('carol')")
    with pytest.raises(Misconfigured):
        await restored(fresh_address, broken, replace=True)
    assert [row["id"] for row in (await contents(fresh_address))["users"]] == ["carol"]


async def test_a_script_in_a_backup_is_not_run(filled: Address, fresh_address: Address) -> None:
    script = gzip.decompress(await backup_of(filled))
    evil = script.replace(b"begin;\n", b"begin;\ndrop table doable.tasks cascade;\n", 1)
    assert evil != script
    await restored(fresh_address, gzip.compress(evil))
    assert await contents(fresh_address) == await contents(filled)


async def test_what_a_backup_names_must_exist(filled: Address, fresh_address: Address) -> None:
    script = gzip.decompress(await backup_of(filled)).replace(b'doable."tasks"', b'doable."pg_authid"')
    with pytest.raises(Misconfigured, match="nothing was changed"):
        await restored(fresh_address, gzip.compress(script))


@pytest.mark.parametrize(
    ("version", "told"),
    [("9999", "made by a newer Doable"), ("0006", "from a version before the first release")],
)
async def test_a_backup_of_another_time_is_refused(
    filled: Address, empty_address: Address, version: str, told: str
) -> None:
    script = gzip.decompress(await backup_of(filled))
    other = re.sub(rb'"schema":"\d+"', f'"schema":"{version}"'.encode(), script, count=1)
    with pytest.raises(Misconfigured, match=told):
        await restored(empty_address, gzip.compress(other))


async def test_a_backup_of_other_tables_needs_an_empty_database(filled: Address, fresh_address: Address) -> None:
    backup = await backup_of(filled)
    await run(fresh_address, "update doable.alembic_version set version_num = '0000'")
    with pytest.raises(Misconfigured, match="restore into an empty database"):
        await restored(fresh_address, backup)


async def test_a_database_without_our_tables_can_not_be_backed_up(empty_address: Address) -> None:
    with pytest.raises(Misconfigured, match="has no tables of Doable"):
        await backup_of(empty_address)


@pytest.mark.usefixtures("superuser")
async def test_a_role_that_may_not_read_is_told_so(filled: Address) -> None:
    await run(filled, "drop role if exists doable_nobody; create role doable_nobody login")
    await run(filled, "grant usage on schema doable to doable_nobody")
    await run(filled, "grant select on doable.alembic_version to doable_nobody")
    with pytest.raises(Misconfigured, match="permission denied"):
        await backup_of(replace(filled, user="doable_nobody"))
    await run(filled, "drop owned by doable_nobody; drop role doable_nobody")


async def test_a_backup_is_one_moment_while_others_write(address: Address, fresh_address: Address) -> None:
    """Each user's counter, tasks and changes belong together, though the tables are read one after the other."""
    db = Database(address)
    await db.write("insert into doable.users (id) select 'u' || n from generate_series(1, 5) n")
    await db.write(
        "insert into doable.tasks (user_id, title) select 'u1', repeat('x', 200) from generate_series(1, 2000)"
    )
    await db.write("insert into doable.tasks (user_id, title) select id, 'first' from doable.users")
    is_done = asyncio.Event()

    async def write(user: str) -> None:
        while not is_done.is_set():
            await db.write("insert into doable.tasks (user_id, title) values ($1, 'x')", user)

    async with asyncio.TaskGroup() as group:
        for n in range(1, 6):
            group.create_task(write(f"u{n}"))
        backup = await backup_of(address)
        is_done.set()
    await db.close()
    await restored(fresh_address, backup)
    connection = await connect(fresh_address)
    rows = await connection.fetch(
        """
        select users.revision - 1000000000 as revision, count(tasks) as tasks, max(tasks.revision) as newest,
          (select count(*) from doable.changes where user_id = users.id) as changes
        from doable.users join doable.tasks on tasks.user_id = users.id group by users.id, users.revision
        """
    )
    await connection.close()
    assert len(rows) == 5
    assert all(row["revision"] == row["tasks"] == row["newest"] == row["changes"] for row in rows)


async def test_many_rows_pass_through_in_blocks(address: Address, fresh_address: Address) -> None:
    rows = 3 * BLOCK_BYTES // 200
    await run(address, "insert into doable.users (id) values ('alice')")
    db = Database(address)
    await db.write(
        "insert into doable.tasks (user_id, title) select 'alice', repeat('x', 200) from generate_series(1, $1)", rows
    )
    await db.close()
    told: list[tuple[str, int]] = []
    file = BytesIO()
    await back_up(address, file, lambda *so_far: told.append(so_far))
    assert ("tasks", rows) in told
    told.clear()
    file.seek(0)
    await restore(fresh_address, file, lambda *so_far: told.append(so_far))
    assert ("tasks", rows) in told
    assert len([table for table, _ in told if table == "tasks"]) > 3


async def test_psql_can_restore_it_too(filled: Address, fresh_address: Address) -> None:
    script = gzip.decompress(await backup_of(filled))
    assert filled.host is not None
    assert fresh_address.database is not None
    where = ["-h", filled.host, "-p", str(filled.port), "-U", str(filled.user), fresh_address.database]
    psql = await asyncio.create_subprocess_exec(
        BIN / "psql",
        *("-X", "-q", *where),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=os.environ | {"PGPASSWORD": filled.password or ""},
    )
    _, complaints = await psql.communicate(script)
    assert (psql.returncode, complaints) == (0, b"")
    assert await contents(fresh_address) == await contents(filled)
