"""Cursors: where a client goes on, as one opaque text.

A cursor is a kind, a hash of the owner and the fields of a struct as MessagePack, in base64url without padding
(RFC 4648 §5). It is not signed: a cursor that a client makes up only changes where its own reading goes on.
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

PATTERN: Final = r"^[A-Za-z0-9_-]{1,512}$"
_CURSOR: Final = re.compile(PATTERN[1:-1])
_HASH_BYTES: Final = 8
_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_encode: Final = msgspec.msgpack.Encoder().encode

Natural: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=ID_MAX)]
T = TypeVar("T", bound=msgspec.Struct)


class Codec(Generic[T]):
    """Writes and reads the cursors of one kind."""

    def __init__(self, kind: int, struct: type[T]) -> None:
        self._kind = bytes([kind])
        self._decode = msgspec.msgpack.Decoder(struct).decode

    def write(self, cursor: T, owner: str) -> str:
        return urlsafe_b64encode(self._head(owner) + _encode(cursor)).rstrip(b"=").decode()

    def read(self, text: str, owner: str) -> T:
        """Raises Invalid for what is not a cursor of this kind and this owner."""
        if _CURSOR.fullmatch(text):
            with suppress(ValueError, msgspec.DecodeError):
                packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
                head = self._head(owner)
                if packed.startswith(head):
                    return self._decode(packed[len(head) :])
        raise Invalid(Fault("cursor", "invalid_cursor", "The cursor is not valid"))

    def _head(self, owner: str) -> bytes:
        return self._kind + blake2b(owner.encode(), digest_size=_HASH_BYTES).digest()


class Place(msgspec.Struct, frozen=True, array_like=True):
    """In the list of tasks: after the task that was created then and has this id."""

    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    id: Natural

    @property
    def position(self) -> Position:
        return Position(self.created_at, self.id)


class Before(msgspec.Struct, frozen=True, array_like=True):
    """In a history: before this revision."""

    revision: Natural


class Synced(msgspec.Struct, frozen=True, array_like=True):
    """Everything up to revision `position` is known, and of what was removed everything that `start` did not have.

    `epoch` is the beginning of the installation's, `born` in microseconds, 0 for a user who had not written anything.
    """

    epoch: bytes
    born: Natural
    position: Natural
    start: Natural

    def require_valid(self, counter: Counter, since: int) -> None:
        """Raises CursorExpired, also when changes after `since` have been pruned."""
        here = at(counter, 0)
        if (
            self.epoch != here.epoch
            or self.born not in {0, here.born}
            or since < counter.floor
            or max(self.position, self.start) > counter.revision
        ):
            raise CursorExpired


LIST: Final = Codec(1, Place)
HISTORY: Final = Codec(2, Before)
SYNC: Final = Codec(3, Synced)


def at(counter: Counter, position: int, start: int = 0) -> Synced:
    born = (counter.born - _ZERO) // timedelta(microseconds=1) if counter.born else 0
    return Synced(counter.epoch.bytes[:8], born, position, start)
