"""What `make run` and `make setup` install, and whose certificates they trust; uv and Python are scripts that tell."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from needs import need

ROOT = Path(__file__).parents[1]
UV = """#!/bin/sh
echo "uv $*"; echo "UV_SYSTEM_CERTS=$UV_SYSTEM_CERTS PIP_CERT=$PIP_CERT"
printf '#!/bin/sh\\necho "doable $*"\\n' >.venv/bin/doable; chmod +x .venv/bin/doable
"""
PYTHON = """#!/bin/sh
[ "$1 $2" != "-m venv" ] || { mkdir -p "$3/bin" && touch "$3/bin/python"; }
"""
TRUST = ("UV_SYSTEM_CERTS", "PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., list[str]]:
    """Runs make in a new clone, and gives the lines that it prints."""
    programs, clone = tmp_path / "programs", tmp_path / "clone"
    programs.mkdir()
    clone.mkdir()
    for name in ("Makefile", "uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, clone)
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
    assert named in make("run", "--always-make", SSL_CERT_FILE=str(company))
    assert named in make("run", "--always-make", PIP_CERT=str(company), UV_SYSTEM_CERTS="true")
    assert f"UV_SYSTEM_CERTS=false PIP_CERT={company}" in make(
        "run", "--always-make", REQUESTS_CA_BUNDLE=str(company), UV_SYSTEM_CERTS="false"
    )
    found = make("run", "--always-make", "CERTIFICATES=/etc/ssl/some.pem")
    assert "UV_SYSTEM_CERTS=true PIP_CERT=/etc/ssl/some.pem" in found
