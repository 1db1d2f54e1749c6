"""Lists that were answered before, kept as they were sent.

What is kept is never believed: whether it is still right is asked of the database each time, by the owner's version
alone (docs/decisions/0008-cache-lists.md).
"""

from collections import OrderedDict
from typing import Final, TypeAlias

from doable.http.response import Response

Target: TypeAlias = tuple[bytes, bytes]  # path and query, as they were sent

OWNER_MAX: Final = 8  # lists of one owner: as many as the views of a client
RESPONSE_MAX: Final = 1024 * 1024  # bytes
ENTRY_OVERHEAD: Final = 600  # bytes of an answer in addition to its body, its headers and its target


class ListCache:
    """At most `size` bytes, those of the owners who asked last."""

    def __init__(self, size: int) -> None:
        self._room = size
        self._owners: OrderedDict[str, OrderedDict[Target, Response]] = OrderedDict()

    def find(self, owner: str, target: Target) -> Response | None:
        """The last answer of a list of what `owner` owns, which may be out of date."""
        answers = self._owners.get(owner)
        if answers is None:
            return None
        self._owners.move_to_end(owner)
        return answers.get(target)

    def keep(self, owner: str, target: Target, response: Response) -> None:
        if len(response.body) > RESPONSE_MAX:
            return
        answers = self._owners.setdefault(owner, OrderedDict())
        if target in answers:
            self._room += _size(target, answers.pop(target))
        answers[target] = response
        self._room -= _size(target, response)
        if len(answers) > OWNER_MAX:
            self._room += _size(*answers.popitem(last=False))
        while self._room < 0:
            self.forget(next(iter(self._owners)))

    def forget(self, owner: str) -> None:
        """Let go of what is out of date from now on."""
        for kept in self._owners.pop(owner, {}).items():
            self._room += _size(*kept)


def _size(target: Target, response: Response) -> int:
    """Bytes. What was asked counts, because it can be long where the answer is short; a `Link` repeats it."""
    headers = sum(len(name) + len(value) for name, value in response.headers)
    return ENTRY_OVERHEAD + len(target[0]) + len(target[1]) + headers + len(response.body)
