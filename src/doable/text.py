"""Which characters a text may contain, and which of them are visible."""

import re
from typing import Final
from unicodedata import normalize

from doable.errors import Fault

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Invisible characters, as the inside of a character class: white space, controls, those that Unicode calls "default
# ignorable", and Braille without dots. Only `_INVISIBLE` has those of other planes, which some clients can't parse.
INVISIBLE: Final = (
    r"\s\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
_INVISIBLE: Final = re.compile(
    rf"[{INVISIBLE}\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# PostgreSQL can't store NUL in a text. A name also needs a visible character.
TEXT: Final = r"^[^\u0000]*$"
NAME: Final = rf"^[^\u0000]*[^{INVISIBLE}][^\u0000]*$"


def is_blank(text: str) -> bool:
    """Whether the text has no visible character."""
    return not text or _INVISIBLE.fullmatch(text) is not None


def visible(text: str) -> str:
    """Return the visible characters of a text."""
    return _INVISIBLE.sub("", text)


def folded(name: str) -> str:
    """Return what is the same for names that differ only in case or in how Unicode composes their characters."""
    return normalize("NFC", normalize("NFC", name).casefold())


def text_fault(field: str, value: str) -> Fault | None:
    """Return a fault if PostgreSQL can't store the text: it contains NUL or lone surrogates."""
    if "\0" in value:
        return Fault(field, "unsupported_text", f"{label(field)} must not contain the NUL character")
    if not value.isascii() and _SURROGATE.search(value):
        return Fault(field, "unsupported_text", f"{label(field)} must not contain lone surrogates")
    return None


def label(field: str) -> str:
    """Return the name of a field for the beginning of a sentence. That of a member stays as clients write it."""
    name, dot, member = field.partition(".")
    return name.replace("_", " ").capitalize() + dot + member
