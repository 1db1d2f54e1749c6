"""Cursors: the position of a client in the log of changes, as a string that only we can read.

A cursor names its owner, so that it works for no other user, and the time that it belongs to: the database's epoch and
the moment from which the user counts. Revisions of another time would mean other changes.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from struct import Struct
from typing import Final, NamedTuple

from doable.errors import CursorExpired, Fault, Invalid
from doable.model import Counter

_VERSION: Final = 1
# Version, hash of the owner, epoch, then `born`, `position` and `start`: 42 bytes, so base64 needs no padding.
_FORMAT: Final = Struct(">B9s8sqqq")
CURSOR: Final = r"[A-Za-z0-9_-]{56}"
_CURSOR: Final = re.compile(CURSOR)
_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(NamedTuple):
    """Everything up to revision `position` is known, and of what was removed everything that `start` did not have.

    `epoch` is the beginning of the installation's, `born` in microseconds, 0 for a user who had not written anything.
    """

    epoch: bytes
    born: int
    position: int
    start: int

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


def at(counter: Counter, position: int, start: int = 0) -> Cursor:
    born = (counter.born - _ZERO) // timedelta(microseconds=1) if counter.born else 0
    return Cursor(counter.epoch.bytes[:8], born, position, start)


def write(cursor: Cursor, owner: str) -> str:
    return urlsafe_b64encode(_FORMAT.pack(_VERSION, _hash(owner), *cursor)).decode()


def read(text: str, owner: str) -> Cursor:
    """Raises Invalid for what is not a cursor of this owner."""
    if _CURSOR.fullmatch(text):
        version, hashed, *rest = _FORMAT.unpack(urlsafe_b64decode(text))
        cursor = Cursor(*rest)
        is_sound = min(cursor[1:]) >= 0 and (cursor.born > 0 or cursor[2:] == (0, 0))
        if version == _VERSION and hashed == _hash(owner) and is_sound:
            return cursor
    raise Invalid(Fault("cursor", "invalid_cursor", "The cursor is not one of ours"))


def _hash(owner: str) -> bytes:
    return blake2b(owner.encode(), digest_size=9).digest()
