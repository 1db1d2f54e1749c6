"""Doing a thing once, however often it is asked for (draft-ietf-httpapi-idempotency-key-header).

What a request did and what it was answered are one transaction: a repeated request finds both or neither.
"""

from collections.abc import Awaitable, Callable

from doable.core.owners import Owners
from doable.errors import DoableError, KeyReused, RequestInProgress
from doable.model import Actor, KeptResponse
from doable.store import idempotency
from doable.store.database import Executor


class IdempotencyService:
    def __init__(self, db: Executor, *, owners: Owners) -> None:
        self._db = db
        self._owners = owners

    async def once(
        self,
        actor: Actor,
        key: str,
        fingerprint: bytes,
        act: Callable[[Executor], Awaitable[KeptResponse]],
        refuse: Callable[[DoableError], KeptResponse],
        shortened: Callable[[KeptResponse], KeptResponse],
    ) -> tuple[KeptResponse, bool]:
        """The outcome of `act`, or what was kept of it at an earlier time, and which of the two it is.

        The key is the actor's own, for 24 hours. `shortened` makes of an outcome what is kept of it.

        `act` does everything in the transaction that it is given. `refuse` makes an outcome of an error that it
        raises, or raises it: then nothing is kept, and the next one with this key begins anew.
        Raises RequestInProgress, KeyReused when the fingerprint is not that of the first time, TokenInvalid.
        """
        user_id = actor.user_id

        async def work(transaction: Executor) -> tuple[KeptResponse, bool]:
            if not await self._owners.provisioned(
                transaction, actor, lambda: idempotency.claim(transaction, user_id, key)
            ):
                raise RequestInProgress
            kept = await idempotency.find(transaction, user_id, key)
            if kept is not None:
                if kept[0] != fingerprint:
                    raise KeyReused
                return kept[1], True
            try:
                outcome = await transaction.transact(act)
            except DoableError as error:
                outcome = refuse(error)
            await idempotency.keep(transaction, user_id, key, fingerprint, shortened(outcome))
            return outcome, False

        return await self._db.transact(work, user_id)
