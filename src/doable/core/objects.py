"""What a user can do with objects of any type: read one, change it, and remove it."""

from collections.abc import Sequence
from typing import Any, Final, Generic, NamedTuple, NoReturn, Self, TypeAlias, TypeVar

import msgspec

from doable.core import access
from doable.core.forms import Form
from doable.core.owners import Owners
from doable.errors import NotFound, Stale
from doable.fields import Values
from doable.model import Actor, Scope
from doable.store import objects
from doable.store.database import Executor
from doable.store.objects import ObjectType

NO_REVISION: Final = (
    'If-Match must hold the ETag of the {noun} as the service sent it, such as "7";'
    ' a proxy that compresses responses changes it, for example to W/"7"'
)
IfMatch: TypeAlias = Sequence[int] | None
T = TypeVar("T", bound=msgspec.Struct)


class Kind(NamedTuple):
    """A type of objects: how it is stored and checked, and the error if there is no such object."""

    stored: ObjectType
    form: Form
    not_found: type[NotFound]

    @property
    def name(self) -> str:
        return self.stored.name


class Created(NamedTuple):
    """The object of a create, and whether it is new."""

    object: Any
    is_new: bool = True


class ObjectService(Generic[T]):
    """Each method is one transaction. `if_match` holds the revisions that a write may change; None allows any.

    An empty `if_match` allows none: no ETag of the client can be a revision.
    """

    kind: Kind

    def __init__(self, db: Executor, *, owners: Owners, has_trash: bool = True) -> None:
        """Without a trash, each deletion is permanent."""
        self._db = db
        self._owners = owners
        self._has_trash = has_trash

    def in_transaction(self, tx: Executor) -> Self:
        """The same service as a part of the transaction `tx`."""
        return type(self)(tx, owners=self._owners, has_trash=self._has_trash)

    async def get(self, actor: Actor, owner: str, id: int) -> T:
        """Return an object. Raises Forbidden, NotFound."""
        access.require(actor, owner, Scope.READ)
        return await self._find(actor, id)

    async def get_to_write(self, actor: Actor, owner: str, id: int) -> T:
        """Return an object for the preconditions of a write. The actor may lack the right to see it.

        Raises Forbidden, NotFound.
        """
        access.require(actor, owner, Scope.WRITE)
        return await self._find(actor, id)

    async def lock(self, actor: Actor, id: int, if_match: IfMatch = None) -> T:
        """Return an object of the actor, locked until the transaction ends. Raises NotFound, Stale."""
        locked: Any = await objects.lock(self._db, self.kind.stored, actor.user_id, id)
        found: T = locked or await self._refuse_absent(actor)
        if if_match is not None and locked.revision not in if_match:
            self._refuse_stale(actor, found, if_match)
        return found

    async def write(self, actor: Actor, owner: str, id: int, values: Values, if_match: IfMatch) -> T:
        """Set columns of an object. Raises NotFound, Stale."""
        found: T | None = await objects.update(self._db, self.kind.stored, owner, id, values, if_match)
        return found or await self._missed(actor, id, if_match)

    async def _missed(self, actor: Actor, id: int, if_match: IfMatch) -> NoReturn:
        """A write changed no row: raise NotFound if the object does not exist, else Stale."""
        if if_match is None:
            await self._refuse_absent(actor)
        self._refuse_stale(actor, await self._find(actor, id), if_match)

    def _refuse_stale(self, actor: Actor, current: object, if_match: IfMatch) -> NoReturn:
        noun = self.kind.name
        reason = None if if_match else NO_REVISION.format(noun=noun)
        raise Stale(access.readable(actor, current), reason, noun=noun)

    async def _find(self, actor: Actor, id: int) -> T:
        found: T | None = await objects.find(self._db, self.kind.stored, actor.user_id, id)
        return found or await self._refuse_absent(actor)

    async def _refuse_absent(self, actor: Actor) -> NoReturn:
        await self._owners.require(self._db, actor)
        raise self.kind.not_found
