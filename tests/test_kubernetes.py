"""The manifests are valid, say what is so, and docs/kubernetes.md names what is there. No test has a cluster."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from doable.rest.application import OPERATIONS
from needs import need
from processes import SETTINGS, Service, eventually, place
from shipped import IMAGE, ROOT, all_of, least_to_stop, require_command, variables

FOLDER = ROOT / "deploy/kubernetes"
PAGE = (ROOT / "docs/kubernetes.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
(OLDEST,) = re.findall(r"Kubernetes (1\.\d+) or newer", PAGE)
VERSIONS = [f"1.{minor}" for minor in range(int(OLDEST[2:]), int(kubernetes_validate.latest_version()[2:4]) + 1)]

Manifest = dict[str, Any]


def manifests(text: str) -> list[Manifest]:
    return [found for found in yaml.safe_load_all(text) if found]


FILES = {path.relative_to(FOLDER).as_posix(): manifests(path.read_text()) for path in FOLDER.rglob("*.yaml")}
ALL = [manifest for file in FILES.values() for manifest in file]
DOCUMENTED = [found for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) for found in manifests(text)]


def of_kind(kind: str) -> Manifest:
    (found,) = [manifest for manifest in ALL if manifest["kind"] == kind]
    return found


def pod_of(manifest: Manifest) -> Manifest:
    return manifest if manifest["kind"] == "Pod" else manifest["spec"]["template"]


WORKLOADS = [manifest for manifest in ALL if manifest["kind"] in {"Deployment", "StatefulSet", "Job", "Pod"}]
SERVICES = [of_kind("Deployment"), of_kind("StatefulSet")]


def container_of(manifest: Manifest) -> Manifest:
    (container,) = pod_of(manifest)["spec"]["containers"]
    return container


def set_by(manifest: Manifest) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in container_of(manifest).get("env", [])}


def name_of(manifest: Manifest) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


each_workload = pytest.mark.parametrize("workload", WORKLOADS, ids=name_of)
each_service = pytest.mark.parametrize("service", SERVICES, ids=name_of)


@pytest.mark.parametrize("manifest", [*ALL, *DOCUMENTED], ids=name_of)
def test_a_manifest_fits_the_schemas_of_kubernetes(manifest: Manifest) -> None:
    assert len(VERSIONS) > 5
    for version in VERSIONS:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_the_schemas_refuse_a_name_that_is_misspelt() -> None:
    wrong = yaml.safe_load(yaml.safe_dump(of_kind("Deployment")).replace("readOnlyRootFilesystem", "readOnlyRoot"))
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


@each_workload
def test_a_pod_may_do_as_little_as_it_can(workload: Manifest) -> None:
    spec, container = pod_of(workload)["spec"], container_of(workload)
    assert not spec["automountServiceAccountToken"]
    assert not spec["enableServiceLinks"], "DOABLE_PORT would name the Service"
    security = spec["securityContext"]
    (user,) = re.findall(r"useradd --uid (\d+)", all_of(IMAGE, "RUN")[-1])
    assert (security["runAsNonRoot"], security["runAsUser"], security["runAsGroup"]) == (True, int(user), int(user))
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"requests", "limits"} <= container["resources"].keys()


@each_workload
def test_a_pod_runs_what_is_there(workload: Manifest) -> None:
    container = container_of(workload)
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert container["image"] == f"doable:{version[1]}"
    if "args" in container:
        require_command(container["args"])
    else:
        assert container["command"] == ["sleep", "86400"]
    assert set(set_by(workload)) <= SETTINGS
    volumes = {volume["name"] for volume in pod_of(workload)["spec"]["volumes"]}
    volumes |= {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    for source in container.get("envFrom", []):
        assert f"kubectl create secret generic {source['secretRef']['name']} " in PAGE


@each_workload
def test_the_volume_is_where_the_image_has_its_data(workload: Manifest) -> None:
    mounts = {mount["name"]: mount["mountPath"] for mount in container_of(workload)["volumeMounts"]}
    assert mounts.pop("tmp") == "/tmp"  # noqa: S108
    kept = set_by(workload).get("DOABLE_DATA_DIR")
    assert kept in {None, variables(IMAGE)["DOABLE_DATA_DIR"]}
    assert mounts == ({} if kept is None else {"data": kept})
    security = pod_of(workload)["spec"]["securityContext"]
    assert security.get("fsGroup") == (None if kept is None else security["runAsGroup"])


def test_the_pod_that_restores_has_the_volume_of_the_service() -> None:
    service = of_kind("StatefulSet")
    (volume,) = [volume for volume in FILES["restore/embedded.yaml"][0]["spec"]["volumes"] if volume["name"] == "data"]
    (claim,) = service["spec"]["volumeClaimTemplates"]
    name = f"{claim['metadata']['name']}-{service['metadata']['name']}-0"
    assert volume["persistentVolumeClaim"]["claimName"] == name
    assert f"`{name}`" in PAGE
    assert service["spec"]["replicas"] == 1


@each_service
def test_the_probes_ask_what_the_service_answers(service: Manifest) -> None:
    container = container_of(service)
    (port,) = container["ports"]
    assert str(port["containerPort"]) == variables(IMAGE)["PORT"]
    paths = {operation.path for operation in OPERATIONS if operation.method == "GET"}
    asked = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {probe["port"] for probe in asked.values()} == {port["name"]}
    assert {probe["path"] for probe in asked.values()} <= paths
    assert asked["readinessProbe"]["path"] == "/health/ready"
    assert asked["livenessProbe"]["path"] == "/health"
    assert pod_of(service)["spec"]["terminationGracePeriodSeconds"] > least_to_stop(set_by(service))


def test_requests_stop_before_the_service_does() -> None:
    probe = container_of(of_kind("Deployment"))["readinessProbe"]
    delay = int(set_by(of_kind("Deployment"))["DOABLE_STOP_DELAY"])
    assert delay > probe["periodSeconds"] * probe["failureThreshold"]


def test_selectors_find_the_pods_of_the_service_and_no_others() -> None:
    budget = of_kind("PodDisruptionBudget")["spec"]["selector"]["matchLabels"]
    for workload in WORKLOADS:
        labels = pod_of(workload)["metadata"]["labels"]
        for selector in (of_kind("Service")["spec"]["selector"], budget):
            assert (selector.items() <= labels.items()) == (workload in SERVICES)
        assert of_kind("NetworkPolicy")["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    for service in SERVICES:
        assert service["spec"]["selector"]["matchLabels"] == pod_of(service)["metadata"]["labels"]


def test_the_page_names_every_file_and_each_is_there() -> None:
    named = {word for line in COMMANDS for word in line.split() if word.startswith("deploy/") and "*" not in word}
    assert {word.removeprefix("deploy/kubernetes/") for word in named} == set(FILES)


def test_the_page_names_workloads_that_are_there() -> None:
    known = {f"{manifest['kind'].lower()}/{manifest['metadata']['name']}" for manifest in WORKLOADS} | {"pod/doable-0"}
    named = {word for line in COMMANDS for word in line.split() if re.match(r"(deployment|statefulset|job|pod)/", word)}
    assert named == known
    for line in COMMANDS:
        if " -- " in line:
            command = line.partition(" -- ")[2].partition(" >")[0].partition(" <")[0]
            require_command(shlex.split(command)[1:])


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str], str]:
    """Runs a line of the page in a copy of what it names, and gives what it prints."""
    shutil.copytree(FOLDER, tmp_path / "deploy/kubernetes")
    (tmp_path / "doable.env").write_text("# Better Auth\nBETTER_AUTH_URL=https://app.example.com\n")

    def run(line: str) -> str:
        return subprocess.run(
            ["sh", "-euc", line], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    return run


def test_the_image_is_named_and_upgraded_as_the_page_says(shell: Callable[[str], str]) -> None:
    for line in COMMANDS:
        if line.startswith("sed "):
            shell(line)
    images = shell("cat deploy/kubernetes/*/*.yaml")
    found = re.findall(r"image: (.*)", images)
    assert found == ["registry.example.com/doable:0.2.0"] * len(WORKLOADS)


@pytest.mark.parametrize("line", sorted({line for line in COMMANDS if line.startswith("kubectl ")}))
def test_kubectl_knows_the_command_and_its_options(line: str) -> None:
    need("kubectl")
    words = shlex.split(re.split(r" -- | [<>] ", line)[0])
    done = subprocess.run([*words, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


def test_the_secrets_are_made_as_the_page_says(shell: Callable[[str], str]) -> None:
    need("kubectl")
    made = [line for line in COMMANDS if line.startswith("kubectl create secret ")]
    secrets = [yaml.safe_load(shell(f"{line} --dry-run=client --output=yaml")) for line in made]
    assert [secret["metadata"]["name"] for secret in secrets] == ["doable", "doable-owner"]
    assert [list(secret["data"]) for secret in secrets] == [["BETTER_AUTH_URL"], ["DATABASE_URL"]]


# --- the pod of the StatefulSet, as far as it is had without Kubernetes


MAY_MOUNT = os.geteuid() == 0 and subprocess.run("unshare --mount true", shell=True, check=False).returncode == 0  # noqa: S602
POD = """
mount --make-rprivate /
mount --bind "$DOABLE_DATA_DIR" "$DOABLE_DATA_DIR"
mount -o remount,bind,ro /
# The user can read what root has, and write nothing but the volume.
exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs \
  --bounding-set=-all,+dac_read_search --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search "$@"
"""


def open_to_group(path: Path) -> None:
    """What Kubernetes does to a volume for the sake of `fsGroup`."""
    for found in (path, *path.rglob("*")):
        shutil.chown(found, group="nogroup")
        found.chmod(found.stat().st_mode | (0o2770 if found.is_dir() else 0o660))


@pytest.fixture
def volume() -> Iterator[Path]:
    with place() as directory:
        (directory / "volume").mkdir()
        yield directory / "volume"


@pytest.mark.skipif(not MAY_MOUNT, reason="only root may mount, and not in every container")
def test_the_service_writes_to_its_volume_alone_also_after_its_permissions_were_changed(volume: Path) -> None:
    program = [need("unshare"), "--mount", "sh", "-euc", POD, "sh", sys.executable, "-m", "doable"]
    data = {"DOABLE_DATA_DIR": str(volume), "HOME": "/nonexistent"}
    for _ in range(2):
        open_to_group(volume)
        with Service(program=program, **data) as service:
            assert (volume / "postgresql").stat().st_mode & 0o777 == 0o700
            eventually(lambda: service.said[-1])
            assert service.stop() == 0
    assert volume.stat().st_uid == 0
    assert (volume / "postgresql").owner() == "nobody"
