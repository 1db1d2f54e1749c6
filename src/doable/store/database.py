"""The database as the rest of the store sees it: statements in, rows out, our errors instead of the driver's.

A statement given to `read` may run twice, one given to `write` never does: it is tried again only when it is known
not to have run. Both take static SQL with `$1` parameters.
"""

import asyncio
import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import asyncpg
from asyncpg import Record

from doable.errors import DoableError, EmailTaken, Unavailable, UserNotFound
from doable.store import failures
from doable.store.address import Address
from doable.store.circuit import Circuit
from doable.store.connection import Connection, connect
from doable.store.observation import Observation
from doable.store.pool import Lease, Limits, Pool
from doable.store.turns import Turns

# Which constraint means which error. What is not here is a mistake of ours and shows as one.
CONSTRAINTS: Final[dict[str, type[DoableError]]] = {
    "tasks_user_id_fkey": UserNotFound,
    "access_tokens_user_id_fkey": UserNotFound,
    "idempotency_keys_user_id_fkey": UserNotFound,
    "sessions_user_id_fkey": UserNotFound,
    "passwords_user_id_fkey": UserNotFound,
    "users_email_key": EmailTaken,
}
FIRST_PAUSE: Final = 0.05  # seconds; doubled up to MAX_PAUSE while the database is away
MAX_PAUSE: Final = 1.0
CHECK_AFTER: Final = 1.0  # seconds; who knows what became of a connection that was idle for longer
CHECK_SECONDS: Final = 2.0
CHECK: Final = "select 1"
SILENCE: Final = 0.25  # seconds; a database that wakes, restarts or fails over is waited for
UNCACHED_SECONDS: Final = 300.0


Args: TypeAlias = tuple[object, ...]
Error = TypeVar("Error", bound=BaseException)
T = TypeVar("T")


class Executor(Protocol):
    """What a store function needs: the database itself, or one transaction in it."""

    def read(self, statement: str, *args: object) -> Awaitable[list[Record]]: ...

    def read_one(self, statement: str, *args: object) -> Awaitable[Record | None]: ...

    def write(self, statement: str, *args: object) -> Awaitable[list[Record]]: ...

    def write_one(self, statement: str, *args: object) -> Awaitable[Record | None]: ...

    def transaction(self) -> AbstractAsyncContextManager["Transaction"]: ...

    async def transact(self, work: Callable[["Transaction"], Awaitable[T]], owner: str | None = None) -> T: ...


class Transaction:
    """Several statements that take effect together or not at all; nothing is retried in it."""

    def __init__(self, lease: Lease, seconds: float, observation: Observation) -> None:
        self._connection = lease.connection
        self._seconds = seconds
        self._observation = observation

    async def read(self, statement: str, *args: object) -> list[Record]:
        rows: list[Record] = await self._run(asyncpg.Connection.fetch, statement, args)
        return rows

    async def read_one(self, statement: str, *args: object) -> Record | None:
        row: Record | None = await self._run(asyncpg.Connection.fetchrow, statement, args)
        return row

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

    async def transact(
        self,
        work: Callable[["Transaction"], Awaitable[T]],
        owner: str | None = None,  # noqa: ARG002 - the turn is that of the whole
    ) -> T:
        """As for Database, as a part of this transaction; it is the whole that is done again."""
        async with self.transaction() as part:
            return await work(part)

    async def commit(self) -> None:
        """Raises what says so when the server has undone everything, because one statement failed unheeded."""
        if await self._connection.execute("commit", timeout=self._seconds) != "COMMIT":
            raise RuntimeError("a statement of this transaction failed, and nobody minded")

    async def execute(self, command: str) -> None:
        """A command without parameters and rows."""
        await self._connection.execute(command, timeout=self._seconds)

    async def _run(self, fetch: Callable[..., Awaitable[Any]], statement: str, args: Args) -> Any:
        began = monotonic()
        try:
            rows = await fetch(self._connection, statement, *args, timeout=self._seconds)
        except BaseException as error:
            self._observation.ended(statement, monotonic() - began, error)
            raise
        self._observation.ended(statement, monotonic() - began)
        return rows


