"""PgBouncer between the tests and their server, as Neon runs it: transaction mode, TLS, few connections for many."""

import datetime as dt
import ipaddress
import os
import pwd
import re
import socket
import ssl
import subprocess
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from doable.store.address import Address
from needs import miss, need
from processes import eventually

RELEASES = ("1.18", "1.24")
OWN = Path(__file__).parents[1] / ".venv/pgbouncer/bin/pgbouncer"  # what scripts/get-pgbouncer puts there
PREPARED_SINCE = (1, 21)
PASSWORD = "the-database-password"


@dataclass(frozen=True, kw_only=True)
class Pooled(Address):
    """An address behind PgBouncer, with the certificate to know it by, and the one past it."""

    root: str
    past: Address

    @property
    def direct(self) -> Address:
        return self.past


@cache
def program_of(release: str) -> str:
    """PgBouncer 1.24, or what Debian 12 has: 1.18, which knows nothing of prepared statements. Skips without it."""
    installed = need("pgbouncer")
    if release == "1.18" or _release(installed) >= PREPARED_SINCE:
        return installed
    if not OWN.exists():
        miss("PgBouncer 1.24 is missing (scripts/get-pgbouncer .venv/pgbouncer gets it)")
    return str(OWN)


class PgBouncer:
    """`with PgBouncer(release, directory, target) as address:`; it can be started again, at the same port.

    `target` is reached through a Unix socket, and so are the other databases of its server: see `at`.
    """

    def __init__(self, release: str, directory: Path, target: Address, **settings: object) -> None:
        if not str(target.host).startswith("/"):
            pytest.skip("PgBouncer is put before a server on this machine, and not before the one in TEST_DATABASE_URL")
        self._program = program_of(release)
        self._directory = directory
        self._target = target
        self.process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.certificate = directory / "root.crt"
        _certify(self.certificate, directory / "server.key")
        lines = {
            "listen_addr": "127.0.0.1",
            "listen_port": self.port,
            "unix_socket_dir": "",
            "logfile": directory / "pgbouncer.log",
            "auth_type": "scram-sha-256",
            "auth_file": directory / "users.txt",
            "client_tls_sslmode": "require",
            "client_tls_cert_file": self.certificate,
            "client_tls_key_file": directory / "server.key",
            # As Neon has it, but for the size of the pool: fewer than those who want to use it.
            "pool_mode": "transaction",
            "query_wait_timeout": 120,
            "max_client_conn": 10000,
            "default_pool_size": 4,
            **({"max_prepared_statements": 1000 if release == "1.24" else 0} if self.prepares else {}),
            **settings,
        }
        self._configuration = directory / "pgbouncer.ini"
        self._configuration.write_text(
            f"[databases]\n* = host={target.host} port={target.port}\n[pgbouncer]\n"
            + "".join(f"{name} = {value}\n" for name, value in lines.items())
        )
        (directory / "users.txt").write_text(f'"{target.user}" "{PASSWORD}"\n')
        self._user = "nobody" if os.geteuid() == 0 else None  # It refuses to run as root.
        if self._user:
            for path in (directory, *directory.iterdir()):
                os.chown(path, pwd.getpwnam(self._user).pw_uid, pwd.getpwnam(self._user).pw_gid)

    @property
    def prepares(self) -> bool:
        """Whether this program could carry prepared statements."""
        return _release(self._program) >= PREPARED_SINCE

    @property
    def address(self) -> Pooled:
        return self.at(self._target)

    def at(self, address: Address) -> Pooled:
        """The same database, through here."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        reached = {field.name: getattr(address, field.name) for field in fields(Address)}
        reached |= {"host": "127.0.0.1", "port": self.port, "password": PASSWORD, "tls": context}
        return Pooled(**reached, root=str(self.certificate), past=address)

    def start(self) -> Self:
        self.process = subprocess.Popen(
            [self._program, "-q", self._configuration],
            user=self._user,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(self._listens)
        return self

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def __enter__(self) -> Pooled:
        return self.start().address

    def __exit__(self, *_: object) -> None:
        self.kill()  # At once: SIGTERM would wait for clients to leave, and SIGQUIT is ignored below some shells.

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self._directory / "pgbouncer.log").read_text()
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


@cache
def _release(program: str) -> tuple[int, int]:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    assert found, said
    return int(found[1]), int(found[2])


def _certify(certificate: Path, key_file: Path) -> None:
    """A certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "PgBouncer of the tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
