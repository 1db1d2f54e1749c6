"""What a user can do with lists, labels and saved filters, of which they have at most some thousands."""

from collections.abc import Awaitable, Sequence
from typing import ClassVar

from doable.core import access, filters, forms, moves, saved_filters
from doable.core.moves import FIRST, Move
from doable.core.objects import Created, IfMatch, Kind, ObjectService, T
from doable.core.validation import Fields
from doable.errors import (
    Conflict,
    FilterNotFound,
    Invalid,
    LabelNotFound,
    LabelTaken,
    LimitReached,
    ListNotFound,
    absent,
)
from doable.fields import Values
from doable.model import FILTERS_MAX, LABELS_MAX, LISTS_MAX, Actor, Filter, Label, List, Scope, Sibling
from doable.store import labels, lists, locks, objects, tasks, trash, users
from doable.store.database import Executor
from doable.text import folded


class CollectionService(ObjectService[T]):
    most: ClassVar[int]

    async def all(self, actor: Actor, owner: str) -> Sequence[T]:
        """Return all objects, in their order. Raises Forbidden."""
        access.require(actor, owner, Scope.READ)
        return await objects.all_(self._db, self.kind.stored, owner)

    async def create(self, actor: Actor, owner: str, fields: Fields) -> Created:
        """Create an object. With a `uid` that an object of the owner has, return that one unchanged.

        Raises Forbidden, Invalid, Conflict.
        """
        access.require(actor, owner, Scope.WRITE)
        values = self.kind.form.new(fields)

        def create() -> Awaitable[Created]:
            return self._db.transact(lambda tx: self._create(tx, actor, owner, values), owner)

        return await self._owners.provisioned(self._db, actor, create)

    async def _create(self, tx: Executor, actor: Actor, owner: str, values: Values) -> Created:
        stored = self.kind.stored
        if found := await self._find_again(tx, owner, values):
            return found
        await tasks.lock_parents(tx, owner)
        try:
            values = await self._complete(tx, actor, owner, values)
        except Conflict:  # Another request with this `uid` may have created it by now.
            if found := await self._find_again(tx, owner, values):
                return found
            raise
        created = await objects.create(tx, stored, owner, values)
        # From here on the owner is locked, so all others who create one are counted too.
        if len(await objects.all_(tx, stored, owner)) > self.most:
            raise LimitReached(self.most, stored.table)
        return Created(created)

    async def _find_again(self, tx: Executor, owner: str, values: Values) -> Created | None:
        """The object with this `uid`, if there is one."""
        if values["uid"] is None:
            return None
        found = await objects.find_by_uid(tx, self.kind.stored, owner, values["uid"])
        return Created(found, is_new=False) if found is not None else None

    async def _complete(self, tx: Executor, actor: Actor, owner: str, values: Values) -> Values:  # noqa: ARG002
        """The values of all columns that a write sets."""
        return values

    async def delete(self, actor: Actor, owner: str, id: int, *, if_match: IfMatch = None) -> int:
        """Delete an object, and return the revision of the last change. Raises Forbidden, NotFound, Stale, TooMuch."""
        access.require(actor, owner, Scope.WRITE)

        async def work(tx: Executor) -> int:
            await self.in_transaction(tx).lock(actor, id, if_match)
            await objects.delete(tx, self.kind.stored, owner, id)
            return await users.revision(tx, owner)

        return await self._db.transact(work, owner)

    async def patch(self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: IfMatch = None) -> T:
        """Change the given fields. Raises Forbidden, Invalid, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        values = self.kind.form.patch(fields)
        return await self.write(actor, owner, id, values, if_match)

    async def move(self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: IfMatch = None) -> T:
        """Move an object to another place in the order. Raises Forbidden, Invalid, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        move = moves.read(fields)
        return await self._db.transact(lambda tx: self._move(tx, actor, owner, id, move, if_match), owner)

    async def _move(self, tx: Executor, actor: Actor, owner: str, id: int, move: Move, if_match: IfMatch) -> T:
        stored = self.kind.stored
        everything = [Sibling(one.id, one.position) for one in await objects.all_(tx, stored, owner)]
        present = next((one.position for one in everything if one.id == id), None)
        siblings = [one for one in everything if one.id != id]
        place = _place(_at(move, siblings, self.kind), siblings)

        async def window(reach: int) -> tuple[Sequence[Sibling], Sequence[Sibling]]:
            return siblings[:place][::-1][:reach], siblings[place:][:reach]

        placed = await moves.place(present, window)
        if placed.others:
            await locks.take(tx, owner, {self.kind.name: [id, *placed.others]}, takes_along=False)
        part = self.in_transaction(tx)
        async with objects.operation(tx, "moved"):
            moved = await part.write(actor, owner, id, {"position": placed.key}, if_match)
            for other, key in placed.others.items():
                await objects.update(tx, stored, owner, other, {"position": key})
        return moved


def _place(move: Move, siblings: Sequence[Sibling]) -> int:
    """The number of siblings before the place."""
    if move.anchor is None:
        return 0 if move.end == FIRST else len(siblings)
    return next(n for n, one in enumerate(siblings) if one.id == move.anchor) + (not move.before)


