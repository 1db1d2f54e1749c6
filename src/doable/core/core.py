"""Everything that a door may ask for, in one place."""

from dataclasses import dataclass

from doable.core.accounts import AccountService
from doable.core.batch import BatchService
from doable.core.changes import ChangeService
from doable.core.health import HealthService
from doable.core.identity import Identity
from doable.core.tasks import TaskService
from doable.core.tokens import TokenService
from doable.core.users import UserService


@dataclass(frozen=True)
class Core:
    identity: Identity
    users: UserService
    tokens: TokenService
    tasks: TaskService
    batch: BatchService
    changes: ChangeService
    health: HealthService
    accounts: AccountService | None  # None when somebody else is the identity provider.
