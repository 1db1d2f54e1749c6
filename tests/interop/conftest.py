"""What the tests with other people's programs need."""

import fcntl
import subprocess
from pathlib import Path

import pytest

from needs import need

HERE = Path(__file__).parent
CLIENT = HERE.parent.parent / "clients/typescript"


@pytest.fixture(scope="session")
def node() -> str:
    """Node.js, with the packages of package-lock.json beside us."""
    program = need("node")
    install(HERE)
    return program


@pytest.fixture(scope="session")
def client_folder() -> Path:
    """The TypeScript client, with the packages of its package-lock.json."""
    need("node")
    install(CLIENT)
    return CLIENT


def install(folder: Path) -> None:
    """Fetch the packages that a folder's package-lock.json names, once."""
    npm = need("npm")
    lock, installed = folder / "package-lock.json", folder / "node_modules/.lock-that-was-installed"
    with (folder / ".installing").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not installed.exists() or installed.read_text() != lock.read_text():
            command = [npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=folder, check=True, timeout=300)
            installed.write_text(lock.read_text())


@pytest.fixture(scope="session")
def chromium() -> str:
    return need("chromium")
