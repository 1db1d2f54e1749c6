"""Tasks that a user selects with a filter or a search, or sorts."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, NamedTuple

from doable import sorting
from doable.core import access, cursors, filters, validation
from doable.core.filters import Filter
from doable.core.owners import Owners
from doable.core.tasks import Page, TaskService
from doable.errors import Fault, Invalid
from doable.filter_tree import Clock, HasLabel, HasLabelFrom, Names, Search, terms
from doable.model import Actor, Scope, Settings, Task
from doable.sorting import NEWEST_FIRST
from doable.store import lists, objects, search, users, views
from doable.store.database import Executor
from doable.store.filters import Compiler
from doable.store.replica import Replica
from doable.store.views import FLOOR, ID, KEYS, RANK, Arguments, Best, Key, Order, Selection
from doable.text import is_blank, text_fault
from doable.viewer import Viewer
from doable.zones import NAMES

SEARCH_MAX: Final = 255  # characters
BEST_FIRST: Final = (
    Order(RANK, is_descending=True),
    Order(KEYS["created"][0], is_descending=True),
    Order(ID, is_descending=True),
)
PARAMETERS: Final = frozenset({"filter", "search", "sort"})


class View(NamedTuple):
    """A question that is ready to be asked. `clock`: what of the viewer its answer depends on.

    `version` is that of the owner before anything was looked up. `by_parts` is of the searches (`cursors.Viewed`).
    """

    selection: Selection
    viewer: Viewer
    clock: Clock
    version: str
    after: Sequence[object] | None
    by_parts: Sequence[bool]

    @property
    def day(self) -> str:
        """What of the viewer's day and zone the answer depends on; empty if on nothing."""
        return "" if self.clock is Clock.NONE else f"{self.viewer.today} {self.viewer.time_zone}"


class ViewService:
    def __init__(self, db: Executor, tasks: TaskService, *, owners: Owners, replica: Replica | None = None) -> None:
        self._db = db
        self._tasks = tasks
        self._owners = owners
        self._replica = replica

    async def prepare(self, actor: Actor, owner: str, query: Mapping[str, str]) -> View:
        """Return the question of a query. Raises Forbidden, Invalid."""
        access.require(actor, owner, Scope.READ)
        filter = filters.parse(query["filter"]) if "filter" in query else None
        words = _words(query["search"]) if "search" in query else None
        orders = BEST_FIRST if words and "sort" not in query else _orders(query.get("sort"))
        zone = validation.time_zone(query["time_zone"]) if "time_zone" in query else None
        texts = _texts(filter, words)
        cursor = _read(query["cursor"], owner, orders, len(texts)) if "cursor" in query else None
        # The version comes first. What is looked up after it can be newer than the answer's tag, but never older.
        moment = await views.moment(self._db, owner)
        if moment.version is None:
            self._owners.refuse_gone(actor)
        viewer = cursor[0] if cursor else Viewer(moment.now, zone or moment.time_zone or Settings().time_zone)
        by = await self._tasks.narrow(actor, owner, query)
        found = await search.prepare(self._db, owner, texts, cursor[2] if cursor else None)
        return View(
            await self._select(owner, filter, words, found, by, viewer, orders),
            viewer,
            filter.clock if filter else Clock.NONE,
            moment.version or users.ABSENT,
            cursor[1] if cursor else None,
            [found[text].by_parts for text in texts],
        )

    async def _select(
        self,
        owner: str,
        filter: Filter | None,
        words: str | None,
        found: Mapping[str, search.Search],
        by: Mapping[str, object],
        viewer: Viewer,
        orders: Sequence[Order],
    ) -> Selection:
        arguments = Arguments(owner)
        main = found[words] if words is not None else None
        conditions, best, is_narrow = ["user_id = $1", "deleted_at is null"], None, False
        if main is not None:
            is_ranked = orders is BEST_FIRST
            conditions.append(main.condition(arguments.add, by_index=not (is_ranked and main.are_many)))
            best = Best(main.in_title(arguments.add), main.are_many, viewer.now) if is_ranked else None
            is_narrow = not main.by_parts
        if filter is not None:
            names = await self._names(owner, filter)
            searches = {one: found[one].term(arguments.add) for one in _texts(filter, None)}
            compiler = Compiler(viewer, names, searches, arguments.values)
            is_narrow = is_narrow or compiler.due_dates(filter.tree) is not None
            only_incomplete = "status" not in by and not filter.decides_status
            conditions.append(compiler.where(filter.tree, only_incomplete=only_incomplete))
        return Selection(by, conditions, arguments.values, is_narrow, orders, best)

    async def _names(self, owner: str, filter: Filter) -> Names:
        found = await lists.names(self._db, owner)
        needs_labels = any(isinstance(term, HasLabel | HasLabelFrom) for term in terms(filter.tree))
        labels = await objects.all_(self._db, objects.LABELS, owner) if needs_labels else []
        return filters.find_names(filter, found, [one.name for one in labels])

    async def page(self, actor: Actor, owner: str, view: View, limit: int) -> tuple[Page, View]:
        """Return a page of tasks, and the question for the next one. Raises Forbidden."""
        access.require(actor, owner, Scope.READ)

        # One task above the limit shows that there is a next page.
        async def ask(db: Executor) -> tuple[list[Task], list[tuple[Any, ...]]]:
            return await views.page(db, view.selection, view.after, limit + 1)

        found = None if self._replica is None else await self._replica.read(owner, ask)
        tasks, values = found or await ask(self._db)
        if len(tasks) <= limit:
            return Page(tasks, view.version, None), view
        last = values[limit - 1]
        cursor = _written(view.viewer, last, view.by_parts, owner)
        return Page(tasks[:limit], view.version, cursor), view._replace(after=last)


