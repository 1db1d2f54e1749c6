import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import httpx
import psutil
import pytest

from commands import Doable
from doable.store import migrate
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.version import KNOWN
from processes import DOABLE, Service, database_url, environment, eventually, run, workers_of


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready").status_code == 200
    except httpx.HTTPError:
        return False


def test_the_first_start_tells_how_to_begin_and_the_second_does_not(place: Path) -> None:
    directory = str(place / "new data")
    with Service(DOABLE_DATA_DIR=directory) as service:
        eventually(lambda: ready(service.url))
        assert service.process.stdout is not None
        told = [service.process.stdout.readline() for _ in range(8)]
        address = service.said[-1].split()[4]
        commands = "".join(line for line in told if line.startswith("  "))
        pasted = subprocess.run(["sh", "-ec", commands], env=environment(), capture_output=True, text=True, check=True)
        assert "Added ada@example.com" in pasted.stdout
        assert json.loads(pasted.stdout.splitlines()[-1])["title"] == "Buy groceries"
        require_a_page_beside_it(address)
        assert service.stop() == 0
    assert service.said[0] == f"Preparing the database in {directory} …"
    assert told[0] == f"Its data is in {directory}\n"
    with Service(DOABLE_DATA_DIR=directory) as service:
        assert service.stop() == 0
    address = service.url.replace("127.0.0.1", "localhost")
    assert service.said == [f"Doable is ready at {address} (how to use it: {address}/docs)"]


def require_a_page_beside_it(address: str) -> None:
    """The page that `npm run dev` serves signs people in at the address that we print."""
    page = "http://localhost:3000"
    ada = {"name": "Ada", "email": "ada.l@example.com", "password": "correct horse battery"}
    with httpx.Client(base_url=address, headers={"origin": page}) as browser:
        assert browser.base_url.host == httpx.URL(page).host, "browsers send the cookie within one site only"
        answers = [browser.post("/api/auth/sign-up/email", json=ada), browser.get("/api/auth/token")]
    for answer in answers:
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, page)


@pytest.fixture
def terminal() -> Iterator[None]:
    """As one starts its programs: they end when it is closed, also where these tests do not."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_it_stops_in_order_with_its_database(data_dir: Path, number: signal.Signals) -> None:
    with Service(DOABLE_DATA_DIR=str(data_dir)) as service:
        postgres = psutil.Process(service.process.pid).children()
        assert postgres
        service.process.send_signal(number)
        assert service.wait() == 0
    assert not any(process.is_running() for process in postgres)
    assert not (data_dir / "postgresql" / "postmaster.pid").exists()


def test_with_nohup_it_outlives_its_terminal(data_dir: Path) -> None:
    with Service(program=["nohup", *DOABLE], DOABLE_DATA_DIR=str(data_dir)) as service:
        service.process.send_signal(signal.SIGHUP)
        eventually(lambda: ready(service.url))
        assert httpx.get(f"{service.url}/api/me").status_code == 401
        assert service.stop() == 0
        lines = [json.loads(line) for line in service.log.splitlines() if "nohup:" not in line]
    assert [line["path"] for line in lines if line["event"] == "request"] == ["/api/me"]


def test_it_stops_while_it_starts(data_dir: Path) -> None:
    service = Service(DOABLE_DATA_DIR=str(data_dir))
    eventually((data_dir / "postgresql" / "postmaster.pid").exists)
    assert service.stop() == 0
    assert not (data_dir / "postgresql" / "postmaster.pid").exists()
    service.__exit__()


def test_a_killed_service_is_followed_by_another(data_dir: Path) -> None:
    for workers in ("2", "1"):
        with Service("--workers", workers, DOABLE_DATA_DIR=str(data_dir)) as service:
            children = psutil.Process(service.process.pid).children(recursive=True)
            service.kill()
        with Service(DOABLE_DATA_DIR=str(data_dir)) as service:
            assert ready(service.url)
        _, alive = psutil.wait_procs(children, 20)
        assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_two_services_never_share_a_directory(doable: Doable, data_dir: Path) -> None:
    with Service(DOABLE_DATA_DIR=str(data_dir)) as service:
        second = doable("serve", "--port", "0", DOABLE_DATA_DIR=str(data_dir))
        assert second.exit_code == 2
        assert second.stderr.strip() == (
            f"doable: {data_dir} is in use by another Doable (process {service.process.pid}); "
            "stop that one, or choose another directory with DOABLE_DATA_DIR"
        )
        assert ready(service.url)


def test_doubts_about_settings_come_before_anything_else(doable: Doable) -> None:
    Path(".env").write_text("CORS_ORIGIN=https://app.example.com\n")
    told = doable("serve", "--port", "0", DATABASE_URL="'postgresql://ada:hunter2@h/d'", DOABLE_SIGNUP="closed")
    assert told.exit_code == 2
    assert told.stderr.splitlines()[:3] == [
        "doable: CORS_ORIGIN in .env is not a setting of Doable; did you mean CORS_ORIGINS?",
        "doable: DOABLE_SIGNUP is not a setting of Doable; did you mean DOABLE_SIGN_UP?",
        "doable: DATABASE_URL has quotes or blanks around it, which count as part of it; remove them",
    ]
    assert "hunter2" not in told.output


def test_workers_share_the_port_and_a_dead_one_is_replaced(data_dir: Path) -> None:
    with Service("--workers", "2", DOABLE_DATA_DIR=str(data_dir)) as service:
        eventually(lambda: len(workers_of(service)) == 2)
        first, second = workers_of(service)
        first.kill()
        eventually(lambda: len(workers_of(service)) == 2 and first not in workers_of(service))
        assert second in workers_of(service)
        eventually(lambda: ready(service.url))
        assert service.stop() == 0
        assert "A worker died and is replaced" in service.log


def test_workers_that_can_not_start_end_the_service(data_dir: Path, place: Path) -> None:
    """As when the package was half replaced: the application loads in the service but not in its workers."""
    (place / "sitecustomize.py").write_text(BROKEN_IN_WORKERS)
    with Service("--workers", "2", DOABLE_DATA_DIR=str(data_dir), PYTHONPATH=str(place)) as service:
        assert service.wait() == 3


BROKEN_IN_WORKERS = """
import sys
if "spawn_main" in " ".join(sys.orig_argv):
    import doable.operations.housekeeping as housekeeping
    def run(_):
        raise RuntimeError("half replaced")
    housekeeping.Housekeeping.run = run
