"""What is shipped, as tests read it: Dockerfiles, and the commands that they and others run."""

import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from doable.cli import COMMANDS
from doable.settings import Settings

Instructions: TypeAlias = list[tuple[str, str]]

ROOT = Path(__file__).parents[1]
DEFAULTS = {str(field.alias): field.default for field in Settings.model_fields.values()}


def instructions(path: Path) -> Instructions:
    """A Dockerfile's, each with its arguments on one line."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE))
    return [(line.split()[0], line.partition(" ")[2]) for line in text.splitlines() if line]


def all_of(image: Instructions, name: str) -> list[str]:
    return [arguments for instruction, arguments in image if instruction == name]


def sources(image: Instructions) -> list[str]:
    """What it copies from the repository."""
    return [source for line in all_of(image, "COPY") if "--from" not in line for source in line.split()[:-1]]


def variables(image: Instructions) -> dict[str, str]:
    return dict(part.split("=", 1) for line in all_of(image, "ENV") for part in shlex.split(line))


def require_command(words: list[str]) -> None:
    """A command of ours, with options that it has."""
    name, *options = words
    assert name in COMMANDS
    import_module(f"doable.cli.{name}").command.make_context(name, options)


def least_to_stop(said: dict[str, str]) -> float:
    """Seconds that a service with these settings may take to stop (docs/deploy.md)."""
    delay, grace = (float(said.get(name, DEFAULTS[name])) for name in ("DOABLE_STOP_DELAY", "DOABLE_STOP_GRACE"))
    return delay + grace + 20


IMAGE = instructions(ROOT / "Dockerfile")
