"""What an error of the driver tells: about our statement, about the server, or about what is between the two.

A server that answers a statement with an ERROR has undone it (PostgreSQL documentation, "Message Flow"): it has not
run. A FATAL error, a connection that breaks and a time limit say nothing of the kind: it may have run.
"""

from typing import Final

import asyncpg

# SQLSTATE classes and codes of a server that is away, restarting, shutting down, full, read-only after a failover or
# out of means, and of statements that the operator's time limits ended.
AWAY: Final = ("08", "53", "57", "58", "25006", "55P03")
# The transaction was undone as a whole and may be tried again: serialization failure, deadlock.
ROLLED_BACK: Final = ("40001", "40P01")
# What the driver prepared is not there, or another of that name is: a pooler gave the connection another server.
STATEMENT_LOST: Final = ("26000", "42P05")
# The time limit of the operator would end it again.
FINAL: Final = ("57014", "55P03")


def is_passing(error: BaseException) -> bool:
    """Whether this is the server's trouble, which passes, and not a fault of our statement."""
    if isinstance(error, asyncpg.PostgresError):
        return _state(error).startswith((*AWAY, *ROLLED_BACK)) or is_statement_lost(error) or is_plan_stale(error)
    # An InternalClientError is what a connection says whose end has come in, but not yet been noticed.
    return isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def is_undone(error: BaseException) -> bool:
    """Whether it is known to have had no effect, and another try may fare better."""
    return (
        isinstance(error, asyncpg.PostgresError)
        and getattr(error, "severity", None) == "ERROR"
        and _state(error) not in FINAL
    )


def may_try_again(error: BaseException, *, read: bool) -> bool:
    """Whether another try does no harm, as with a `read` it never does, and may fare better."""
    is_final = isinstance(error, asyncpg.PostgresError) and _state(error) in FINAL
    return is_undone(error) or (read and not is_final)


def is_statement_lost(error: BaseException) -> bool:
    return isinstance(error, asyncpg.PostgresError) and _state(error) in STATEMENT_LOST


def is_plan_stale(error: BaseException) -> bool:
    """0A000: the server's prepared statement is older than the table's present form."""
    return isinstance(error, asyncpg.InvalidCachedStatementError)


def _state(error: asyncpg.PostgresError) -> str:
    return error.sqlstate or ""
