"""The names of lists and labels in saved filters."""

from doable.core import filters
from doable.errors import Fault, Invalid
from doable.filter_parser import LENGTH_MAX
from doable.model import Filter
from doable.store import objects
from doable.store.database import Executor
from doable.text import folded


async def rename(tx: Executor, owner: str, mark: str, old: str, new: str) -> None:
    """Rename a list (mark `#`) or a label (`@`) in all saved filters of the owner. Each is a change of its own.

    Filters keep the old name of a list while another list has it too. Raises Invalid if a filter would be too long,
    also in its canonical form.
    """
    if mark == "#" and await _is_shared(tx, owner, old):
        return
    saved = await objects.all_(tx, objects.FILTERS, owner)
    named = [one for one in saved if _may_name(one, mark, old)]
    ids = sorted(one.id for one in named if filters.rename(one.filter, mark, old, new) != one.filter)
    # All are locked before the first is written, as every writer locks objects before their owner.
    locked = [await objects.lock(tx, objects.FILTERS, owner, id) for id in ids]
    for one in filter(None, locked):
        await objects.update(tx, objects.FILTERS, owner, one.id, {"filter": _renamed(one, mark, old, new)})


async def _is_shared(tx: Executor, owner: str, name: str) -> bool:
    """Whether several lists have this name."""
    lists = await objects.all_(tx, objects.LISTS, owner)
    return sum(folded(one.name) == folded(name) for one in lists) > 1


def _may_name(saved: Filter, mark: str, name: str) -> bool:
    """Whether the filter may name this: reading all filters would take half a second."""
    return mark in saved.filter and folded(name).replace("\\", "") in folded(saved.filter.replace("\\", ""))


def _renamed(saved: Filter, mark: str, old: str, new: str) -> str:
    for text in (saved.filter, filters.parse(saved.filter).canonical):
        renamed = filters.rename(text, mark, old, new)
        if len(renamed) <= LENGTH_MAX:
            return renamed
    sentence = f"With this name, the saved filter '{saved.name}' would have more than {LENGTH_MAX} characters"
    raise Invalid(Fault("name", "too_long", sentence))
