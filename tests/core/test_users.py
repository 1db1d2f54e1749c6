import asyncio

import pytest

from doable.core.owners import Owners
from doable.core.tasks import TaskService
from doable.core.tokens import TokenService
from doable.core.users import UserService
from doable.errors import InsufficientScope, TokenInvalid
from doable.model import Actor, Scope, User
from doable.store.database import Database
from waits import until_blocked

ALICE, BOB = Actor("alice"), Actor("bob")


@pytest.fixture
def forgotten() -> list[str]:
    return []


@pytest.fixture
def service(db: Database, forgotten: list[str]) -> UserService:
    return UserService(db, forgotten.append, owners=Owners(provisions=True))


@pytest.fixture
def tasks(db: Database) -> TaskService:
    return TaskService(db, owners=Owners(provisions=True))


async def test_somebody_who_never_wrote_is_known_by_the_id_alone(service: UserService, db: Database) -> None:
    assert await service.get(ALICE) == User("alice", None, None, None, "monday", "09:00", "dmy", None)
    assert await db.read("select id from doable.users") == []


async def test_somebody_who_wrote_is_known_since_then(service: UserService, tasks: TaskService) -> None:
    task, _ = await tasks.create(ALICE, "alice", {"title": "Buy groceries"})
    user = await service.get(ALICE)
    assert user.created_at is not None
    assert user.created_at <= task.created_at


async def test_a_person_with_an_account_is_told_all_of_it(service: UserService, db: Database) -> None:
    await db.write(
        "insert into doable.users (id, email, name, time_zone) values ('alice', 'ada@x.com', 'Alice', 'Europe/Rome')"
    )
    user = await service.get(ALICE)
    assert (user.email, user.name, user.time_zone) == ("ada@x.com", "Alice", "Europe/Rome")


async def test_the_token_of_a_removed_account_tells_nobody(db: Database) -> None:
    with pytest.raises(TokenInvalid):
        await UserService(db, print, owners=Owners(provisions=False)).get(ALICE)


async def test_removing_a_user_removes_all_they_own_and_nothing_else(
    service: UserService, tasks: TaskService, db: Database, forgotten: list[str]
) -> None:
    tokens = TokenService(db, print, owners=Owners(provisions=True), most=100)
    for actor in (ALICE, BOB):
        await tasks.create(actor, actor.user_id, {"title": "Buy groceries"})
        await tokens.create(actor, {"name": "Script"})
    await service.remove(ALICE)
    assert forgotten == ["alice"]
    for table in ("tasks", "changes", "access_tokens"):
        rows = await db.read(f"select distinct user_id from doable.{table}")  # noqa: S608 - our own three names
        assert [row[0] for row in rows] == ["bob"]
    assert [row[0] for row in await db.read("select id from doable.users")] == ["bob"]
    await service.remove(ALICE)


async def test_removing_a_user_waits_for_their_writers_without_being_in_their_way(
    service: UserService, tasks: TaskService, db: Database
) -> None:
    """Every writer locks the task before its owner; a removal the other way round would deadlock with them."""
    await tasks.create(ALICE, "alice", {"title": "Buy groceries"})
    async with db.transaction() as writer:
        await writer.read("select id from doable.tasks where user_id = 'alice' for update")
        removal = asyncio.create_task(service.remove(ALICE))
        await until_blocked(db.read)
        await writer.read("select id from doable.users where id = 'alice' for update nowait")
        await writer.write("update doable.tasks set title = 'Buy more' where user_id = 'alice'")
    await removal
    assert await db.read("select user_id from doable.changes") == []


async def test_a_token_can_not_remove_its_user_but_may_ask_who_it_is(service: UserService, tasks: TaskService) -> None:
    await tasks.create(ALICE, "alice", {"title": "Buy groceries"})
    token = Actor("alice", frozenset({Scope.READ, Scope.WRITE}))
    assert (await service.get(token)).id == "alice"
    with pytest.raises(InsufficientScope):
        await service.remove(token)
    with pytest.raises(InsufficientScope):
        await service.get(Actor("alice", frozenset({Scope.WRITE})))
