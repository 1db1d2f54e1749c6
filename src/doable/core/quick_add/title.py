"""The title: what is left of a sentence."""

import re
from collections.abc import Iterable
from string import punctuation, whitespace
from typing import Final

from doable.core.quick_add.language import CLOSING
from doable.text import is_blank

_SEPARATORS: Final = ",;:\u2013\u2014-"  # with the en dash and the em dash
_LEADING: Final = re.compile(rf"\A[.!?{_SEPARATORS}]+(?:\s+|$)")
_TRAILING: Final = (",", ";", ":", " -", " \u2013", " \u2014")


def rest(text: str, spans: Iterable[tuple[int, int]], escapes: Iterable[int]) -> str:
    """Return the text without the spans, and without the backslashes at `escapes`. Both are in order."""
    pieces, at = [""], 0
    cuts = sorted([*((start, end, True) for start, end in spans), *((at, at + 1, False) for at in escapes)])
    for start, end, is_span in cuts:
        pieces[-1] += text[at:start]
        if is_span:
            pieces.append("")
        at = end
    pieces[-1] += text[at:]
    return _joined(pieces)


def is_missing(title: str) -> bool:
    """Whether this has nothing but punctuation. An emoji is a title."""
    return is_blank(title.strip(punctuation + whitespace))


def _joined(pieces: list[str]) -> str:
    """Join what stood around the spans. Brackets around a span go with it, and so do commas that separated it."""
    title, *others = map(str.strip, pieces)
    for other in others:
        piece = other if title else _LEADING.sub("", other, 1)
        if title.endswith(("(", "[")) and piece.startswith((")", "]")):
            title, piece = title[:-1].rstrip(), piece[1:].lstrip()
        if piece.strip(_SEPARATORS):
            title = f"{_trimmed(title)}{piece}" if piece[0] in CLOSING else f"{title} {piece}".lstrip()
    return _trimmed(title) if others and not others[-1].strip(_SEPARATORS) else title


def _trimmed(title: str) -> str:
    while title.endswith(_TRAILING):
        title = title[:-1].rstrip()
    return title
