"""The log of changes, which triggers write: for sync, history and live events.

The log holds what each change replaced, so history is the walk back from the present. `tasks` explains why some
statements write `(select $2)`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeAlias, get_type_hints

import msgspec
from asyncpg import Record

from doable.model import Change, Counter, HistoryEntry, Removed, default_position
from doable.store import objects, users
from doable.store.database import Executor
from doable.store.objects import OBJECTS, ObjectType

Columns: TypeAlias = dict[str, Any]
Maker: TypeAlias = Callable[[Record], msgspec.Struct]

# The kind that clients see. The log has three kinds; `undo` shows more, and `action` what `undo` can't show.
KIND: Final = """coalesce(action, case
    when kind = 'updated' and type = 'task' and undo ? 'status'
    then case undo ->> 'status' when 'complete' then 'reopened' else 'completed' end
    when kind = 'updated' and undo ? 'deleted_at' then 'restored'
    else kind
  end)"""
_TIMES: Final = frozenset(
    name
    for kind in OBJECTS.values()
    for name, hint in get_type_hints(kind.struct).items()
    if hint in {datetime, datetime | None}
)
_REMOVED: Final = "-"  # before the type of a deleted object
_USER: Final = "user"  # the type of a change of the user's settings (`count_settings`)


def _table_of_field(objects: Mapping[str, ObjectType]) -> dict[str, str]:
    """Each field of any of the structs, and a table that has it."""
    return {name: kind.table for kind in objects.values() for name in kind.struct.__struct_fields__}


def sync_statement(objects: Mapping[str, ObjectType]) -> str:
    """One column for each field of any of the structs; where a type lacks the field, its objects have null."""
    table_of = _table_of_field(objects)

    def columns(has: Mapping[str, str]) -> str:
        return ", ".join(has.get(name, f"(null::doable.{table}).{name}") for name, table in table_of.items())

    branches = "".join(
        f"""
  (
    select '{type}' as type, {columns({name: name for name in kind.struct.__struct_fields__})}
    from doable.{kind.table}
    where user_id = $1 and {kind.living} and revision > (select $2::bigint)
    order by revision
    limit (select $4::bigint)
  )
  union all"""
        for type, kind in objects.items()
    )
    return f"""
-- What changed after $2, in the order of the changes: objects as they are now, and what was deleted after $3. One
-- statement is one snapshot, so the counters in every row belong to exactly these rows.
select
  installation.epoch, users.created_at as born,
  coalesce(users.revision, 0) as counter, coalesce(users.floor, 0) as floor,
  found.type, {", ".join(f"found.{name}" for name in table_of)}
from doable.installation
left join doable.users on users.id = $1
left join ({branches}
  (
    select '{_REMOVED}' || type, {columns({"id": "object_id", "revision": "revision"})}
    from doable.changes
    where user_id = $1 and kind = 'deleted' and revision > (select $3::bigint)
    order by revision
    limit (select $4::bigint)
  )
  union all
  (
    select '{_USER}', {columns({"revision": "settings_revision"})}
    from doable.users
    where id = $1 and settings_revision > (select $2::bigint)
  )
  order by revision
  limit (select $4::bigint)
) as found on true
order by found.revision
"""


SYNC = sync_statement(OBJECTS)


def makers(objects: Mapping[str, ObjectType]) -> dict[str, Maker]:
    """For each type a function that makes the object of a row of `sync_statement`."""
    place = {name: number for number, name in enumerate(_table_of_field(objects), 5)}
    return {
        name: _maker(kind, [place[field] for field in kind.struct.__struct_fields__]) for name, kind in objects.items()
    }


def _maker(kind: ObjectType, places: Sequence[int]) -> Maker:
    run = range(places[0], places[0] + len(places))
    # A slice costs a third of a getter of single places.
    fields = itemgetter(slice(run.start, run.stop)) if places == [*run] else itemgetter(*places)
    return lambda row: kind.columns.make(fields(row))


_MAKERS: Final = makers(OBJECTS)


async def sync(
    db: Executor, user_id: str, after: int, removed_after: int, limit: int
) -> tuple[Counter, list[tuple[int, msgspec.Struct]]]:
    """The counters, and at most `limit` objects, `User` or `Removed`, each with the revision of its last change."""
    rows = await db.read(SYNC, user_id, after, removed_after, limit)
    found: list[tuple[int, msgspec.Struct]] = []
    for row in rows:
        type = row[4]
        if maker := _MAKERS.get(type):
            found.append((row["revision"], maker(row)))
        elif type == _USER:
            found += [(row["revision"], user) for user in [await users.find(db, user_id)] if user]
        elif type is not None:  # Null in the only row, when there is nothing but the counters.
            found.append((row["revision"], Removed(type.removeprefix(_REMOVED), row["id"])))
    return Counter(*rows[0][:4]), found


def history_statement(type: str, kind: ObjectType) -> str:
    return f"""
