"""The types of objects that users own and clients follow: for sync and history a new type is one line of `OBJECTS`."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from doable.model import Task


class Kind(NamedTuple):
    """The table that holds the objects, and the struct that a row of it becomes: its fields are columns."""

    table: str
    struct: type[msgspec.Struct]


# By the name that the type has in the log (`functions.count`), in events and in `removed`.
OBJECTS: Final[Mapping[str, Kind]] = {"task": Kind("tasks", Task)}
