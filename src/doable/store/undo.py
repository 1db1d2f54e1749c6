"""Takes an operation back, with the old values in the log of changes.

An operation is the changes from one revision to another one. Its objects are locked (`locks.take`).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from doable.store.database import Executor, Transaction
from doable.store.objects import OBJECTS, ObjectType
from doable.store.trash import KINDS as TRASHED


class Span(NamedTuple):
    """The first and the last change of an operation; `began` is None if the change is not in the log.

    `revision` and `floor` are those of the user.
    """

    revision: int
    floor: int
    began: int | None
    ended: int


class Step(NamedTuple):
    """What happened to an object in an operation."""

    type: str
    id: int
    what: str


CREATED: Final = "created"
CHANGED: Final = "changed"
TRASH: Final = "trashed"
RESTORED: Final = "restored"
DELETED: Final = "deleted"  # permanently

SPAN = """
-- The operation that made change $2: its changes follow one another.
select
  users.revision, users.floor, told.began,
  coalesce(
    (
      select min(changes.revision) - 1
      from doable.changes
      where user_id = $1 and changes.revision > told.began and operation is distinct from told.began
    ),
    users.revision
  )
from doable.users
left join (
  select coalesce(operation, revision) as began from doable.changes where user_id = $1 and revision = $2
) as told on true
where id = $1
"""


async def span(tx: Executor, user_id: str, revision: int) -> Span | None:
    """None if the user does not exist."""
    row = await tx.read_one(SPAN, user_id, revision)
    return Span(*row) if row else None


_IN: Final = "changes.user_id = $1 and changes.revision between $2 and $3"

STEPS = f"""
select type, object_id, case
    when kind = 'created' then '{CREATED}'
    when undo ? 'id' then '{DELETED}'
    when kind = 'deleted' then '{TRASH}'
    when undo ? 'deleted_at' then '{RESTORED}'
    else '{CHANGED}'
  end
from doable.changes
where {_IN}
order by revision
"""


async def steps(tx: Executor, user_id: str, span: Span) -> list[Step]:
    return [Step(*row) for row in await tx.read(STEPS, user_id, span.began, span.ended)]


CHANGED_SINCE = f"""
-- Columns that the operation changed and that later changes have changed too. A creation changes whether the object is
-- there: so do later changes with these two columns.
select distinct changes.type, changes.object_id, key
from doable.changes, jsonb_object_keys(coalesce(undo, '{{"id": 0, "deleted_at": 0}}')) as key
where {_IN} and key not in ('revision', 'updated_at') and exists (
  select 1 from doable.changes as later
  where later.user_id = $1 and later.type = changes.type and later.object_id = changes.object_id
    and later.revision > $3 and coalesce(later.undo, '{{"id": 0, "deleted_at": 0}}') ? key
)
order by changes.type, changes.object_id, key
limit 1000
"""


async def changed_since(tx: Executor, user_id: str, span: Span) -> list[tuple[str, int, str]]:
    """Type, id and column of what has changed since the operation."""
    return [(row[0], row[1], row[2]) for row in await tx.read(CHANGED_SINCE, user_id, span.began, span.ended)]


IN_TRASH = f"""
-- A task in the trash that the operation moved: where it is now says what it comes back with.
select object_id
from doable.changes join doable.tasks on tasks.user_id = $1 and tasks.id = object_id and deleted_at is not null
where {_IN} and type = 'task' and kind = 'updated' and undo ?| array['list_id', 'parent_id'] and not undo ? 'deleted_at'
limit 1
"""


async def in_trash(tx: Executor, user_id: str, span: Span) -> int | None:
    """The id of a task that the operation moved and that is in the trash now."""
    rows = await tx.read(IN_TRASH, user_id, span.began, span.ended)
    return rows[0][0] if rows else None


NAMES = f"""
-- The names of labels that tasks get back, without those of labels that come back too.
select name
from doable.changes, jsonb_array_elements_text(coalesce(nullif(undo -> 'labels', 'null'), '[]')) as name
where {_IN} and type = 'task' and kind = 'updated'
except
select undo ->> 'name' from doable.changes where {_IN} and type = 'label'
"""


async def names(tx: Executor, user_id: str, span: Span) -> list[str]:
    return [row[0] for row in await tx.read(NAMES, user_id, span.began, span.ended)]


def _taken(kind: ObjectType) -> str:
    # The hidden columns of what has no trash are unique.
    same = ["uid = undo ->> 'uid'", *([f"{name} = undo ->> '{name}'" for name in kind.columns.hidden])]
    return f"""
-- Another object has what must be unique, and what an object of the operation had.
select {kind.table}.id
from doable.changes join doable.{kind.table}
  on {kind.table}.user_id = $1 and {kind.table}.id <> object_id and ({" or ".join(same)})
where {_IN} and type = '{kind.name}'
limit 1
"""


TAKEN = {kind.name: _taken(kind) for kind in OBJECTS.values() if not kind.has_trash}


async def is_taken(tx: Executor, user_id: str, span: Span) -> bool:
    """Whether another object took the name or the `uid` of one that would come back."""
    for statement in TAKEN.values():
        if await tx.read(statement, user_id, span.began, span.ended):
            return True
    return False


INSERT = {
    kind.name: f"""
