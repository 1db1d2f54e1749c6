"""The package as others install it: built, put into an empty environment elsewhere, and used from there."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from doable.web.build import BUILT
from needs import miss
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
    """It is built from the archive of the source, which lies beside it."""
    uv("build", "--out-dir", elsewhere / "dist")
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


def test_wheel_and_source_hold_the_web_app(wheel: Path) -> None:
    if not (BUILT / "index.html").exists():
        miss("the web app is not built: make web")
    app = {f"doable/web/app/{file.relative_to(BUILT)}" for file in BUILT.rglob("*") if file.is_file()}
    assert {Path(name).suffix for name in app} >= {".html", ".js", ".css", ".br", ".gz", ".webmanifest", ".png"}
    assert app <= set(zipfile.ZipFile(wheel).namelist())
    (archive,) = wheel.parent.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        names = {name.partition("/src/")[2] for name in source.getnames()}
    assert app <= names


def test_the_installed_package_serves(elsewhere: Path, installed: Path) -> None:
    with Service(program=[str(installed)], cwd=elsewhere, DOABLE_DATA_DIR=str(elsewhere / "data")) as service:
        eventually(lambda: httpx.get(f"{service.url}/health/ready").is_success)
        page = httpx.get(f"{service.url}/docs")
        assert page.is_success
        assert "text/html" in page.headers["content-type"]
        app = httpx.get(f"{service.url}/", headers={"accept": "text/html"})
        assert app.is_success
        assert ("<title>Doable</title>" in app.text) is (BUILT / "index.html").exists()
        assert service.stop() == 0


def test_the_installed_package_brings_its_commands(elsewhere: Path, installed: Path) -> None:
    asked = run("doctor", program=[str(installed)], cwd=elsewhere, DOABLE_DATA_DIR=str(elsewhere / "data"))
    assert asked.returncode == 0
    assert asked.stdout.count("ok ") == 5
