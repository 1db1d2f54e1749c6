"""The labels of tasks: names that users type become the names of labels."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from doable.core import forms
from doable.core.validation import Fields
from doable.errors import Fault, Invalid, LimitReached
from doable.fields import Input, Values, inputs
from doable.model import LABELS_MAX, TASK_LABELS_MAX, Task
from doable.store import labels, objects
from doable.store.database import Executor
from doable.text import folded

_RULE: Final[Input] = next(rule for field, rule in inputs(Task) if field.name == "labels")


class LabelChange(NamedTuple):
    """The names of the labels that a patch adds and removes."""

    add: Sequence[str]
    remove: Sequence[str]


def patch(fields: Fields) -> tuple[Values, LabelChange | None]:
    """Validate the fields of a patch of a task, among them `add_labels` and `remove_labels`. Raises Invalid."""
    given = {name: fields[name] for name in ("add_labels", "remove_labels") if name in fields}
    if not given:
        return forms.TASK.patch(fields), None
    faults: list[Fault] = []
    if "labels" in fields:
        faults.append(Fault("labels", "two_changes", "Labels are either replaced, or added and removed"))
    names = {name: _RULE.clean(name, value, faults) for name, value in given.items() if value is not None}
    if faults:
        raise Invalid(*faults)
    add, remove = (msgspec.convert(names.get(name) or [], list[str]) for name in ("add_labels", "remove_labels"))
    rest = {name: value for name, value in fields.items() if name not in given}
    return forms.TASK.patch(rest) if rest else {}, LabelChange(add, remove)


def keys(*names: object) -> list[str]:
    """The keys of labels, in those of the lists of names that are given (`text.folded`)."""
    return [folded(name) for some in names if isinstance(some, list) for name in some]


async def known(tx: Executor, owner: str, names: object) -> list[str] | None:
    """Return the names as the labels spell them, and create the labels that do not exist. Raises LimitReached."""
    if not isinstance(names, list):
        return None
    spelled = {folded(label.name): label.name for label in await labels.lock(tx, owner, list(map(folded, names)))}
    unknown = [name for name in names if folded(name) not in spelled]
    for name in unknown:
        values = {"name": name, "name_key": folded(name), "uid": None, "color": None}
        await objects.create(tx, objects.LABELS, owner, values)
    # From the first label on the owner is locked, so those that other requests create are counted too.
    if unknown and len(await objects.all_(tx, objects.LABELS, owner)) > LABELS_MAX:
        raise LimitReached(LABELS_MAX, "labels")
    return [spelled.get(folded(str(name)), str(name)) for name in names]


async def changed(tx: Executor, owner: str, present: Sequence[str], change: LabelChange) -> list[str] | None:
    """Return the labels of a task after a change. Raises Invalid, LimitReached."""
    gone = set(map(folded, change.remove))
    kept = [name for name in present if folded(name) not in gone]
    there = set(map(folded, kept))
    more = [name for name in change.add if folded(name) not in there and folded(name) not in gone]
    if len(kept) + len(more) > TASK_LABELS_MAX:
        sentence = f"A task can have at most {TASK_LABELS_MAX} labels"
        raise Invalid(Fault("add_labels", "too_many_labels", sentence))
    return [*kept, *(await known(tx, owner, more) or [])] or None
