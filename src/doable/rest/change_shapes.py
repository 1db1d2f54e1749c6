"""The models of what changed: the entries of histories, and the data of events."""

from datetime import datetime
from typing import Final, Literal

from pydantic import Field, RootModel

from doable.rest.shapes import Filter, Id, Label, List, Shape, Task, User


class ChangeKind(
    RootModel[Literal["created", "updated", "completed", "reopened", "skipped", "moved", "deleted", "restored"]]
):
    """What happened to an object. Later versions add kinds: ignore those that you do not know."""


class Change(Shape):
    revision: int = Field(ge=1)
    kind: ChangeKind
    actor: str = Field(description="Who made the change: the owner, or a user who acted for the owner.")
    via: str | None = Field(None, description="The name of the access token that made the change, if one did.")


class Entry(Change):
    at: datetime
    before: Task | None = Field(description="The task before the change. Null for a creation or a restore.")
    after: Task | None = Field(description="The task after the change. Null for a deletion.")


class ListEntry(Entry):
    before: List | None  # type: ignore[assignment]
    after: List | None  # type: ignore[assignment]


class LabelEntry(Entry):
    before: Label | None  # type: ignore[assignment]
    after: Label | None  # type: ignore[assignment]


class FilterEntry(Entry):
    before: Filter | None  # type: ignore[assignment]
    after: Filter | None  # type: ignore[assignment]


_NOW: Final = "With `include=objects`: the object as it is when the event is sent. Absent if it was deleted."


class TaskChange(Change):
    type: Literal["task"]
    id: Id
    object: Task | None = Field(None, description=_NOW)


class ListChange(Change):
    type: Literal["list"]
    id: Id
    object: List | None = Field(None, description=_NOW)


class LabelChange(Change):
    type: Literal["label"]
    id: Id
    object: Label | None = Field(None, description=_NOW)


class FilterChange(Change):
    type: Literal["filter"]
    id: Id
    object: Filter | None = Field(None, description=_NOW)


class UserChange(Change):
    type: Literal["user"]
    id: str = Field(description="The id of the user, whose settings changed.")
    object: User | None = Field(None, description=_NOW)


class ChangeEvent(RootModel[TaskChange | ListChange | LabelChange | FilterChange | UserChange]):
    """The data of an event `change`. Later versions add types: ignore those that you do not know."""
