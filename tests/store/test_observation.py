"""Statements by their names, for the log and for whoever counts."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest
from test_statements import STATEMENTS

from doable.core import forms
from doable.errors import UserNotFound
from doable.store import objects, tasks, users
from doable.store.address import Address
from doable.store.database import Database
from doable.store.observation import Observation, _names, name
from doable.store.views import ID, KEYS, Arguments, Order, Selection, _statement

Seen: TypeAlias = list[tuple[str, float, BaseException | None]]


@pytest.fixture
def seen() -> Seen:
    return []


@pytest.fixture
async def watched(address: Address, seen: Seen) -> AsyncIterator[Database]:
    def see(name: str, seconds: float, error: BaseException | None) -> None:
        seen.append((name, seconds, error))

    db = Database(address, observation=Observation(slow=0.05, observers=[see]))
    yield db
    await db.close()


def slow(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [record.__dict__["facts"] for record in caplog.records if record.message == "Slow statement"]


@pytest.mark.parametrize("constant", STATEMENTS)
def test_a_statement_is_called_as_its_constant(constant: str) -> None:
    called = name(STATEMENTS[constant])
    assert constant == called or constant.startswith(f"{called}.") or STATEMENTS[called] == STATEMENTS[constant]


def test_a_statement_that_is_no_constant_has_no_name_of_its_own() -> None:
    assert name("select 42") == "other"


def test_what_is_made_for_a_request_has_one_name_and_is_not_remembered() -> None:
    orders = [Order(KEYS["created"][0], is_descending=True), Order(ID, is_descending=True)]
    for condition in ("user_id = $1", "user_id = $1 and true"):
        statement = _statement(
            Selection({}, [condition], ["alice"], is_narrow=False, orders=orders, best=None),
            None,
            1,
            Arguments("alice"),
        )
        assert name(statement) == "views.page"
        assert statement not in _names


async def test_every_statement_is_told_also_in_a_transaction(watched: Database, seen: Seen) -> None:
    await users.provision(watched, "alice")
    async with watched.transaction() as tx:
        await objects.create(tx, objects.TASKS, "alice", forms.TASK.new({"title": "Buy groceries"}))
    assert await objects.find(watched, objects.TASKS, "alice", 0) is None
    assert [name for name, _, _ in seen] == ["users.PROVISION", "objects.CREATE", "objects.FIND"]
    assert all(0 < seconds < 20 and error is None for _, seconds, error in seen)


async def test_a_refusal_of_the_database_is_an_answer_and_breaking_off_is_not(watched: Database, seen: Seen) -> None:
    with pytest.raises(UserNotFound):
        await watched.write("insert into doable.tasks (user_id, title) values ('nobody', 'x')")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await watched.read("select 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with watched.transaction() as tx:
            await tx.read("select 1 / 0")
    assert [(name, type(error)) for name, _, error in seen] == [
        ("other", type(None)),
        ("other", asyncpg.DivisionByZeroError),
        ("other", asyncpg.DivisionByZeroError),
    ]


async def test_a_slow_statement_is_logged_by_its_name_and_never_with_its_values(
    watched: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "WAIT", "select pg_sleep($1), $2::text", raising=False)
    await watched.read(tasks.WAIT, 0.06, "a secret")  # type: ignore[attr-defined]
    await watched.read(objects.FIND["task"], "a secret", 1)
    (facts,) = slow(caplog)
    assert facts["statement"] == "tasks.WAIT"
    assert isinstance(facts["ms"], float)
    assert 60 <= facts["ms"] < 20_000
    assert "secret" not in caplog.text


async def test_what_takes_too_long_is_slow_too(watched: Database, seen: Seen, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await watched.read("select pg_sleep(60)")
    (facts,) = slow(caplog)
    assert facts["statement"] == "other"
    ((_, seconds, error),) = seen
    assert seconds >= 0.05
    assert isinstance(error, asyncio.CancelledError)


async def test_nothing_is_slow_unless_somebody_says_so(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await db.read("select pg_sleep(0.1)")
    assert not slow(caplog)
