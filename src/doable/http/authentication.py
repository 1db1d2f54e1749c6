"""From the Authorization header to the user who makes the request."""

from doable.core.identity import Identity
from doable.errors import Unauthenticated
from doable.http.request import ACTOR, Request, headers_of
from doable.metrics import ACCEPTED
from doable.model import Actor


async def identify(request: Request, identity: Identity) -> Actor:
    """Raises Unauthenticated (RFC 6750 §2.1: a bearer credential, in the header and nowhere else)."""
    header = headers_of(request.scope).get(b"authorization")
    if header is None:
        raise Unauthenticated
    scheme, _, credential = header.partition(b" ")
    if scheme.lower() != b"bearer":
        raise Unauthenticated
    credential = credential.strip()
    if not credential:
        raise Unauthenticated
    actor = identity.remembered(credential) or await identity.authenticate(credential.decode("latin-1"))
    accepted(request, "jwt" if actor.token_id is None else "access_token", actor)
    return actor


def accepted(request: Request, kind: str, actor: Actor) -> None:
    """A credential of this kind has held, and this is who has it."""
    request.scope[ACTOR] = actor
    if request.core.metrics is not None:
        request.core.metrics.count(ACCEPTED, kind)
