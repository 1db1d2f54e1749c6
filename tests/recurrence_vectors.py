"""Recurring tasks and the right answers, for implementations in other languages: tests/vectors/recurrence.json.

`python tests/recurrence_vectors.py` writes the file.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from doable.core.recurrence import Occurrence, complete, occurrences, settle, skip
from doable.errors import Invalid
from doable.schedule import Due
from recurrence_cases import ACCEPTED, EXAMPLES, NEVER, REFUSED, occurrence, parse
from recurring import instant, random_case

PATH = Path(__file__).parent / "vectors/recurrence.json"
ABOUT = (
    "check: what is said of the rule when it is set on a task with this due; [] is nothing. "
    "next: the task after the operation at the moment, for a viewer in time_zone; null: no match is left. "
    "occurrences: the answer of GET …/occurrences."
)
PLACES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati"]
OPERATIONS = {"complete": complete, "skip": skip}

Vector = dict[str, Any]


def text() -> str:
    """The content of the file, one vector a line."""
    kinds = {"check": checks(), "next": nexts(), "occurrences": ahead()}
    parts = [f'"about": {json.dumps(ABOUT, ensure_ascii=False)}']
    for kind, vectors in kinds.items():
        lines = ",\n".join(json.dumps(msgspec.to_builtins(vector)) for vector in vectors)
        parts.append(f'"{kind}": [\n{lines}\n]')
    return "{" + ",\n".join(parts) + "}\n"


def checks() -> Iterator[Vector]:
    due = Due(date(2027, 1, 30))
    for rule in [*ACCEPTED, *(rule for rule, _ in [*REFUSED, *NEVER])]:
        yield {"recurrence": {"rule": rule}, "due": due, "answer": said(rule, due)}


def said(rule: str, due: Due) -> list[str]:
    try:
        settle(parse({"rule": rule}), due)
    except Invalid as error:
        return [fault.message for fault in error.faults]
    return []


def nexts() -> Iterator[Vector]:
    for (due, rule, moment, *_), basis, op in product(EXAMPLES, ["schedule", "completion"], OPERATIONS):
        when = instant(datetime.fromisoformat(moment), "Europe/Berlin")
        yield following(op, occurrence(due, rule, basis), when, "Europe/Berlin")
    for random, old, moment, zone in cases():
        yield following(random.choice([*OPERATIONS]), old, moment, zone)


def following(op: str, old: Occurrence, moment: datetime, zone: str) -> Vector:
    new = OPERATIONS[op](old, moment, zone)
    return {"op": op, "task": task(old), "moment": moment, "time_zone": zone, "answer": new and task(new)}


def task(of: Occurrence) -> Vector:
    """The fields of the task."""
    fields = {"due": of.due, "recurrence": of.recurrence, "start": of.start, "reminders": [{"at": at} for at in of.at]}
    return {name: value for name, value in fields.items() if value}


def ahead() -> Iterator[Vector]:
    for random, old, moment, _ in cases():
        first = moment.date() - timedelta(random.randint(0, 300))
        last = first + timedelta(random.choice([30, 400, 4000]))
        found = occurrences(old.due, old.recurrence, first, last, 5)
        yield {"due": old.due, "recurrence": old.recurrence, "from": first, "to": last, "limit": 5, "answer": found}


def cases() -> Iterator[tuple[Random, Occurrence, datetime, str]]:
    """Random tasks whose rules are accepted."""
    for seed in range(150):
        random = Random(seed)
        old, moment, zone = random_case(random, PLACES)
        given = {"rule": old.recurrence.rule, "anchor": str(old.recurrence.anchor)}
        try:
            settle(parse(given), old.due)
        except Invalid:
            continue
        yield random, old, moment.astimezone(UTC), zone


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text())
