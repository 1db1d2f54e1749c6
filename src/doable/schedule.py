"""When a task is due, starts, reminds and recurs: the values of these fields, and their rules."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, ClassVar, Final

import msgspec

from doable.errors import Fault, Invalid
from doable.fields import Input, Schema, unknown_members, whole
from doable.recurrence_rules import RULE_MAX, read
from doable.text import label
from doable.zones import NAMES, instant

REMINDERS_MAX: Final = 20
MINUTES_MAX: Final = 527_040  # 366 days
SCHEDULE: Final = "schedule"
COMPLETION: Final = "completion"
CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
TIME: Final = f"^{CLOCK}$"
TIME_ZONE: Final = {"$ref": "#/components/schemas/TimeZone"}
_is_date: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_is_time: Final = re.compile(CLOCK).fullmatch


class Due(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day, a time of that day wherever the viewer is, or a time in a time zone.

    `time` is HH:MM. `time_zone` is a name of the IANA database, and only beside a `time`.
    """

    date: date
    time: str | None = None
    time_zone: str | None = None


def instant_of(due: Due) -> datetime | None:
    """Return the instant of a time in a time zone, in UTC; None for what is on its date everywhere."""
    if due.time is None or due.time_zone is None:
        return None
    return instant(datetime.combine(due.date, time.fromisoformat(due.time)), due.time_zone)


class Recurrence(msgspec.Struct, frozen=True):
    """`rule` is an RRULE value (RFC 5545 §3.3.10); `basis` is `schedule` or `completion`.

    `anchor` is the scheduled date of the present occurrence.
    """

    rule: str
    basis: str
    anchor: date


class Wish(msgspec.Struct, frozen=True):
    """A `Recurrence` as a client sends it. `anchor` is None if the client left it out."""

    rule: str
    basis: str
    anchor: date | None


class Reminder(msgspec.Struct, frozen=True, omit_defaults=True):
    """Either a number of minutes before the task is due, or an instant (ISO 8601 in UTC, with microseconds)."""

    minutes_before: int | None = None
    at: str | None = None


class DueRule(Input):
    """A `Due`."""

    components: ClassVar[Schema] = {
        "TimeZone": {
            "type": "string",
            "enum": sorted(NAMES),
            "description": "The name of a time zone of the IANA database.",
        },
        "Due": {
            "type": "object",
            "properties": {
                "date": {"type": "string", "format": "date", "description": "The day."},
                "time": {"type": "string", "pattern": TIME, "description": "The time of day. Absent: the whole day."},
                "time_zone": {"description": "The zone of the time. Absent: wherever you are.", **TIME_ZONE},
            },
            "required": ["date"],
            "dependentRequired": {"time_zone": ["time"]},
            "additionalProperties": False,
        },
    }

    def __init__(self, description: str, example: Mapping[str, str]) -> None:
        self.description = description
        self.example = example
        self.schema = {"$ref": "#/components/schemas/Due"}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, dict):
            faults.append(Fault(field, "wrong_type", f"{label(field)} must be an object or null"))
            return None
        before = len(faults)
        faults += unknown_members(field, value, Due.__struct_fields__)
        day = parse_day(value.get("date"))
        if day is None:
            faults.append(
                Fault(f"{field}.date", "invalid_date", f"{label(field)}.date must be a date such as 2026-12-01")
            )
        if "time" in value and not (isinstance(value["time"], str) and _is_time(value["time"])):
            sentence = f"{label(field)}.time must be a time of day such as 17:00"
            faults.append(Fault(f"{field}.time", "invalid_time", sentence))
        if "time_zone" in value:
            check_zone(f"{field}.time_zone", value["time_zone"], faults)
            if "time" not in value:
                faults.append(Fault(f"{field}.time_zone", "needs_time", f"{label(field)}.time_zone needs a time"))
        return None if day is None or len(faults) > before else Due(day, value.get("time"), value.get("time_zone"))


class Zone(Input):
    """The name of a time zone."""

    def __init__(self, description: str) -> None:
        self.description = description
        self.example = "Europe/Berlin"
        self.schema = TIME_ZONE

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        check_zone(field, value, faults)
        return value


class Instant(Input):
    """An instant, as RFC 3339 writes it."""

    def __init__(self, description: str) -> None:
        self.description = description
        self.example = "2026-11-30T09:00:00Z"
        self.schema = {"type": "string", "format": "date-time"}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        return parse_instant(field, value, faults)


class RemindersRule(Input):
    """A list of `Reminder`."""

    components: ClassVar[Schema] = {
        "Reminder": {
            "type": "object",
            "properties": {
                "minutes_before": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": MINUTES_MAX,
                    "description": "Minutes before the task is due.",
                },
                "at": {"type": "string", "format": "date-time", "description": "An instant, in any time zone."},
            },
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
    }
    description = f"Up to {REMINDERS_MAX} reminders, each some minutes before the task is due, or at an instant."

    def __init__(self) -> None:
        self.example = [{"minutes_before": 30}]
        reminder = {"$ref": "#/components/schemas/Reminder"}
        self.schema = {"type": "array", "maxItems": REMINDERS_MAX, "items": reminder}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, list) or len(value) > REMINDERS_MAX:
            sentence = f"{label(field)} must be an array of up to {REMINDERS_MAX} reminders, or null"
            faults.append(Fault(field, "invalid_reminders", sentence))
            return None
        return [_reminder(f"{field}[{place}]", one, faults) for place, one in enumerate(value)] or None


