"""What an actor may do where. Every core function asks here first."""

from typing import TypeVar

from doable.errors import InsufficientScope, NotYours
from doable.model import Actor, Scope

T = TypeVar("T")


def require(actor: Actor, owner: str, scope: Scope) -> None:
    """Let the actor pass to what `owner` owns, or raise NotYours or InsufficientScope, in that order."""
    if owner != actor.user_id:
        raise NotYours
    if scope not in actor.scopes:
        raise InsufficientScope(scope)


def readable(actor: Actor, found: T) -> T | None:
    """What the actor may be shown of a thing that a refused write has met: a write that is refused reads nothing."""
    return found if Scope.READ in actor.scopes else None
