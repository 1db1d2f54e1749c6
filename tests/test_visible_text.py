"""What counts as blank, held against Unicode's own tables."""

import re
from unicodedata import category, name

from doable.text import NAME, is_blank

# Format characters that have a shape, since they stand around what follows them ("prepended concatenation marks").
VISIBLE = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Letters and symbols without a shape, and what only changes the character before it.
OTHERS = re.compile(
    "HANGUL.* FILLER|BRAILLE PATTERN BLANK|NULL NOTEHEAD|VARIATION SELECTOR|GRAPHEME JOINER|INHERENT A[AQ]"
)


def test_a_text_is_blank_when_unicode_has_nothing_to_show_for_it() -> None:
    for code in range(0x110000):
        one = chr(code)
        kind, called = category(one), name(one, "")
        if kind in {"Cn", "Cs", "Co"}:
            continue
        shapeless = kind in {"Cc", "Zs", "Zl", "Zp"} or (kind == "Cf" and code not in VISIBLE)
        assert is_blank(one) is (shapeless or OTHERS.search(called) is not None), f"U+{code:04X} {called}"
        assert not is_blank(f"{one}x")


def test_the_document_refuses_the_same_titles_within_the_basic_plane() -> None:
    for code in [*range(0xD800), *range(0xE000, 0x10000)]:
        assert bool(re.search(NAME, chr(code))) is not is_blank(chr(code)), f"U+{code:04X}"