def _texts(filter: Filter | None, words: str | None) -> Sequence[str]:
    """What to search for, in a fixed order: the words of the filter, and those of the search."""
    sought = {one.words for one in terms(filter.tree) if isinstance(one, Search)} if filter else set()
    return sorted(sought | {words} if words else sought)


def _words(text: str) -> str:
    """What to search for. Raises Invalid."""
    if fault := text_fault("search", text):
        raise Invalid(fault)
    if is_blank(text):
        raise Invalid(Fault("search", "required", "Search cannot be empty"))
    if len(text) > SEARCH_MAX:
        raise Invalid(Fault("search", "too_long", f"Search must be {SEARCH_MAX} characters or less"))
    return text


def _orders(text: str | None) -> Sequence[Order]:
    """What to sort by. Ties are in the order of the ids. Raises Invalid."""
    sorts = NEWEST_FIRST if text is None else sorting.parse(text)
    if sorts is None:
        raise Invalid(Fault("sort", "invalid_sort", sorting.SENTENCE))
    found = [Order(key, one.is_descending) for one in sorts for key in KEYS[one.name]]
    return [*found, Order(ID, sorts[0].is_descending)]


def _written(viewer: Viewer, values: Sequence[Any], by_parts: Sequence[bool], owner: str) -> str:
    """The cursor of the page after a task with these values."""
    plain = [cursors.since_1970(one) if isinstance(one, datetime) else one for one in values]
    now = cursors.since_1970(viewer.now)
    return cursors.VIEW.write(cursors.Viewed(now, viewer.time_zone, plain, [*by_parts]), owner)


def _read(
    cursor: str, owner: str, orders: Sequence[Order], searches: int
) -> tuple[Viewer, Sequence[object], Sequence[bool]]:
    """The viewer of the first page, the values that the page begins after, and how it searches. Raises Invalid."""
    found = cursors.VIEW.read(cursor, owner)
    keys = [*(one.key for one in orders), *(FLOOR if orders is BEST_FIRST else ())]
    if found.time_zone not in NAMES or len(found.values) != len(keys) or len(found.by_parts) not in {0, searches}:
        raise cursors.not_valid()
    values = [_value(value, key) for value, key in zip(found.values, keys, strict=True)]
    return Viewer(cursors.moment_at(found.now), found.time_zone), values, found.by_parts


def _value(value: str | int | None, key: Key) -> object:
    """A value of a cursor, for the key that it belongs to. Raises Invalid."""
    if value is None and key.is_nullable:
        return None
    if isinstance(value, str) and key.type == "text" and text_fault("cursor", value) is None:
        return value
    if isinstance(value, int) and key.type == "bigint":
        return value
    if isinstance(value, int) and key.type == "timestamptz":
        with suppress(OverflowError):
            return cursors.moment_at(value)
    raise cursors.not_valid()
