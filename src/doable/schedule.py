"""When a task is due, when it starts, and when it reminds: the values of these fields, and their rules."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Final

import msgspec

from doable.errors import Fault
from doable.fields import Input, Schema, unknown_members, whole
from doable.text import label
from doable.zones import NAMES

REMINDERS_MAX: Final = 20
MINUTES_MAX: Final = 527_040  # 366 days
CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
TIME: Final = f"^{CLOCK}$"
_is_date: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_is_time: Final = re.compile(CLOCK).fullmatch


class Due(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day, a time of that day wherever the viewer is, or a time in a time zone.

    `time` is HH:MM. `time_zone` is a name of the IANA database, and only beside a `time`.
    """

    date: date
    time: str | None = None
    time_zone: str | None = None


class Recurrence(msgspec.Struct, frozen=True):
    """`rule` is an RRULE value (RFC 5545 §3.3.10); `basis` is `schedule` or `completion`.

    `anchor` is the scheduled date of the present occurrence.
    """

    rule: str
    basis: str
    anchor: date


class Reminder(msgspec.Struct, frozen=True, omit_defaults=True):
    """Either a number of minutes before the task is due, or an instant (ISO 8601 in UTC, with microseconds)."""

    minutes_before: int | None = None
    at: str | None = None


class DueRule(Input):
    """A `Due`."""

    components: ClassVar[Schema] = {
        "Due": {
            "type": "object",
            "properties": {
                "date": {"type": "string", "format": "date", "description": "The day."},
                "time": {"type": "string", "pattern": TIME, "description": "The time of day. Absent: the whole day."},
                "time_zone": {
                    "type": "string",
                    "enum": sorted(NAMES),
                    "description": "The name of a time zone of the IANA database. Absent: wherever you are.",
                },
            },
            "required": ["date"],
            "dependentRequired": {"time_zone": ["time"]},
            "additionalProperties": False,
        }
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
        day = _day(value.get("date"))
        if day is None:
            faults.append(
                Fault(f"{field}.date", "invalid_date", f"{label(field)}.date must be a date such as 2026-12-01")
            )
        if "time" in value and not (isinstance(value["time"], str) and _is_time(value["time"])):
            sentence = f"{label(field)}.time must be a time of day such as 17:00"
            faults.append(Fault(f"{field}.time", "invalid_time", sentence))
        if "time_zone" in value:
            _check_zone(field, value, faults)
        return None if day is None or len(faults) > before else Due(day, value.get("time"), value.get("time_zone"))


class Zone(Input):
    """The name of a time zone."""

    def __init__(self, description: str) -> None:
        self.description = description
        self.example = "Europe/Berlin"
        self.schema = {"type": "string", "enum": sorted(NAMES)}

    def clean(self, field: str, value: object, faults: list[Fault]) -> object:
        if not isinstance(value, str) or value not in NAMES:
            faults.append(_unknown_zone(field, label(field)))
        return value


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


def _day(value: object) -> date | None:
    if isinstance(value, str) and _is_date(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return None


def _check_zone(field: str, value: Mapping[str, object], faults: list[Fault]) -> None:
    name = value["time_zone"]
    if not isinstance(name, str) or name not in NAMES:
        faults.append(_unknown_zone(f"{field}.time_zone", f"{label(field)}.time_zone"))
    elif "time" not in value:
        faults.append(Fault(f"{field}.time_zone", "needs_time", f"{label(field)}.time_zone needs a time"))


def _unknown_zone(field: str, said: str) -> Fault:
    return Fault(field, "unknown_time_zone", f"{said} must be the exact name of a time zone, such as Europe/Berlin")


def _reminder(field: str, value: object, faults: list[Fault]) -> Reminder | None:
    if not isinstance(value, dict) or len(value.keys() & {"minutes_before", "at"}) != 1:
        sentence = 'A reminder must be an object like {"minutes_before": 30} or {"at": "2026-12-01T09:00:00Z"}'
        faults.append(Fault(field, "invalid_reminder", sentence))
        return None
    faults += unknown_members(field, value, Reminder.__struct_fields__)
    if "at" in value:
        return Reminder(at=_instant(f"{field}.at", value["at"], faults))
    minutes = whole(value["minutes_before"])
    if type(minutes) is not int or not 0 <= minutes <= MINUTES_MAX:
        sentence = f"Minutes_before must be an integer from 0 to {MINUTES_MAX}"
        faults.append(Fault(f"{field}.minutes_before", "invalid_minutes", sentence))
        return None
    return Reminder(minutes)


_Instant: Any = Annotated[datetime, msgspec.Meta(tz=True)]


def _instant(field: str, value: object, faults: list[Fault]) -> str | None:
    """Parse an instant (RFC 3339), and return it in UTC."""
    with suppress(msgspec.ValidationError, OverflowError):
        if isinstance(value, str):
            moment: datetime = msgspec.convert(value, _Instant)
            return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    faults.append(
        Fault(field, "invalid_instant", "An instant must be a time with an offset, such as 2026-12-01T09:00:00Z")
    )
    return None
