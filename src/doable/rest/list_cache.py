"""Responses with lists, cached as they were sent.

What is kept is never believed: whether it is still right is asked of the database each time, by the owner's version
alone (docs/decisions/0008-cache-lists.md).
"""

from collections import OrderedDict
from typing import Final, TypeAlias

from doable.http.response import Response

Target: TypeAlias = tuple[bytes, bytes]  # path and query, as they were sent

OWNER_MAX: Final = 8  # lists of one owner; a client has about as many views
RESPONSE_MAX: Final = 1024 * 1024  # bytes
ENTRY_OVERHEAD: Final = 600  # bytes of a response in addition to its body, its headers and its target


class ListCache:
    """Keeps at most `size` bytes, of the owners with the latest requests."""

    def __init__(self, size: int) -> None:
        self._room = size
        self._owners: OrderedDict[str, OrderedDict[Target, Response]] = OrderedDict()

    def find(self, owner: str, target: Target) -> Response | None:
        """The last response for a list of `owner`, which may be out of date."""
        responses = self._owners.get(owner)
        if responses is None:
            return None
        self._owners.move_to_end(owner)
        return responses.get(target)

    def keep(self, owner: str, target: Target, response: Response) -> None:
        if len(response.body) > RESPONSE_MAX:
            return
        responses = self._owners.setdefault(owner, OrderedDict())
        if target in responses:
            self._room += _size(target, responses.pop(target))
        responses[target] = response
        self._room -= _size(target, response)
        if len(responses) > OWNER_MAX:
            self._room += _size(*responses.popitem(last=False))
        while self._room < 0:
            self.forget(next(iter(self._owners)))

    def forget(self, owner: str) -> None:
        """Drop the lists of an owner, which are now out of date."""
        for kept in self._owners.pop(owner, {}).items():
            self._room += _size(*kept)


def _size(target: Target, response: Response) -> int:
    """The size in bytes. The target counts, because it can be longer than the response; a `Link` repeats it."""
    headers = sum(len(name) + len(value) for name, value in response.headers)
    return ENTRY_OVERHEAD + len(target[0]) + len(target[1]) + headers + len(response.body)
