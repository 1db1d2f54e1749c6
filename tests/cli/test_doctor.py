import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

import processes
from commands import Doable
from doable.operations import examination
from doable.settings import Settings
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.inspection import Inspection
from doable.store.version import KNOWN, Version

NO_DATABASE = {"DOABLE_DATA_DIR": "/var/lib/nothing-here"}  # where it could be made, and is not


@contextmanager
def issuer(status: int, body: object) -> Iterator[str]:
    """Somebody who answers every request alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks"
        server.shutdown()
        thread.join()


def test_a_healthy_installation_is_fine(doable: Doable, url: str) -> None:
    looked = doable("doctor", DATABASE_URL=url)
    assert looked.exit_code == 0
    assert [line.split()[:2] for line in looked.stdout.splitlines()] == [
        ["ok", "settings"],
        ["ok", "database"],
        ["ok", "tables"],
        ["ok", "clock"],
        ["ok", "limits"],
        ["ok", "issuer"],
    ]


def test_the_embedded_database_is_looked_at_and_none_is_made(doable: Doable, data_dir: Path, place: Path) -> None:
    looked = doable("doctor", DOABLE_DATA_DIR=str(data_dir))
    assert looked.exit_code == 0
    assert f"at migration {KNOWN[-1]}" in looked.stdout
    looked = doable("doctor", DOABLE_DATA_DIR=str(place / "new"))
    assert looked.exit_code == 0
    assert f"`doable serve` will create it in {place / 'new'}" in looked.stdout
    looked = doable("doctor", DOABLE_DATA_DIR="/dev/null/data")
    assert looked.exit_code == 1
    assert "WRONG  database  The data directory /dev/null/data can't be made in /dev/null;" in looked.stdout
    assert not (place / "new").exists()


def test_a_bad_setting_is_told(doable: Doable) -> None:
    looked = doable("doctor", BETTER_AUTH_SECRET="short")
    assert looked.exit_code == 1
    assert looked.stdout.startswith("WRONG  settings  BETTER_AUTH_SECRET: it must have at least 32 bytes")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DOABLE_SIGNUP", "closed", "DOABLE_SIGNUP is not a setting of Doable; did you mean DOABLE_SIGN_UP?"),
        ("doable_signup", "closed", "doable_signup is not a setting of Doable; did you mean DOABLE_SIGN_UP?"),
        ("DOABLE_DATABASE_URL", "x", "DOABLE_DATABASE_URL is not a setting of Doable; did you mean DATABASE_URL?"),
        ("DOABLE_PORT", "9000", "DOABLE_PORT is not a setting of Doable; did you mean PORT?"),
        ("DOABLE_X", "1", "DOABLE_X is not a setting of Doable"),
        ("CORS_ORIGIN", "", "CORS_ORIGIN is not a setting of Doable; did you mean CORS_ORIGINS?"),
        ("DATABSE_URL", "x", "DATABSE_URL is not a setting of Doable; did you mean DATABASE_URL?"),
        ("JWKS_URI", "x", "JWKS_URI is not a setting of Doable; did you mean JWKS_URL?"),
        ("BETTER_AUTH_SECRET", f'"{"x" * 32}"', "BETTER_AUTH_SECRET has quotes or blanks around it, which count as"),
        ("BETTER_AUTH_SECRET", "x" * 32 + "\n", "BETTER_AUTH_SECRET has quotes or blanks around it, which count as"),
        ("DOABLE_METRICS_TOKEN", f"'{'x' * 32}'", "DOABLE_METRICS_TOKEN has quotes or blanks around it, which count"),
    ],
)
def test_a_doubtful_setting_is_told_without_its_value(doable: Doable, name: str, value: str, told: str) -> None:
    looked = doable("doctor", **NO_DATABASE, **{name: value})
    assert looked.exit_code == 0
    assert [line for line in looked.stdout.splitlines() if line.startswith(f"warn   settings  {told}")]
    assert looked.stdout.count("warn") == 1
    assert "xxx" not in looked.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOABLE_PORT", "tcp://10.0.0.1:80"),
        ("DOABLE_METRICS_PORT", "tcp://10.0.0.1:9090"),
        ("DOABLE_PORT_8000_TCP", "tcp://10.0.0.1:8000"),
        ("DOABLE_PORT_8000_TCP_ADDR", "10.0.0.1"),
        ("DOABLE_SERVICE_HOST", "10.0.0.1"),
        ("DOABLE_SERVICE_PORT_HTTP", "80"),
        ("BETTER_AUTH_SECRETS", "1:x"),
        ("DATABASE_USER", "x"),
        ("HOSTS", "x"),
        ("POST", "x"),
        ("HOSTNAME", "x"),
        ("DOABLE_OWNER_PASSWORD", "x"),
        ("BETTER_AUTH_SECRET", "x'" * 16 + "x"),
    ],
)
def test_what_is_none_of_ours_makes_no_noise(doable: Doable, name: str, value: str) -> None:
    looked = doable("doctor", **NO_DATABASE, **{name: value})
    assert looked.exit_code == 0
    assert "warn" not in looked.stdout


def test_doubts_about_the_file_name_it(doable: Doable) -> None:
    Path(".env").write_text("DOABLE_SIGNUP=closed\nBETTER_AUTH_SECRET=' x'\n'open\nCOLOUR=red\n")
    looked = doable("doctor", **NO_DATABASE, BETTER_AUTH_SECRET="x" * 32)
    assert looked.exit_code == 0
    assert [line for line in looked.stdout.splitlines() if line.startswith("warn")] == [
        "warn   settings  Line 3 of .env is not understood and is ignored; write NAME=value",
        "warn   settings  DOABLE_SIGNUP in .env is not a setting of Doable; did you mean DOABLE_SIGN_UP?",
    ]
    Path(".env").write_bytes(b"\xff\xfe")
    looked = doable("doctor")
    assert looked.exit_code == 1
    assert looked.stdout == "WRONG  settings  .env is UTF-16 and must be UTF-8; save it anew as UTF-8\n"


def test_a_database_out_of_reach_is_told_and_the_rest_is_looked_at(doable: Doable) -> None:
    looked = doable("doctor", DATABASE_URL="postgresql://127.0.0.1:1/x", BETTER_AUTH_SECRET="x" * 32)
    assert looked.exit_code == 1
    assert "WRONG  database  The database 127.0.0.1:1/x can't be reached" in looked.stdout
    assert "ok     issuer    tokens signed with BETTER_AUTH_SECRET" in looked.stdout


def test_a_direct_address_that_leads_nowhere_is_told(doable: Doable, url: str) -> None:
    looked = doable("doctor", DATABASE_URL=url, DATABASE_URL_UNPOOLED="postgresql://127.0.0.1:1/x")
    assert looked.exit_code == 1
    assert "WRONG  database  The database 127.0.0.1:1/x can't be reached" in looked.stdout


def test_a_replica_is_looked_at(doable: Doable, url: str) -> None:
    assert "ok     replica   PostgreSQL" in doable("doctor", DATABASE_URL=url, DATABASE_READ_URL=url).stdout
    looked = doable("doctor", DATABASE_URL=url, DATABASE_READ_URL="postgresql://127.0.0.1:1/x")
    assert looked.exit_code == 1
    assert "WRONG  database  The database 127.0.0.1:1/x can't be reached" in looked.stdout


def test_missing_tables_are_told(doable: Doable, empty_address: Address) -> None:
    looked = doable("doctor", DATABASE_URL=processes.database_url(empty_address))
    assert looked.exit_code == 1
    assert "WRONG  tables" in looked.stdout
    assert "run `doable migrate`" in looked.stdout


@pytest.mark.parametrize(("ahead", "told"), [(3600.0, "3600.0 s ahead of"), (-3600.0, "3600.0 s behind")])
def test_clocks_that_differ_are_told(ahead: float, told: str, address: Address) -> None:
    *_, clock = examination._judge(Settings(_env_file=None), address, Inspection("18.6", Version(KNOWN[-1]), ahead))
    assert not clock.fine
    assert clock.sentence.startswith(f"{told} the database's; synchronise both machines with NTP")


def test_functions_that_were_changed_are_told(address: Address) -> None:
    found = Inspection("18.6", Version(KNOWN[-1]), 0.0, altered=["count_change", "log_tasks"])
    assert [one.sentence for one in examination._judge(Settings(_env_file=None), address, found) if not one.fine] == [
        "not those of this version: count_change, log_tasks; another program has changed them"
    ]


@pytest.fixture
async def limited(fresh_address: Address) -> Address:
    connection = await connect(fresh_address.direct)
    await connection.execute(f"alter database \"{fresh_address.database}\" set statement_timeout = '15s'")
    await connection.close()
    return fresh_address


def test_how_long_a_statement_may_take_is_told(doable: Doable, limited: Address, url: str) -> None:
    assert "ok     limits    the server does not limit the time" in doable("doctor", DATABASE_URL=url).stdout
    looked = doable("doctor", DATABASE_URL=processes.database_url(limited))
    assert "ok     limits    the server ends a statement after 15s" in looked.stdout


def test_our_clock_is_compared_with_the_databases(doable: Doable, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "CLOCK_TOLERANCE", timedelta(0).total_seconds())
    looked = doable("doctor", DATABASE_URL=url)
    assert looked.exit_code == 1
    assert "WRONG  clock     0.0 s" in looked.stdout


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, {"keys": [{"kty": "OKP"}]}, "ok     issuer    {url} publishes keys (1)"),
        (200, {"keys": []}, "WRONG  issuer    {url} publishes no key yet"),
        (200, ["nothing"], "WRONG  issuer    {url} has no set of keys"),
        (404, {}, "WRONG  issuer    {url} returns 404"),
    ],
)
def test_what_the_issuer_publishes_is_looked_at(doable: Doable, url: str, status: int, body: object, told: str) -> None:
    with issuer(status, body) as jwks:
        looked = doable("doctor", DATABASE_URL=url, JWKS_URL=jwks)
    assert told.format(url=jwks) in looked.stdout
    assert looked.exit_code == (1 if "WRONG" in told else 0)


def test_an_issuer_out_of_reach_is_told(doable: Doable, url: str) -> None:
    looked = doable("doctor", DATABASE_URL=url, BETTER_AUTH_URL="http://127.0.0.1:1")
    assert looked.exit_code == 1
    assert "WRONG  issuer    http://127.0.0.1:1/api/auth/jwks can't be reached" in looked.stdout
