"""From the Authorization header to the one who asks."""

from typing import Final

from doable.core.identity import PREFIX, Identity
from doable.errors import Unauthenticated
from doable.metrics import ACCEPTED
from doable.model import Actor
from doable.rest.http import Call, fields

_PERSONAL: Final = PREFIX.encode()


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
    accepted(call, "access_token" if credential.startswith(_PERSONAL) else "jwt")
    return actor


def accepted(call: Call, kind: str) -> None:
    """A credential of this kind has held."""
    if call.core.metrics is not None:
        call.core.metrics.count(ACCEPTED, kind)
