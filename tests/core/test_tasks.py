"""TaskService against the same rules in plain Python."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

import strategies
from doable.core import forms
from doable.core.owners import Owners
from doable.core.tasks import TaskService
from doable.errors import DoableError, InsufficientScope, Invalid, NotYours, Stale, TaskNotFound, TokenInvalid
from doable.fields import Write, inputs
from doable.model import COMPLETE, INCOMPLETE, Actor, Scope, Task
from doable.store import objects, users
from doable.store.address import Address
from doable.store.database import Database, Executor

T = TypeVar("T")

OWNERS = ("alice", "bob")
ALICE = Actor("alice")
# These depend on other objects, and what recurs moves on: tests/rest/test_lists_and_labels.py, test_recurring_tasks.py.
AMONG_OTHERS = {"list_id", "parent_id", "labels", "recurrence"}
NEW, EDITS, PATCHES = (
    words.map(lambda said: {name: value for name, value in said.items() if name not in AMONG_OTHERS})
    for words in (strategies.new(Task), strategies.edits(Task), strategies.edits(Task, Write.PATCH))
)
EDITS, PATCHES = EDITS.filter(bool), PATCHES.filter(bool)
EXPECTED = st.sampled_from(["any", "current", "stale", "several", "none"])


class Comparison(RuleBasedStateMachine):
    """The model: each owner's tasks by number, in the order of their making, and one counter for each owner."""

    runner: asyncio.Runner
    db: Database
    service: TaskService
    made = Bundle("made")

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize()
    def begin(self) -> None:
        self.run(self.db.write("delete from doable.users"))
        self.tasks: dict[str, dict[int, Task]] = {owner: {} for owner in OWNERS}
        self.revisions = dict.fromkeys(OWNERS, 0)

    def changed(self, owner: str, task: Task, **fields: object) -> None:
        """The service answered `task`; it must be the model's with these fields, counted if that is a change."""
        before = self.tasks[owner][task.id]
        if all(getattr(before, name) == value for name, value in fields.items()):
            assert task == before
            return
        self.revisions[owner] += 1
        assert task.updated_at > before.updated_at
        values = {name: getattr(before, name) for name in Task.__struct_fields__}
        stamps = {"updated_at": task.updated_at, "revision": self.revisions[owner]}
        if fields.get("status", before.status) != before.status:
            stamps["completed_at"] = task.updated_at if fields["status"] == COMPLETE else None
        assert task == Task(**{**values, **fields, **stamps})
        self.tasks[owner][task.id] = task

    def refusal(self, owner: str, number: int, wish: str) -> tuple[list[int] | None, type[DoableError] | None]:
        """What `if_match` to send, and how the service must refuse."""
        task = self.tasks[owner].get(number)
        revision = task.revision if task else 1
        wishes = {
            "any": None,
            "current": [revision],
            "stale": [revision + 1, revision - 1],
            "several": [revision + 1, revision],
            "none": [],
        }
        if task is None:
            return wishes[wish], TaskNotFound
        return wishes[wish], Stale if wish in {"stale", "none"} else None

    def attempt(
        self, owner: str, number: int, error: type[DoableError] | None, work: Coroutine[Any, Any, T]
    ) -> T | None:
        """Do it; None when it was refused as it had to be."""
        if error is None:
            return self.run(work)
        with pytest.raises(error) as refused:
            self.run(work)
        if isinstance(refused.value, Stale):
            assert refused.value.current == self.tasks[owner][number]
        return None

    @rule(target=made, owner=st.sampled_from(OWNERS), words=NEW)
    def create(self, owner: str, words: dict[str, Any]) -> tuple[str, int]:
        same = [task for task in self.tasks[owner].values() if task.uid and task.uid == words.get("uid")]
        task, is_new = self.run(self.service.create(Actor(owner), owner, words))
        assert is_new is not bool(same)
        if same:
            assert [task] == same
            return owner, task.id
        self.revisions[owner] += 1
        settable = dict.fromkeys(field.name for field, _ in inputs(Task, Write.CREATE))
        values = settable | strategies.stored(Task, words)
        assert {name: getattr(task, name) for name in values} == values
        assert (task.user_id, task.status, task.revision) == (owner, INCOMPLETE, self.revisions[owner])
        assert task.created_at == task.updated_at
        assert task.id not in self.tasks["alice"] | self.tasks["bob"]
        self.tasks[owner][task.id] = task
        return owner, task.id

    @rule(target=made, owner=st.sampled_from(OWNERS), number=st.sampled_from([1, 2**63 - 1]))
    def think_of_one(self, owner: str, number: int) -> Any:
        return (owner, number) if number not in self.tasks[owner] else multiple()

    @rule(one=made, edit=EDITS, wish=EXPECTED)
    def update(self, one: tuple[str, int], edit: dict[str, Any], wish: str) -> None:
        owner, number = one
        if_match, error = self.refusal(owner, number, wish)
        work = self.service.update(Actor(owner), owner, number, edit, if_match=if_match)
        if task := self.attempt(owner, number, error, work):
            self.changed(owner, task, **strategies.stored(Task, edit))

    @rule(one=made, edit=PATCHES, wish=EXPECTED)
    def patch(self, one: tuple[str, int], edit: dict[str, Any], wish: str) -> None:
        owner, number = one
        if_match, error = self.refusal(owner, number, wish)
        work = self.service.patch(Actor(owner), owner, number, edit, if_match=if_match)
        if task := self.attempt(owner, number, error, work):
            self.changed(owner, task, **strategies.stored(Task, edit))

    @rule(one=made, status=st.sampled_from([COMPLETE, INCOMPLETE]), wish=EXPECTED)
    def set_status(self, one: tuple[str, int], status: str, wish: str) -> None:
        owner, number = one
        if_match, error = self.refusal(owner, number, wish)
        act = self.service.complete if status == COMPLETE else self.service.reopen
        if task := self.attempt(owner, number, error, act(Actor(owner), owner, number, if_match=if_match)):
            self.changed(owner, task, status=status)

    @rule(one=made, wish=EXPECTED)
    def delete(self, one: tuple[str, int], wish: str) -> None:
        owner, number = one
        if_match, error = self.refusal(owner, number, wish)
        self.attempt(owner, number, error, self.service.delete(Actor(owner), owner, number, if_match=if_match))
        if error is None:
            self.revisions[owner] += 1
            del self.tasks[owner][number]

    @rule(one=made)
    def get(self, one: tuple[str, int]) -> None:
        owner, number = one
        error = None if number in self.tasks[owner] else TaskNotFound
        assert self.attempt(owner, number, error, self.service.get(Actor(owner), owner, number)) == (
            self.tasks[owner].get(number)
        )

    @rule(one=made, words=strategies.faulty(Task))
    def write_nonsense(self, one: tuple[str, int], words: dict[str, object]) -> None:
        owner, number = one
        for work in (
            self.service.create(Actor(owner), owner, words),
            self.service.update(Actor(owner), owner, number, words),
        ):
            with pytest.raises(Invalid):
                self.run(work)

    @rule(one=made, scopes=st.sampled_from([frozenset(), frozenset({Scope.READ}), frozenset({Scope.ACCOUNT})]))
    def do_what_one_may_not(self, one: tuple[str, int], scopes: frozenset[Scope]) -> None:
        owner, number = one
        stranger, weak = Actor("eve"), Actor(owner, scopes)
        for actor, error in ((stranger, NotYours), (weak, InsufficientScope)):
            for work in (
                self.service.create(actor, owner, {"title": "x"}),
                self.service.update(actor, owner, number, {"title": "x"}),
                self.service.complete(actor, owner, number),
                self.service.reopen(actor, owner, number),
                self.service.delete(actor, owner, number),
            ):
                with pytest.raises(error):
                    self.run(work)
        for reader in (stranger, *([weak] if Scope.READ not in scopes else [])):
            for work in (
                self.service.get(reader, owner, number),
                self.service.list(reader, owner),
                self.service.version(reader, owner),
            ):
                with pytest.raises((NotYours, InsufficientScope)):
                    self.run(work)

    @rule(owner=st.sampled_from(OWNERS), status=st.sampled_from([None, COMPLETE, INCOMPLETE]), limit=st.integers(1, 3))
    def read_in_pages(self, owner: str, status: str | None, limit: int) -> None:
        seen: list[Task] = []
        cursor = None
        while True:
            by = {} if status is None else {"status": status}
            work = self.service.list(Actor(owner), owner, by=by, cursor=cursor, limit=limit)
            page = self.run(work)
            assert page.version == self.run(self.service.version(Actor(owner), owner))
            seen += page.tasks
            if page.next is None:
                break
            assert len(page.tasks) == limit
            cursor = page.next
        assert seen == [task for task in self.newest_first(owner) if status in {None, task.status}]

    def newest_first(self, owner: str) -> list[Task]:
        return list(self.tasks[owner].values())[::-1]

    @invariant()
    def lists_are_the_models(self) -> None:
        for owner in getattr(self, "tasks", ()):
            assert self.run(self.service.list(Actor(owner), owner)).tasks == self.newest_first(owner)


