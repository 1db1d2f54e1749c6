"""Whether an installation is as it should be: its settings, database, tables, clock and token issuer."""

import asyncio
from collections.abc import Iterator
from typing import Final, NamedTuple

import httpx

from doable.errors import Misconfigured
from doable.operations.advice import warnings
from doable.operations.databases import opened
from doable.settings import Provider, Settings, load
from doable.store import embedded
from doable.store.address import Address, address_of, direct_address_of, read_address_of
from doable.store.inspection import Citus, Inspection, inspect, require_current
from doable.store.postgresql import Say

CLOCK_TOLERANCE: Final = 10.0  # seconds; tokens are believed a little longer than they say, but not for minutes
ISSUER_TIMEOUT: Final = 5.0  # seconds


class Finding(NamedTuple):
    subject: str
    sentence: str
    fine: bool = True
    doubtful: bool = False


def examine(say: Say) -> Iterator[Finding]:
    """The findings, good and bad; nothing is changed. `say` gets a sentence about slow steps."""
    try:
        for warning in warnings():
            yield Finding("settings", warning, doubtful=True)
        settings = load()
    except Misconfigured as error:
        yield Finding("settings", str(error), fine=False)
        return
    database = "DATABASE_URL" if settings.database_url else "embedded PostgreSQL"
    yield Finding("settings", f"database: {database}; users: {settings.provider}")
    try:
        yield from _database(settings, say)
    except Misconfigured as error:
        yield Finding("database", str(error), fine=False)
    yield _issuer(settings)


def _database(settings: Settings, say: Say) -> Iterator[Finding]:
    """Raises Misconfigured when it can't be looked at."""
    if settings.database_url is not None:
        address, direct = address_of(settings), direct_address_of(settings)
        found = asyncio.run(inspect(address))
        if direct != address:
            asyncio.run(inspect(direct))
        yield from _judge(settings, address, found)
        if replica := read_address_of(settings):
            yield Finding("replica", f"PostgreSQL {asyncio.run(inspect(replica)).server} at {replica}")
        return
    directory = embedded.choose_directory(settings.data_dir)
    if not (directory / "postgresql").exists():
        embedded.require_possible(directory)
        yield Finding("database", f"`doable serve` will create it in {directory}")
        return
    with opened(settings, say) as address:
        yield from _judge(settings, address, asyncio.run(inspect(address)))


def _judge(settings: Settings, address: Address, found: Inspection) -> Iterator[Finding]:
    yield Finding("database", f"PostgreSQL {found.server} at {address}")
    try:
        require_current(address, found.schema)
    except Misconfigured as error:
        yield Finding("tables", str(error), fine=False)
    else:
        yield Finding("tables", f"at migration {found.schema.present}, as this version needs")
    if found.altered:
        names = ", ".join(found.altered)
        yield Finding("functions", f"not those of this version: {names}; another program has changed them", fine=False)
    if found.citus is not None:
        yield _cluster(found.citus)
    fine = abs(found.clock_ahead) <= CLOCK_TOLERANCE
    side = "ahead of" if found.clock_ahead > 0 else "behind"
    advice = "" if fine else "; synchronise both machines with NTP, or tokens expire too early or too late"
    yield Finding("clock", f"{abs(found.clock_ahead):.1f} s {side} the database's{advice}", fine=fine)
    if settings.database_url is not None:
        yield Finding(
            "limits",
            "the server does not limit the time of a statement; set a limit with `alter role … set statement_timeout`"
            if found.statement_timeout == "0"
            else f"the server ends a statement after {found.statement_timeout}",
        )


def _cluster(citus: Citus) -> Finding:
    if citus.left_out:
        tables = ", ".join(citus.left_out)
        return Finding("citus", f"not distributed: {tables}; run deploy/citus.sql on the coordinator", fine=False)
    if citus.wrong:
        settings = ", ".join(citus.wrong)
        return Finding("citus", f"set {settings} on every node, or changes fail or are not told whole", fine=False)
    return Finding("citus", f"the users are spread over the nodes ({citus.nodes})")


def _issuer(settings: Settings) -> Finding:
    url = settings.keys_url
    if url is None:
        accounts = settings.provider is Provider.ACCOUNTS
        return Finding("issuer", "the built-in accounts" if accounts else "tokens signed with BETTER_AUTH_SECRET")
    try:
        answer = httpx.get(url, timeout=ISSUER_TIMEOUT)
        answer.raise_for_status()
        count = len(answer.json()["keys"])
    except httpx.HTTPStatusError as error:
        fault = f"returns {error.response.status_code}; check BETTER_AUTH_URL or JWKS_URL"
    except httpx.HTTPError as error:
        fault = f"can't be reached ({error}); check BETTER_AUTH_URL or JWKS_URL, and that the issuer runs"
    except (ValueError, KeyError, TypeError):
        fault = "has no set of keys; check BETTER_AUTH_URL or JWKS_URL"
    else:
        if count:
            return Finding("issuer", f"{url} publishes keys ({count})")
        fault = "publishes no key yet; sign in there once, then run this again"
    return Finding("issuer", f"{url} {fault}", fine=False)
