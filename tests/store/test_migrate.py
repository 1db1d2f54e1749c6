"""Bringing the schema to where the code is."""

import asyncio
import re
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from doable.store import migrate, version
from doable.store.address import Address
from doable.store.database import Database
from doable.store.version import KNOWN, MIGRATIONS, Version


async def test_ten_at_once_migrate_once(empty_address: Address) -> None:
    found = await asyncio.gather(*(migrate.upgrade(empty_address) for _ in range(10)))
    assert sorted(one.present or "" for one in found) == ["", *[KNOWN[-1]] * 9]
    look = Database(empty_address)
    assert len(await look.read("select id from doable.installation")) == 1
    await look.close()


async def test_tasks_that_were_complete_before_it_was_noted_get_the_time_from_history(fresh_address: Address) -> None:
    db = Database(fresh_address)
    await db.write("insert into doable.users (id) values ('alice')")
    for title in ("open", "done", "old"):
        await db.write("insert into doable.tasks (user_id, title) values ('alice', $1)", title)
    await db.write("update doable.tasks set status = 'complete' where title <> 'open'")
    await db.write("update doable.tasks set description = 'later' where title <> 'open'")
    await db.write("delete from doable.changes where object_id in (select id from doable.tasks where title = 'old')")
    migration = import_module("doable.store.migrations.versions.0101_uid_priority_dates")
    async with db.transaction() as tx:
        await tx.execute("alter table doable.tasks disable trigger user")
        await tx.execute("update doable.tasks set completed_at = null")
        await tx.execute(migration.COMPLETED)
        await tx.execute("alter table doable.tasks enable trigger user")
    rows = await db.read("select title, completed_at, updated_at from doable.tasks order by title")
    (_, done, changed), (_, old, old_changed), (_, none, _) = rows
    assert none is None
    assert done < changed
    assert old == old_changed
    await db.close()


async def test_what_the_schema_has_and_the_database_lacks_becomes_a_migration(
    fresh_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy)
    monkeypatch.setattr(migrate, "MIGRATIONS", copy)
    look = Database(fresh_address)
    await look.write("alter table doable.tasks drop column description")
    await look.write("comment on function doable.count_change is 'of an older text'")
    await look.write("create function doable.spare() returns int language sql return 1")
    await look.close()
    await migrate.create_revision(fresh_address, "Bring it back")
    made = copy / "versions" / f"{int(KNOWN[-1]) + 1:04}_bring_it_back.py"
    assert re.search("op.add_column.*description", made.read_text())
    monkeypatch.setattr(version, "KNOWN", (*KNOWN, made.name[:4]))
    await migrate.upgrade(fresh_address)
    await migrate.require_same(fresh_address)


def test_a_version_knows_where_it_stands() -> None:
    assert Version(KNOWN[-1]).is_current
    assert not Version(KNOWN[-1]).is_newer
    assert not Version(None).is_current
    assert Version("zzzz").is_newer
    assert not Version("zzzz").is_too_old
    assert Version("0006").is_too_old
    assert not Version("0006").is_newer
    assert not Version("0006").can_be_migrated