def _at(move: Move, siblings: Sequence[Sibling], kind: Kind) -> Move:
    """The move, or the one to its end if the anchor is not there. Raises Invalid."""
    if move.anchor is None or any(one.id == move.anchor for one in siblings):
        return move
    if move.end is None:
        raise Invalid(absent("before" if move.before else "after", kind.not_found))
    return Move(None, before=False, end=move.end)


class ListService(CollectionService[List]):
    kind = Kind(objects.LISTS, forms.LIST, ListNotFound)
    most = LISTS_MAX

    async def delete(
        self,
        actor: Actor,
        owner: str,
        id: int,
        *,
        keep_tasks: bool = False,
        permanent: bool = False,
        if_match: IfMatch = None,
    ) -> int:
        """Move a list to the trash, or delete it permanently. Its tasks go with it, or to the Inbox.

        Returns the revision of the last change. Raises Forbidden, NotFound, Stale, TooMuch.
        """
        access.require(actor, owner, Scope.WRITE)

        async def work(tx: Executor) -> int:
            await locks.take(tx, owner, {"list": [id]})
            await self.in_transaction(tx).lock(actor, id, if_match)
            async with objects.operation(tx):
                if keep_tasks:
                    await lists.empty(tx, owner, id)
                if permanent or not self._has_trash:
                    await trash.delete_tasks(tx, owner, await lists.tasks(tx, owner, id), id)
                else:
                    await trash.trash_list(tx, owner, id)
            return await users.revision(tx, owner)

        return await self._db.transact(work, owner)

    async def patch(self, actor: Actor, owner: str, id: int, fields: Fields, *, if_match: IfMatch = None) -> List:
        """Change the given fields, also the name in saved filters. Raises Forbidden, Invalid, NotFound, Stale."""
        access.require(actor, owner, Scope.WRITE)
        values = self.kind.form.patch(fields)
        if "name" not in values:
            return await self.write(actor, owner, id, values, if_match)

        async def work(tx: Executor) -> List:
            part = self.in_transaction(tx)
            await locks.take(tx, owner, {"list": [id]}, takes_along=False)
            found = await part.lock(actor, id, if_match)
            async with objects.operation(tx):
                if found.name != values["name"]:
                    await saved_filters.rename(tx, owner, "#", found.name, str(values["name"]))
                return await part.write(actor, owner, id, values, None)

        return await self._db.transact(work, owner)


class LabelService(CollectionService[Label]):
    kind = Kind(objects.LABELS, forms.LABEL, LabelNotFound)
    most = LABELS_MAX

    async def _complete(self, tx: Executor, actor: Actor, owner: str, values: Values) -> Values:
        key = folded(str(values["name"]))
        if found := await labels.lock(tx, owner, [key]):
            raise LabelTaken(access.readable(actor, found[0]))
        return {**values, "name_key": key}

    async def patch(
        self, actor: Actor, owner: str, id: int, fields: Fields, *, merge: bool = False, if_match: IfMatch = None
    ) -> Label:
        """Change the given fields, also the name on all tasks.

        If another label has the name, `merge` makes it take the place of this one: it is the result, and this one is
        removed. Raises Forbidden, Invalid, NotFound, Stale, LabelTaken, TooMuch.
        """
        access.require(actor, owner, Scope.WRITE)
        values = self.kind.form.patch(fields)

        async def work(tx: Executor) -> Label:
            part = self.in_transaction(tx)
            if "name" in values:
                await locks.take(tx, owner, {"label": [id]})
            label = await part.lock(actor, id, if_match)
            if values.get("name", label.name) == label.name:
                return await part.write(actor, owner, id, values, None)
            key = folded(str(values["name"]))
            other = next((one for one in await labels.lock(tx, owner, [key]) if one.id != id), None)
            if other is not None and not merge:
                raise LabelTaken(access.readable(actor, other))
            async with objects.operation(tx):
                if other is None:
                    await saved_filters.rename(tx, owner, "@", label.name, str(values["name"]))
                    await labels.rename(tx, owner, label.name, str(values["name"]))
                    other = await part.write(actor, owner, id, {**values, "name_key": key}, None)
                else:
                    await saved_filters.rename(tx, owner, "@", label.name, other.name)
                    await labels.rename(tx, owner, label.name, other.name)
                    await objects.delete(tx, self.kind.stored, owner, id)
            return other

        return await self._db.transact(work, owner)

    async def delete(self, actor: Actor, owner: str, id: int, *, if_match: IfMatch = None) -> int:
        """Remove a label, also from all tasks. As `ListService.delete`, but a label has no trash."""
        access.require(actor, owner, Scope.WRITE)

        async def work(tx: Executor) -> int:
            await locks.take(tx, owner, {"label": [id]})
            label = await self.in_transaction(tx).lock(actor, id, if_match)
            async with objects.operation(tx):
                await labels.remove(tx, owner, label.name)
                await objects.delete(tx, self.kind.stored, owner, id)
            return await users.revision(tx, owner)

        return await self._db.transact(work, owner)


class FilterService(CollectionService[Filter]):
    kind = Kind(objects.FILTERS, forms.FILTER, FilterNotFound)
    most = FILTERS_MAX

    async def parse(self, actor: Actor, owner: str, fields: Fields) -> str:
        """Return the canonical form of a filter, whose names need not exist. Raises Forbidden, Invalid."""
        access.require(actor, owner, Scope.READ)
        await self._owners.require(self._db, actor)
        return filters.parse(str(forms.FILTER_TEXT.new(fields)["filter"])).canonical
