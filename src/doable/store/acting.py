"""The access token with which the current request is made. The log of changes keeps its name (`log_change.sql`)."""

from contextvars import ContextVar
from typing import Final

token_name: Final[ContextVar[str | None]] = ContextVar("token_name", default=None)


def told() -> str:
    """SQL that tells a transaction, to follow its first command. A parameter would need a statement of its own."""
    name = token_name.get()
    return "" if name is None else f"; set local doable.via to '{name.encode().hex()}'"
