"""Finds the phrases in a sentence."""

import re
from collections.abc import Mapping
from typing import Final

from doable.core.quick_add import dates, rules
from doable.core.quick_add.language import Language
from doable.core.quick_add.meaning import Found, Meaning, Reading, Viewer, Words

_PRIORITIES: Final = {"1": "high", "2": "medium", "3": "low"}


def _priority(words: Words, _viewer: Viewer, _language: Language) -> Meaning:
    return Meaning(priority=_PRIORITIES[words["level"]])


_READINGS: Final[Mapping[str, Reading]] = {**dates.READINGS, **rules.READINGS, "priority": _priority}


def find(text: str, viewer: Viewer, language: Language) -> list[Found]:
    """Return the phrases of a text in lower case, in order.

    A date or a time may belong to the sentence around it: "after noon", "9:00 to 17:00", "today or tomorrow".
    """
    found = list[Found]()
    last: Found | None = None
    was_inside = False
    for match, is_inside in language.find(text):
        if (phrase := _read(match, viewer, language)) is None:
            continue
        gap = text[last.end : phrase.start].strip() if last else None
        is_joined = gap in language.joints and _kind(last) == _kind(phrase) != "priority"
        if is_joined and not was_inside:
            found.pop()
        is_time_of_last = was_inside and not gap and (_kind(last), _kind(phrase)) == ("day", "clock")
        was_inside = is_joined or is_time_of_last or (is_inside and "priority" not in phrase.meaning)
        if not was_inside:
            found.append(phrase)
        last = phrase
    return found


def _read(match: re.Match[str], viewer: Viewer, language: Language) -> Found | None:
    name, words = language.read(match)
    try:
        return Found(*match.span(), _READINGS[name](words, viewer, language), is_last_word=name == "last_word")
    except (OverflowError, ValueError):  # such as 30 February, or a day after the year 9999
        return None


def _kind(phrase: Found | None) -> str | None:
    return min(phrase.meaning) if phrase else None
