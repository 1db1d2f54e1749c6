"""A new type of objects is one entry of the registry."""

from typing import Annotated

import msgspec
import pytest

from doable.core.changes import ChangeService
from doable.core.feed import Feed
from doable.core.owners import Owners
from doable.fields import Shown
from doable.model import Actor, Removed, Task
from doable.store import changes
from doable.store.address import Address
from doable.store.columns import Columns
from doable.store.database import Database
from doable.store.objects import OBJECTS, ObjectType


class Thing(msgspec.Struct, frozen=True):
    revision: Annotated[int, Shown("", 1)]
    colour: Annotated[str, Shown("", "red")]
    id: Annotated[int, Shown("", 1)]


MAKE = """
create table doable.things (user_id text, id bigint, colour text, revision bigint, primary key (user_id, id));
insert into doable.users (id, revision) values ('alice', 10);
insert into doable.things values ('alice', 1, 'red', 11), ('alice', 7, 'blue', 14);
alter table doable.tasks disable trigger user;
insert into doable.tasks (user_id, title, created_at, updated_at, revision, position)
  values ('alice', 'x', now(), now(), 12, 'a1');
alter table doable.tasks enable trigger user;
insert into doable.changes (user_id, revision, type, object_id, kind, at, actor)
  values ('alice', 13, 'thing', 5, 'deleted', now(), 'alice');
update doable.users set revision = 14 where id = 'alice'
"""


async def test_a_new_type_is_one_entry(fresh_address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database(fresh_address)
    async with db.transaction() as transaction:
        await transaction._connection.execute(MAKE)
    monkeypatch.setitem(OBJECTS, "thing", ObjectType("thing", "things", Columns(Thing)))  # type: ignore[arg-type]
    monkeypatch.setattr(changes, "SYNC", changes.sync_statement(OBJECTS))
    monkeypatch.setattr(changes, "_MAKERS", changes.makers(OBJECTS))
    _, found = await changes.sync(db, "alice", 0, 10, 10)
    assert [revision for revision, _ in found] == [11, 12, 13, 14]
    red, task, removed, blue = (one for _, one in found)
    assert (red, removed, blue) == (Thing(11, "red", 1), Removed("thing", 5), Thing(14, "blue", 7))
    assert isinstance(task, Task)
    service = ChangeService(db, Feed(db, most=1, most_of_one=1), owners=Owners(provisions=True))
    delta = await service.sync(Actor("alice"), "alice")
    assert delta.present == {"tasks": [task], "lists": [], "labels": [], "filters": [], "things": [red, blue]}
    await db.close()