class RecurrenceRule(Input):
    """A `Wish`; `core/recurrence.py` makes a `Recurrence` of it."""

    components: ClassVar[Schema] = {
        "Recurrence": {
            "type": "object",
            "properties": {
                "rule": {
                    "type": "string",
                    "maxLength": RULE_MAX,
                    "description": "An RRULE value (RFC 5545 §3.3.10) without DTSTART and without times.",
                },
                "basis": {
                    "type": "string",
                    "enum": [SCHEDULE, COMPLETION],
                    "description": "What the next day is counted from. By default: `schedule`.",
                },
                "anchor": {
                    "type": "string",
                    "format": "date",
                    "description": "The scheduled day of the present occurrence. By default: the day in `due`.",
                },
            },
            "required": ["rule"],
            "additionalProperties": False,
        }
    }
    description = "When the task is due again; needs `due`."

    def __init__(self) -> None:
        self.example = {"rule": "FREQ=WEEKLY", "basis": SCHEDULE, "anchor": "2026-12-01"}
        self.schema = {"$ref": "#/components/schemas/Recurrence"}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, dict):
            faults.append(Fault(field, "wrong_type", f"{label(field)} must be an object or null"))
            return None
        faults += unknown_members(field, value, Wish.__struct_fields__)
        rule = _rule(f"{field}.rule", value.get("rule"), faults)
        basis = SCHEDULE if value.get("basis") is None else value["basis"]
        if basis not in (SCHEDULE, COMPLETION):
            sentence = f"Basis must be '{SCHEDULE}' or '{COMPLETION}'"
            faults.append(Fault(f"{field}.basis", "invalid_basis", sentence))
        anchor = parse_day(value.get("anchor"))
        if anchor is None and value.get("anchor") is not None:
            faults.append(Fault(f"{field}.anchor", "invalid_date", "Anchor must be a day like 2026-12-01"))
        return Wish(rule, basis, anchor)


def _rule(field: str, value: object, faults: list[Fault]) -> str:
    if isinstance(value, str):
        try:
            read(value)
        except Invalid as error:
            faults += error.faults
        return value
    if value is None:
        faults.append(Fault(field, "required", "Rule is required"))
    else:
        faults.append(Fault(field, "wrong_type", "Rule must be a string"))
    return ""


def parse_day(value: object) -> date | None:
    """Parse a day like 2026-12-01; None if it is no day of the calendar."""
    if isinstance(value, str) and _is_date(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return None


def check_zone(field: str, name: object, faults: list[Fault]) -> None:
    """Add a fault to `faults` unless this is the name of a time zone."""
    if not isinstance(name, str) or name not in NAMES:
        sentence = f"{label(field)} must be the exact name of a time zone, such as Europe/Berlin"
        faults.append(Fault(field, "unknown_time_zone", sentence))


def _reminder(field: str, value: object, faults: list[Fault]) -> Reminder | None:
    if not isinstance(value, dict) or len(value.keys() & {"minutes_before", "at"}) != 1:
        sentence = 'A reminder must be an object like {"minutes_before": 30} or {"at": "2026-12-01T09:00:00Z"}'
        faults.append(Fault(field, "invalid_reminder", sentence))
        return None
    faults += unknown_members(field, value, Reminder.__struct_fields__)
    if "at" in value:
        at = parse_instant(f"{field}.at", value["at"], faults)
        return Reminder(at=format_instant(at) if at else None)
    minutes = whole(value["minutes_before"])
    if type(minutes) is not int or not 0 <= minutes <= MINUTES_MAX:
        sentence = f"Minutes_before must be an integer from 0 to {MINUTES_MAX}"
        faults.append(Fault(f"{field}.minutes_before", "invalid_minutes", sentence))
        return None
    return Reminder(minutes)


_Instant: Any = Annotated[datetime, msgspec.Meta(tz=True)]


def parse_instant(field: str, value: object, faults: list[Fault]) -> datetime | None:
    """Parse an instant (RFC 3339), and return it in UTC."""
    with suppress(msgspec.ValidationError, OverflowError):
        if isinstance(value, str):
            moment: datetime = msgspec.convert(value, _Instant)
            return moment.astimezone(UTC)
    faults.append(
        Fault(field, "invalid_instant", "An instant must be a time with an offset, such as 2026-12-01T09:00:00Z")
    )
    return None


def format_instant(moment: datetime) -> str:
    """Write an instant in UTC with six digits of fraction."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
