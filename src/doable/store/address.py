"""Parses a database URL, as hosts and tutorials print it, into what the driver understands.

asyncpg passes unknown parameters on to the server, which then refuses the connection. So each parameter is either
understood here, known to be harmless, or refused by name.
"""

import ssl
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from doable.errors import Misconfigured
from doable.settings import Settings

# Settings of other clients, which mean nothing for this one.
HARMLESS: Final = frozenset({"connection_limit", "pool_timeout", "pgbouncer", "schema", "uselibpqcompat"})
NEON_SUFFIX: Final = ".neon.tech"
CONNECT_TIMEOUT: Final = 15.0  # A suspended Neon compute wakes within seconds; Neon recommends 10 to 15.


@dataclass(frozen=True)
class Address:
    """Where a database is and how to reach it; `tls` is False, a libpq `sslmode` word or a verifying context."""

    host: str | None
    port: int
    user: str | None
    password: str | None = field(repr=False)
    database: str | None
    tls: Literal[False, "allow", "prefer", "require"] | ssl.SSLContext
    timeout: float = CONNECT_TIMEOUT
    application_name: str = "doable"

    @classmethod
    def parse(cls, url: str, variable: str = "DATABASE_URL") -> Self:
        """Read `postgres://` or `postgresql://`; raises Misconfigured, without ever repeating the password.

        `variable` is where the URL was found.
        """
        try:
            return cls._parse(url)
        except _Unclear as error:
            raise Misconfigured(f"{variable}: {error}") from None

    @classmethod
    def _parse(cls, url: str) -> Self:
        try:
            parts = urlsplit(url)
            port = parts.port or 5432
        except ValueError:
            raise _Unclear("it is not a URL that can be read") from None
        if parts.scheme not in {"postgres", "postgresql"}:
            raise _Unclear("it must begin with postgresql://")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        host = query.pop("host", None) or (unquote(parts.hostname) if parts.hostname else None)
        if host is None:
            raise _Unclear("it names no host")
        mode = query.pop("sslmode", None)
        binding = query.pop("channel_binding", "prefer")
        address = cls(
            host=host,
            port=_number(query, "port") or port,
            user=query.pop("user", None) or (unquote(parts.username) if parts.username else None),
            password=query.pop("password", None) or (unquote(parts.password) if parts.password else None),
            database=query.pop("dbname", None) or unquote(parts.path.lstrip("/")) or None,
            # asyncpg has no channel binding. Verified TLS gives the same protection.
            tls=_tls(mode, query.pop("sslrootcert", None), verify=binding == "require" or host.endswith(NEON_SUFFIX)),
            timeout=_number(query, "connect_timeout") or CONNECT_TIMEOUT,
            application_name=query.pop("application_name", "doable"),
        )
        # Neon's endpoint option is for clients without SNI. Ours supports SNI.
        if query.get("options", "").startswith("endpoint="):
            del query["options"]
        unknown = sorted(query.keys() - HARMLESS)
        if unknown:
            raise _Unclear(f"the parameter {unknown[0]} is not supported; remove it")
        return address

    @property
    def direct(self) -> Self:
        """The same database without Neon's pooler, for what a pooler can't do: migrations and sessions."""
        if self.host is None or not self.host.endswith(NEON_SUFFIX):
            return self
        endpoint, _, domain = self.host.partition(".")
        return replace(self, host=f"{endpoint.removesuffix('-pooler')}.{domain}")

    def __str__(self) -> str:
        """For messages and logs: never with the password."""
        return f"{self.host}:{self.port}/{self.database or ''}"


class _Unclear(Exception):
    """What is wrong with a URL."""


def _number(query: dict[str, str], name: str) -> int:
    value = query.pop(name, "0")
    if not (value.isascii() and value.isdecimal()):
        raise _Unclear(f"{name}={value} is not a number")
    return int(value)


def _tls(mode: str | None, root: str | None, *, verify: bool) -> Any:
    """Libpq's `sslmode` (PostgreSQL documentation, "SSL Support"), never weaker than it says."""
    modes = {None, "disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
    if mode not in modes:
        raise _Unclear(f"sslmode={mode} is not one of disable, prefer, require, verify-full")
    if verify and mode in {"disable", "allow"}:
        raise _Unclear(f"sslmode={mode} contradicts the verified TLS that this database needs")
    if verify or mode in {"verify-ca", "verify-full"} or (mode == "require" and root):
        try:
            context = ssl.create_default_context(cafile=None if root in {None, "system"} else root)
        except (OSError, ssl.SSLError):
            raise _Unclear(f"the file sslrootcert={root} can't be read") from None
        # libpq: `require` with a root certificate, like `verify-ca`, checks the chain but not the name.
        context.check_hostname = verify or mode == "verify-full"
        return context
    return False if mode == "disable" else mode or "prefer"


def address_of(settings: Settings) -> Address:
    """The address in DATABASE_URL. Raises Misconfigured."""
    url = settings.database_url
    return Address.parse(url.get_secret_value() if url else "")


def direct_address_of(settings: Settings) -> Address:
    """The same database past any pooler, for migrations."""
    if settings.database_url_unpooled is not None:
        return Address.parse(settings.database_url_unpooled.get_secret_value(), "DATABASE_URL_UNPOOLED")
    return address_of(settings).direct


def read_address_of(settings: Settings) -> Address | None:
    """Where DATABASE_READ_URL says that a replica is. Raises Misconfigured."""
    url = settings.database_read_url
    return Address.parse(url.get_secret_value(), "DATABASE_READ_URL") if url else None
