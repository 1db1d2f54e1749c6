"""The package as others install it: built, put into an empty environment elsewhere, and used from there."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from processes import Service, environment, eventually, place, run

ROOT = Path(__file__).parent.parent
UV = shutil.which("uv", path=f"{os.environ['PATH']}:{Path(sys.executable).parent}")

pytestmark = pytest.mark.skipif(UV is None and os.environ.get("CI") != "true", reason="uv is not installed")


def uv(*arguments: str | Path) -> None:
    subprocess.run([str(UV), *arguments, "--quiet"], cwd=ROOT, env=environment(), check=True)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Path]:
    with place() as path:
        yield path


@pytest.fixture(scope="module")
def wheel(elsewhere: Path) -> Path:
    uv("build", "--wheel", "--out-dir", elsewhere / "dist")
    (found,) = (elsewhere / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(elsewhere: Path, wheel: Path) -> Path:
    """`doable` of an environment with the wheel and what it needs, in the versions of uv.lock."""
    locked = elsewhere / "locked.txt"
    uv("export", "--locked", "--no-dev", "--no-emit-project", "--no-hashes", "--output-file", locked)
    uv("venv", "--python", sys.executable, elsewhere / "env")
    uv("pip", "install", "--python", elsewhere / "env" / "bin" / "python", "--constraint", locked, wheel)
    return elsewhere / "env" / "bin" / "doable"


def test_the_wheel_holds_the_code_and_nothing_of_ours(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"doable"}
    for needed in ("doable/py.typed", "doable/store/migrations/env.py", "doable/core/common_passwords.txt.gz"):
        assert needed in names
    store = ROOT / "src" / "doable" / "store"
    for path in [*store.glob("migrations/versions/*.py"), *store.glob("functions/*.sql")]:
        assert f"doable/store/{path.relative_to(store)}" in names


def test_the_installed_package_serves(elsewhere: Path, installed: Path) -> None:
    with Service(program=[str(installed)], cwd=elsewhere, DOABLE_DATA_DIR=str(elsewhere / "data")) as service:
        eventually(lambda: httpx.get(f"{service.url}/health/ready").is_success)
        page = httpx.get(f"{service.url}/docs")
        assert page.is_success
        assert "text/html" in page.headers["content-type"]
        assert service.stop() == 0


def test_the_installed_package_brings_its_commands(elsewhere: Path, installed: Path) -> None:
    asked = run("doctor", program=[str(installed)], cwd=elsewhere, DOABLE_DATA_DIR=str(elsewhere / "data"))
    assert asked.returncode == 0
    assert asked.stdout.count("ok ") == 5
