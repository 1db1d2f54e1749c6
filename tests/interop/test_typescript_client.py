"""The client of clients/typescript: its own tests, run against our service."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from doable.store.address import Address
from openapi import our_contract
from processes import Service, database_url, environment, free_port
from rounds import Rounds
from tokens import SECRET


def run(folder: Path, tool: str, *words: str, **variables: str) -> None:
    command = [folder / "node_modules/.bin" / tool, *words]
    done = subprocess.run(
        command, cwd=folder, env=environment(**variables), capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


def test_its_types_are_those_of_the_openapi_document(node: str, client_folder: Path, tmp_path: Path) -> None:
    document = json.dumps(our_contract().document)
    made = tmp_path / "openapi.ts"
    subprocess.run([node, client_folder / "scripts/types.mjs", made], input=document, check=True, text=True, timeout=60)
    assert (client_folder / "src/calls/openapi.ts").read_text() == made.read_text(), "run `make client-types`"


def test_its_types_agree(client_folder: Path) -> None:
    run(client_folder, "tsc")


@pytest.mark.parametrize("part", ["calls", "rules", "store", "adapters"])
def test_its_own_tests_pass_against_the_service(
    client_folder: Path, address: Address, rounds: Rounds, part: str
) -> None:
    """ROUNDS tells the property tests how much to do."""
    settings = {"BETTER_AUTH_SECRET": SECRET, "CORS_ORIGINS": "http://localhost:3000"}
    with Service(DATABASE_URL=database_url(address), **settings) as service:
        how_many = "full" if rounds.are_full else "few"
        run(client_folder, "vitest", "run", f"test/{part}", DOABLE_URL=service.url, SECRET=SECRET, ROUNDS=how_many)


def test_its_copies_survive_a_restore_of_the_service_from_an_older_backup(
    client_folder: Path, address: Address
) -> None:
    """It starts, stops and restores the service itself."""
    settings = {"DATABASE_URL": database_url(address), "BETTER_AUTH_SECRET": SECRET, "SECRET": SECRET}
    url = f"http://127.0.0.1:{free_port()}"
    run(client_folder, "vitest", "run", "test/restore", DOABLE_URL=url, PYTHON=sys.executable, **settings)
