"""Vectors: inputs and right answers in tests/vectors/, which other implementations of the same rules are held to.

`WRITE_VECTORS=1 pytest tests/core` writes the files again.
"""

import os
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "vectors"


def hold(name: str, vectors: dict[str, list[dict[str, object]]]) -> None:
    """Compare the vectors with those in the file, one a line."""
    sections = (
        f"{msgspec.json.encode(section).decode()}: [\n"
        + ",\n".join(msgspec.json.encode(vector).decode() for vector in of_one)
        + "\n]"
        for section, of_one in vectors.items()
    )
    text = "{" + ",\n".join(sections) + "}\n"
    file = FOLDER / f"{name}.json"
    if "WRITE_VECTORS" in os.environ:
        file.write_text(text)
    assert file.read_text() == text
