"""A language: its words, and its phrases as regular expressions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_MARKS: Final = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"  # of direction, which some keyboards write around words
OPENING: Final = f"([{_MARKS}"
CLOSING: Final = f",.;:!?…)]{_MARKS}"
BEGIN: Final = rf"(?<![^\s{re.escape(OPENING)}])"
END: Final = rf"(?=[{re.escape(CLOSING)}]*(?:\s|$))"
_LETTERS: Final = r"[^\W\d_]+"
_WORD: Final = re.compile(f"{BEGIN}(?:{_LETTERS}|[0-9])")  # the beginning of a word, up to a digit or a sign
_NAMED: Final = re.compile(r"\(\?P<(?P<name>\w+)>")
_SUFFIXED: Final = r"(?P<\g<name>_{}>"


def one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(words)})"


@dataclass(frozen=True)
class Language:
    """Words in lower case, and phrases in order of precedence.

    In a phrase, a blank is up to four characters of white space. Its name says how to read its named groups.
    """

    weekdays: Mapping[str, int]  # 0 is Monday
    months: Mapping[str, int]
    numbers: Mapping[str, int]  # -1 is the last
    units: Mapping[str, str]  # day, week, month, year, hour or minute
    days: Mapping[str, int]  # from today
    starts: frozenset[str]  # words that begin a phrase, or the letters in p1
    inside: frozenset[str]  # words after which a date or a time belongs to the sentence
    feasts: frozenset[str]  # words that make a weekday another day
    joints: frozenset[str]  # what joins two dates to a range or a list
    phrases: tuple[tuple[str, str], ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any phrase. The names of groups end in the index of their phrase."""
        each = (
            f"(?P<_{index}>{_NAMED.sub(_SUFFIXED.format(index), phrase)})"
            for index, (_, phrase) in enumerate(self.phrases)
        )
        phrase = f"{one_of(each)}{END}"
        return re.compile(phrase.replace(" ", r"\s{1,4}").replace(r"\s*", r"\s{0,4}"))  # bounded, to be quick

    @cached_property
    def _parts(self) -> list[list[str]]:
        return [_NAMED.findall(phrase) for _, phrase in self.phrases]

    def read(self, match: re.Match[str]) -> tuple[str, dict[str, str]]:
        """Return the name of the phrase that `pattern` found, and its parts that are there."""
        index = int(str(match.lastgroup)[1:])  # The phrase's own group is closed last.
        parts = {name: part for name in self._parts[index] if (part := match[f"{name}_{index}"]) is not None}
        return self.phrases[index][0], parts

    def find(self, text: str) -> Iterator[tuple[re.Match[str], bool]]:
        """Yield the phrases of a text in lower case, in order, and whether the word before makes them mean nothing."""
        before: re.Match[str] | None = None
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            if match := self._match(word):
                end = match.end()
                yield match, before is not None and self._is_inside(before, word)
            before = word

    def _match(self, word: re.Match[str]) -> re.Match[str] | None:
        is_start = word[0] in self.starts or word[0].isdigit()
        return self.pattern.match(word.string, word.start()) if is_start else None

    def _is_inside(self, before: re.Match[str], word: re.Match[str]) -> bool:
        if word.string[before.end() : word.start()].strip():
            return False
        return before[0] in self.inside or (before[0] in self.feasts and word[0] in self.weekdays)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that occur in phrases, and parts of words such as the p of p1."""
        phrases = " ".join(_NAMED.sub("(", phrase) for _, phrase in self.phrases)
        return frozenset(re.findall(rf"(?<![\w\\]){_LETTERS}", phrases))

    def number(self, word: str) -> int:
        """Return the number that a word such as "2", "2nd" or "two" means."""
        return self.numbers[word] if word in self.numbers else int("".join(filter(str.isdigit, word)))
