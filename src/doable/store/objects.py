"""The types of objects for sync and history. A new type is one line of `OBJECTS`."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from doable.store.columns import TASK, Columns


class ObjectType(NamedTuple):
    """The table of the objects, and its columns."""

    table: str
    columns: Columns[Any]

    @property
    def struct(self) -> type[msgspec.Struct]:
        return self.columns.struct


# By the name of the type in the log (`functions.count`), in events and in `removed`.
OBJECTS: Final[Mapping[str, ObjectType]] = {"task": ObjectType("tasks", TASK)}
