"""What it takes to give tasks another field: a line where the fields are declared, and a column with its migration."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Where the field is declared, and the column: in which file, after which line of the class, and the new line.
FIELD = (
    "src/doable/model.py",
    "    position: Annotated[str, POSITION]",
    "    note: Annotated[str | None, Text(200)] = None\n",
)
COLUMN = (
    "src/doable/store/schema.py",
    "    position: str = ",
    "    note: str | None = Field(sa_column=Column(Text))\n",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project, with the field in tasks."""
    root = tmp_path_factory.mktemp("copy")
    for name in ("src", "scripts", "docs", "examples", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("node_modules", ".next", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    for path, after, line in (FIELD, COLUMN):
        file = root / path
        lines = file.read_text().splitlines(keepends=True)
        task = next(n for n, text in enumerate(lines) if text.startswith(("class Task(", "class Tasks(")))
        place = next(n for n, text in enumerate(lines[task:], task) if text.startswith(after))
        file.write_text("".join([*lines[: place + 1], line, *lines[place + 1 :]]))
    yield root
    shutil.rmtree(root)


def run(root: Path, *command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))}
    environment["PYTHONPATH"] = str(root / "src")
    done = subprocess.run(
        [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_field_is_a_line_and_a_column(copy: Path) -> None:
    run(copy, "scripts/migration.py", "Add notes")
    run(copy, "scripts/migration.py", "--check")
    run(copy, "scripts/docs.py")
    run(copy, "-m", "pytest", "-q", "tests/new_field/probe.py")
