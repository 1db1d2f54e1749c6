"""The workflows of GitHub, as tests read them and run their scripts."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from processes import environment
from shipped import ROOT

BIN = Path(sys.executable).parent
GITHUB = ROOT / ".github"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in (GITHUB / "workflows").glob("*.yml")}


def step(name: str) -> dict[str, Any]:
    jobs = [job for workflow in WORKFLOWS.values() for job in workflow["jobs"].values()]
    (found,) = [step for job in jobs for step in job.get("steps", []) if step.get("name") == name]
    return found


def script(name: str, cwd: Path, without: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a step as GitHub does; without one of its lines, whose work is done."""
    lines = step(name)["run"].splitlines()
    assert not without or without in lines
    text = "\n".join(line for line in lines if line != without)
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    path = f"{BIN}:{os.environ['PATH']}"
    env = environment(UV="uv", PATH=path, **variables)
    return subprocess.run(shell, cwd=cwd, env=env, capture_output=True, text=True, check=False)
