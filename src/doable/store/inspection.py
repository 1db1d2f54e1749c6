"""Checks a database before the service uses it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import asyncpg

from doable.errors import Misconfigured
from doable.store import functions
from doable.store.address import Address
from doable.store.connection import connect
from doable.store.version import HAS_VERSION, VERSION, Version

OLDEST_SERVER: Final = 15
ENCODING: Final = "UTF8"


@dataclass(frozen=True)
class Citus:
    """A cluster: how many of its nodes hold users, the tables that are not spread over them, and the settings that are
    not as they must be (docs/citus.md).
    """

    nodes: int
    left_out: list[str]
    wrong: list[str]


@dataclass(frozen=True)
class Inspection:
    """The versions of PostgreSQL and of the schema, the seconds by which our clock is ahead of the server's, and the
    server's time limit for statements of this role ("0" for none). `citus` is None on a single server. `altered` are
    the functions that differ from those of this version, if the schema is that of this version.
    """

    server: str
    schema: Version
    clock_ahead: float
    statement_timeout: str = "0"
    citus: Citus | None = None
    altered: Sequence[str] = ()


CLOCK = """
select clock_timestamp()
"""

LIMIT = """
select current_setting('statement_timeout')
"""

HAS_CITUS = """
select exists (select 1 from pg_catalog.pg_extension where extname = 'citus')
"""

CITUS = """
-- With Citus only: its catalog has the tables that are distributed, and its nodes.
select
  (select count(*) from pg_dist_node where isactive and shouldhaveshards),
  array(
    select relname::text
    from pg_catalog.pg_class
    where relnamespace = to_regnamespace('doable') and relkind = 'r'
      and relname not in ('alembic_version', 'signing_keys', 'sign_in_failures')
      and not exists (select 1 from pg_dist_partition where logicalrelid = pg_class.oid)
    order by relname
  ),
  array(
    select name || ' = ' || wanted
    from (values ('citus.enable_unsafe_triggers', 'on'), ('citus.propagate_set_commands', 'local'))
      as needed(name, wanted)
    where current_setting(name, true) is distinct from wanted
  )
"""


async def inspect(address: Address) -> Inspection:
    """Inspect the database without changes and retries. Raises Misconfigured when it can't be used as it is."""
    try:
        connection = await connect(address, caches=False)  # Old poolers lose prepared statements.
    except asyncpg.PostgresError as error:
        raise Misconfigured(
            f"The database {address} refuses the connection ({_reason(error)}); "
            "check the user, the password and the name of the database in DATABASE_URL"
        ) from None
    except (OSError, asyncpg.InterfaceError) as error:
        raise Misconfigured(
            f"The database {address} can't be reached ({_reason(error)}); check DATABASE_URL and that the server runs"
        ) from None
    try:
        server = connection.get_server_version()
        if server.major < OLDEST_SERVER:
            raise Misconfigured(f"PostgreSQL {server.major} is too old; Doable needs {OLDEST_SERVER} or newer")
        settings = connection.get_settings()
        if settings.server_encoding != ENCODING:
            raise Misconfigured(
                f"The database {address} stores text as {settings.server_encoding}, which can't hold every character; "
                f"make one with `create database … encoding '{ENCODING}' template template0`"
            )
        release = settings.server_version.split()[0]
        sent = datetime.now(UTC)
        clock = await connection.fetchval(CLOCK)
        received = datetime.now(UTC)
        present = await connection.fetchval(VERSION) if await connection.fetchval(HAS_VERSION) else None
        limit = await connection.fetchval(LIMIT)
        schema = Version(present)
        altered = await functions.altered(connection) if schema.is_current else []
        cluster = await connection.fetchrow(CITUS) if await connection.fetchval(HAS_CITUS) else None
    except asyncpg.PostgresError as error:
        lacks_rights = isinstance(error, asyncpg.InsufficientPrivilegeError)
        advice = "give the role its rights, as deploy/roles.sql does" if lacks_rights else "try again"
        raise Misconfigured(f"The database {address} refuses a query of Doable ({_reason(error)}); {advice}") from None
    finally:
        with suppress(TimeoutError):
            await connection.close(timeout=1)
    ahead = sent + (received - sent) / 2 - clock
    return Inspection(release, schema, ahead.total_seconds(), limit, Citus(*cluster) if cluster else None, altered)


def require_current(address: Address, schema: Version) -> None:
    """Raises Misconfigured unless the tables are those of this code."""
    if schema.is_newer:
        raise Misconfigured(
            f"The database {address} was migrated by a newer Doable (to {schema.present}, this one knows up to "
            f"{schema.needed}); install that version"
        )
    if schema.is_too_old:
        raise Misconfigured(
            f"The database {address} comes from a version before the first release (its tables are at "
            f"{schema.present}), and this version can't migrate it; start with an empty database, and use "
            "`doable export` of the version that made the old one to keep your data"
        )
    if not schema.is_current:
        found = f"has the tables of an older Doable ({schema.present})" if schema.present else "has no tables of Doable"
        raise Misconfigured(f"The database {address} {found}; run `doable migrate`, or `doable serve --migrate`")


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
