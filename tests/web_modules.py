"""Modules of the web app, which programs in `tests/web` run in Node.js."""

import subprocess
from pathlib import Path
from typing import Final

from needs import miss, need

_PROGRAMS: Final = Path(__file__).with_name("web")


def run_module(program: str, *arguments: str, input: str = "") -> str:
    """Run one of the programs. Return what it wrote."""
    if not (_PROGRAMS.parents[1] / "web/node_modules/vite").is_dir():
        miss("The web app is not installed: run npm ci in web/")
    command = [need("node"), str(_PROGRAMS / program), *arguments]
    ran = subprocess.run(command, input=input, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
