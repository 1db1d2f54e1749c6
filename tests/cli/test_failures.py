"""No command ends in a traceback, but for a mistake of ours."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from commands import Doable
from doable.cli import doctor
from doable.store.address import Address
from doable.store.connection import connect
from processes import database_url


def is_one_sentence(text: str) -> bool:
    return text.startswith("doable: ") and text.count("\n") == 1


def raising(error: Exception) -> Callable[..., object]:
    def fail(*_: object) -> object:
        raise error

    return fail


def execute(address: Address, *statements: str) -> None:
    async def run() -> None:
        connection = await connect(address)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


@pytest.fixture
def powerless(fresh_address: Address) -> Iterator[Address]:
    """The database for a role that may enter it and nothing else."""
    name = f"{fresh_address.database}_powerless"
    execute(fresh_address, f"create role {name} login password 'secret'")
    yield replace(fresh_address, user=name, password="secret")
    execute(fresh_address, f"drop owned by {name}", f"drop role {name}")


@pytest.mark.usefixtures("superuser")
def test_a_role_without_rights_is_told_what_it_lacks(doable: Doable, powerless: Address) -> None:
    url = database_url(powerless)
    sentence = "refuses a query of Doable (permission denied for schema doable); give the role its rights"
    for command in (["serve"], ["migrate"], ["user", "list"]):
        ended = doable(*command, DATABASE_URL=url)
        assert (ended.exit_code, is_one_sentence(ended.stderr)) == (2, True)
        assert sentence in ended.stderr
    looked = doable("doctor", DATABASE_URL=url)
    assert (looked.exit_code, f"WRONG  database  The database {powerless} {sentence}" in looked.stdout) == (1, True)


@pytest.mark.usefixtures("superuser")
def test_a_role_that_may_not_migrate_is_told_who_may(
    doable: Doable, powerless: Address, fresh_address: Address
) -> None:
    execute(fresh_address, "drop schema doable cascade")
    ended = doable("migrate", DATABASE_URL=database_url(powerless))
    assert (ended.exit_code, is_one_sentence(ended.stderr)) == (2, True)
    assert "refuses the migration (permission denied for database" in ended.stderr
    assert "migrate as the role that owns" in ended.stderr


@pytest.mark.usefixtures("superuser")
def test_a_statement_that_is_refused_is_told(doable: Doable, powerless: Address, fresh_address: Address) -> None:
    execute(
        fresh_address,
        f"grant usage on schema doable to {powerless.user}",
        f"grant select on doable.alembic_version to {powerless.user}",
    )
    ended = doable("user", "list", DATABASE_URL=database_url(powerless))
    assert (ended.exit_code, is_one_sentence(ended.stderr)) == (1, True)
    assert "The database refused this: permission denied for table" in ended.stderr


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
@pytest.mark.usefixtures("superuser")
def test_a_database_that_can_not_hold_every_character_is_refused(
    doable: Doable, address: Address, encoding: str
) -> None:
    name = f"{address.database}_{encoding}".lower()
    execute(address, f"create database {name} encoding '{encoding}' locale 'C' template template0")
    url = database_url(replace(address, database=name))
    sentence = f"stores text as {encoding}, which can't hold every character; make one with `create database"
    for command in ("serve", "migrate"):
        ended = doable(command, DATABASE_URL=url)
        assert (ended.exit_code, is_one_sentence(ended.stderr), sentence in ended.stderr) == (2, True, True)
    assert sentence in (doable("doctor", DATABASE_URL=url)).stdout
    execute(address, f"drop database {name} with (force)")


@pytest.mark.usefixtures("superuser")
def test_a_server_that_refuses_us_is_not_one_that_is_away(doable: Doable, address: Address) -> None:
    for wrong in (replace(address, user="nobody_here"), replace(address, database="nothing_here")):
        ended = doable("serve", DATABASE_URL=database_url(wrong))
        assert (ended.exit_code, is_one_sentence(ended.stderr)) == (2, True)
        assert "refuses the connection (" in ended.stderr
        assert "does not exist); check the user, the password" in ended.stderr


@pytest.mark.parametrize(
    ("directory", "sentence"),
    [
        ("~nobody-here/data", "There is no home directory for the data"),
        (os.fsdecode(b"/tmp/\xff"), "DOABLE_DATA_DIR is not valid UTF-8"),
    ],
)
def test_a_path_that_is_none_is_named(doable: Doable, directory: str, sentence: str) -> None:
    for command in (["serve"], ["migrate"], ["user", "list"], ["backup", "-"]):
        ended = doable(*command, DOABLE_DATA_DIR=directory)
        assert (ended.exit_code, is_one_sentence(ended.stderr), sentence in ended.stderr) == (2, True, True)


def test_who_has_no_home_is_told_to_choose_a_directory(doable: Doable, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user that only exists as a number, in a container."""
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    ended = doable("serve")
    assert (ended.exit_code, is_one_sentence(ended.stderr)) == (2, True)
    assert "There is no home directory for the data" in ended.stderr


@pytest.mark.parametrize("path", [os.fsdecode(b"/nonexistent/\xff"), "/dev/full"])
def test_a_file_that_can_not_be_written_is_named(doable: Doable, url: str, path: str) -> None:
    ended = doable("backup", path, DATABASE_URL=url)
    assert (ended.exit_code, is_one_sentence(ended.stderr.splitlines(keepends=True)[-1])) == (2, True)
    assert "can't be written" in ended.stderr


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (PermissionError(13, "Permission denied", "/proc/x"), "/proc/x: Permission denied"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(
    doable: Doable, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    monkeypatch.setattr(doctor, "examine", raising(error))
    ended = doable("doctor")
    assert (ended.exit_code, ended.stderr) == (1, f"doable: {sentence}\n")


def test_a_mistake_of_ours_says_where_to_report_it(doable: Doable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", raising(ZeroDivisionError("division by zero")))
    ended = doable("doctor")
    assert ended.exit_code == 1
    assert ended.stderr.startswith("Traceback (most recent call last):\n")
    assert "ZeroDivisionError: division by zero\ndoable: This is a mistake in Doable" in ended.stderr
