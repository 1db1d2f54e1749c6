"""Every text is in both languages, and in no component."""

import html
import json
import re
import subprocess
from pathlib import Path
from typing import TypeAlias

import pytest

from needs import miss, need

WEB = Path(__file__).parents[2] / "web"
SOURCES = WEB / "src"
COMPONENTS = sorted(SOURCES.rglob("*.svelte"))
PROGRAMS = sorted([*COMPONENTS, *(path for path in SOURCES.rglob("*.ts") if "i18n" not in path.parts)])
# What is the same in English and in German.
SAME = {"Doable", "Name", "Offline", "Filter", "Orange", "System", "OK", "English", "Deutsch", "in 2", "2 · Doable"}
# What a component may say: the language of filters is English for all.
CODE = {"today & p1"}

# Attributes that people read or hear.
SPOKEN = re.compile(r"\b(?:aria-label|aria-description|aria-roledescription|title|placeholder|alt|label)=\"([^\"{]*)")
# A literal that begins as sentences do. Errors are for those who develop.
SENTENCE = re.compile(r"(?<!Error\()([\"'`])[A-Z][a-z]+ [a-z]+[^\"'`\n]*\1")
COMMENT = re.compile(r"<!--.*?-->|/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)

Messages: TypeAlias = dict[str, str]


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Messages]:
    if not (WEB / "node_modules" / "typescript").is_dir():
        miss("The packages of the web app are not installed: run make web")
    command = [need("node"), Path(__file__).with_name("messages.mjs"), WEB, tmp_path_factory.mktemp("messages")]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def texts(template: str) -> list[str]:
    """What a component says itself: its text, and the attributes that are spoken."""
    page = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", template, flags=re.DOTALL)
    while (without := re.sub(r"\{[^{}]*\}", "", page)) != page:
        page = without
    # One letter is a key.
    words = [text.strip() for text in re.sub(r"<[^>]*>", "\n", page).splitlines()]
    return [text for text in [*words, *SPOKEN.findall(page)] if re.search(r"[^\W\d_]{2}", text)]


def test_both_languages_say_everything(messages: dict[str, Messages]) -> None:
    english, german = messages["en"], messages["de"]
    assert english.keys() == german.keys()
    assert [name for name, text in {**english, **german}.items() if not text.strip()] == []


def test_no_message_was_left_untranslated(messages: dict[str, Messages]) -> None:
    english, german = messages["en"], messages["de"]
    same = {name: text for name, text in english.items() if german[name] == text and re.search(r"[^\W\d_]", text)}
    assert {name: text for name, text in same.items() if text not in SAME} == {}


def test_german_calls_people_by_their_first_name(messages: dict[str, Messages]) -> None:
    formal = re.compile(r"(?<![.?!:] )(?<!^)\b(?:Sie|Ihr|Ihre[mnrs]?|Ihnen)\b")
    assert [text for text in messages["de"].values() if formal.search(text)] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_no_component_has_a_text_of_its_own(path: Path) -> None:
    assert [text for text in texts(path.read_text()) if html.unescape(text) not in CODE] == []


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_no_program_has_a_sentence_of_its_own(path: Path) -> None:
    assert [found.group() for found in SENTENCE.finditer(COMMENT.sub("", path.read_text()))] == []


def test_texts_of_a_component_would_be_found() -> None:
    assert texts("<p>Hello</p>") == ["Hello"]
    assert texts('<p title="Hello">{m.app.undo}</p>') == ["Hello"]
    assert texts('{#if a > 1}<button onclick={() => go("x")}>{m.app.undo} <kbd>Z</kbd></button>{/if}') == []
    assert SENTENCE.search('const said = "Hello world";')
