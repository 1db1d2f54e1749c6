"""Recurring tasks: what sets their rule, and what moves them to their next occurrence (`core/recurrence.py`)."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeAlias, cast

from msgspec.structs import asdict, replace

from doable.core import owners, recurrence
from doable.core.recurrence import Occurrence
from doable.core.validation import Fields, stray_faults
from doable.errors import Fault, Invalid, NotRecurring
from doable.fields import Values
from doable.model import COMPLETE, CompletedOccurrence, CompletedTask, Task
from doable.schedule import COMPLETION, Due, Reminder, Wish, check_zone, format_instant, parse_day, parse_instant
from doable.store import completions, objects
from doable.store.database import Executor

EARLY_MAX: Final = 366  # days
MEMBERS: Final = frozenset({"occurrence", "completed_at", "time_zone"})

Step: TypeAlias = Callable[[Occurrence, datetime, str, Collection[date]], Occurrence | None]


class Said(NamedTuple):
    """What a client says of a completion: which occurrence, when, and in which time zone."""

    occurrence: date | None = None
    at: datetime | None = None
    time_zone: str | None = None


USUAL: Final = Said()


def read(fields: Fields) -> Said:
    """Parse what a client says of a completion. Raises Invalid."""
    faults = stray_faults(fields, MEMBERS)
    given: Mapping[str, Any] = {name: value for name, value in fields.items() if value is not None}
    occurrence = at = None
    if "occurrence" in given and (occurrence := parse_day(given["occurrence"])) is None:
        faults.append(Fault("occurrence", "invalid_date", "Occurrence must be an anchor, a day like 2026-12-01"))
    if "completed_at" in given:
        at = parse_instant("completed_at", given["completed_at"], faults)
    if "time_zone" in given:
        check_zone("time_zone", given["time_zone"], faults)
    if faults:
        raise Invalid(*faults)
    return Said(occurrence, at, given.get("time_zone"))


def settled(values: Mapping[str, Any], present: Task | None = None) -> Values:
    """Return the values of a write with the recurrence anchored; `present` is the task before it. Raises Invalid."""
    due, wish = (values.get(name, getattr(present, name, None)) for name in ("due", "recurrence"))
    if wish is not None and due is None:
        raise Invalid(recurrence.NEEDS_DUE)
    return {**values, "recurrence": recurrence.settle(wish, due)} if isinstance(wish, Wish) else values


async def write(tx: Executor, task: Task, values: Values) -> Task:
    """Set fields of a locked task. If its status becomes complete, its present occurrence is completed."""
    if values.get("status") != COMPLETE:
        return await _update(tx, task, values)
    return await complete(tx, task, USUAL, {name: value for name, value in values.items() if name != "status"})


async def complete(tx: Executor, task: Task, said: Said, edit: Values) -> Task:
    """Complete a locked task, or its present occurrence; `edit` has other values of the same change. Raises Invalid."""
    await _check_past(tx, said)
    if _is_elsewhere(task, said):
        return task
    edited = replace(task, **edit)
    if task.status == COMPLETE or (edited.recurrence is None and said.at is None):
        return await _update(tx, task, {**edit, "status": COMPLETE})
    async with objects.operation(tx, "completed"):
        now = await objects.now(tx)
        following = await _following(tx, edited, said, now, recurrence.complete)
        if following is None:
            return await _update(tx, task, {**edit, "status": COMPLETE, "completed_at": said.at})
        moved, at = await _update(tx, task, {**edit, **following}), said.at or now
        completion = await completions.record(tx, edited, at, moved.revision)
        await completions.reopen_subtasks(tx, task.user_id, task.id)
    occurrence = CompletedOccurrence(completion, cast(Due, edited.due), at)
    return CompletedTask(**asdict(moved), completed_occurrence=occurrence)


async def skip(tx: Executor, task: Task, said: Said) -> Task:
    """Move a locked task to its next occurrence, without counting as done. Raises Invalid, NotRecurring."""
    if task.recurrence is None and said.occurrence is None:
        raise NotRecurring
    await _check_past(tx, said)
    if task.status == COMPLETE or _is_elsewhere(task, said):
        return task
    async with objects.operation(tx, "skipped"):
        following = await _following(tx, task, said, await objects.now(tx), recurrence.skip)
        moved = await _update(tx, task, following or {"status": COMPLETE})
        if following is not None:
            await completions.reopen_subtasks(tx, task.user_id, task.id)
    return moved


async def _update(tx: Executor, task: Task, values: Values) -> Task:
    changed: Task = await objects.update(tx, objects.TASKS, task.user_id, task.id, values)
    return changed


def _is_elsewhere(task: Task, said: Said) -> bool:
    """Whether the client means another occurrence than the present one, so that nothing is left to do."""
    return said.occurrence is not None and (task.recurrence is None or task.recurrence.anchor != said.occurrence)


async def _check_past(tx: Executor, said: Said) -> None:
    if said.at is not None and said.at > await objects.now(tx):
        raise Invalid(Fault("completed_at", "in_future", "Completed_at can't be in the future"))


async def _following(tx: Executor, task: Task, said: Said, now: datetime, step: Step) -> Values | None:
    """The fields that the next occurrence changes; None if there is none. Raises Invalid."""
    if task.due is None or task.recurrence is None:
        return None
    moment = said.at or now
    if (min(task.created_at.date(), task.due.date) - moment.date()).days > EARLY_MAX:
        sentence = "Completed_at can't be more than a year before both the creation of the task and its due date"
        raise Invalid(Fault("completed_at", "too_early", sentence))
    zone = said.time_zone or (await owners.settings(tx, task.user_id)).time_zone
    reminders = task.reminders or []
    at = tuple(datetime.fromisoformat(one.at) for one in reminders if one.at)
    present = Occurrence(task.due, task.recurrence, task.start, at)
    from_completion = task.recurrence.basis == COMPLETION
    done = await completions.done(tx, task.user_id, task.id, moment.date()) if from_completion else ()
    following = step(present, moment, zone, done)
    if following is None:
        return None
    moved = map(format_instant, following.at)
    return {
        "due": following.due,
        "recurrence": following.recurrence,
        "start": following.start,
        "reminders": [Reminder(at=next(moved)) if one.at else one for one in reminders] or None,
    }


def ahead(task: Task, first: date, last: date, limit: int) -> list[Due]:
    """Return the days of a task, from the present occurrence on, from the day `first` to `last`, at most `limit`."""
    due, rule = task.due, task.recurrence
    if due is None or task.status == COMPLETE:
        return []
    if rule is None:
        return [due] if first <= due.date <= last else []
    return recurrence.occurrences(due, rule, first, last, limit)