-- What has no trash comes back as it was, with its id.
insert into doable.{kind.table} (user_id, id, created_at, {kind.columns.changed()})
select $1, old.id, old.created_at, {kind.columns.changed("old")}
from doable.changes, jsonb_populate_record(null::doable.{kind.table}, undo) as old
where {_IN} and type = '{kind.name}' and undo ? 'id'
"""
    for kind in OBJECTS.values()
    if not kind.has_trash
}


async def insert(tx: Executor, user_id: str, span: Span) -> None:
    for statement in INSERT.values():
        await tx.write(statement, user_id, span.began, span.ended)


UPDATE = {
    kind.name: f"""
-- Each object of the operation gets its oldest values. The trash is not for this statement.
update doable.{kind.table}
set ({kind.columns.changed()}) = (
  select {kind.columns.changed("old")} from jsonb_populate_record({kind.table}, before.columns) as old
)
from (
  select object_id, jsonb_object_agg(key, value order by revision desc) as columns
  from doable.changes, jsonb_each(undo)
  where {_IN} and type = '{kind.name}' and kind = 'updated' and not undo ? 'deleted_at'
  group by object_id
) as before
where {kind.table}.user_id = $1 and {kind.table}.id = before.object_id
"""
    for kind in OBJECTS.values()
}


async def update(tx: Executor, user_id: str, span: Span) -> None:
    """Raises Invalid when a list or a parent does not exist any more."""
    transaction = cast(Transaction, tx)
    await transaction.tell(undo="on")
    for statement in UPDATE.values():
        await tx.write(statement, user_id, span.began, span.ended)
    await transaction.tell(undo="")


RENAMED = f"""
-- The lists and labels that the operation renamed: the mark of their type in filters, their present and their old name.
select distinct on (changes.type, object_id)
  case changes.type when 'list' then '#' else '@' end, coalesce(lists.name, labels.name), undo ->> 'name'
from doable.changes
left join doable.lists on changes.type = 'list' and lists.user_id = $1 and lists.id = object_id
left join doable.labels on changes.type = 'label' and labels.user_id = $1 and labels.id = object_id
where {_IN} and changes.type in ('list', 'label') and kind = 'updated' and undo ? 'name'
order by changes.type, object_id, changes.revision
"""


async def renamed(tx: Executor, user_id: str, span: Span) -> list[tuple[str, str, str]]:
    return [(row[0], row[1], row[2]) for row in await tx.read(RENAMED, user_id, span.began, span.ended)]


ROOTS = {
    kind.name: f"""
select id from doable.{kind.table}
where user_id = $1 and deleted_with = id
  and id in (select object_id from doable.changes where {_IN} and type = '{kind.name}')
"""
    for kind in TRASHED.values()
}


async def roots(tx: Executor, kind: ObjectType, user_id: str, span: Span) -> list[int]:
    """The ids of what the operation moved to the trash, without what went with it."""
    return [row[0] for row in await tx.read(ROOTS[kind.name], user_id, span.began, span.ended)]


CARRY = """
-- Subtasks go to the list of their parent. Each time one level more; no row when they are all there.
update doable.tasks as sub set list_id = parent.list_id
from doable.tasks as parent
where sub.user_id = $1 and parent.user_id = $1 and sub.parent_id = parent.id and sub.deleted_at is null
  and parent.id = any($2) and sub.list_id is distinct from parent.list_id
returning sub.id
"""


async def carry(tx: Executor, user_id: str, ids: Sequence[int]) -> None:
    while ids:
        ids = [row[0] for row in await tx.write(CARRY, user_id, ids)]


MISPLACED = """
-- A living task among $2, or below one of them, whose list or parent is in the trash, or that is too deep, or below
-- itself.
with recursive below as (
  select id, list_id, parent_id from doable.tasks where user_id = $1 and id = any($2) and deleted_at is null
  union
  select tasks.id, tasks.list_id, tasks.parent_id
  from below join doable.tasks on tasks.user_id = $1 and tasks.parent_id = below.id and tasks.deleted_at is null
),
above as (
  select id, parent_id, 1 as level from below
  union all
  select above.id, tasks.parent_id, above.level + 1
  from above join doable.tasks on tasks.user_id = $1 and tasks.id = above.parent_id
  where above.level <= $3
)
select below.id
from below
left join doable.tasks as parent on parent.user_id = $1 and parent.id = below.parent_id
left join doable.lists as list on list.user_id = $1 and list.id = below.list_id
where parent.deleted_at is not null or list.deleted_at is not null
  or (parent.id is not null and parent.list_id is distinct from below.list_id)
union all
select id from above where level > $3
limit 1
"""


async def misplaced(tx: Executor, user_id: str, ids: Sequence[int], levels: int) -> int | None:
    """The id of a task that can't be where it is, where tasks may have these `levels`."""
    rows = await tx.read(MISPLACED, user_id, ids, levels)
    return rows[0][0] if rows else None
