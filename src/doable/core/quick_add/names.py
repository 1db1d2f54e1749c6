"""The names of lists and labels in a sentence, and the words that stay as they are."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import punctuation
from typing import Final, NamedTuple

from doable.core.quick_add.language import BEGIN, CLOSING, END
from doable.core.quick_add.meaning import Found, Meaning
from doable.model import LABEL_MAX, TASK_LABELS_MAX
from doable.text import folded, is_blank

# Up to five apostrophes may stand between single quotes.
_SINGLE: Final = r"'[^']*(?:'(?=\w)[^']*){0,5}'(?!\w)|\u2018[^\u2019]*(?:\u2019(?=\w)[^\u2019]*){0,5}\u2019(?!\w)"
_KEPT: Final = re.compile(
    rf"""{BEGIN}(?:
      (?P<mark>[#@])(?:"(?P<straight>(?:\\.|[^"\\])*)"{END}|“(?P<curly>(?:\\.|[^”\\])*)”{END}|(?P<bare>(?![#@"“])(?:\\.|\S)+))
    | \\(?P<escaped>\S+)
    | "[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|{_SINGLE}
    )""",
    re.VERBOSE | re.DOTALL,
)
_SPECIAL: Final = re.compile("""["“„«'\u2018#@0-9]|p[1-3]""")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


class Spelling(NamedTuple):
    """A name as written, and where it ends in the text."""

    name: str
    end: int


class Name(NamedTuple):
    """A name after `#` or `@`: as it is, and without the punctuation that follows it if there is some."""

    start: int
    mark: str
    spellings: list[Spelling]


class Kept(NamedTuple):
    """The names of a text, and where the backslashes are that keep a word.

    `others` is the text in lower case, as long as before, with NUL in place of names and words that stay.
    """

    names: list[Name]
    escapes: list[int]
    others: str


class Mentions(NamedTuple):
    """The names in a sentence, as `folded` returns them, that may be lists or labels."""

    lists: frozenset[str]
    labels: frozenset[str]


def mentioned(text: str) -> Mentions:
    """Return the names that the user's lists and labels must be looked up by, before `parse`."""
    lists, labels = set[str](), set[str]()
    for match in filter(_is_name, _KEPT.finditer(text)):
        (lists if match["mark"] == "#" else labels).update(folded(name) for name, _ in _name(match).spellings)
    return Mentions(frozenset(lists), frozenset(labels))


def kept(text: str, words: frozenset[str]) -> Kept:
    """Separate what no phrase can contain. `words` are those that a backslash keeps from being understood."""
    matches = list(_KEPT.finditer(text))
    escapes = [match.start() for match in matches if match["escaped"] and _is_special(match["escaped"], words)]
    others = _lower(_KEPT.sub(lambda match: "\0" * len(match[0]), text))
    return Kept(list(map(_name, filter(_is_name, matches))), escapes, others)


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)  # İ becomes two.


def _is_name(match: re.Match[str]) -> bool:
    return match["mark"] is not None


def _is_special(word: str, words: frozenset[str]) -> bool:
    """Whether a word could have a meaning. A backslash before any other word is part of the title."""
    return _SPECIAL.match(word) is not None or (len(word) > 1 and word.rstrip(CLOSING).lower() in words)


def _name(match: re.Match[str]) -> Name:
    bare = match["bare"]
    if bare is None:
        written = {match["straight"] if match["curly"] is None else match["curly"]: match.end()}
    else:
        written = {name: match.start("bare") + len(name) for name in (bare, bare.rstrip(CLOSING))}
    spellings = [Spelling(_ESCAPE.sub(r"\1", name).strip(), end) for name, end in written.items()]
    return Name(match.start(), match["mark"], spellings)


def find(names: Sequence[Name], lists: Iterable[str], labels: Iterable[str]) -> Iterator[Found]:
    """Return the lists and labels that the names mean. A label may be new."""
    if not names:
        return
    list_indexes = {folded(name): index for index, name in reversed(list(enumerate(lists)))}
    label_names = {folded(name): name for name in labels}
    given = set[str]()
    for name in names:
        found = _list(name, list_indexes) if name.mark == "#" else _label(name, label_names)
        if found and "label" in found.meaning:
            label = folded(found.meaning["label"])
            if len(given) < TASK_LABELS_MAX:
                given.add(label)
            found = found if label in given else None
        if found:
            yield found


def _list(name: Name, indexes: Mapping[str, int]) -> Found | None:
    for spelling, end in name.spellings:
        if (index := indexes.get(folded(spelling))) is not None:
            return Found(name.start, end, Meaning(list_index=index))
    return None


def _label(name: Name, names: Mapping[str, str]) -> Found | None:
    for spelling, end in name.spellings:
        if known := names.get(folded(spelling)):
            return Found(name.start, end, Meaning(label=known))
    new, end = name.spellings[-1]
    is_valid = not is_blank(new.strip(punctuation)) and len(new) <= LABEL_MAX
    return Found(name.start, end, Meaning(label=new)) if is_valid else None