"""


def test_what_only_migrations_need_is_not_loaded_to_serve() -> None:
    """It takes as long as all the rest, in every worker, whenever one dies."""
    program = "import sys, doable.cli.serve; print({'alembic', 'sqlalchemy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


def test_an_application_that_can_not_start_ends_the_service(data_dir: Path, place: Path) -> None:
    (place / "sitecustomize.py").write_text(BROKEN_IN_WORKERS.replace("if ", "if True or "))
    with Service(DOABLE_DATA_DIR=str(data_dir), PYTHONPATH=str(place)) as service:
        assert service.wait() == 3
        assert "The application does not start" in service.log
    assert not (data_dir / "postgresql" / "postmaster.pid").exists()


def test_a_busy_port_is_named(doable: Doable, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = doable("serve", "--port", str(port), DOABLE_DATA_DIR=str(data_dir))
    assert ended.exit_code == 2
    assert ended.stderr == (
        f"doable: Port {port} on 127.0.0.1 is in use; stop what uses it, or choose another one with --port\n"
    )


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"BETTER_AUTH_SECRET": "short"}, "BETTER_AUTH_SECRET: it must have at least 32 bytes"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "The database 127.0.0.1:1/x can't be reached"),
        ({"DOABLE_DATA_DIR": "/dev/null/data"}, "The data directory /dev/null/data can't be used"),
        ({"HOST": "nowhere.invalid"}, "HOST: nowhere.invalid is not an address of this machine"),
        ({"HOST": "192.0.2.1"}, "Can't listen on 192.0.2.1, port 8000"),
    ],
)
def test_a_bad_setting_is_one_sentence_and_status_2(doable: Doable, variables: dict[str, str], sentence: str) -> None:
    ended = doable("serve", **variables)
    assert ended.exit_code == 2
    assert ended.stderr.startswith(f"doable: {sentence}")
    assert ended.stderr.count("\n") == 1


def test_a_database_with_an_older_schema_is_refused(doable: Doable, empty_address: Address) -> None:
    url = database_url(empty_address)
    ended = doable("serve", "--port", "0", DATABASE_URL=url)
    assert ended.exit_code == 2
    assert "has no tables of Doable; run `doable migrate`, or `doable serve --migrate`" in ended.stderr
    with Service("--migrate", DATABASE_URL=url) as service:
        assert ready(service.url)
        assert any(line.startswith("Migrated the database to ") for line in service.said)


def test_the_log_tells_how_it_was_started_and_stopped(empty_address: Address) -> None:
    url = database_url(empty_address)
    given = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": "a-secret-of-ours" * 2, "DOABLE_RATE_LIMIT_USER": "9/min"}
    given |= {"JWKS_URL": "https://us:er@issuer.test/keys?secret=1", "BETTER_AUTH_URL": "https://issuer.test"}
    with Service("--migrate", "--workers", "2", "--host", "127.0.0.1", **given) as service:
        eventually(lambda: ready(service.url))
        assert service.stop() == 0
        lines = [json.loads(line) for line in service.log.splitlines()]
    for line in lines:
        assert datetime.fromisoformat(line.pop("time"))
        assert line.pop("level") == "info"
    migrated, started, settings, *stopping, stopped = lines
    assert settings == {
        "event": "Settings",
        "DATABASE_URL": "(set)",
        "BETTER_AUTH_SECRET": "(set)",
        "BETTER_AUTH_URL": "https://issuer.test",
        "JWKS_URL": "https://issuer.test/keys",
        "DOABLE_RATE_LIMIT_USER": "9/min",
        "PORT": 0,
        "DOABLE_WORKERS": 2,
    }
    where = f"{empty_address.host}:{empty_address.port}/{empty_address.database}"
    assert migrated == {"event": "Migrated the database", "database": where, "before": None, "now": KNOWN[-1]}
    port = httpx.URL(service.url).port
    expected = {"version": version("doable"), "host": "127.0.0.1", "port": port, "workers": 2}
    assert started == {"event": "Started", **expected}
    assert {(line["event"], line["signal"]) for line in stopping} == {("Stopping", "SIGTERM")}
    assert len({line["pid"] for line in stopping}) == len(stopping)  # A worker that is not up yet just ends.
    assert stopped == {"event": "Stopped"}


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("9999", "was migrated by a newer Doable (to 9999"),
        ("0006", "comes from a version before the first release (its tables are at 0006), and this version can't"),
    ],
)
def test_a_database_of_another_time_is_refused(doable: Doable, fresh_address: Address, version: str, told: str) -> None:
    asyncio.run(_set_version(fresh_address, version))
    for arguments in (["serve"], ["serve", "--migrate"], ["migrate"], ["user", "list"]):
        ended = doable(*arguments, DATABASE_URL=database_url(fresh_address))
        assert ended.exit_code == 2
        assert told in ended.stderr
    looked = doable("doctor", DATABASE_URL=database_url(fresh_address))
    assert looked.exit_code == 1
    assert re.search(f"WRONG  tables .*{re.escape(told)}", looked.stdout)


def test_nothing_wrong_is_told_with_a_traceback() -> None:
    ended = run("serve", DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_instances_that_start_at_once_migrate_one_database(empty_address: Address) -> None:
    url = database_url(empty_address)
    services = [Service("--migrate", DATABASE_URL=url) for _ in range(3)]
    assert all(ready(service.ready().url) for service in services)
    for service in services:
        service.process.terminate()
    assert [service.wait() for service in services] == [0] * 3
    for service in services:
        service.__exit__()


async def test_ten_migrations_at_once_wait_for_each_other(empty_address: Address) -> None:
    before = await asyncio.gather(*(migrate.upgrade(empty_address) for _ in range(10)))
    assert sorted(version.present or "" for version in before) == ["", *[KNOWN[-1]] * 9]


async def _set_version(address: Address, version: str) -> None:
    connection = await connect(address)
    await connection.execute("update doable.alembic_version set version_num = $1", version)
    await connection.close()


def test_behind_a_proxy_on_ipv4_a_listener_for_both_sees_who_asks(worker_address: Address) -> None:
    variables = {"DATABASE_URL": database_url(worker_address), "DOABLE_RATE_LIMIT_ADDRESS": "2/hour"}
    with Service("--host", "::", **variables) as service:
        ours = f"http://127.0.0.1:{httpx.URL(service.url).port}/api/me"
        for client, status in [("192.0.2.1", 401), ("192.0.2.1", 401), ("192.0.2.1", 429), ("192.0.2.2", 401)]:
            assert httpx.get(ours, headers={"x-forwarded-for": client}).status_code == status
