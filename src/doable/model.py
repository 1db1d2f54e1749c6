"""The types of the domain.

The objects that users own are declared field by field (`fields.py`). All statements have the columns in the order of
the fields, so the store can create `Task(*row)` from a row. An interface encodes the struct unchanged.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

import msgspec

from doable.fields import Choice, Flag, Key, Name, Names, Pattern, Reference, Shown, Text, Write
from doable.saved_filter import FilterRule, SortRule
from doable.schedule import CLOCK, Due, DueRule, Recurrence, RecurrenceRule, Reminder, RemindersRule, Zone
from doable.text import folded, text_fault

TITLE_MAX: Final = 255
DESCRIPTION_MAX: Final = 5000
ID_MAX: Final = 2**63 - 1  # bigint
USER_ID_MAX: Final = 255  # characters (OpenID Connect Core §2); an index of PostgreSQL can hold it
INCOMPLETE: Final = "incomplete"
COMPLETE: Final = "complete"
STATUS: Final = Choice(
    INCOMPLETE,
    COMPLETE,
    code="invalid_status",
    description="`incomplete` or `complete`.",
    example=INCOMPLETE,
    writes=frozenset({Write.PATCH}),
)
UID_MAX: Final = 255
NAME_MAX: Final = 255
LABEL_MAX: Final = 60
TASK_LABELS_MAX: Final = 50
ICON_MAX: Final = 16
LISTS_MAX: Final = 1000
LABELS_MAX: Final = 2000
FILTERS_MAX: Final = 500
INSTANT: Final = {"format": "date-time"}
MOMENT: Final = "2026-11-21T09:30:00.123456Z"  # in examples


UID: Final = (
    "1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create."
)
PRIORITY: Final = Choice(
    "high", "medium", "low", code="invalid_priority", description="`high`, `medium` or `low`.", example="high"
)


ID: Final = Shown("Set by the service.", 1, {"minimum": 1, "maximum": ID_MAX})
OWNER: Final = Shown("The id of the owner, exactly as in the token.", "user-a")
CREATED_AT: Final = Shown("ISO 8601 in UTC; never changes.", MOMENT, INSTANT)
UPDATED_AT: Final = Shown("ISO 8601 in UTC; set at every change.", MOMENT, INSTANT)
COMPLETED_AT: Final = Shown("When it was completed.", MOMENT, INSTANT)
WAS_DUE: Final = DueRule("When it was due.", {"date": "2026-12-01"})
REVISION: Final = Shown("The revision of the last change to this object.", 1, {"minimum": 1})
DELETED_AT: Final = Shown("When it was moved to the trash.", MOMENT, INSTANT)
POSITION: Final = Shown(
    "An opaque key: siblings are in the order of `position`, compared by code points, and `id`.", "a1"
)
LABELS: Final = (
    f"Up to {TASK_LABELS_MAX} names of labels, each of 1 to {LABEL_MAX} characters. A name that no label has makes one."
)
WEEK_START: Final = Choice(
    "monday",
    "sunday",
    "saturday",
    code="invalid_week_start",
    description="The first day of the week.",
    example="monday",
)
DAY_START: Final = Pattern(
    CLOCK,
    code="invalid_time",
    sentence="must be a time of day such as 09:00",
    description="The time of day that reminders of a task without a time count from.",
    example="09:00",
)
DATE_ORDER: Final = Choice(
    "dmy",
    "mdy",
    code="invalid_date_order",
    description="How quick add reads a date such as 3/4: day first, or month first.",
    example="dmy",
)
COLOR: Final = Pattern(
    "#[0-9a-fA-F]{6}",
    code="invalid_color",
    sentence='must be a color such as "#3b82f6", or null',
    description="A color: `#rrggbb`.",
    example="#3b82f6",
)


class Scope(StrEnum):
    """What a credential allows. A JWT or a session has every scope."""

    READ = "tasks:read"
    WRITE = "tasks:write"
    ACCOUNT = "account"  # never in a personal access token: a leaked token must not create others


EVERY_SCOPE: Final = frozenset(Scope)
TOKEN_SCOPES: Final = frozenset({Scope.READ, Scope.WRITE})


class Actor(msgspec.Struct, frozen=True):
    """The user who makes a request, with the rights of their credential.

    `expires_at` is in seconds since 1970; None if the credential does not expire. `token_id` is the id of the personal
    access token, and `token_name` its name; None for any other credential.
    """

    user_id: str
    scopes: frozenset[Scope] = EVERY_SCOPE
    expires_at: float | None = None
    token_id: int | None = None
    token_name: str | None = None


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """A task. Responses leave out a field that has its default value."""

    id: Annotated[int, ID]
    user_id: Annotated[str, OWNER]
    title: Annotated[str, Name(TITLE_MAX, example="Buy groceries")]
    description: Annotated[str | None, Text(DESCRIPTION_MAX)]
    status: Annotated[str, STATUS]
    created_at: Annotated[datetime, CREATED_AT]
    updated_at: Annotated[datetime, UPDATED_AT]
    revision: Annotated[int, REVISION]
    position: Annotated[str, POSITION]
    uid: Annotated[str | None, Key(UID_MAX, UID)] = None
    list_id: Annotated[int | None, Reference("list", ID_MAX, "The list. Absent: the Inbox.")] = None
    parent_id: Annotated[int | None, Reference("task", ID_MAX, "The task that this is a subtask of.")] = None
    priority: Annotated[str | None, PRIORITY] = None
    labels: Annotated[list[str] | None, Names(TASK_LABELS_MAX, LABEL_MAX, folded, LABELS)] = None
    due: Annotated[Due | None, DueRule("When the task is due.", {"date": "2026-12-01"})] = None
    start: Annotated[Due | None, DueRule("When the work can start.", {"date": "2026-11-30"})] = None
    reminders: Annotated[list[Reminder] | None, RemindersRule()] = None
    recurrence: Annotated[Recurrence | None, RecurrenceRule()] = None
    completed_at: Annotated[datetime | None, COMPLETED_AT] = None
    deleted_at: Annotated[datetime | None, DELETED_AT] = None


class CompletedOccurrence(msgspec.Struct, frozen=True):
    """An occurrence of a recurring task that was done. `id` is that of the completion."""

    id: Annotated[int, ID]
    due: Annotated[Due, WAS_DUE]
    completed_at: Annotated[datetime, COMPLETED_AT]


class CompletedTask(Task, frozen=True, omit_defaults=True):
    """A task in the response to its completion. A recurring one has moved on."""

    completed_occurrence: CompletedOccurrence | None = None


class Completion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that was done: a plain task, or an occurrence of a recurring one."""

    task_id: Annotated[int, ID]
    title: Annotated[str, Shown("Of an occurrence: the title when it was done.", "Buy groceries")]
    completed_at: Annotated[datetime, COMPLETED_AT]
    actor: Annotated[str, Shown("Who completed it.", "user-a")]
    due: Annotated[Due | None, WAS_DUE] = None
    occurrence: Annotated[date | None, Shown("The day in the schedule, for a recurring task.", "2026-12-01")] = None


