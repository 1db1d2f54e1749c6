"""What an actor may do. Every core function checks this first."""

from typing import TypeVar

from doable.errors import InsufficientScope, NotYours
from doable.model import Actor, Scope

T = TypeVar("T")


def require(actor: Actor, owner: str, scope: Scope) -> None:
    """Raise NotYours unless the actor is `owner`, and InsufficientScope unless the credential has `scope`."""
    if owner != actor.user_id:
        raise NotYours
    if scope not in actor.scopes:
        raise InsufficientScope(scope)


def readable(actor: Actor, found: T) -> T | None:
    """`found` if the actor may read it, else None. A refused write shows no data to an actor who may only write."""
    return found if Scope.READ in actor.scopes else None
