"""Values for property tests, from the fields of a struct (`doable.fields`)."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from doable.fields import (
    Choice,
    Field,
    Flag,
    Input,
    Key,
    Name,
    Names,
    Pattern,
    Reference,
    Text,
    Write,
    declared,
    inputs,
)
from doable.schedule import (
    MINUTES_MAX,
    REMINDERS_MAX,
    Due,
    DueRule,
    Recurrence,
    RecurrenceRule,
    Reminder,
    RemindersRule,
)
from doable.text import is_blank
from doable.zones import NAMES

Fields = dict[str, Any]

# Anything that PostgreSQL can hold, with a taste for the edges.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


TIMES = st.times().map(lambda time: f"{time:%H:%M}")
DUE = st.builds(
    lambda day, time, zone: {"date": day.isoformat(), **time, **(zone if time else {})},
    st.dates(),
    st.fixed_dictionaries({}, optional={"time": TIMES}),
    st.fixed_dictionaries({}, optional={"time_zone": st.sampled_from(sorted(NAMES))}),
)
INSTANTS = st.sampled_from(["2026-12-01T09:00:00Z", "2026-12-01T09:00:00.5+05:45", "9999-12-31T23:59:59.999999Z"])
REMINDER = st.fixed_dictionaries({"minutes_before": st.integers(0, MINUTES_MAX)}) | st.fixed_dictionaries(
    {"at": INSTANTS}
)
RULE: Fields = {"rule": "FREQ=DAILY"}
RECURRENCE = st.fixed_dictionaries(
    {"rule": st.sampled_from(["FREQ=DAILY", "freq=monthly;count=3", "INTERVAL=2;FREQ=YEARLY"])},
    optional={
        "basis": st.sampled_from(["schedule", "completion", None]),
        "anchor": st.none() | st.dates().map(date.isoformat),
    },
)
WRONG_IN_DUE: list[Fields] = [
    *({"time": time} for time in ("24:00", "9:00", "09:60", "09:00:00", "", None, 9)),
    *({"time": "09:00", "time_zone": zone} for zone in ("europe/berlin", "+01:00", "", None, 5, ["UTC"])),
    {"time_zone": "UTC"},
    {"day": 1},
]


def value(field: Field) -> SearchStrategy[Any]:  # noqa: C901 - one case for each rule
    """What may stand in the field."""
    match field.rule:
        case Name(most=most):
            some = st.text(CHARACTERS, min_size=1, max_size=40).filter(lambda text: not is_blank(text))
            wanted = some | st.sampled_from(["x" * most, "𝄞" * most, " " * 9 + "x" * most + "\u2003"])
        case Reference():
            wanted = st.none()  # Which ids there are depends on what was made before.
        case Names():
            wanted = st.lists(st.sampled_from(["errands", "Home", "home", " calls "]), max_size=4)
        case Pattern():
            wanted = st.from_regex(field.rule.schema["pattern"], fullmatch=True)
        case Flag():
            wanted = st.booleans()
        case Key(most=most):
            wanted = st.text(CHARACTERS, min_size=1, max_size=40) | st.sampled_from(["a", "b", "x" * most])
        case Text(most=most):
            wanted = st.text(CHARACTERS, max_size=40) | st.just("x" * most)
        case Choice(words=words):
            wanted = st.sampled_from(words)
        case DueRule():
            wanted = DUE
        case RecurrenceRule():
            wanted = RECURRENCE
        case RemindersRule():
            wanted = st.lists(REMINDER, max_size=3) | st.just([{"minutes_before": 0}] * REMINDERS_MAX)
    return wanted | st.none() if field.is_nullable else wanted


def no_value(field: Field) -> SearchStrategy[Any]:  # noqa: C901 - likewise
    """What may not."""
    match field.rule:
        case Name(most=most):
            wrong = ["", " \t\u2003", "\u200b", "x" * (most + 1), "a\0b", "\ud800", 5, ["x"], {}]
        case Reference():
            wrong = [0, -1, 2**63, 1.5, "1", True, []]
        case Names(most=most):
            wrong = ["errands", {}, [""], [" "], [5], ["x" * 61], ["a\0b"], [str(n) for n in range(most + 1)]]
        case Pattern():
            wrong = ["", "red", "#fff", "#1234567", 5]
        case Flag():
            wrong = [0, "true", []]
        case Key(most=most):
            wrong = ["", "x" * (most + 1), "\0", "\udfff", 5, False, []]
        case Text(most=most):
            wrong = ["x" * (most + 1), "\0", "\udfff", 5, False, []]
        case Choice():
            wrong = ["", "HIGH", "none", 1, True, [], {}]
        case DueRule():
            wrong = ["2026-12-01", [], {}, {"date": None}, {"date": "2026-02-30"}, {"date": "2026-12-01T10:00"}]
            wrong += [{"date": "2026-12-01", **more} for more in WRONG_IN_DUE]
        case RecurrenceRule():
            wrong = ["FREQ=DAILY", [], {}, {"rule": "FREQ=HOURLY"}, {**RULE, "basis": "due"}, {**RULE, "x": 1}]
            wrong += [{**RULE, "anchor": bad} for bad in ("2026-02-30", 5, "today")]
        case RemindersRule():
            wrong = [{}, 5, [5], [{}], [{"minutes_before": 5, "at": "2026-12-01T09:00:00Z"}]]
            wrong += [[{"minutes_before": 0}] * (REMINDERS_MAX + 1)]
            wrong += [[{"minutes_before": bad}] for bad in (-1, 1.5, "5", True, None, MINUTES_MAX + 1)]
            wrong += [
                [{"at": bad}] for bad in (5, None, "2026-12-01", "2026-12-01T09:00:00", "0001-01-01T00:00:00+14:00")
            ]
    return st.sampled_from(wrong if field.is_nullable else [*wrong, None])


def new(struct: type[msgspec.Struct]) -> SearchStrategy[Fields]:
    """What creates an object."""
    fields = [field for field, _ in inputs(struct, Write.CREATE)]
    return st.fixed_dictionaries(
        {field.name: value(field) for field in fields if not field.is_nullable},
        optional={field.name: value(field) for field in fields if field.is_nullable},
    ).map(_with_due)


def edits(struct: type[msgspec.Struct], write: Write = Write.UPDATE) -> SearchStrategy[Fields]:
    """What changes one."""
    fields = st.fixed_dictionaries({}, optional={field.name: value(field) for field, _ in inputs(struct, write)})
    return fields.filter(bool).map(_with_due)


def _with_due(words: Fields) -> Fields:
    """The same words, with what a rule needs beside it, whatever was there before."""
    if words.get("recurrence") and not words.get("due"):
        return {**words, "due": {"date": "2026-12-01"}}
    return {**words, "recurrence": None} if "due" in words and not words["due"] else words


def faulty(struct: type[msgspec.Struct]) -> SearchStrategy[Fields]:
    """What neither creates nor changes one: a field that is wrong, that only the server sets, or that is none."""
    settable = inputs(struct, Write.CREATE)
    names = {field.name for field, _ in settable}
    wrong = {field.name: no_value(field) for field, _ in settable}
    wrong |= {field.name: st.just(field.rule.example) for field in declared(struct) if field.name not in names}
    wrong |= {"colour": st.just("red")}
    return st.tuples(new(struct), st.sampled_from(sorted(wrong))).flatmap(
        lambda both: wrong[both[1]].map(lambda bad: {**both[0], both[1]: bad})
    )


def stored(struct: type[msgspec.Struct], words: Fields) -> Fields:
    """What the service makes of them."""
    rules = {field.name: rule for field, rule in inputs(struct)}
    values = {name: _stored(rules[name], said) for name, said in words.items()}
    if values.get("recurrence"):
        wish = values["recurrence"]
        anchor = wish.get("anchor")
        day = date.fromisoformat(anchor) if anchor else values["due"].date
        values["recurrence"] = Recurrence(wish["rule"], wish.get("basis") or "schedule", day)
    return values


def _stored(rule: Input, said: Any) -> Any:
    match rule:
        case Name():
            return said.strip()
        case DueRule() if said is not None:
            return Due(date.fromisoformat(said["date"]), said.get("time"), said.get("time_zone"))
        case RemindersRule():
            return [Reminder(one.get("minutes_before"), _in_utc(one.get("at"))) for one in said or ()] or None
    return said


def _in_utc(instant: str | None) -> str | None:
    return instant and f"{datetime.fromisoformat(instant).astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