class Database:
    """One PostgreSQL. Nothing is opened before the first statement."""

    def __init__(
        self,
        address: Address,
        limits: Limits | None = None,
        *,
        deadline: float = 10.0,
        observation: Observation | None = None,
    ) -> None:
        """`deadline` in seconds: how long a statement may take, retries and waiting for the server included."""
        self.address = address
        self._pool = Pool(self._connect, limits or Limits())
        self._deadline = deadline
        self._circuit = Circuit(deadline)
        self._uncached_until = 0.0
        self._observation = observation or Observation()
        self._turns = Turns()
        self._listeners: list[Callable[[str], None]] = []

    @property
    def statistics(self) -> dict[str, int]:
        return self._pool.statistics

    @property
    def is_away(self) -> bool:
        """Nothing has answered for a while, so callers no longer wait."""
        return self._circuit.is_open

    def waiting(self) -> int:
        """How many wait for a connection that others use; none while the database says nothing to anybody."""
        waiting = self._pool.waiting()
        return waiting if waiting and monotonic() - self._circuit.answered_at < SILENCE else 0

    def longest_wait(self) -> float:
        """Seconds that the first of them has waited."""
        return self._pool.longest_wait()

    async def close(self) -> None:
        await self._pool.close()

    def on_write(self, notify: Callable[[str], None]) -> None:
        """Call `notify(user_id)` after each write in a turn of this user's, once it is committed.

        It is a courtesy to this process: what other processes write is not announced.
        """
        self._listeners.append(notify)

    def read(self, statement: str, *args: object) -> Awaitable[list[Record]]:
        return self._run(asyncpg.Connection.fetch, statement, args, monotonic(), again=True)

    def read_one(self, statement: str, *args: object) -> Awaitable[Record | None]:
        return self._run(asyncpg.Connection.fetchrow, statement, args, monotonic(), again=True)

    def write(self, statement: str, *args: object) -> Awaitable[list[Record]]:
        return self._run_in_turn(asyncpg.Connection.fetch, statement, args)

    def write_one(self, statement: str, *args: object) -> Awaitable[Record | None]:
        return self._run_in_turn(asyncpg.Connection.fetchrow, statement, args)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Read committed. Raises Unavailable when the server is out of reach, also in the middle.

        What breaks it off, be it a caller who is gone, closes the connection: nothing waits for a rollback.
        """
        return self._within("begin isolation level read committed")

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """As `transaction`, but everything is read as it is at one moment, and nothing can be written."""
        return self._within("begin isolation level repeatable read, read only")

    @asynccontextmanager
    async def _within(self, begin: str) -> AsyncIterator[Transaction]:
        lease, start = await self._begin(begin), monotonic()
        transaction = Transaction(lease, self._deadline, self._observation)
        try:
            try:
                yield transaction
            except DoableError:
                await transaction.execute("rollback")
                raise
            await transaction.commit()
        except DoableError:
            self._release(lease)
            raise
        except BaseException as error:
            self._pool.discard(lease)
            if failures.is_passing(error):
                self._heed(error)
                raise self._give_up(start) from error
            _discreet(error)
            raise
        self._release(lease)

    async def transact(self, work: Callable[[Transaction], Awaitable[T]], owner: str | None = None) -> T:
        """What `work` gives in a transaction of its own; done again from the start when the server has undone it.

        `owner` is the user whose row the transaction locks, if it locks one: it waits for a turn (store/turns.py).
        """
        deadline = monotonic() + self._deadline
        if owner is None:
            return await self._transact(work, deadline)
        if not self._turns.take(owner):
            await self._turns.wait(owner, deadline - self._deadline / 2)
        try:
            result = await self._transact(work, deadline)
        finally:
            self._turns.release(owner)
        self._notify(owner)
        return result

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]], deadline: float) -> T:
        pause = FIRST_PAUSE
        while True:
            try:
                async with self.transaction() as transaction:
                    return await work(transaction)
            except Unavailable as error:
                cause = error.__cause__
                if cause is None or not failures.is_undone(cause) or monotonic() + pause > deadline:
                    raise
            pause = await _back_off(pause)

    async def _begin(self, begin: str) -> Lease:
        """A connection in a new transaction; one that turns out to be dead is replaced, since nothing has run on it."""
        start = monotonic()
        deadline = start + self._deadline
        pause = FIRST_PAUSE
        while True:
            lease = await self._lease(deadline)
            try:
                await lease.connection.execute(begin, timeout=max(deadline - monotonic(), 0.001))
            except BaseException as error:
                self._pool.discard(lease)
                if not failures.is_passing(error):
                    raise
                if monotonic() + pause > deadline:
                    raise self._give_up(start) from error
            else:
                return lease
            pause = await _back_off(pause)

    async def _run_in_turn(self, fetch: Callable[..., Awaitable[Any]], statement: str, args: Args) -> Any:
        """One statement that writes. If its `$1` is a text, it is the user whose row the statement locks."""
        start = monotonic()
        owner = args[0] if args else None
        if type(owner) is not str:
            return await self._run(fetch, statement, args, start, again=False)
        if not self._turns.take(owner):
            # Half of the time is left to run: what is given up before it is sent has had no effect.
            await self._turns.wait(owner, start + self._deadline / 2)
        try:
            rows = await self._run(fetch, statement, args, start, again=False)
        finally:
            self._turns.release(owner)
        self._notify(owner)
        return rows

    def _notify(self, owner: str) -> None:
        for notify in self._listeners:
            notify(owner)

    async def _run(
        self, fetch: Callable[..., Awaitable[Any]], statement: str, args: Args, start: float, *, again: bool
    ) -> Any:
        """One statement in its own transaction; `again` when it may run twice. The deadline counts from `start`."""
        deadline = start + self._deadline
        pause = FIRST_PAUSE
        while True:
            began = monotonic()
            lease = self._pool.take(began - CHECK_AFTER)
            if lease is None:
                lease = await self._lease(deadline)
                began = monotonic()
            try:
                rows = await fetch(lease.connection, statement, *args, timeout=max(deadline - began, 0.001))
            except asyncpg.IntegrityConstraintViolationError as error:
                self._release(lease)
                self._observation.ended(statement, monotonic() - began, error)
                raise _domain_error(error) from error
            except BaseException as error:
                self._pool.discard(lease)
                self._observation.ended(statement, monotonic() - began, error)
                if not failures.is_passing(error):
                    _discreet(error)
                    raise
                self._heed(error)
                if not failures.may_try_again(error, read=again) or monotonic() + pause > deadline:
                    raise self._give_up(start) from error
            else:
                self._release(lease)
                self._observation.ended(statement, lease.idle_since - began)
                return rows
            pause = await _back_off(pause)

    async def _lease(self, deadline: float) -> Lease:
        """A connection that works, as soon as the server gives one."""
        start = monotonic()
        pause = FIRST_PAUSE
        while True:
            try:
                if self._circuit.is_open:
                    return await self._probe()
                lease = await self._pool.acquire(deadline)
                if monotonic() - lease.idle_since > CHECK_AFTER:
                    await self._check(lease, deadline)
            except BaseException as error:
                if not failures.is_passing(error):
                    raise
                if self._circuit.is_open or monotonic() + pause > deadline:
                    raise self._give_up(start) from error
            else:
                return lease
            pause = await _back_off(pause)

    async def _probe(self) -> Lease:
        """The only try that is made while the database is known to be away."""
        with self._circuit.probe():
            deadline = monotonic() + min(CHECK_SECONDS, self._deadline)
            lease = await self._pool.acquire(deadline)
            await self._check(lease, deadline)
            return lease

    async def _check(self, lease: Lease, deadline: float) -> None:
        """Whether a connection still is one. Where one is dead, its neighbours are too."""
        try:
            await lease.connection.execute(CHECK, timeout=max(min(CHECK_SECONDS, deadline - monotonic()), 0.001))
        except BaseException:
            self._pool.discard(lease)
            self._pool.renew()
            raise
        self._circuit.answered(monotonic())

    def _release(self, lease: Lease) -> None:
        self._pool.release(lease)
        self._circuit.answered(lease.idle_since)

    def _give_up(self, since: float) -> Unavailable:
        self._circuit.failed(since)
        if self._circuit.is_open:
            self._pool.refuse()
        return Unavailable()

    def _heed(self, error: BaseException) -> None:
        """Do without prepared statements where a pooler loses them, and for a while where it keeps stale ones."""
        if failures.is_statement_lost(error):
            self._uncached_until = math.inf
        elif failures.is_plan_stale(error):
            self._uncached_until = max(self._uncached_until, monotonic() + UNCACHED_SECONDS)
        else:
            return
        self._pool.renew()

    async def _connect(self, seconds: float) -> Connection:
        return await connect(
            self.address, min(self.address.timeout, seconds), caches=monotonic() >= self._uncached_until
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
