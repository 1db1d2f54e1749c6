"""Bringing the schema to where the code is."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from doable.store import migrate
from doable.store.address import Address
from doable.store.database import Database
from doable.store.version import KNOWN, MIGRATIONS, Version


async def test_ten_at_once_migrate_once(empty_address: Address) -> None:
    found = await asyncio.gather(*(migrate.upgrade(empty_address) for _ in range(10)))
    assert sorted(version.present or "" for version in found) == ["", *[KNOWN[-1]] * 9]
    look = Database(empty_address)
    assert len(await look.read("select id from doable.installation")) == 1
    await look.close()


async def test_what_the_schema_has_and_the_database_lacks_becomes_a_migration(
    fresh_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy)
    monkeypatch.setattr(migrate, "MIGRATIONS", copy)
    look = Database(fresh_address)
    await look.write("alter table doable.tasks drop column description")
    await look.close()
    await migrate.create_revision(fresh_address, "Bring it back")
    (made,) = (path for path in (copy / "versions").glob("*.py") if not (MIGRATIONS / "versions" / path.name).exists())
    assert re.search("op.add_column.*description", made.read_text())


def test_a_version_knows_where_it_stands() -> None:
    assert Version(KNOWN[-1]).is_current
    assert not Version(KNOWN[-1]).is_newer
    assert not Version(None).is_current
    assert Version("zzzz").is_newer
