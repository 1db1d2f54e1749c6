"""From the Authorization header to the one who asks."""

from typing import Final

from doable.core.identity import Identity
from doable.errors import Unauthenticated
from doable.metrics import ACCEPTED
from doable.model import Actor
from doable.rest.http import Call, fields

ACTING: Final = "doable.token"  # In a request's scope: the id of the personal access token that acts.


async def identify(call: Call, identity: Identity) -> Actor:
    """Raises Unauthenticated (RFC 6750 §2.1: a bearer credential, in the header and nowhere else)."""
    header = fields(call.scope).get(b"authorization")
    if header is None:
        raise Unauthenticated
    scheme, _, credential = header.partition(b" ")
    if scheme.lower() != b"bearer":
        raise Unauthenticated
    credential = credential.strip()
    if not credential:
        raise Unauthenticated
    actor = identity.remembered(credential) or await identity.authenticate(credential.decode("latin-1"))
    if actor.token_id is None:
        accepted(call, "jwt")
    else:
        call.scope[ACTING] = actor.token_id
        accepted(call, "access_token")
    return actor


def accepted(call: Call, kind: str) -> None:
    """A credential of this kind has held."""
    if call.core.metrics is not None:
        call.core.metrics.count(ACCEPTED, kind)
