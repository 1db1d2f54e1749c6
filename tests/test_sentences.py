"""A sentence that people read is written once."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "src/doable"
WORDS = 4  # A shorter text may well stand in two places: a title in an example, a name.


def sentences(tree: ast.AST) -> Iterator[ast.Constant]:
    """Texts of several words, but not docstrings, SQL and parts of f-strings."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docstrings:
            text = node.value.strip()
            if len(text.split()) >= WORDS and text[0].isupper() and "\n" not in text:
                yield node


def test_no_sentence_stands_in_two_places() -> None:
    places = defaultdict(list)
    for path in ROOT.rglob("*.py"):
        for node in sentences(ast.parse(path.read_text())):
            places[node.value].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert len(places) > 200
    assert {text: where for text, where in places.items() if len(where) > 1} == {}
