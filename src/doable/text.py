"""What a text may hold, and what of it can be seen."""

import re
from typing import Final

from doable.errors import Fault

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# What shows nothing, as the inside of a character class: white space, controls, and what Unicode calls "default
# ignorable"; also Braille without dots. Of the other planes only here: not every reader of a pattern knows them.
INVISIBLE: Final = (
    r"\s\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
_INVISIBLE: Final = re.compile(
    rf"[{INVISIBLE}\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# What PostgreSQL can hold as text, and a name moreover has something to see.
TEXT: Final = r"^[^\u0000]*$"
NAME: Final = rf"^[^\u0000]*[^{INVISIBLE}][^\u0000]*$"


def is_blank(text: str) -> bool:
    """Whether there is nothing in it that a person could see."""
    return not text or _INVISIBLE.fullmatch(text) is not None


def visible(text: str) -> str:
    """What can be seen of it."""
    return _INVISIBLE.sub("", text)


def text_fault(field: str, value: str) -> Fault | None:
    """PostgreSQL can hold neither NUL nor lone surrogates in a text."""
    if "\0" in value:
        return Fault(field, "unsupported_text", f"{label(field)} must not contain the NUL character")
    if not value.isascii() and _SURROGATE.search(value):
        return Fault(field, "unsupported_text", f"{label(field)} must not contain lone surrogates")
    return None


def label(field: str) -> str:
    """The field's name as a sentence begins with it."""
    return field.replace("_", " ").capitalize()
