"""What a filter means, without SQL: the slow and plain answer that statements are compared with.

A task is a plain record. `select` evaluates the tree of a filter for each task:
no index, no bounds of days computed ahead, one small function for each kind of term.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache

from doable.filter_tree import (
    And,
    HasLabel,
    HasLabelFrom,
    InList,
    Is,
    Node,
    Not,
    On,
    Or,
    Priority,
    Search,
    Within,
    resolve,
    terms,
)
from doable.schedule import Due
from doable.viewer import Viewer
from doable.zones import instant, zone


@dataclass(frozen=True)
class Record:
    """A task. `list_name` is None for the Inbox."""

    id: int
    title: str = "Task"
    description: str | None = None
    due: Due | None = None
    start: Due | None = None
    created: datetime = datetime(2026, 11, 2, 12, tzinfo=UTC)
    updated: datetime = datetime(2026, 11, 2, 12, tzinfo=UTC)
    completed: datetime | None = None
    list_name: str | None = None
    is_archived: bool = False  # the list
    labels: list[str] = field(default_factory=list)
    parent: int | None = None
    priority: str | None = None
    is_recurring: bool = False


def select(tree: Node, tasks: list[Record], viewer: Viewer) -> list[int]:
    """Return the ids of the tasks that a request with only this filter returns."""
    every = list(terms(tree))
    named = {folded(term.name) for term in every if isinstance(term, InList)}
    decides = any(
        term in {Is("complete"), Is("incomplete"), Is("all")} or (isinstance(term, On) and term.field == "completed")
        for term in every
    )
    return [
        task.id
        for task in tasks
        if is_true(tree, task, tasks, viewer)
        and (decides or task.completed is None)
        and (not task.is_archived or folded(task.list_name or "") in named)
    ]


def is_true(  # noqa: C901, PLR0911 - a case for each kind of node
    node: Node, task: Record, tasks: list[Record], viewer: Viewer
) -> bool:
    match node:
        case Or(nodes):
            return any(is_true(one, task, tasks, viewer) for one in nodes)
        case And(nodes):
            return all(is_true(one, task, tasks, viewer) for one in nodes)
        case Not(one):
            return not is_true(one, task, tasks, viewer)
        case Is("overdue"):
            return is_overdue(task.due, viewer)
        case Is(what):
            return is_so(what, task)
        case Priority(level):
            return task.priority == level
        case Within(days):
            return task.due is not None and 0 <= (day_of(task.due, viewer) - today(viewer)).days < days
        case On(name, relation, day):
            return in_relation(task_day(name, task, viewer), relation, resolve(day, today(viewer)))
        case InList(name):
            return task.list_name is not None and folded(task.list_name) == folded(name)
        case HasLabel(name):
            return folded(name) in map(folded, task.labels)
        case HasLabelFrom(beginning):
            return any(folded(label).startswith(folded(beginning)) for label in task.labels)
        case Search(words):
            return is_found(words, task, tasks)


def is_so(what: str, task: Record) -> bool:
    return {
        "no date": task.due is None,
        "no time": task.due is not None and task.due.time is None,
        "recurring": task.is_recurring,
        "subtask": task.parent is not None,
        "no labels": not task.labels,
        "no priority": task.priority is None,
        "no list": task.list_name is None,
        "complete": task.completed is not None,
        "incomplete": task.completed is None,
        "all": True,
    }[what]


def in_relation(day: date | None, relation: str, other: date) -> bool:
    if day is None:
        return False
    return {"before": day < other, "on": day == other, "after": day > other}[relation]


def task_day(name: str, task: Record, viewer: Viewer) -> date | None:
    if name in {"due", "start"}:
        due = task.due if name == "due" else task.start
        return due and day_of(due, viewer)
    moment = {"created": task.created, "completed": task.completed, "updated": task.updated}[name]
    return moment and day_at(moment, viewer)


def today(viewer: Viewer) -> date:
    return day_at(viewer.now, viewer)


def day_at(moment: datetime, viewer: Viewer) -> date:
    return moment.astimezone(zone(viewer.time_zone)).date()


def day_of(due: Due, viewer: Viewer) -> date:
    return day_at(instant(wall(due), due.time_zone), viewer) if due.time_zone else due.date


def wall(due: Due) -> datetime:
    return datetime.combine(due.date, time.fromisoformat(due.time or "00:00"))


def is_overdue(due: Due | None, viewer: Viewer) -> bool:
    if due is None or day_of(due, viewer) > today(viewer):
        return False
    if day_of(due, viewer) < today(viewer):
        return True
    return due.time is not None and instant(wall(due), due.time_zone or viewer.time_zone) < viewer.now


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


WHOLE: dict[tuple[str, int], bool] = {}  # whether any of the tasks has the words, to ask once


def is_found(words: str, task: Record, tasks: list[Record]) -> bool:
    """Whole words; where those find none of the user's tasks, parts of words."""
    key = words, id(tasks)
    if key not in WHOLE:
        WHOLE[key] = any(has_words(words, one) for one in tasks)
    if WHOLE[key]:
        return has_words(words, task)
    return all(any(word in text for text in texts(task)) for word in plain(words).split())


def has_words(wanted: str, task: Record) -> bool:
    found = {word for text in texts(task) for word in split(text)}
    *whole, last = split(plain(wanted)) or [""]
    if not last or not found.issuperset(whole):
        return False
    return last in found or (len(last) >= 3 and any(word.startswith(last) for word in found))


def texts(task: Record) -> list[str]:
    return list(map(plain, [task.title, task.description or "", *task.labels]))


@cache
def plain(text: str) -> str:
    """Without case and accents."""
    text = text.casefold().replace("æ", "ae").replace("œ", "oe")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@cache
def split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)
