"""Tasks that a request selects, in the order that it asks for.

Statements are put together from the texts in this file and in `filters`. Every value is a parameter.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

from doable.model import Task
from doable.store.columns import TASK
from doable.store.database import Executor
from doable.store.observation import MADE_BY
from doable.store.tasks import CONDITIONS


class Moment(NamedTuple):
    """The time, and the version and the time zone of a user. Both are None for a user who does not exist."""

    now: datetime
    version: str | None
    time_zone: str | None


MOMENT = """
-- `users.VERSION` explains the version.
select
  clock_timestamp(), to_hex(revision) || '-' || to_hex((extract(epoch from created_at) * 1000000)::bigint), time_zone
from (values ($1)) as asked (id)
left join doable.users on users.id = asked.id
"""


async def moment(db: Executor, user_id: str) -> Moment:
    return Moment(*(await db.read(MOMENT, user_id))[0])


class Arguments:
    """The values of the parameters of a statement. The first one is the user."""

    def __init__(self, *values: object) -> None:
        self.values = [*values]

    def add(self, value: object, type: str) -> str:
        """Return the text of the parameter that has this value."""
        self.values.append(value)
        return f"${len(self.values)}::{type}"


class Key(NamedTuple):
    """A value of a task that an order compares. `type` is that of PostgreSQL."""

    value: str
    type: str
    is_nullable: bool = False


# By the name in `sort`. Text is compared by code points.
KEYS: Final[Mapping[str, Sequence[Key]]] = {
    "position": [Key("position", "text")],
    **{
        field: [
            Key(f"({field} ->> 'date') collate \"C\"", "text", is_nullable=True),
            Key(f"coalesce({field} ->> 'time', '24:00') collate \"C\"", "text"),  # Timed before the whole day.
        ]
        for field in ("due", "start")
    },
    "priority": [Key("array_position(array['low', 'medium', 'high'], priority)", "bigint", is_nullable=True)],
    "title": [Key('lower(title) collate "C"', "text")],
    "created": [Key("created_at", "timestamptz")],
    "updated": [Key("updated_at", "timestamptz")],
    "completed": [Key("completed_at", "timestamptz", is_nullable=True)],
}
ID: Final = Key("id", "bigint")
RANK: Final = Key("rank", "bigint")  # 1 or 0, or `BEYOND` the newest tasks
RANKED_MAX: Final = 500  # tasks
LATER_MAX: Final = 2 * RANKED_MAX  # tasks, also those that were changed to have the words since the first page
FLOOR: Final = (Key("floor.created_at", "timestamptz"), Key("floor.id", "bigint"))
BEYOND: Final = -1


class Order(NamedTuple):
    """A key, and whether it goes from the highest value to the lowest. What has no value comes last either way."""

    key: Key
    is_descending: bool

    @property
    def text(self) -> str:
        direction = "desc" if self.is_descending else "asc"
        return f"{self.key.value} {direction}{' nulls last' if self.key.is_nullable else ''}"


Orders: TypeAlias = Sequence[Order]
Values: TypeAlias = Sequence[object]


class Best(NamedTuple):
    """What comes first: tasks with this condition. `are_many`: most tasks may have the words.

    Pages after the first one leave out what was made after `now`, and begin with the values of `FLOOR`, the last of
    the newest tasks of the first page, after those of the orders. So each task keeps its place.
    """

    condition: str
    are_many: bool
    now: datetime


class Selection(NamedTuple):
    """What to select, and in which order. The last order is that of the ids.

    `by` is of `tasks.list_`. `conditions` have the numbers of `arguments`; the first ones are for the owner. An
    index finds what has these conditions if the selection `is_narrow`. With `best`, the first order is `RANK`.
    """

    by: Mapping[str, object]
    conditions: Sequence[str]
    arguments: Sequence[object]
    is_narrow: bool
    orders: Orders
    best: Best | None


async def page(
    db: Executor, selection: Selection, after: Values | None, limit: int
) -> tuple[list[Task], list[tuple[Any, ...]]]:
    """At most `limit` tasks, after the one with these values of the orders; and the values of each."""
    arguments = Arguments(*selection.arguments)
    rows = await db.read(_statement(selection, after, limit, arguments), *arguments.values)
    width = len(Task.__struct_fields__)
    return [TASK.make(row[:width]) for row in rows], [tuple(row[width:]) for row in rows]


def _statement(selection: Selection, after: Values | None, limit: int, arguments: Arguments) -> str:
    later = [] if after is None else [*_after(selection.orders, after[: len(selection.orders)], arguments)]
    most = arguments.add(limit, "bigint")
    if selection.best is not None:
        return _ranked(selection, selection.best, after, " and ".join(later) or "true", arguments, most)
    # `offset 0` makes PostgreSQL read the index for the conditions, and not one for the order until it has enough.
    fence = "offset 0" if selection.is_narrow else ""
    return f"""{MADE_BY}views.page
