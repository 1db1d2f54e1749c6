"""Classifies errors of the driver: they come from our statement, from the server, or from the network.

A statement that the server answers with an ERROR is rolled back (PostgreSQL documentation, "Message Flow"): it had no
effect. After a FATAL error, a broken connection or a timeout, the statement may have run.
"""

import re
from collections.abc import Callable
from typing import Final, TypeVar

import asyncpg

from doable.errors import DoableError, Invalid, ListNotFound, TaskNotFound, TooMuch, UserNotFound, absent

# Which constraint means which error. A violation of any other constraint is a mistake of ours.
CONSTRAINTS: Final[dict[str, Callable[[], DoableError]]] = {
    "tasks_list_id_fkey": lambda: Invalid(absent("list_id", ListNotFound)),
    "tasks_parent_id_fkey": lambda: Invalid(absent("parent_id", TaskNotFound)),
    "tasks_user_id_fkey": UserNotFound,
    "lists_user_id_fkey": UserNotFound,
    "labels_user_id_fkey": UserNotFound,
    "filters_user_id_fkey": UserNotFound,
    "access_tokens_user_id_fkey": UserNotFound,
    "idempotency_keys_user_id_fkey": UserNotFound,
    "sessions_user_id_fkey": UserNotFound,
    "passwords_user_id_fkey": UserNotFound,
    "too_much": TooMuch,  # raised by `log_change`
}
# Another transaction created an object with the same `uid` at the same moment: the next try finds it.
RACES: Final = frozenset({"tasks_uid_key", "lists_uid_key", "labels_uid_key", "labels_name_key", "filters_uid_key"})
# SQLSTATE classes and codes of a server that is away, restarting, shutting down, full, out of resources or read-only
# after a failover, and of statements that the operator's time limits ended.
AWAY: Final = ("08", "53", "57", "58", "25006", "55P03")
# The transaction was rolled back and may be tried again: serialization failure, deadlock.
ROLLED_BACK: Final = ("40001", "40P01")
# A prepared statement is missing, or another one has its name: a pooler gave the connection another server.
STATEMENT_LOST: Final = ("26000", "42P05")
# One server of a Citus cluster is away, and the one that we asked passes on what it saw: class 08, or libpq's sentence.
NODE_AWAY: Final = re.compile(r"server closed the connection unexpectedly|connection not open")
# The operator's time limit would end another try too.
FINAL: Final = ("57014", "55P03")

_WORD: Final = re.compile(r"\w+")
_SHARD: Final = re.compile(r"_\d+(?=_|$)")

Error = TypeVar("Error", bound=BaseException)


def is_passing(error: BaseException) -> bool:
    """Whether this is a temporary problem of the server or the network, and no fault of our statement."""
    if isinstance(error, asyncpg.PostgresError):
        return (
            _state(error).startswith((*AWAY, *ROLLED_BACK))
            or is_statement_lost(error)
            or is_plan_stale(error)
            or is_race(error)
            or is_node_away(error)
        )
    # The driver raises InternalClientError when a connection was closed and it has not noticed yet.
    return isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def is_undone(error: BaseException) -> bool:
    """Whether the statement had no effect, and another try may succeed."""
    return (
        isinstance(error, asyncpg.PostgresError)
        and getattr(error, "severity", None) == "ERROR"
        and _state(error) not in FINAL
        and not is_node_away(error)
    )


def is_node_away(error: BaseException) -> bool:
    """Whether the server answers, but one behind it does not. The statement may have run there."""
    return (
        isinstance(error, asyncpg.PostgresError)
        and getattr(error, "severity", None) == "ERROR"
        and (_state(error).startswith("08") or (_state(error) == "XX000" and bool(NODE_AWAY.search(str(error)))))
    )


def may_try_again(error: BaseException, *, read: bool) -> bool:
    """Whether another try is safe, as it always is for a `read`, and may succeed."""
    is_final = is_node_away(error) or (isinstance(error, asyncpg.PostgresError) and _state(error) in FINAL)
    return is_undone(error) or (read and not is_final)


def is_refusal(error: BaseException) -> bool:
    """Whether PostgreSQL or the driver refused what we asked."""
    return isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError)


def is_statement_lost(error: BaseException) -> bool:
    return isinstance(error, asyncpg.PostgresError) and _state(error) in STATEMENT_LOST


def is_plan_stale(error: BaseException) -> bool:
    """0A000: the table changed after the server prepared the statement."""
    return isinstance(error, asyncpg.InvalidCachedStatementError)


def is_race(error: asyncpg.PostgresError) -> bool:
    return _constraint(error) in RACES


def _constraint(error: asyncpg.PostgresError) -> str:
    """The name of the constraint, or an empty text.

    An error of another server that Citus passes on has the name only in its message, and as that of a shard:
    `tasks_uid_key_102043`, `tasks_102043_user_id_fkey`.
    """
    if error.constraint_name:
        return error.constraint_name
    words = (_SHARD.sub("", word) for word in _WORD.findall(str(error)))
    return next((word for word in words if word in CONSTRAINTS or word in RACES), "")


def _state(error: asyncpg.PostgresError) -> str:
    return error.sqlstate or ""


def domain_error(error: asyncpg.PostgresError) -> Exception:
    """Our error for the constraint that a statement violated, or the driver's without its detail."""
    known = CONSTRAINTS.get(_constraint(error))
    return known() if known else discreet(error)


def discreet(error: Error) -> Error:
    """The error without the server's detail, which quotes rows: errors are logged, and rows are private."""
    if isinstance(error, asyncpg.PostgresError):
        error.detail = None
    return error
