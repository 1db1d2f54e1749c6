"""What an actor may do where. Every core function asks here first."""

from doable.errors import InsufficientScope, NotYours
from doable.model import Actor, Scope


def require(actor: Actor, owner: str, scope: Scope) -> None:
    """Let the actor pass to what `owner` owns, or raise NotYours or InsufficientScope, in that order."""
    if owner != actor.user_id:
        raise NotYours
    if scope not in actor.scopes:
        raise InsufficientScope(scope)
