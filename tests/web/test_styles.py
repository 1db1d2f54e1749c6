"""What the style sheets promise: contrast, one place for colours, and both directions of writing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "web" / "src"
TOKENS = (SOURCES / "styles" / "tokens.css").read_text()
GROUNDS = ("bg", "side", "hover", "selected")
SHEETS = sorted([*SOURCES.rglob("*.svelte"), *(SOURCES / "styles").glob("*.css")])

COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\("
    r"|:[^;{]*(?<![-\w])(?:white|black|gr[ae]y|silver|red|orange|yellow|green|teal|blue|navy|purple|pink|brown)(?![-\w])",
    re.IGNORECASE,
)
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-\w+)*\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)
FOUR_SIDES = re.compile(r"(?<![-\w])(?:margin|padding|scroll-margin|scroll-padding)\s*:\s*([^;]+);")


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def tokens(theme: int) -> dict[str, str]:
    """The colours of the light theme (0) or the dark one (1)."""
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
    return {name: pair[theme] for name, *pair in found}


def rules(path: Path) -> str:
    """The style sheet of a file, without comments."""
    text = path.read_text()
    if path.suffix == ".svelte":
        text = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def is_lopsided(value: str) -> bool:
    """Whether four values name two for the left and the right. White space within brackets separates nothing."""
    return len(set(re.findall(r"(?:[^\s()]+(?:\((?:[^()]|\([^()]*\))*\))?)+", value)[1::2])) == 2


def outside(path: Path) -> Iterator[str]:
    """The tags of a component."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
    yield from re.findall(r"<[a-z][^<]*", text)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(
    ("names", "least"),
    [
        (("text", "text-2", "text-3"), 4.8),
        (("control",), 3.1),
        (("accent",), 4.7),
        (("danger", "warn", "info"), 5.1),
    ],
)
def test_what_is_written_can_be_read_on_each_ground(
    theme: int, ground: str, names: tuple[str, ...], least: float
) -> None:
    colours = tokens(theme)
    found = {name: round(contrast(colours[name], colours[ground]), 2) for name in names}
    assert {name: ratio for name, ratio in found.items() if ratio < least} == {}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_what_is_written_on_the_accent_can_be_read(theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.7


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colours_are_named_in_one_place_only(path: Path) -> None:
    if path.name != "tokens.css":
        assert COLOUR.findall(rules(path)) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_nothing_is_on_the_left_or_on_the_right(path: Path) -> None:
    sheet = rules(path)
    assert [found.group() for found in PHYSICAL.finditer(sheet)] == []
    assert [found.group() for found in FOUR_SIDES.finditer(sheet) if is_lopsided(found[1])] == []


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.svelte")), ids=lambda path: path.name)
def test_no_page_has_a_style_or_a_script_within_its_tags(path: Path) -> None:
    """The Content-Security-Policy refuses both."""
    assert [tag for tag in outside(path) if re.search(r"\s(?:style|on\w+)=[\"']", tag)] == []


@pytest.mark.parametrize(
    ("sheet", "fault"),
    [
        ("a { color: #fff; }", COLOUR),
        ("a { color: rgb(0 0 0); }", COLOUR),
        ("a { border: 1px solid red; }", COLOUR),
        ("a { margin-left: 1px; }", PHYSICAL),
        ("a { right: 0; }", PHYSICAL),
        ("a { text-align: left; }", PHYSICAL),
    ],
)
def test_these_faults_would_be_found(sheet: str, fault: re.Pattern[str]) -> None:
    assert fault.search(sheet)
    assert is_lopsided("1px calc(1px + (2px)) 1px 2px")
    assert not is_lopsided("1px calc(1px + (2px)) 3px calc(1px + (2px))")
    assert not fault.search("a { margin-inline-start: 1px; color: var(--text-2); background: transparent; }")
