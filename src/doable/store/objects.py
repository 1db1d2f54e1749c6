"""The types of objects for sync and history. A new type is one line of `OBJECTS`."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from doable.model import Task


class ObjectType(NamedTuple):
    """The table of the objects, and the struct for one row: its fields are columns."""

    table: str
    struct: type[msgspec.Struct]


# By the name of the type in the log (`functions.count`), in events and in `removed`.
OBJECTS: Final[Mapping[str, ObjectType]] = {"task": ObjectType("tasks", Task)}
