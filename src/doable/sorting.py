"""The order of tasks that a client asks for, such as `-priority,due`."""

from collections.abc import Sequence
from typing import Final, NamedTuple

SORTS: Final = ("position", "due", "start", "priority", "title", "created", "updated", "completed")
_PATTERN: Final = rf"-?({'|'.join(SORTS)})"
PATTERN: Final = rf"^{_PATTERN}(,{_PATTERN})*$"


class Sort(NamedTuple):
    """One of `SORTS`, and whether it is reversed."""

    name: str
    is_descending: bool


SENTENCE: Final = f"Sort must be one or more of {', '.join(SORTS)}, each once, with - before what is reversed"
NEWEST_FIRST: Final = (Sort("created", is_descending=True),)


def parse(text: str) -> Sequence[Sort] | None:
    """Return what a text asks for; None if it is not valid."""
    found = [Sort(one.removeprefix("-"), one.startswith("-")) for one in text.split(",")]
    names = [one.name for one in found]
    return found if len({*names}) == len(names) and set(SORTS).issuperset(names) else None
