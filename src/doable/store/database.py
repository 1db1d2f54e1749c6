"""The database as the rest of the store sees it: statements in, rows out, our errors instead of the driver's.

A statement given to `read` may run twice, one given to `write` never does: it is tried again only when it is known
not to have run. Both take static SQL with `$1` parameters.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import asyncpg
from asyncpg import Record

from doable.errors import DoableError, EmailTaken, Unavailable, UserNotFound
from doable.store.address import Address
from doable.store.pool import Lease, Limits, Pool

# Which constraint means which error. What is not here is a mistake of ours and shows as one.
CONSTRAINTS: Final[dict[str, type[DoableError]]] = {
    "tasks_user_id_fkey": UserNotFound,
    "access_tokens_user_id_fkey": UserNotFound,
    "idempotency_keys_user_id_fkey": UserNotFound,
    "sessions_user_id_fkey": UserNotFound,
    "passwords_user_id_fkey": UserNotFound,
    "users_email_key": EmailTaken,
}
# SQLSTATE classes and codes that tell of a server that is away, restarting or full, not of our statement.
AWAY: Final = ("08", "57P01", "57P02", "57P03", "53300")
# The transaction was rolled back as a whole and may be tried again: serialization failure, deadlock.
ROLLED_BACK: Final = ("40001", "40P01")
FIRST_PAUSE: Final = 0.05  # seconds; doubled up to MAX_PAUSE while the database is away
MAX_PAUSE: Final = 1.0


Args: TypeAlias = tuple[object, ...]
Error = TypeVar("Error", bound=BaseException)


class Executor(Protocol):
    """What a store function needs: the database itself, or one transaction in it."""

    async def read(self, statement: str, *args: object) -> list[Record]: ...

    async def read_one(self, statement: str, *args: object) -> Record | None: ...

    async def write(self, statement: str, *args: object) -> list[Record]: ...

    async def write_one(self, statement: str, *args: object) -> Record | None: ...

    def transaction(self) -> AbstractAsyncContextManager["Transaction"]: ...


class Transaction:
    """Several statements that take effect together or not at all; nothing is retried in it."""

    def __init__(self, lease: Lease, seconds: float) -> None:
        self._connection = lease.connection
        self._seconds = seconds

    async def read(self, statement: str, *args: object) -> list[Record]:
        return await self._connection.fetch(statement, *args, timeout=self._seconds)

    async def read_one(self, statement: str, *args: object) -> Record | None:
        return await self._connection.fetchrow(statement, *args, timeout=self._seconds)

    async def write(self, statement: str, *args: object) -> list[Record]:
        try:
            return await self.read(statement, *args)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise _domain_error(error) from error

    async def write_one(self, statement: str, *args: object) -> Record | None:
        rows = await self.write(statement, *args)
        return rows[0] if rows else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Transaction"]:
        """A part that is undone when a refusal leaves it, while the rest goes on; no other error lets it go on."""
        await self.execute("savepoint part")
        try:
            yield self
        except DoableError:
            await self.execute("rollback to savepoint part; release savepoint part")
            raise
        await self.execute("release savepoint part")

    async def execute(self, command: str) -> None:
        """A command without parameters and rows."""
        await self._connection.execute(command, timeout=self._seconds)


class Database:
    """One PostgreSQL. Nothing is opened before the first statement."""

    def __init__(self, address: Address, limits: Limits | None = None, *, deadline: float = 10.0) -> None:
        """`deadline` in seconds: how long a statement may take, retries and waiting for the server included."""
        self.address = address
        self._pool = Pool(self._connect, limits or Limits())
        self._deadline = deadline

    @property
    def statistics(self) -> dict[str, int]:
        return self._pool.statistics

    async def close(self) -> None:
        await self._pool.close()

    async def read(self, statement: str, *args: object) -> list[Record]:
        rows: list[Record] = await self._run(asyncpg.Connection.fetch, statement, args, again=True)
        return rows

    async def read_one(self, statement: str, *args: object) -> Record | None:
        row: Record | None = await self._run(asyncpg.Connection.fetchrow, statement, args, again=True)
        return row

    async def write(self, statement: str, *args: object) -> list[Record]:
        rows: list[Record] = await self._run(asyncpg.Connection.fetch, statement, args, again=False)
        return rows

    async def write_one(self, statement: str, *args: object) -> Record | None:
        row: Record | None = await self._run(asyncpg.Connection.fetchrow, statement, args, again=False)
        return row

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Read committed. Raises Unavailable when the server is out of reach, also in the middle.

        What breaks it off, be it a caller who is gone, closes the connection: nothing waits for a rollback.
        """
        lease = await self._begin()
        transaction = Transaction(lease, self._deadline)
        try:
            try:
                yield transaction
            except DoableError:
                await transaction.execute("rollback")
                raise
            await transaction.execute("commit")
        except DoableError:
            self._pool.release(lease)
            raise
        except BaseException as error:
            self._pool.discard(lease)
            if _is_away(error) or _is_rolled_back(error):
                raise Unavailable from error
            _discreet(error)
            raise
        self._pool.release(lease)

    async def _begin(self) -> Lease:
        """A connection in a new transaction; one that turns out to be dead is replaced, since nothing has run on it."""
        deadline = monotonic() + self._deadline
        pause = FIRST_PAUSE
        while True:
            lease = await self._lease(deadline)
            try:
                await lease.connection.execute(
                    "begin isolation level read committed", timeout=max(deadline - monotonic(), 0.001)
                )
            except BaseException as error:
                self._pool.discard(lease)
                if not _is_away(error):
                    raise
                if monotonic() + pause > deadline:
                    raise Unavailable from error
            else:
                return lease
            pause = await _back_off(pause)

    async def _run(self, fetch: Callable[..., Awaitable[Any]], statement: str, args: Args, *, again: bool) -> Any:
        """One statement in its own transaction; `again` when it may run twice."""
        deadline = monotonic() + self._deadline
        pause = FIRST_PAUSE
        while True:
            lease = await self._lease(deadline)
            try:
                rows = await fetch(lease.connection, statement, *args, timeout=max(deadline - monotonic(), 0.001))
            except asyncpg.IntegrityConstraintViolationError as error:
                self._pool.release(lease)
                raise _domain_error(error) from error
            except BaseException as error:
                self._pool.discard(lease)
                rolled_back = _is_rolled_back(error)
                if not rolled_back and not _is_away(error):
                    _discreet(error)
                    raise
                if not (again or rolled_back) or monotonic() + pause > deadline:
                    raise Unavailable from error
            else:
                self._pool.release(lease)
                return rows
            pause = await _back_off(pause)

    async def _lease(self, deadline: float) -> Lease:
        """A connection, as soon as the server gives one."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._pool.acquire()
            except BaseException as error:
                if not _is_away(error):
                    raise
                if monotonic() + pause > deadline:
                    raise Unavailable from error
            pause = await _back_off(pause)

    async def _connect(self) -> "asyncpg.Connection[Record]":
        return await connect(self.address, min(self.address.timeout, self._deadline))


async def connect(address: Address, seconds: float | None = None) -> "asyncpg.Connection[Record]":
    """One connection, outside of any pool; `seconds` to wait for it."""
    return await asyncpg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        database=address.database,
        ssl=address.tls,
        timeout=seconds or address.timeout,
        server_settings={"application_name": address.application_name},
    )


async def _back_off(pause: float) -> float:
    """Sleep about `pause` seconds, so that many callers do not come back at once; returns the next pause."""
    await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
    return min(2 * pause, MAX_PAUSE)


def _domain_error(error: asyncpg.PostgresError) -> Exception:
    known = CONSTRAINTS.get(error.constraint_name or "")
    return known() if known else _discreet(error)


def _discreet(error: Error) -> Error:
    """The error without the server's detail, which quotes rows: they are somebody's, and errors are logged."""
    if isinstance(error, asyncpg.PostgresError):
        error.detail = None
    return error


def _is_away(error: BaseException) -> bool:
    """Whether this tells of a server that is out of reach rather than of our statement."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(AWAY)
    # An InternalClientError is what a connection says whose end has come in, but not yet been noticed.
    return isinstance(error, (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError))


def _is_rolled_back(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) in ROLLED_BACK
