"""Tickets: a browser's `EventSource` can't send a header, so it opens a stream with a ticket in the address.

An address is written to logs. A ticket there is worthless: it is good for one stream, within a minute.
"""

from datetime import datetime
from typing import Final

import msgspec

from doable.core import access, opaque
from doable.core.owners import Owners
from doable.errors import LimitReached, TokenInvalid
from doable.model import Actor, Scope
from doable.store import tickets
from doable.store.database import Executor

TICKET_SECONDS: Final = 60
TICKETS_MAX: Final = 100  # of a user, that are not used yet


class Ticket(msgspec.Struct, frozen=True):
    """A ticket, which no later response contains, and when it expires."""

    ticket: str
    expires_at: datetime


class TicketService:
    def __init__(self, db: Executor, *, owners: Owners) -> None:
        self._db = db
        self._owners = owners

    async def create(self, actor: Actor) -> Ticket:
        """Create a ticket for the actor. Raises InsufficientScope, LimitReached, TokenInvalid for a gone account."""
        access.require(actor, actor.user_id, Scope.READ)
        text = opaque.new(actor.user_id)
        expires_at = await self._owners.provisioned(
            self._db,
            actor,
            lambda: tickets.create(self._db, actor, opaque.digest(text), TICKET_SECONDS, TICKETS_MAX),
        )
        if expires_at is None:
            raise LimitReached(TICKETS_MAX, "unused tickets")
        return Ticket(text, expires_at)

    async def find(self, text: str) -> Actor:
        """Return the actor of a ticket, who may read, and no longer than the credential that made the ticket.

        Raises TokenInvalid.
        """
        owner = opaque.owner_of(text)
        found = await tickets.find(self._db, owner, opaque.digest(text)) if owner else None
        if owner is None or found is None:
            raise TokenInvalid
        expires_at = found.expires_at.timestamp() if found.expires_at else None
        actor = Actor(owner, frozenset({Scope.READ}), expires_at, found.token_id)
        if not await self.holds(actor):
            raise TokenInvalid
        return actor

    async def redeem(self, actor: Actor, text: str) -> None:
        """Use up the actor's ticket. Raises TokenInvalid if another request has used it."""
        if not await tickets.redeem(self._db, actor.user_id, opaque.digest(text)):
            raise TokenInvalid

    async def holds(self, actor: Actor) -> bool:
        """Whether the credential that made the ticket was not revoked, and the user is there and not disabled."""
        return await tickets.holds(self._db, actor.user_id, actor.token_id)
