"""The database for the rest of the store: it takes statements, returns rows, and raises our errors, not the driver's.

`read` may run a statement twice. `write` never does: it tries again only when the statement is known not to have run.
Both take static SQL with `$1` parameters.
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

from doable.errors import DoableError, Unavailable
from doable.store import acting, failures
from doable.store.address import Address
from doable.store.circuit import Circuit
from doable.store.connection import Connection, connect
from doable.store.observation import Observation
from doable.store.pool import Pool, PooledConnection, PoolLimits
from doable.store.turns import Turns

BACKOFF_MIN_SECONDS: Final = 0.05  # seconds; doubled up to BACKOFF_MAX_SECONDS while the database is away
BACKOFF_MAX_SECONDS: Final = 1.0
CHECK_AFTER_SECONDS: Final = 1.0  # seconds; a connection that was idle for longer may be dead
CHECK_SECONDS: Final = 2.0
CHECK: Final = "select 1"
# Seconds without a response; then waiting requests wait for the server and not for a connection.
SILENCE_SECONDS: Final = 0.25
UNCACHED_SECONDS: Final = 300.0


Args: TypeAlias = tuple[object, ...]
T = TypeVar("T")


class Executor(Protocol):
    """What a store function needs: the database itself, or one transaction in it."""

    def read(self, statement: str, *args: object) -> Awaitable[list[Record]]: ...

    def read_one(self, statement: str, *args: object) -> Awaitable[Record | None]: ...

    def write(self, statement: str, *args: object) -> Awaitable[list[Record]]: ...

    def write_one(self, statement: str, *args: object) -> Awaitable[Record | None]: ...

    def transaction(self) -> AbstractAsyncContextManager["Transaction"]: ...

    async def transact(self, work: Callable[["Transaction"], Awaitable[T]], owner: str | None = None) -> T: ...

    def afterwards(self, act: Callable[[], object]) -> None: ...


class Transaction:
    """Several statements that take effect together or not at all. Nothing is retried in a transaction."""

    def __init__(self, pooled: PooledConnection, seconds: float, observation: Observation) -> None:
        self._connection = pooled.connection
        self._seconds = seconds
        self._observation = observation
        self.is_in_operation = False  # of `objects.operation`
        self.following: list[Callable[[], object]] = []  # what `afterwards` was given

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
            raise failures.domain_error(error) from error

    async def write_one(self, statement: str, *args: object) -> Record | None:
        rows = await self.write(statement, *args)
        return rows[0] if rows else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Transaction"]:
        """A part that is rolled back on a DoableError, while the rest goes on. Any other error ends the transaction."""
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
        owner: str | None = None,  # noqa: ARG002 - the whole transaction has the turn
    ) -> T:
        """As for Database, as a part of this transaction. Only the whole transaction is retried."""
        async with self.transaction() as part:
            return await work(part)

    def afterwards(self, act: Callable[[], object]) -> None:
        """Call `act` when the transaction has ended, with or without a commit."""
        self.following.append(act)

    async def commit(self) -> None:
        """Raises RuntimeError when the server rolled back, because the error of a statement was ignored."""
        if await self._connection.execute("commit", timeout=self._seconds) != "COMMIT":
            raise RuntimeError("the error of a statement of this transaction was ignored")

    async def tell(self, **settings: str) -> None:
        """Tell the triggers something of ours, for the rest of the transaction (`log_change`).

        Citus passes `set local` on to other servers, but not `set_config`.
        """
        await self.execute("; ".join(f"set local doable.{name} to '{value}'" for name, value in settings.items()))

    async def execute(self, command: str) -> None:
        """Run a command without parameters and rows."""
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
    """One PostgreSQL server. The first statement opens the first connection."""

    def __init__(
        self,
        address: Address,
        limits: PoolLimits | None = None,
        *,
        deadline: float = 10.0,
        observation: Observation | None = None,
    ) -> None:
        """`deadline` in seconds: how long a statement may take, including retries and waiting for the server."""
        self.address = address
        self._pool = Pool(self._connect, limits or PoolLimits())
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
        """Whether the server has not responded for a while, so that callers no longer wait."""
        return self._circuit.is_open

    def waiting(self) -> int:
        """How many requests wait for a connection that is in use; 0 while the database does not respond."""
        waiting = self._pool.waiting()
        return waiting if waiting and monotonic() - self._circuit.answered_at < SILENCE_SECONDS else 0

    def longest_wait(self) -> float:
        """Seconds that the first waiting request has waited."""
        return self._pool.longest_wait()

    async def close(self) -> None:
        await self._pool.close()

    def on_write(self, notify: Callable[[str], None]) -> None:
        """Call `notify(user_id)` after each write in a turn of this user, once it is committed.

        It is a hint for this process. Writes of other processes are not announced; a write that changed nothing is.
        """
        self._listeners.append(notify)

    def read(self, statement: str, *args: object) -> Awaitable[list[Record]]:
        return self._run(asyncpg.Connection.fetch, statement, args, monotonic(), again=True)

    def read_one(self, statement: str, *args: object) -> Awaitable[Record | None]:
        return self._run(asyncpg.Connection.fetchrow, statement, args, monotonic(), again=True)

    def write(self, statement: str, *args: object) -> Awaitable[list[Record]]:
        if acting.token_name.get() is not None:
            return self.transact(lambda tx: tx.write(statement, *args), _owner(args))
        return self._run_in_turn(asyncpg.Connection.fetch, statement, args)

    def write_one(self, statement: str, *args: object) -> Awaitable[Record | None]:
        if acting.token_name.get() is not None:
            return self.transact(lambda tx: tx.write_one(statement, *args), _owner(args))
        return self._run_in_turn(asyncpg.Connection.fetchrow, statement, args)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction, read committed. Raises Unavailable when the server can't be reached, also in the middle.

        An error other than DoableError, or a cancellation, closes the connection: no caller waits for a rollback.
        """
        return self._within(f"begin isolation level read committed{acting.told()}")

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """As `transaction`, but read only, and all reads see the same moment."""
        return self._within("begin isolation level repeatable read, read only")

    @asynccontextmanager
    async def _within(self, begin: str) -> AsyncIterator[Transaction]:
        pooled, start = await self._begin(begin), monotonic()
        transaction = Transaction(pooled, self._deadline, self._observation)
        try:
            try:
                yield transaction
            except DoableError:
                await transaction.execute("rollback")
                raise
            await transaction.commit()
        except DoableError:
            self._release(pooled)
            raise
        except BaseException as error:
            self._pool.discard(pooled)
            if failures.is_passing(error):
                self._heed(error)
                raise self._give_up(start, error) from error
            failures.discreet(error)
            raise
        else:
            self._release(pooled)
        finally:
            for act in transaction.following:
                act()

    def afterwards(self, act: Callable[[], object]) -> None:
        """Call `act` immediately: what was written before is committed."""
        act()

    async def transact(self, work: Callable[[Transaction], Awaitable[T]], owner: str | None = None) -> T:
        """Run `work` in a transaction. If the server rolls it back, run it again from the start.

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
        pause = BACKOFF_MIN_SECONDS
        while True:
            try:
                async with self.transaction() as transaction:
                    return await work(transaction)
            except Unavailable as error:
                cause = error.__cause__
                if cause is None or not failures.is_undone(cause) or monotonic() + pause > deadline:
                    raise
            pause = await _back_off(pause)

    async def _begin(self, begin: str) -> PooledConnection:
        """A connection in a new transaction. A dead connection is replaced, since nothing has run on it."""
        start = monotonic()
        deadline = start + self._deadline
        pause = BACKOFF_MIN_SECONDS
        while True:
            pooled = await self._acquire(deadline)
            try:
                await pooled.connection.execute(begin, timeout=max(deadline - monotonic(), 0.001))
            except BaseException as error:
                self._pool.discard(pooled)
                if not failures.is_passing(error):
                    raise
                if monotonic() + pause > deadline:
                    raise self._give_up(start, error) from error
            else:
                return pooled
            pause = await _back_off(pause)

    async def _run_in_turn(self, fetch: Callable[..., Awaitable[Any]], statement: str, args: Args) -> Any:
        """One statement that writes."""
        start = monotonic()
        owner = _owner(args)
        if owner is None:
            return await self._run(fetch, statement, args, start, again=False)
        if not self._turns.take(owner):
            # Half of the time stays for running. A statement that was not sent has had no effect.
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
        """Run one statement in its own transaction; `again` if it may run twice. The deadline counts from `start`."""
        deadline = start + self._deadline
        pause = BACKOFF_MIN_SECONDS
        while True:
            began = monotonic()
            pooled = self._pool.take(began - CHECK_AFTER_SECONDS)
            if pooled is None:
                pooled = await self._acquire(deadline)
                began = monotonic()
            try:
                rows = await fetch(pooled.connection, statement, *args, timeout=max(deadline - began, 0.001))
            except asyncpg.IntegrityConstraintViolationError as error:
                self._release(pooled)
                self._observation.ended(statement, monotonic() - began, error)
                if not failures.is_race(error) or monotonic() + pause > deadline:
                    raise failures.domain_error(error) from error
            except BaseException as error:
                self._pool.discard(pooled)
                self._observation.ended(statement, monotonic() - began, error)
                if not failures.is_passing(error):
                    failures.discreet(error)
                    raise
                self._heed(error)
                if not failures.may_try_again(error, read=again) or monotonic() + pause > deadline:
                    raise self._give_up(start, error) from error
            else:
                self._release(pooled)
                self._observation.ended(statement, pooled.idle_since - began)
                return rows
            pause = await _back_off(pause)

    async def _acquire(self, deadline: float) -> PooledConnection:
        """Wait for a working connection."""
        start = monotonic()
        pause = BACKOFF_MIN_SECONDS
        while True:
            try:
                if self._circuit.is_open:
                    return await self._probe()
                pooled = await self._pool.acquire(deadline)
                if monotonic() - pooled.idle_since > CHECK_AFTER_SECONDS:
                    await self._check(pooled, deadline)
            except BaseException as error:
                if not failures.is_passing(error):
                    raise
                if self._circuit.is_open or monotonic() + pause > deadline:
                    raise self._give_up(start, error) from error
            else:
                return pooled
            pause = await _back_off(pause)

    async def _probe(self) -> PooledConnection:
        """The only attempt while the database is known to be away."""
        with self._circuit.probe():
            deadline = monotonic() + min(CHECK_SECONDS, self._deadline)
            pooled = await self._pool.acquire(deadline)
            await self._check(pooled, deadline)
            return pooled

    async def _check(self, pooled: PooledConnection, deadline: float) -> None:
        """Check that a connection works. If it is dead, replace all connections: the others are likely dead too."""
        try:
            await pooled.connection.execute(CHECK, timeout=max(min(CHECK_SECONDS, deadline - monotonic()), 0.001))
        except BaseException:
            self._pool.discard(pooled)
            self._pool.renew()
            raise
        self._circuit.answered(monotonic())

    def _release(self, pooled: PooledConnection) -> None:
        self._pool.release(pooled)
        self._circuit.answered(pooled.idle_since)

    def _give_up(self, since: float, error: BaseException) -> Unavailable:
        if failures.is_node_away(error):
            return Unavailable()  # The users on other nodes go on.
        self._circuit.failed(since)
        if self._circuit.is_open:
            self._pool.refuse()
        return Unavailable()

    def _heed(self, error: BaseException) -> None:
        """Stop using prepared statements if a pooler loses them; for some minutes if it keeps stale ones."""
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
    """Sleep about `pause` seconds, so that callers try again at different times; returns the next pause."""
    await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
    return min(2 * pause, BACKOFF_MAX_SECONDS)


def _owner(args: Args) -> str | None:
    """The user whose row a statement locks: its `$1`, if that is a text."""
    owner = args[0] if args else None
    return owner if type(owner) is str else None
