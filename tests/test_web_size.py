"""`make check` fails when the first view of the web app needs too much JavaScript."""

import runpy
from pathlib import Path

import pytest

from shipped import ROOT


def test_what_is_imported_counts_once_and_compressed_and_what_comes_later_does_not(tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text(
        '<script src="/assets/first-1.js" data-en="/assets/en-1.js" data-de="/assets/de-1.js"'
        ' data-house="/assets/House-1.js /assets/tasks-1.js /assets/tasks-1.css"></script>'
        '<script type="module" src="/assets/index-1.js"></script>'
    )
    for name, text in {
        "first-1.js": "",
        "index-1.js": 'import"./start-1.js";import("./House-1.js");import("./later-1.js")',
        "start-1.js": "x",
        "House-1.js": 'import{a}from"./tasks-1.js";import"./start-1.js"',
        "tasks-1.js": 'import"./start-1.js"',
        "en-1.js": "y",
        "de-1.js": "y",
        "later-1.js": "z",
    }.items():
        (assets / name).write_text(text)
        (assets / f"{name}.gz").write_bytes(b"0" * 1000)
    first_view = runpy.run_path(str(ROOT / "scripts/web_size.py"))["first_view"]
    assert first_view(tmp_path) == pytest.approx(6)
