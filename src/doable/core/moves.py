"""Moves: the arguments of a move, and the order keys that it needs (`core/ordering.py`)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from doable.core import ordering
from doable.core.validation import Fields, stray_faults
from doable.errors import Fault, Invalid
from doable.fields import whole
from doable.model import ID_MAX, Sibling

FIRST: Final = "first"
LAST: Final = "last"
WHERE: Final = frozenset({"before", "after", "to", "otherwise"})
_MORE: Final = 129  # times as many neighbours as before, when these leave no room


class Move(NamedTuple):
    """Where an object goes: before or after the object `anchor`, or to one `end` if there is no such sibling.

    `end` is None if the anchor must be a sibling.
    """

    anchor: int | None
    before: bool
    end: str | None


# Reads at most this many siblings on each side of the new place, from the nearest outwards, without the moved object.
Window: TypeAlias = Callable[[int], Awaitable[tuple[Sequence[Sibling], Sequence[Sibling]]]]


class Placed(NamedTuple):
    """The key of the object that moves, and the new keys of neighbours."""

    key: str
    others: dict[int, str]


def read(fields: Fields, *more: str) -> Move:
    """Parse the arguments of a move; `more` are arguments that the caller reads. Raises Invalid."""
    faults = stray_faults(fields, WHERE | {*more})
    given = [name for name in ("before", "after", "to") if fields.get(name) is not None]
    if len(given) > 1:
        faults.append(Fault(given[0], "two_places", "A move goes before or after an object, or to an end"))
    anchor = _anchor(given[0], fields, faults) if given and given[0] != "to" else None
    to, otherwise = (_end(name, fields.get(name), faults) for name in ("to", "otherwise"))
    if faults:
        raise Invalid(*faults)
    return Move(anchor, before=given == ["before"], end=to or LAST if anchor is None else otherwise)


def _anchor(name: str, fields: Fields, faults: list[Fault]) -> int | None:
    anchor = whole(fields[name])
    if type(anchor) is int and 1 <= anchor <= ID_MAX:
        return anchor
    faults.append(Fault(name, "wrong_type", f"{name.capitalize()} must be an id"))
    return None


def _end(name: str, end: object, faults: list[Fault]) -> str | None:
    if end is None or end in (FIRST, LAST):
        return None if end is None else str(end)
    faults.append(Fault(name, "invalid_end", f"{name.capitalize()} must be 'first' or 'last'"))
    return None


async def place(present: str | None, window: Window) -> Placed:
    """Return the keys for a move. `present` is the key of the object if it is among these siblings already."""
    reach = 1  # Usually the nearest neighbours are enough.
    while True:
        lower, upper = await window(reach)
        low, high = (side[0].position if side else None for side in (lower, upper))
        if present is not None and (low is None or low < present) and (high is None or present < high):
            return Placed(present, {})  # It is there.
        key = ordering.between(low, high)
        if key is not None:
            return Placed(key, {})
        found = ordering.spread(_keys(lower, reach)[::-1], _keys(upper, reach))
        if found is not None:
            below, above = len(found.lower), len(found.upper)
            others = [*zip(reversed(lower[:below]), found.lower, strict=True)]
            others += [*zip(upper[:above], found.upper, strict=True)]
            return Placed(found.key, {one.id: key for one, key in others if one.position != key})
        reach *= _MORE


def _keys(side: Sequence[Sibling], reach: int) -> list[str | None]:
    """The keys of one side, from the nearest outwards; None at its end."""
    keys: list[str | None] = [one.position for one in side]
    return keys if len(side) == reach else [*keys, None]