class List(msgspec.Struct, frozen=True, omit_defaults=True):
    """A list of tasks. Names need not be unique."""

    id: Annotated[int, ID]
    user_id: Annotated[str, OWNER]
    name: Annotated[str, Name(NAME_MAX, example="Home")]
    position: Annotated[str, POSITION]
    created_at: Annotated[datetime, CREATED_AT]
    updated_at: Annotated[datetime, UPDATED_AT]
    revision: Annotated[int, REVISION]
    uid: Annotated[str | None, Key(UID_MAX, UID)] = None
    color: Annotated[str | None, COLOR] = None
    icon: Annotated[str | None, Name(ICON_MAX, example="🏠")] = None
    archived: Annotated[bool | None, Flag("Whether the list is put away.")] = None
    deleted_at: Annotated[datetime | None, DELETED_AT] = None


class Label(msgspec.Struct, frozen=True, omit_defaults=True):
    """A label. Tasks hold the names of their labels."""

    id: Annotated[int, ID]
    user_id: Annotated[str, OWNER]
    name: Annotated[str, Name(LABEL_MAX, example="errands")]
    position: Annotated[str, POSITION]
    created_at: Annotated[datetime, CREATED_AT]
    updated_at: Annotated[datetime, UPDATED_AT]
    revision: Annotated[int, REVISION]
    uid: Annotated[str | None, Key(UID_MAX, UID)] = None
    color: Annotated[str | None, COLOR] = None