select {TASK.all()}, {", ".join(one.key.value for one in selection.orders)}
from (
  select {TASK.all()}
  from doable.tasks
  where {" and ".join([*selection.conditions, *_narrowed(selection, arguments), *later])}
  {fence}
) as found
order by {_listed(selection.orders)}
limit (select {most})
"""


def _narrowed(selection: Selection, arguments: Arguments) -> Iterator[str]:
    for name, value in selection.by.items():
        condition, type = CONDITIONS[name]
        yield condition.format(arguments.add(value, type))


def _listed(orders: Orders) -> str:
    return ", ".join(one.text for one in orders)


def _ranked(
    selection: Selection, best: Best, after: Values | None, later: str, arguments: Arguments, limit: str
) -> str:
    """The best of the newest tasks come first, then all older ones. Only what is on the page is read as a whole.

    If many tasks have the words, a walk from the newest task on is faster than reading all of them. `offset 0` makes
    PostgreSQL look up each task by its key: it can't know how few there are.
    """
    newest_first = "order by created_at desc, id desc"
    conditions = [*selection.conditions, *_narrowed(selection, arguments)]
    floor = "select created_at, id from newest"
    above, beyond, most = "", "", RANKED_MAX
    if after is not None:
        conditions.append(f"created_at <= {arguments.add(best.now, 'timestamptz')}")
        rank, moment, id, *lowest = after
        created_at, last = (arguments.add(value, key.type) for value, key in zip(lowest, FLOOR, strict=True))
        most = LATER_MAX
        floor += f" union all select {created_at}, {last} where (select count(*) from newest) < {most}"
        above = f"and (created_at, id) >= ({created_at}, {last})"
        if rank == BEYOND:
            beyond = f"and (created_at, id) < ({arguments.add(moment, 'timestamptz')}, {arguments.add(id, 'bigint')})"
    where = " and ".join(conditions)
    hits = f"hits as materialized (select id, created_at from doable.tasks where {where}),"
    source = "hits where true"
    if best.are_many:
        hits, source = "", f"doable.tasks where {where}"
    return f"""{MADE_BY}views.page
with {hits}
newest as materialized (
  select id, created_at from {source} {above} {newest_first} limit {most}
),
floor as materialized (
  select created_at, id from ({floor}) as lowest order by created_at, id limit 1
),
ranked as (
  select newest.id, newest.created_at, coalesce({best.condition}, false)::int as rank
  from newest cross join lateral (
    select user_id, title, description, labels from doable.tasks where user_id = $1 and id = newest.id offset 0
  ) as task
  union all
  (
    select id, created_at, {BEYOND}
    from {source} and (created_at, id) < (select created_at, id from floor) {beyond}
    {newest_first}
    limit (select {limit})
  )
)
select {TASK.all("task")}, page.rank, page.created_at, page.id, {", ".join(key.value for key in FLOOR)}
from floor, (
  select rank, created_at, id from ranked where {later} order by {_listed(selection.orders)} limit (select {limit})
) as page
cross join lateral (
  select {TASK.all()} from doable.tasks where user_id = $1 and id = page.id offset 0
) as task
order by page.rank desc, page.created_at desc, page.id desc
"""


def _after(orders: Orders, values: Values, arguments: Arguments) -> Iterator[str]:
    """The conditions for what comes after these values. The first one is for an index."""
    condition = bound = "false"
    for order, value in reversed([*zip(orders, values, strict=True)]):
        key = order.key
        if value is None:
            condition = f"({key.value} is null and {condition})"
            continue
        given = arguments.add(value, key.type)
        bound = f"{key.value} {'<' if order.is_descending else '>'}= {given}"
        later = f"{key.value} {'<' if order.is_descending else '>'} {given}"
        later = f"({later} or {key.value} is null)" if key.is_nullable else later
        condition = f"({later} or {key.value} = {given} and {condition})"
    if not orders[0].key.is_nullable:
        yield bound
    yield condition
