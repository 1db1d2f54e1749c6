"""Authenticates requests: an Authorization header in, an actor out."""

from urllib.parse import parse_qsl

from doable.core.identity import Identity
from doable.errors import Unauthenticated
from doable.http.request import ACTOR, Request, headers_of
from doable.metrics import ACCEPTED
from doable.model import Actor


async def identify(request: Request, identity: Identity) -> Actor:
    """Return the actor of a request. RFC 6750 §2.1: only the Authorization header may hold a bearer credential.

    Raises Unauthenticated if it does not, and what `Identity.authenticate` raises.
    """
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


async def identify_by_ticket(request: Request, identity: Identity) -> Actor:
    """As `identify`. A request without an Authorization header can have a ticket in its query instead."""
    query = request.scope["query_string"]
    if b"ticket=" not in query or b"authorization" in headers_of(request.scope):
        return await identify(request, identity)
    actor = await request.core.tickets.find(dict(parse_qsl(query.decode("latin-1"))).get("ticket", ""))
    accepted(request, "ticket", actor)
    return actor


def accepted(request: Request, kind: str, actor: Actor) -> None:
    """A credential of this kind is valid: record its actor in the request, and count it."""
    request.scope[ACTOR] = actor
    request.core.identity.acts(actor)
    if request.core.metrics is not None:
        request.core.metrics.count(ACCEPTED, kind)
