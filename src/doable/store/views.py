"""Tasks that a request selects, in the order that it asks for.

Statements are put together from the texts in this file and in `filters`. Every value is a parameter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

from doable.model import Task
from doable.store.columns import TASK
from doable.store.database import Executor
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


class Selection(NamedTuple):
    """What to select, and in which order. The last order is that of the ids.

    `by` is of `tasks.list_`. `conditions` have the numbers of `arguments`, whose first one is the user. `is_narrow`: an
    index finds what has these conditions.
    """

    by: Mapping[str, object]
    conditions: Sequence[str]
    arguments: Sequence[object]
    is_narrow: bool
    orders: Orders


async def page(
    db: Executor, selection: Selection, after: Values | None, limit: int
) -> tuple[list[Task], list[tuple[Any, ...]]]:
    """At most `limit` tasks, after the one with these values of the orders; and the values of each."""
    arguments = [*selection.arguments]
    rows = await db.read(_statement(selection, after, limit, arguments), *arguments)
    width = len(Task.__struct_fields__)
    return [TASK.make(row[:width]) for row in rows], [tuple(row[width:]) for row in rows]


def _statement(selection: Selection, after: Values | None, limit: int, arguments: list[object]) -> str:
    def parameter(value: object, type: str) -> str:
        arguments.append(value)
        return f"${len(arguments)}::{type}"

    orders = selection.orders
    conditions = ["user_id = $1", *selection.conditions]
    for name, value in selection.by.items():
        arguments.append(value)
        conditions.append(CONDITIONS[name].format(f"${len(arguments)}"))
    if after is not None:
        conditions += _after(orders, after, parameter)
    # `offset 0` makes PostgreSQL read the index for the conditions, and not one for the order until it has enough.
    fence = "offset 0" if selection.is_narrow else ""
    return f"""
select {TASK.all()}, {", ".join(one.key.value for one in orders)}
from (
  select {TASK.all()}
  from doable.tasks
  where {" and ".join(conditions)}
  {fence}
) as found
order by {", ".join(one.text for one in orders)}
limit (select {parameter(limit, "bigint")})
"""


def _after(orders: Orders, values: Values, parameter: Callable[[object, str], str]) -> Iterator[str]:
    """The conditions for what comes after these values. The first one is for an index."""
    condition = bound = "false"
    for order, value in reversed([*zip(orders, values, strict=True)]):
        key = order.key
        if value is None:
            condition = f"({key.value} is null and {condition})"
            continue
        given = parameter(value, key.type)
        bound = f"{key.value} {'<' if order.is_descending else '>'}= {given}"
        later = f"{key.value} {'<' if order.is_descending else '>'} {given}"
        later = f"({later} or {key.value} is null)" if key.is_nullable else later
        condition = f"({later} or {key.value} = {given} and {condition})"
    if not orders[0].key.is_nullable:
        yield bound
    yield condition