class Filter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A saved filter. Names need not be unique."""

    id: Annotated[int, ID]
    user_id: Annotated[str, OWNER]
    name: Annotated[str, Name(NAME_MAX, example="Urgent")]
    filter: Annotated[str, FilterRule()]
    position: Annotated[str, POSITION]
    created_at: Annotated[datetime, CREATED_AT]
    updated_at: Annotated[datetime, UPDATED_AT]
    revision: Annotated[int, REVISION]
    uid: Annotated[str | None, Key(UID_MAX, UID)] = None
    sort: Annotated[str | None, SortRule()] = None
    color: Annotated[str | None, COLOR] = None


class FilterText(msgspec.Struct, frozen=True):
    """A filter that is not saved."""

    filter: Annotated[str, FilterRule()]


class Place(NamedTuple):
    """What siblings have in common: their list (None: the Inbox) and their parent (None: they are no subtasks)."""

    list_id: int | None
    parent_id: int | None


class Sibling(NamedTuple):
    """An object among its siblings."""

    id: int
    position: str


def default_position(id: int) -> str:
    """The order key of a new object (`core/ordering.py`), as the trigger `count_change` makes it."""
    number = f"{id:x}"
    return chr(ord("a") + len(number) - 1) + number


class Removed(msgspec.Struct, frozen=True):
    """A deleted object."""

    type: str
    id: int


class Trashed(msgspec.Struct, frozen=True):
    """A deleted object that can come back, and the number of objects that come back with it, itself included."""

    type: str
    deleted_at: datetime
    count: int
    object: Any


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of an object, or of the user (whose id is a text). `via` is the access token that acted, if one did.

    `object` is the object as it is now, where the follower wants it and it is still there.
    """

    revision: int
    type: str
    id: int | str
    kind: str
    actor: str
    via: str | None = None
    object: Any = None


class HistoryEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of an object's history. `before` is None for its creation, `after` for its deletion.

    `via` is the name of the access token that acted, if one did.
    """

    revision: int
    kind: str
    at: datetime
    actor: str
    before: Any
    after: Any
    via: str | None = None


class Counter(msgspec.Struct, frozen=True):
    """The state of a user's change log: `revision` is the last change, `floor` the last one that was pruned.

    `epoch` identifies the database, and `born` is when the user was created (None if the user does not exist).
    """

    epoch: UUID
    born: datetime | None
    revision: int
    floor: int


class Position(NamedTuple):
    """A place in the list of tasks, which begins with the newest. Of what was completed: the time of that."""

    created_at: datetime
    id: int


# Before the first task. The driver sends the last datetime of Python as PostgreSQL's 'infinity'.
TOP: Final = Position(datetime.max.replace(tzinfo=UTC), ID_MAX)


def is_user_id(text: str) -> bool:
    """Whether this is a valid user id."""
    return 1 <= len(text) <= USER_ID_MAX and text_fault("user", text) is None


class Settings(NamedTuple):
    """What applies to a user, who may not have set it."""

    time_zone: str = "UTC"
    week_start: str = "monday"
    day_start: str = "09:00"
    date_order: str = "dmy"


class User(msgspec.Struct, frozen=True):
    """A user, with their settings.

    `created_at` is None for a user of an external issuer who has never written: the database does not have them.
    """

    id: Annotated[str, Shown("The user id, as in the token.", "user-a")]
    email: Annotated[str | None, Shown("Null for a user of an external issuer.", "ada@example.com")]
    name: Annotated[str | None, Name(NAME_MAX, example="Ada")]
    time_zone: Annotated[str | None, Zone("Where the user's days begin and end. Null: UTC.")]
    week_start: Annotated[str, WEEK_START]
    day_start: Annotated[str, DAY_START]
    date_order: Annotated[str, DATE_ORDER]
    created_at: Annotated[
        datetime | None, Shown("Null for a user of an external issuer before their first write.", MOMENT, INSTANT)
    ]


class AccessToken(msgspec.Struct, frozen=True):
    """A personal access token without its secret, which is not stored.

    `last_used_at` may be a few minutes old. It is None if the token was never used.
    """

    id: int
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class Account(msgspec.Struct, frozen=True):
    """A user of the built-in accounts."""

    id: str
    email: str
    name: str
    created_at: datetime


class Session(msgspec.Struct, frozen=True):
    """A session of a built-in account. A session that is not `remembered` expires after a day and is not renewed."""

    user_id: str
    id: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    remembered: bool
    ip_address: str | None
    user_agent: str | None


class Password(msgspec.Struct, frozen=True):
    """The hash of a password. `changed_at` does not change when the same password is hashed again."""

    hash: str
    changed_at: datetime


class KeptResponse(msgspec.Struct, frozen=True):
    """The response of an interface, kept for a repeated request."""

    status: int
    headers: dict[str, str]
    body: bytes
