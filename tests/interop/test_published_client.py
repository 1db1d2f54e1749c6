"""The package of the client, as the release workflow packs it."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from needs import need
from shipped import ROOT
from workflows import script


@pytest.fixture
def unpacked(client_folder: Path, tmp_path: Path) -> Path:
    """What is in it; and beside it, what it is made of."""
    need("npm")
    copy = tmp_path / "repository/clients/typescript"
    shutil.copytree(client_folder, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (copy / "node_modules").symlink_to(client_folder / "node_modules")
    shutil.copy(ROOT / "LICENSE", tmp_path / "repository")
    (tmp_path / "repository/sbom").mkdir()
    server = {"GITHUB_SERVER_URL": "https://git.example.com", "GITHUB_REPOSITORY": "ada/doable"}
    done = script("Build the client", copy, without="npm ci --ignore-scripts", **server)
    assert done.returncode == 0, done.stderr
    (packed,) = (tmp_path / "repository/npm").iterdir()
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "package"


def test_the_package_has_what_it_exports_and_names_its_repository(unpacked: Path) -> None:
    package = json.loads((unpacked / "package.json").read_text())
    assert package["repository"]["url"] == "git+https://git.example.com/ada/doable.git"
    for target in package["exports"].values():
        assert (unpacked / target).exists()
        assert (unpacked / target).with_suffix(".d.ts").exists()
    assert {path.name for path in unpacked.iterdir()} == {"LICENSE", "README.md", "dist", "package.json"}
    bill = json.loads((unpacked.parent / "repository/sbom/doable-client.cdx.json").read_text())
    assert bill["metadata"]["component"]["purl"] == f"pkg:npm/doable-client@{package['version']}"
    assert bill["components"] == []
