"""Check the English of the documents, and of comments and strings in the code: proselint's rules and a list of our own.

`python scripts/prose.py` prints every place that breaks a rule, and fails if there is one.
"""

import re
import sys
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from proselint.checks import __register__
from proselint.config import DEFAULT
from proselint.registry import CheckRegistry
from proselint.registry.checks import Check, types

ROOT = Path(__file__).parent.parent
FILES = ("*.md", "docs/**/*.md", "benchmarks/*.md", "clients/typescript/*.md", "src/doable/**/*.py")
# Words that many readers have to read twice, as regular expressions, and what to write in their place.
OURS = {
    "a word to": "a name, or a field",
    "again is fine": "you can … again",
    "all the time": "always",
    "(are|is) told": "gets, or receives",
    "as it comes": "unchanged, or in the order of arrival",
    "at once": "immediately, or at the same time",
    "besides": "also, or apart from",
    "by (itself|themselves)": "automatically",
    "elsewhere": "the place that you mean, or otherwise",
    "for good": "permanently",
    "he|him|himself|his": "they, them, themselves, or their",
    "hence|thus": "so, or therefore",
    "just|simply|easily|obviously|please|very": "the sentence without it",
    "likewise": "also, or the same",
    "meanwhile": "while …, or since then",
    "minds": "fails, or refuses",
    "nobody": "no user, no client, or no one",
    "of its own accord": "automatically",
    "so many": "a number, or too many",
    "somebody": "a user, a client, or someone",
    "such an?": "this, or its name",
    "thereof|whence": "of it, or from it",
    "what waits": "what is pending",
    "whatever|whichever": "any, or everything that",
    "who asks": "the client, or the user",
    "whoever|whomever": "a client that, or the user who",
}
# Checks of proselint that we leave out.
WITHOUT = {
    "lexical_illusions": False,  # Tables and code say a word twice.
    "typography": False,  # Straight quotes are what a keyboard has, and tables have spaces as they need them.
    "uncomparables": False,  # It takes longer than all others together.
    "weasel_words.very": False,  # Our list says it better.
}
CHECKS = WITHOUT | DEFAULT["checks"] | WITHOUT  # The first that fits a check decides on it.
# Fenced blocks, inline code, targets of links, and tags.
CODE = re.compile(r"^ *(```+).*?^ *\1|(`+)(?:(?!\n\n).)+?\2|\]\([^)]*\)|<[^>\n]+>", re.DOTALL | re.MULTILINE)
EDGE = re.compile(r"\b")  # proselint finds parts of words too: "for ever" in "for every"
PROSE = {"COMMENT", "STRING", "FSTRING_MIDDLE"}  # tokens of Python


class Text(NamedTuple):
    """Prose, and where it begins."""

    path: Path
    line: int
    prose: str


def read(path: Path) -> Iterator[Text]:
    return _read_python(path) if path.suffix == ".py" else iter([Text(path, 1, path.read_text())])


def _read_python(path: Path) -> Iterator[Text]:
    """Comments and strings; those on lines that follow one another are one text."""
    line, lines, last = 1, list[str](), (0, 0)
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            # A string of one word is a name or a value.
            if tokenize.tok_name[token.type] in PROSE and " " in token.string:
                if last != (token.type, token.start[0] - 1):
                    yield Text(path, line, "\n".join(lines))
                    line, lines = token.start[0], []
                lines.append(token.string.strip("#'\""))
                last = (token.type, token.end[0])
    yield Text(path, line, "\n".join(lines))


def without_code(prose: str) -> str:
    """As long as before, so that a place in it is a place in the text."""
    return CODE.sub(lambda code: re.sub(r"[^\n]", "·", code[0]), prose)


def flat(prose: str) -> str:
    """Each paragraph on one line, as long as before."""
    return re.sub(r"(?<=\S)\n *(?=[^\s|*#-])", lambda gap: " " * len(gap[0]), prose)


def checks() -> list[Check]:
    registry = CheckRegistry()
    registry.register_many(__register__)
    ours = {f"(?:{words})".replace(" ", r"\s+"): instead for words, instead in OURS.items()}
    return [Check(types.PreferredForms(ours), message="'{1}': write {0}"), *registry.get_all_enabled(CHECKS)]


def faults(texts: list[Text]) -> Iterator[str]:
    """What breaks a rule, with its place. All texts are checked as one, which is many times faster."""
    starts = list(accumulate((len(text.prose) + 2 for text in texts), initial=0))
    everything = "\n\n".join(flat(without_code(text.prose)) for text in texts)
    found = {(*result.span, result.message) for check in checks() for result in check.check_with_flags(everything)}
    for place, end, message in sorted(found):
        if EDGE.match(everything, place) and EDGE.match(everything, end):
            path, line, prose = texts[number := bisect_right(starts, place) - 1]
            yield f"{path.relative_to(ROOT)}:{line + prose.count(chr(10), 0, place - starts[number])}: {message}"


if __name__ == "__main__":
    paths = sorted(path for pattern in FILES for path in ROOT.glob(pattern))
    found = list(faults([text for path in paths for text in read(path) if text.prose]))
    sys.exit("\n".join(found) if found else 0)
