"""Runs a request once, even if the client sends it several times (draft-ietf-httpapi-idempotency-key-header).

One transaction holds the changes of a request and its response. So a repeated request finds both or neither.
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
        """Run `act` and return its response, or return the response that an earlier request with this key kept.

        The second value is True for a kept response. Each actor has their own keys.
        A key expires after `store.idempotency.IDEMPOTENCY_KEY_LIFETIME`.
        `shortened` returns the part of a response to keep.

        `act` works only in the transaction that it gets. If it raises an error, `refuse` either returns a response to
        keep, or raises an error. Then nothing is kept, and a later request with this key runs again.

        Raises RequestInProgress, KeyReused if the key was used with another fingerprint, and TokenInvalid.
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
