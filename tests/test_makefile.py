"""What `make run` and `make setup` install and build, and whose certificates they trust; uv and Python are scripts."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import time

import pytest

from needs import need

ROOT = Path(__file__).parents[1]
UV = """#!/bin/sh
echo "uv $*"; echo "UV_SYSTEM_CERTS=$UV_SYSTEM_CERTS PIP_CERT=$PIP_CERT"
echo "NODE_EXTRA_CA_CERTS=$NODE_EXTRA_CA_CERTS"
printf '#!/bin/sh\\necho "doable $*"\\n' >.venv/bin/doable; chmod +x .venv/bin/doable
"""
PYTHON = """#!/bin/sh
[ "$1 $2" != "-m venv" ] || { mkdir -p "$3/bin" && touch "$3/bin/python"; }
"""
# The Python of .venv where there is a Node.js.
NPM = """#!/bin/sh
[ -z "$2" ] || echo "npm $2" >>npm.log
[ "$2" != ci ] || { mkdir -p web/node_modules && touch web/node_modules/.package-lock.json; }
[ "$2" != run ] || { mkdir -p src/doable/web/app && touch src/doable/web/app/index.html; }
"""
TRUST = ("UV_SYSTEM_CERTS", "PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What make needs of a clone, without the web app."""
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("Makefile", "uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, clone)
    return clone


@pytest.fixture
def make(clone: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """Runs make in the clone, and gives the lines that it prints."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in (("uv", UV), ("python3", PYTHON)):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    bare = {name: value for name, value in os.environ.items() if name not in TRUST and not name.startswith("MAKE")}

    def run(*words: str, **variables: str) -> list[str]:
        environment = bare | variables | {"PATH": f"{programs}:{os.environ['PATH']}"}
        command = [need("make"), *words]
        done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    return run


def test_running_installs_what_running_needs_once_and_quietly(make: Callable[..., list[str]]) -> None:
    first = make("run", "ARGS=--port 9000")
    assert first[0] == "Installing Doable into .venv …"
    assert first[1] == "uv sync --locked --inexact --all-extras --no-dev --quiet"
    assert first[-1] == "doable serve --port 9000"
    assert make("run") == ["doable serve"]


def test_the_tools_of_development_come_with_setup_and_stay(make: Callable[..., list[str]]) -> None:
    make("run")
    assert "uv sync --locked --inexact --all-extras" in make("setup")
    assert make("run") == ["doable serve"]
    assert not [line for line in make("setup") if line.startswith("uv ")]


def test_the_certificates_of_the_system_or_those_that_you_name_are_trusted(
    make: Callable[..., list[str]], tmp_path: Path
) -> None:
    company = tmp_path / "company.pem"
    company.touch()
    named = f"UV_SYSTEM_CERTS=true PIP_CERT={company}"
    printed = make("run", "--always-make", SSL_CERT_FILE=str(company))
    assert named in printed
    assert f"NODE_EXTRA_CA_CERTS={company}" in printed
    assert named in make("run", "--always-make", PIP_CERT=str(company), UV_SYSTEM_CERTS="true")
    assert f"UV_SYSTEM_CERTS=false PIP_CERT={company}" in make(
        "run", "--always-make", REQUESTS_CA_BUNDLE=str(company), UV_SYSTEM_CERTS="false"
    )
    found = make("run", "--always-make", "CERTIFICATES=/etc/ssl/some.pem")
    assert "UV_SYSTEM_CERTS=true PIP_CERT=/etc/ssl/some.pem" in found


@pytest.fixture
def web(clone: Path) -> Path:
    """The sources of the web app, in the clone."""
    folder = clone / "web"
    (folder / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.ts"):
        change(folder / name, seconds_ago=60)
    return folder


def change(file: Path, seconds_ago: int = 0) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    os.utime(file, (time() - seconds_ago,) * 2)


def asked_npm(clone: Path) -> list[str]:
    """What npm was asked for since the last time."""
    log = clone / "npm.log"
    asked = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return asked


def test_without_npm_the_service_starts_without_its_web_app(make: Callable[..., list[str]], web: Path) -> None:
    assert web.exists()
    assert make("run")[-1] == "doable serve"
    assert "uv sync --locked --inexact --all-extras --no-dev --group node --quiet" in make("setup")
    with pytest.raises(subprocess.CalledProcessError):
        make("web")


def test_the_web_app_is_built_once_and_after_a_change(make: Callable[..., list[str]], clone: Path, web: Path) -> None:
    make("run")
    python = clone / ".venv/bin/python"
    python.write_text(NPM)
    python.chmod(0o755)
    assert make("run") == ["Building the web app …", "doable serve"]
    assert asked_npm(clone) == ["npm ci", "npm run"]
    assert make("run") == ["doable serve"]
    make("setup")
    assert asked_npm(clone) == []
    for file in (web / "src/main.ts", web / "src/new.ts", clone / "clients/typescript/src/index.ts"):
        change(file)
        make("run")
        assert asked_npm(clone) == ["npm run"], file
    change(web / "package-lock.json")
    make("web")
    assert asked_npm(clone) == ["npm ci", "npm run"]
