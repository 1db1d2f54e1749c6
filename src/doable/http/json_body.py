"""Request bodies: only JSON that every parser reads the same way."""

import json
from typing import Any, Final

import msgspec

from doable.errors import Fault, Invalid

_decode: Final = msgspec.json.Decoder().decode


def parse(body: bytes) -> object:
    """Decode JSON. Raises Invalid if it is malformed, or if an object has the same name twice (RFC 8259 §4)."""
    try:
        value = _decode(body)
        # The decoder keeps only one of several members with the same name. Each member has a colon in the text. So if
        # there are as many members as colons, the decoder dropped none.
        colons = body.count(b":")
        is_plain = type(value) is dict and len(value) == colons  # as in most requests
        if not is_plain and colons > _count_members(value, colons):
            _careful.decode(body.decode())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid(Fault("", "not_json", "The request body is not valid JSON")) from None
    return value


def _count_members(value: object, enough: int) -> int:
    """Count the members of all objects, and stop at `enough`."""
    count, containers = 0, [value]
    for one in containers:
        if count >= enough:
            break
        if type(one) is dict:
            count += len(one)
            containers += [inner for inner in one.values() if type(inner) in _CONTAINERS]
        elif type(one) is list:
            containers += [inner for inner in one if type(inner) in _CONTAINERS]
    return count


def _require_unique(members: list[tuple[str, Any]]) -> None:
    names = set()
    for name, _ in members:
        if name in names:
            raise Invalid(Fault(name, "repeated_field", f"Field '{name}' appears more than once"))
        names.add(name)


_CONTAINERS: Final = {dict, list}
_careful: Final = json.JSONDecoder(object_pairs_hook=_require_unique)  # four times as slow
