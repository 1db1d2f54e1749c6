"""What somebody else's tool thinks up against our document, run against the service as it is run."""

import subprocess
import sys
from pathlib import Path

import pytest

from processes import Service
from tokens import hs256

HERE = Path(__file__).parent


@pytest.mark.usefixtures("address")
def test_schemathesis_finds_no_fault(service: Service, tmp_path: Path) -> None:
    """Every check in every phase; the inputs are the same in every run, so that a failure is one's own."""
    found = subprocess.run(
        [
            *(Path(sys.executable).parent / "st", "--config-file", HERE / "schemathesis.toml"),
            *("run", f"{service.url}/openapi.json", "--header", f"Authorization: Bearer {hs256('alice')}"),
            *("--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--continue-on-failure"),
            *("--max-examples", "20", "--generation-deterministic", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if found.returncode:
        pytest.fail(found.stdout + found.stderr, pytrace=False)
    assert "Stateful (" in found.stdout
    assert "Traceback" not in service.log
