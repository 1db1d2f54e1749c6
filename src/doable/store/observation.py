"""Reports statements: slow ones to the log, and all of them to metrics and tracing.

The name of a statement is its module and its constant, `tasks.FIND`, also where the constant is a mapping. Its values
are not reported.
"""

import logging
import math
import sys
from collections.abc import Sequence
from typing import Final, Protocol

import asyncpg

OTHER: Final = "other"
# How a statement begins that is put together for a request; the name of the function follows.
MADE_BY: Final = "-- Made by "

_logger: Final = logging.getLogger("doable.store")
_names: Final[dict[str, str]] = {}


class Observer(Protocol):
    """Called when a statement has ended, `seconds` after it began, in the context of its caller."""

    def __call__(self, name: str, seconds: float, error: BaseException | None) -> None: ...


class Observation:
    def __init__(self, *, slow: float = 0.0, observers: Sequence[Observer] = ()) -> None:
        """Statements of `slow` seconds and more are logged; 0 logs none."""
        self._slow = slow or math.inf
        self._observers = observers

    def ended(self, statement: str, seconds: float, error: BaseException | None = None) -> None:
        """A statement has ended or failed, this many seconds after it began."""
        if seconds < self._slow and not self._observers:
            return
        if isinstance(error, asyncpg.IntegrityConstraintViolationError):
            error = None  # The server works; the core decides what the refusal means.
        if seconds >= self._slow:
            facts = {"statement": name(statement), "ms": round(seconds * 1000, 1)}
            _logger.warning("Slow statement", extra={"facts": facts})
        for tell in self._observers:
            tell(name(statement), seconds, error)


def name(statement: str) -> str:
    """The name of the constant that holds this statement, or of the function that makes it."""
    if statement.startswith(MADE_BY):
        return statement[len(MADE_BY) :].partition("\n")[0]
    return _names.get(statement) or _names.setdefault(statement, _find(statement))


def _find(statement: str) -> str:
    for path, module in list(sys.modules.items()):
        if path.startswith("doable.store."):
            for constant, value in list(vars(module).items()):
                if constant.isupper() and statement in (value.values() if isinstance(value, dict) else [value]):
                    return f"{path.removeprefix('doable.store.')}.{constant}"
    return OTHER
