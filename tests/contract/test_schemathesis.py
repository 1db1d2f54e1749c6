"""What somebody else's tool thinks up against our document, run against the service as it is run."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from doable.store.address import Address
from processes import Service, database_url
from tokens import hs256

HERE = Path(__file__).parent


def require_no_fault(service: Service, credential: str, cwd: Path, *args: str) -> str:
    """Every check; the inputs are the same in every run, so that a failure is one's own. Returns the report."""
    found = subprocess.run(
        [
            *(Path(sys.executable).parent / "st", "--config-file", HERE / "schemathesis.toml"),
            *("run", f"{service.url}/openapi.json", "--header", f"Authorization: Bearer {credential}"),
            *("--checks", "all", "--continue-on-failure", "--generation-deterministic", "--no-color", *args),
        ],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if found.returncode:
        pytest.fail(found.stdout + found.stderr, pytrace=False)
    assert "Traceback" not in service.log
    return found.stdout


@pytest.mark.usefixtures("address")
def test_schemathesis_finds_no_fault(service: Service, tmp_path: Path) -> None:
    phases = ("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "6")
    assert "Stateful (" in require_no_fault(service, hs256("alice"), tmp_path, *phases)


def test_schemathesis_finds_no_fault_in_the_accounts(address: Address, tmp_path: Path) -> None:
    """In all but those that end the session, which the rest needs."""
    ada = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
    with Service(DATABASE_URL=database_url(address), DOABLE_RATE_LIMIT_AUTH="off") as service:
        token = httpx.post(f"{service.url}/api/auth/sign-up/email", json=ada).json()["token"]
        ending = ("--exclude-operation-id", "signOut", "--exclude-operation-id", "revokeSessions")
        some = ("--include-tag", "auth", *ending, "--max-examples", "10")
        assert "9 passed" in require_no_fault(service, token, tmp_path, "--phases", "examples,coverage,fuzzing", *some)
