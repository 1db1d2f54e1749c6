"""The words of the domain.

What users own is declared field by field (`fields.py`). The order of the fields is the order of the columns in every
statement, so that the store makes `Task(*row)` from a row; an interface encodes the struct as it stands.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final, NamedTuple
from uuid import UUID

import msgspec

from doable.fields import Name, Shown, Text
from doable.text import text_fault

TITLE_MAX: Final = 255
DESCRIPTION_MAX: Final = 5000
ID_MAX: Final = 2**63 - 1  # bigint
USER_ID_MAX: Final = 255  # characters (OpenID Connect Core §2), and what an index of PostgreSQL can hold
INCOMPLETE: Final = "incomplete"
COMPLETE: Final = "complete"
STATUSES: Final = {"enum": [INCOMPLETE, COMPLETE]}
INSTANT: Final = {"format": "date-time"}
MOMENT: Final = "2026-11-21T09:30:00.123456Z"  # in examples


class Scope(StrEnum):
    """What a credential may be used for. A JWT or a session has every scope."""

    READ = "tasks:read"
    WRITE = "tasks:write"
    ACCOUNT = "account"  # never given to a personal access token: a leaked token must not mint others


EVERY_SCOPE: Final = frozenset(Scope)
TOKEN_SCOPES: Final = frozenset({Scope.READ, Scope.WRITE})


class Actor(msgspec.Struct, frozen=True):
    """The user who makes a request. `expires_at` in seconds since the epoch; None when the credential does not expire.

    `token_id` is that of the personal access token; None for another credential.
    """

    user_id: str
    scopes: frozenset[Scope] = EVERY_SCOPE
    expires_at: float | None = None
    token_id: int | None = None


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field with a default is left out of an answer where it has no other value."""

    id: Annotated[int, Shown("Set by the service.", 1, {"minimum": 1, "maximum": ID_MAX})]
    user_id: Annotated[str, Shown("The id of the owner, exactly as in the token.", "user-a")]
    title: Annotated[str, Name(TITLE_MAX, example="Buy groceries")]
    description: Annotated[str | None, Text(DESCRIPTION_MAX)]
    status: Annotated[str, Shown("`incomplete` or `complete`.", INCOMPLETE, STATUSES)]
    created_at: Annotated[datetime, Shown("ISO 8601 in UTC; never changes.", MOMENT, INSTANT)]
    updated_at: Annotated[datetime, Shown("ISO 8601 in UTC; set at every change.", MOMENT, INSTANT)]
    revision: Annotated[int, Shown("The revision of the last change to this task.", 1, {"minimum": 1})]


class Removed(msgspec.Struct, frozen=True):
    """What is left of an object that was deleted."""

    type: str
    id: int


class Change(msgspec.Struct, frozen=True):
    """That something happened to an object."""

    revision: int
    type: str
    id: int
    kind: str


class HistoryEntry(msgspec.Struct, frozen=True):
    """One line of a task's history. `before` is None where it was created, `after` where it was deleted."""

    revision: int
    kind: str
    at: datetime
    actor: str
    before: Task | None
    after: Task | None


class Counter(msgspec.Struct, frozen=True):
    """Where a user's changes stand: `revision` is the last one, `floor` the last of those that were pruned.

    `epoch` is the database's own, `born` the moment from which this user counts (None: there is no such user yet).
    """

    epoch: UUID
    born: datetime | None
    revision: int
    floor: int


class Position(NamedTuple):
    """A place in the list of tasks, which runs from the newest to the oldest."""

    created_at: datetime
    id: int


# Before the first one. The driver sends the last moment that Python knows as PostgreSQL's 'infinity'.
TOP: Final = Position(datetime.max.replace(tzinfo=UTC), ID_MAX)


def is_user_id(text: str) -> bool:
    """Whether an issuer may use this as the id of a user."""
    return 1 <= len(text) <= USER_ID_MAX and text_fault("user", text) is None


class User(msgspec.Struct, frozen=True):
    """`email`, `name` and `timezone` are None for people whom an external issuer vouches for.

    `created_at` is None for those of them who have never written anything: there is nothing of theirs here.
    """

    id: str
    email: str | None
    name: str | None
    timezone: str | None
    created_at: datetime | None


class AccessToken(msgspec.Struct, frozen=True):
    """A personal access token as its owner sees it; the token itself is nowhere.

    `last_used_at` is a few minutes behind; None when it was never used.
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
    """A session of a built-in account. One that is not `remembered` ends after a day and is not renewed."""

    user_id: str
    id: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    remembered: bool
    ip_address: str | None
    user_agent: str | None


class Password(msgspec.Struct, frozen=True):
    """What is kept of one; `changed_at` stays when the same password is hashed anew."""

    hash: str
    changed_at: datetime


class KeptResponse(msgspec.Struct, frozen=True):
    """What a door answered, in its own terms, to be answered again."""

    status: int
    headers: dict[str, str]
    body: bytes
