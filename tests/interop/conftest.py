"""What the tests with other people's programs need."""

import fcntl
import subprocess
from pathlib import Path

import pytest

from needs import need

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
LOCK = HERE / "package-lock.json"


@pytest.fixture(scope="session")
def node() -> str:
    """Node.js, with the packages of package-lock.json beside us; they are fetched once."""
    program, npm = need("node"), need("npm")
    installed = MODULES / ".lock-that-was-installed"
    with (HERE / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.exists() or installed.read_text() != LOCK.read_text():
            command = [npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=HERE, check=True, timeout=300)
            installed.write_text(LOCK.read_text())
    return program


@pytest.fixture(scope="session")
def chromium() -> str:
    return need("chromium")
