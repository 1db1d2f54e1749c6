"""The commands of docs/upgrading.md, as written, on data that another major version of PostgreSQL made."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from processes import Service, environment, run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/upgrading.md").read_text()
BACKUP, RESTORE = re.findall(r"^   ```sh\n(.*?)^   ```$", PAGE, re.DOTALL | re.MULTILINE)


def paste(block: str, place: Path) -> None:
    """A block of the page, in a shell that finds `doable`."""
    (place / "doable").write_text(f'#!/bin/sh\nexec {sys.executable} -m doable "$@"\n')
    (place / "doable").chmod(0o755)
    said = environment(PATH=f"{place}:{os.environ['PATH']}", DOABLE_DATA_DIR=str(place / "data"))
    shell = ["bash", "-euo", "pipefail"]
    done = subprocess.run(shell, input=block, cwd=place, env=said, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_backup_moves_the_data_to_another_major_version_of_postgresql(place: Path) -> None:
    data = {"DOABLE_DATA_DIR": str(place / "data")}
    assert run("user", "add", "ada@example.com", **data).returncode == 0
    with Service(**data) as service:
        paste(BACKUP, place)  # while the service runs
        assert service.stop() == 0
    version = place / "data/postgresql/PG_VERSION"
    version.write_text("17\n")

    refused = run("serve", "--port", "0", **data)
    assert refused.returncode == 2
    assert "was made by PostgreSQL 17" in refused.stderr
    assert "docs/deploy.md, Backups" in refused.stderr
    assert version.read_text() == "17\n"

    paste(RESTORE, place)
    assert (place / "data/postgresql-old/PG_VERSION").read_text() == "17\n"
    assert "ada@example.com" in run("user", "list", **data).stdout
    with Service(**data) as service:
        assert service.stop() == 0


def test_an_upgrade_that_went_wrong_can_be_taken_back(place: Path) -> None:
    data = {"DOABLE_DATA_DIR": str(place / "data")}
    assert run("user", "add", "ada@example.com", **data).returncode == 0
    paste(BACKUP, place)
    paste(RESTORE, place)
    assert run("user", "add", "bob@example.com", **data).returncode == 0
    (place / "data/postgresql").rename(place / "data/postgresql-new")
    (place / "data/postgresql-old").rename(place / "data/postgresql")
    listed = run("user", "list", **data).stdout
    assert "ada@example.com" in listed
    assert "bob@example.com" not in listed


@pytest.mark.parametrize("name", ["deploy", "upgrading"])
def test_the_commands_for_containers_name_what_the_composition_has(name: str) -> None:
    """No container runs here; what the commands name is there."""
    page = (ROOT / f"docs/{name}.md").read_text()
    composition = yaml.safe_load((ROOT / "compose.yaml").read_text())
    named = re.findall(r"docker compose (?:run --rm --no-TTY|stop|start|up --detach) (\w+)", page)
    assert named
    assert set(named) <= composition["services"].keys()
    for volume in re.findall(r"docker volume rm (\w+)", page):
        assert volume in {f"{composition['name']}_{each}" for each in composition["volumes"]}
    for image in re.findall(r"s\|image: ([^|]*)\|", page):
        assert image in {service.get("image") for service in composition["services"].values()}