@pytest.fixture
def runner(address: Address):  # noqa: ANN201
    """An event loop for the machine's own steps, with a database in it."""
    with asyncio.Runner() as runner:
        Comparison.runner = runner
        Comparison.db = Database(address)
        Comparison.service = TaskService(Comparison.db, owners=Owners(provisions=True))
        yield runner
        runner.run(Comparison.db.close())


@pytest.mark.usefixtures("runner")
def test_the_service_does_what_the_model_does() -> None:
    run_state_machine_as_test(
        Comparison, settings=settings(max_examples=25, stateful_step_count=25, deadline=None, derandomize=True)
    )


async def test_without_an_issuer_elsewhere_nobody_is_made_by_writing(db: Database) -> None:
    service = TaskService(db, owners=Owners(provisions=False))
    with pytest.raises(TokenInvalid):
        await service.create(ALICE, "alice", {"title": "x"})
    assert await db.read("select id from doable.users") == []


async def test_two_first_writes_at_once_make_one_user(db: Database) -> None:
    service = TaskService(db, owners=Owners(provisions=True))
    made = await asyncio.gather(*(service.create(ALICE, "alice", {"title": str(n)}) for n in range(8)))
    assert sorted(task.revision for task, _ in made) == list(range(1, 9))


async def test_a_list_of_somebody_who_has_written_nothing_is_empty(db: Database) -> None:
    service = TaskService(db, owners=Owners(provisions=True))
    page = await service.list(ALICE, "alice")
    assert (page.tasks, page.next) == ([], None)
    assert await db.read("select id from doable.users") == []