-- The changes to one object before revision $3, newest first. The first row also has the object after the newest of
-- these changes: the present object, with what later changes replaced. For each column the first of them counts.
select
  page.revision, page.kind, page.told, page.at, page.actor, page.via, page.undo,
  case when page.place = 1 then (
    select (
      coalesce((select to_jsonb({kind.table}) from doable.{kind.table} where user_id = $1 and id = $2), '{{}}')
      || coalesce(
        jsonb_object_agg(
          key, (select undo -> key from doable.changes where user_id = $1 and changes.revision = first.revision)
        ),
        '{{}}'
      )
    )::text
    from (
      select key, min(revision) as revision
      from doable.changes, jsonb_object_keys(undo) as key
      where user_id = $1 and type = '{type}' and object_id = $2 and revision >= (select $3::bigint)
      group by key
    ) as first
  ) end as state
from (
  select
    revision, kind, {KIND} as told, at, actor, via, undo::text, row_number() over (order by revision desc) as place
  from doable.changes
  where user_id = $1 and type = '{type}' and object_id = $2 and revision < (select $3::bigint)
  order by revision desc
  limit (select $4::bigint)
) as page
order by page.revision desc
"""


HISTORY = {type: history_statement(type, kind) for type, kind in OBJECTS.items()}


async def history(db: Executor, type: str, user_id: str, id: int, before: int, limit: int) -> list[HistoryEntry]:
    rows = await db.read(HISTORY[type], user_id, id, before, limit)
    return list(_walk(rows, OBJECTS[type].struct))


def _walk(rows: Iterable[Record], struct: type[msgspec.Struct]) -> Iterator[HistoryEntry]:
    """Walk back in time: the state before a change is the state after the previous one."""
    columns: Columns = {}
    after: Any = None
    for row in rows:
        if row["state"] is not None:
            columns = columns_of(row["state"])
            after = None if row["kind"] == "deleted" else _past(columns, struct)
        columns = columns | columns_of(row["undo"] or "{}")
        before = None if row["kind"] == "created" else _past(columns, struct)
        yield HistoryEntry(row["revision"], row["told"], row["at"], row["actor"], before, after, row["via"])
        after = before


def columns_of(text: str) -> Columns:
    """Decode what a trigger kept of a row: JSON, with times in the zone of its session."""
    columns: Columns = msgspec.json.decode(text)
    return {name: _utc(value) if value and name in _TIMES else value for name, value in columns.items()}


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _past(columns: Columns, struct: type[msgspec.Struct]) -> Any:
    """The object of that time: without columns that were dropped since, and with null in those that were added.

    None while it was in the trash. Before there were positions, objects were in the order of their ids.
    """
    if columns.get("deleted_at") is not None:
        return None
    if "position" not in columns:
        columns = {**columns, "position": default_position(columns["id"])}
    return msgspec.convert(_empty(struct) | columns, struct)


@cache
def _empty(struct: type[msgspec.Struct]) -> Columns:
    return {field.encode_name: None for field in msgspec.structs.fields(struct) if field.required}


COUNTER = """
-- A user's counters, also for a user who does not exist yet.
select installation.epoch, users.created_at, coalesce(users.revision, 0), coalesce(users.floor, 0)
from doable.installation
left join doable.users on users.id = $1
"""


async def counter(db: Executor, user_id: str) -> Counter:
    rows = await db.read(COUNTER, user_id)
    return Counter(*rows[0])


AFTER = f"""
-- The log after a revision, with the counters in every row.
select
  installation.epoch, users.created_at, users.revision as counter, users.floor,
  changes.revision, changes.type, changes.object_id, {KIND}, changes.actor, changes.via
from doable.changes
join doable.users on users.id = changes.user_id
cross join doable.installation
where changes.user_id = $1 and changes.revision > (select $2::bigint)
order by changes.revision
limit (select $3::bigint)
"""


async def after(db: Executor, user_id: str, revision: int, limit: int) -> tuple[Counter, list[Change]] | None:
    rows = await db.read(AFTER, user_id, revision, limit)
    return (Counter(*rows[0][:4]), [_change(user_id, *row[4:]) for row in rows]) if rows else None


def _change(user_id: str, revision: int, type: str, id: int, *rest: Any) -> Change:
    return Change(revision, type, user_id if type == _USER else id, *rest)


async def with_objects(db: Executor, user_id: str, found: Iterable[Change]) -> list[Change]:
    """The changes, each with its object as it is now."""
    wanted: dict[str, set[Any]] = {}
    for change in found:
        wanted.setdefault(change.type, set()).add(change.id)
    there: dict[int | str, Any] = {}
    for type, ids in wanted.items():
        if type == _USER:
            there[user_id] = await users.find(db, user_id)
        else:
            there |= {one.id: one for one in await objects.find_many(db, OBJECTS[type], user_id, [*ids])}
    return [msgspec.structs.replace(change, object=there.get(change.id)) for change in found]


SNAPSHOT = """
-- The visible transactions: as long as they stay the same, so do all rows. Null where other servers write and this
-- server's transactions tell nothing (Citus).
select case
  when not exists (select from pg_catalog.pg_extension where extname = 'citus') then pg_current_snapshot()::text
end
"""


async def snapshot(db: Executor) -> str | None:
    rows = await db.read(SNAPSHOT)
    value: str | None = rows[0][0]
    return value


REVISIONS = """
select id, revision from doable.users where id = any($1)
"""


async def revisions(db: Executor, user_ids: list[str]) -> dict[str, int]:
    """The revisions of the users who exist."""
    return {row["id"]: row["revision"] for row in await db.read(REVISIONS, user_ids)}
