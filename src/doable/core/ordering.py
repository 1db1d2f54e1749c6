"""Order keys: the text in `position` that puts an object between its neighbours (docs/decisions/0015-order-keys.md).

A key is a head, and after it any number of whole numbers. Keys are compared by code points, which compares the heads,
then the first numbers, then the second numbers, and so on; a key comes before every longer key that begins with it.

    head    `Z`, before all ids; or an id in hexadecimal, after a letter for the number of its digits: a1 … af, b10 …
    number  in base 62, after a letter for its sign and the number of its digits: … Zz is minus 1, a is 0, b1 is 1 …
"""

from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final, NamedTuple

KEY_MAX: Final = 50  # characters
_FRESH_MAX: Final = 30  # characters of a key after `spread`: room for more than 100 moves to one place
_FRONT: Final = "Z"
_DIGITS: Final = digits + ascii_uppercase + ascii_lowercase
_BASE: Final = len(_DIGITS)
_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS)}
# Halving a gap of this size makes 23 keys of one length. A series of moves to one place takes steps of this size in one
# direction, and the number of its 10 000th key has 7 digits.
_STEP: Final = _BASE**4 - 1
_NARROW_STEP: Final = _BASE  # between the new keys of neighbours, to leave nearly all of the gap for the next moves


class Spread(NamedTuple):
    """`key` is for the object that moves. `lower` and `upper` are the new keys of its nearest neighbours, in order."""

    key: str
    lower: list[str]
    upper: list[str]


class _Gap(NamedTuple):
    """The keys that begin with `start` and then have a number after `low` and before `high`."""

    start: str
    low: int
    high: int

    def key(self, number: int) -> str:
        return self.start + _number(number)

    @property
    def middle(self) -> str:
        return self.key((self.low + self.high) // 2)


def between(low: str | None, high: str | None) -> str | None:
    """Return a key after `low` and before `high`; None if none of `KEY_MAX` characters fits there.

    Without `low` it is before all default keys. Without `high` it is before the default keys of all ids to come.
    """
    if low is not None and low == high:
        return None
    key = _gap(low, high).middle
    return key if len(key) <= KEY_MAX else None


def spread(lower: Sequence[str | None], upper: Sequence[str | None]) -> Spread | None:
    """Give a few neighbours new keys, so that an object fits between `lower` and `upper`.

    Both have the neighbours' keys in order, and end with None where there are no more: at the beginning of `lower`, at
    the end of `upper`. The outermost entries stay as they are. Returns None if that is not enough: read more.
    """
    reach = 1
    while reach < 2 * max(len(lower), len(upper)):
        if found := _spread(lower, upper, reach):
            # Some more on both sides: moves are not balanced, and a neighbour left in the middle costs half of the gap.
            return _spread(lower, upper, reach * 3 // 2) or found
        reach = 2 * reach + 1
    return None


def _spread(lower: Sequence[str | None], upper: Sequence[str | None], reach: int) -> Spread | None:
    """Give up to `reach` neighbours on each side new keys, close to the next ones; None if the keys were long."""
    lower, upper = lower[-1 - reach :], upper[: reach + 1]
    low, high = lower[0], upper[-1]
    if low is not None and low == high:
        return None
    gap = _gap(low, high, room=4 * _NARROW_STEP * (len(lower) + len(upper)))
    before = [gap.key(gap.low + _NARROW_STEP * at) for at in range(1, len(lower))]
    after = [gap.key(gap.high - _NARROW_STEP * at) for at in range(len(upper) - 1, 0, -1)]
    found = Spread(gap.middle, before, after)
    return found if max(map(len, (found.key, *before, *after))) <= _FRESH_MAX else None


def _gap(low: str | None, high: str | None, room: int = 2) -> _Gap:
    """Return the first gap between two keys that has `room`."""
    head, below = _parse(low or _FRONT)
    other, above = _parse(high or "a0")
    if head != other:
        return _open_gap(head, below, 0, room)
    same = next((at for at, (first, second) in enumerate(zip(below, above, strict=False)) if first != second), None)
    if same is None:
        number = above[len(below)]
        return _Gap(_key(head, below), number - max(2 * _STEP, room), number)
    if above[same] - below[same] < room:
        return _open_gap(head, below, same + 1, room)
    return _Gap(_key(head, below[:same]), below[same], above[same])


def _open_gap(head: str, below: list[int], place: int, room: int) -> _Gap:
    """Return the gap after the number at this place, or around 0 if there is none."""
    low = below[place] if place < len(below) else -_STEP
    return _Gap(_key(head, below[:place]), low, low + max(2 * _STEP, room))


def _key(head: str, numbers: Sequence[int]) -> str:
    return head + "".join(map(_number, numbers))


def _number(number: int) -> str:
    length, bound = 0, 1
    while bound <= abs(number):
        length, bound = length + 1, bound * _BASE
    # Of negative numbers, a smaller one has smaller digits: those of its difference from the bound.
    rest, text = number if number >= 0 else bound + number, ""
    for _ in range(length):
        rest, digit = divmod(rest, _BASE)
        text = _DIGITS[digit] + text
    return chr(ord("a") + length if number >= 0 else ord("Z") + 1 - length) + text


def _parse(key: str) -> tuple[str, list[int]]:
    end = 1 if key[0] == _FRONT else ord(key[0]) - ord("a") + 2
    head, numbers = key[:end], []
    while end < len(key):
        sign = ord(key[end]) - ord("a")
        start, length = end + 1, sign if sign >= 0 else ord("Z") + 1 - ord(key[end])
        end = start + length
        value = 0
        for digit in key[start:end]:
            value = value * _BASE + _VALUES[digit]
        numbers.append(value if sign >= 0 else value - _BASE**length)
    return head, numbers