async def test_what_is_no_status_is_refused(db: Database) -> None:
    with pytest.raises(Invalid, match="Invalid status value"):
        await TaskService(db, owners=Owners(provisions=True)).narrow(ALICE, "alice", {"status": "done"})


class Interrupted:
    """The database, where somebody creates a task as soon as a first statement has read."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._is_first = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def read(self, statement: str, *args: object) -> list[Any]:
        rows = await self._db.read(statement, *args)
        if self._is_first:
            self._is_first = False
            await users.provision(self._db, "alice")
            await objects.create(self._db, objects.TASKS, "alice", forms.TASK.new({"title": "just now"}))
        return rows


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
async def test_a_list_and_its_version_are_of_one_moment(db: Database, *, known: bool) -> None:
    """With a version that is newer than the list, a client would keep a list that lacks the task."""
    if known:
        await users.provision(db, "alice")
    interrupted: Executor = Interrupted(db)
    page = await TaskService(interrupted, owners=Owners(provisions=True)).list(ALICE, "alice")
    service = TaskService(db, owners=Owners(provisions=True))
    assert (page.tasks, page.next) == ([], None)
    assert page.version != await service.version(ALICE, "alice")
    page = await service.list(ALICE, "alice")
    assert ([task.title for task in page.tasks], page.version) == (["just now"], await service.version(ALICE, "alice"))
    assert await service.list(ALICE, "alice", by={"status": COMPLETE}) == msgspec.structs.replace(page, tasks=[])
