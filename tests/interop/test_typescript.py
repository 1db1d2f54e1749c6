"""A TypeScript client made of our document, and a small program that uses all of it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from doable.store.address import Address
from openapi import METHODS, our_contract
from processes import Service, database_url

HERE = Path(__file__).parent


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
    return done.stdout


def test_the_program_uses_every_endpoint() -> None:
    calls = re.findall(r'\.(GET|POST|PUT|PATCH|DELETE)\("([^"]+)"', (HERE / "program.ts").read_text())
    assert set(calls) == {(method, path) for method, path, _ in our_contract(None).operations()}
    assert len(METHODS) == 5


def test_a_typescript_program_type_checks_and_runs(node: str, address: Address, tmp_path: Path) -> None:
    for name in ("program.ts", "tsconfig.json", "package.json"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    tools = HERE / "node_modules/.bin"
    (tmp_path / "openapi.json").write_text(json.dumps(our_contract(None).document))
    run(tools / "openapi-typescript", "openapi.json", "--output", "api.d.ts", cwd=tmp_path)
    run(tools / "tsc", cwd=tmp_path)
    with Service(DATABASE_URL=database_url(address)) as service:
        assert run(node, "built/program.js", service.url, cwd=tmp_path) == "done\n"
