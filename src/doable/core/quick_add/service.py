"""Creates a task from one sentence."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec.structs import asdict

from doable.core import access, occurrences, owners
from doable.core.forms import NOTHING, TASK, Form
from doable.core.quick_add.meaning import Viewer
from doable.core.quick_add.names import Mentions, mentioned
from doable.core.quick_add.sentence import TEXT, QuickTask, Span, parse
from doable.core.tasks import TaskService
from doable.core.validation import Fields
from doable.fields import Flag, Key, Values
from doable.model import UID, UID_MAX, Actor, List, Scope, Task
from doable.schedule import Instant, Zone
from doable.store import labels, objects
from doable.store.database import Executor


class QuickAdd(msgspec.Struct, frozen=True):
    """What a client sends."""

    text: Annotated[str, TEXT]
    time_zone: Annotated[str | None, Zone("Where the user's days begin and end. Absent: as in their settings.")] = None
    now: Annotated[datetime | None, Instant("The moment at which the text was typed. Absent: now.")] = None
    dry_run: Annotated[bool | None, Flag("Only tell what would be created.")] = None
    uid: Annotated[str | None, Key(UID_MAX, UID)] = None


class Preview(msgspec.Struct, frozen=True):
    """The fields that the new task would have, and what was understood where."""

    task: Fields
    parsed: list[Span]


class QuickAdded(Task, frozen=True, kw_only=True):
    """A task, and what was understood where."""

    parsed: list[Span]


FORM: Final = Form(QuickAdd, nothing=NOTHING)


class QuickAddService:
    def __init__(self, db: Executor, tasks: TaskService) -> None:
        self._db = db
        self._tasks = tasks

    def in_transaction(self, tx: Executor) -> "QuickAddService":
        """The same service as a part of the transaction `tx`."""
        return QuickAddService(tx, self._tasks.in_transaction(tx))

    async def add(self, actor: Actor, owner: str, fields: Fields) -> tuple[QuickAdded | Preview, bool]:
        """Create the task that a text describes, or tell what it would be. Also return whether a task is new.

        With a `uid` that a task of the owner has, return that task unchanged. Raises Forbidden, Invalid, LimitReached.
        """
        access.require(actor, owner, Scope.WRITE)
        wish: Any = FORM.new(fields)
        text: str = wish["text"]
        viewer = await self._viewer(owner, wish)
        mentions = mentioned(text)
        lists = await self._lists(owner, mentions)
        known = await labels.named(self._db, owner, [*mentions.labels]) if mentions.labels else []
        names = [one.name for one in lists]
        understood = parse(text, viewer, lists=names, labels=[label.name for label in known])
        said = _fields(understood, lists)
        before = str(fields["text"]).index(text)  # The text was trimmed, and the spans are of the text that was sent.
        spans = [Span(one.start + before, one.end + before, one.field) for one in understood.spans]
        if wish["dry_run"]:
            occurrences.settled(TASK.new(said))  # Refuses what a create refuses.
            return Preview(said, spans), False
        if wish["uid"] is not None:
            said["uid"] = wish["uid"]
        task, is_new = await self._tasks.create(actor, owner, said)
        return QuickAdded(**asdict(task), parsed=spans), is_new

    async def _viewer(self, owner: str, wish: Values) -> Viewer:
        settings = await owners.settings(self._db, owner)
        now: Any = wish["now"] or datetime.now(UTC)
        zone = wish["time_zone"] or settings.time_zone
        return Viewer(now, str(zone), settings.date_order, settings.week_start)

    async def _lists(self, owner: str, mentions: Mentions) -> list[List]:
        """The lists that the text can name: of several with one name, the first one counts."""
        return await objects.all_(self._db, objects.LISTS, owner) if mentions.lists else []


def _fields(understood: QuickTask, lists: list[List]) -> dict[str, object]:
    """The fields of the new task, as a client sends them."""
    fields = {
        "title": understood.title,
        "list_id": None if understood.list_index is None else lists[understood.list_index].id,
        "priority": understood.priority,
        "labels": understood.labels or None,
        "due": understood.due,
        "recurrence": understood.recurrence,
    }
    plain = {name: value for name, value in fields.items() if value is not None}
    return dict(msgspec.to_builtins(plain))
