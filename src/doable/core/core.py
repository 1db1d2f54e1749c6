"""Everything that an interface may call, in one place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Self

from doable.core.accounts import AccountService
from doable.core.batch import BatchService
from doable.core.changes import ChangeService
from doable.core.collections import FilterService, LabelService, ListService
from doable.core.idempotency import IdempotencyService
from doable.core.identity import Identity
from doable.core.quick_add.service import QuickAddService
from doable.core.tasks import TaskService
from doable.core.tickets import TicketService
from doable.core.tokens import TokenService
from doable.core.trash import TrashService
from doable.core.undo import UndoService
from doable.core.users import UserService
from doable.core.views import ViewService
from doable.errors import DoableError
from doable.metrics import Metrics
from doable.model import Actor, KeptResponse
from doable.operations.health import HealthService
from doable.store.database import Executor


@dataclass(frozen=True)
class Core:
    identity: Identity
    users: UserService
    tokens: TokenService
    tickets: TicketService
    tasks: TaskService
    quick_add: QuickAddService
    views: ViewService
    lists: ListService
    labels: LabelService
    trash: TrashService
    undo: UndoService
    filters: FilterService
    batch: BatchService
    idempotency: IdempotencyService
    changes: ChangeService
    health: HealthService
    accounts: AccountService | None  # None if another system is the identity provider
    metrics: Metrics | None  # None if metrics are off

    async def once(
        self,
        actor: Actor,
        key: str,
        fingerprint: bytes,
        act: Callable[[Self], Awaitable[KeptResponse]],
        refuse: Callable[[DoableError], KeptResponse],
        shortened: Callable[[KeptResponse], KeptResponse],
    ) -> tuple[KeptResponse, bool]:
        """As `IdempotencyService.once`, but `act` gets a Core that works in the transaction."""
        return await self.idempotency.once(
            actor, key, fingerprint, lambda tx: act(self.in_transaction(tx)), refuse, shortened
        )

    def in_transaction(self, tx: Executor) -> Self:
        """The same services as a part of the transaction `tx`."""
        return replace(
            self,
            users=self.users.in_transaction(tx),
            tokens=self.tokens.in_transaction(tx),
            tasks=self.tasks.in_transaction(tx),
            quick_add=self.quick_add.in_transaction(tx),
            lists=self.lists.in_transaction(tx),
            labels=self.labels.in_transaction(tx),
            trash=self.trash.in_transaction(tx),
            undo=self.undo.in_transaction(tx),
            filters=self.filters.in_transaction(tx),
            batch=self.batch.in_transaction(tx),
        )
