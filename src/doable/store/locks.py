"""Locks of all the objects that a transaction can change.

Every writer locks objects before their owner, which `count_change` locks at the first change. So a transaction that
changes more than one object locks them all here, before it changes any. Such transactions of one user run one after
another; any other locks one object, and before it the labels whose names it needs.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from doable.store import labels
from doable.store.database import Executor
from doable.store.objects import FILTERS, LABELS, LISTS, OBJECTS
from doable.store.tasks import lock_parents

NO_UIDS: Final[Mapping[str, Collection[str]]] = MappingProxyType({})

LOCK = {
    kind.name: f"""
-- With `for update`, a create of a task in the list waits (`objects.CREATE_IN_LIST`), and so does this for that create.
select id
from doable.{kind.table}
where user_id = $1 and (id = any($2) or uid = any($3::text[]))
order by id
for {"update" if kind is LISTS else "no key update"}
"""
    for kind in (LISTS, LABELS, FILTERS)
}

LOCK_TASKS = """
-- Tasks by their ids ($2) and uids ($3), those of lists ($4) and those with labels ($5), with all that are below them.
with recursive below as (
  select id
  from (
    select id from doable.tasks where user_id = $1 and (id = any($2) or uid = any($3::text[]))
    union all
    select id from doable.tasks where user_id = $1 and list_id = any($4::bigint[])
    union all
    select id from doable.tasks
    where cardinality($5::bigint[]) > 0 and user_id = $1 and labels is not null
      and labels && array(select name from doable.labels where user_id = $1 and id = any($5))
  ) as named
  union
  select tasks.id from below join doable.tasks on tasks.user_id = $1 and tasks.parent_id = below.id
)
select id
from doable.tasks
where user_id = $1 and id = any(array(select id from below limit 20001))
order by id
for no key update
"""


async def take(
    tx: Executor,
    user_id: str,
    ids: Mapping[str, Collection[int]],
    uids: Mapping[str, Collection[str]] = NO_UIDS,
    *,
    names: Collection[str] = (),
    takes_along: bool = True,
) -> None:
    """Lock objects, by their type and id or `uid`, until the transaction ends, with all that is below the tasks.

    `takes_along`: also the tasks of the lists, and those with the labels. `names`: see `labels.lock`.
    """
    await lock_parents(tx, user_id)
    if names:
        await labels.lock(tx, user_id, [*names])
    wanted = {kind: ([*ids.get(kind, ())], [*uids.get(kind, ())]) for kind in OBJECTS}
    found: dict[str, list[int]] = {}
    for kind in ("list", "label"):
        rows = await tx.write(LOCK[kind], user_id, *wanted[kind]) if any(wanted[kind]) else []
        found[kind] = [row[0] for row in rows] if takes_along else []
    if any(wanted["task"]) or any(found.values()):
        await tx.write(LOCK_TASKS, user_id, *wanted["task"], found["list"], found["label"])
    if any(wanted["filter"]):
        await tx.write(LOCK["filter"], user_id, *wanted["filter"])
