"""Cursors: where a client continues to read, as an opaque text.

A cursor consists of a kind, a hash of the owner, and the fields of a struct as MessagePack. It is encoded as base64url
without padding (RFC 4648 §5). It is not signed: a forged cursor only changes where the client itself continues.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Annotated, Final, Generic, TypeAlias, TypeVar

import msgspec

from doable.errors import CursorExpired, Fault, Invalid
from doable.model import ID_MAX, Counter, Position

PATTERN: Final = r"^[A-Za-z0-9_-]{1,2048}$"
_CURSOR: Final = re.compile(PATTERN[1:-1])
_HASH_BYTES: Final = 8
_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_encode: Final = msgspec.msgpack.Encoder().encode

Natural: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=ID_MAX)]
# Microseconds since 1970, within the years 1 to 9999.
Moment: TypeAlias = Annotated[int, msgspec.Meta(ge=-62_135_596_800_000_000, le=253_402_300_799_999_999)]
Value: TypeAlias = Annotated[int, msgspec.Meta(ge=-ID_MAX, le=ID_MAX)]
T = TypeVar("T", bound=msgspec.Struct)


class Codec(Generic[T]):
    """Writes and reads the cursors of one kind."""

    def __init__(self, kind: int, struct: type[T]) -> None:
        self._kind = bytes([kind])
        self._decode = msgspec.msgpack.Decoder(struct).decode

    def write(self, cursor: T, owner: str) -> str:
        return urlsafe_b64encode(self._head(owner) + _encode(cursor)).rstrip(b"=").decode()

    def read(self, text: str, owner: str) -> T:
        """Decode a cursor. Raises Invalid unless it is of this kind and for this owner."""
        if _CURSOR.fullmatch(text):
            with suppress(ValueError, msgspec.DecodeError):
                packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
                head = self._head(owner)
                if packed.startswith(head):
                    return self._decode(packed[len(head) :])
        raise not_valid()

    def _head(self, owner: str) -> bytes:
        return self._kind + blake2b(owner.encode(), digest_size=_HASH_BYTES).digest()


def not_valid() -> Invalid:
    return Invalid(Fault("cursor", "invalid_cursor", "The cursor is not valid"))


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place in a list of tasks: after the task with this time (microseconds since 1970) and id.

    The time is that of the creation, or in the list of what was completed, of the completion.
    """

    created_at: Moment
    id: Natural

    @classmethod
    def of(cls, position: Position) -> "Place":
        return cls(since_1970(position.created_at), position.id)

    @property
    def position(self) -> Position:
        return Position(moment_at(self.created_at), self.id)


class Viewed(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place among sorted tasks: after the one with these values, of which the last is its id.

    A moment among the values is in microseconds since 1970, as is `now`, the moment of the first page. `by_parts`:
    whether each of the searches, in the order of their words, looks for parts of words.
    """

    now: Annotated[int, msgspec.Meta(ge=0, le=2 * 10**17)]  # far from both ends of the calendar
    time_zone: str
    values: list[Value | str | None]
    by_parts: list[bool] = []


class Before(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place in a history: before this revision."""

    revision: Natural


class Synced(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The client knows every change up to revision `position`. It never got objects that were removed before `start`.

    `epoch` is the first 8 bytes of the installation's epoch. `born` is in microseconds since 1970, and 0 for a user who
    did not exist yet.
    """

    epoch: bytes
    born: Natural
    position: Natural
    start: Natural

    def require_valid(self, counter: Counter, since: int) -> None:
        """Raise CursorExpired if revisions have a new meaning, or if changes after `since` have been pruned."""
        here = at(counter, 0)
        if (
            self.epoch != here.epoch
            or self.born not in {0, here.born}
            or (self.born == 0 and max(self.position, self.start) > 0)
            or since < counter.floor
            or max(self.position, self.start) > counter.revision
        ):
            raise CursorExpired


LIST: Final = Codec(1, Place)
HISTORY: Final = Codec(2, Before)
SYNC: Final = Codec(3, Synced)
TRASH: Final = Codec(4, Place)
VIEW: Final = Codec(6, Viewed)
COMPLETED: Final = Codec(5, Place)


def since_1970(moment: datetime) -> int:
    """In microseconds."""
    return (moment - _ZERO) // _MICROSECOND


def moment_at(microseconds: int) -> datetime:
    return _ZERO + microseconds * _MICROSECOND


def at(counter: Counter, position: int, start: int = 0) -> Synced:
    born = since_1970(counter.born) if counter.born else 0
    return Synced(counter.epoch.bytes[:8], born, position, start)
