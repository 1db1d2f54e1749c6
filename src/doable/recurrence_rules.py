"""Reads recurrence rules: RRULE values (RFC 5545 §3.3.10) without DTSTART and without times of the day.

A rule that no day matches is refused. So is one that costs too much: the limits here bound the cost of all others.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from doable.errors import Fault, Invalid
from doable.recurrence_days import Rule, Weekday, is_possible

RULE_MAX: Final = 500  # characters
LIST_MAX: Final = 62  # values; BYMONTHDAY has no more: 31 from the first day, and 31 from the last
COUNT_MAX: Final = 9999
INTERVAL_MAX: Final = 9999
_WEEKS_MAX: Final = 53  # in a year
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY: Final = re.compile(f"([+-]?[0-9]{{1,2}})?({'|'.join(_WEEKDAYS)})")
_UNTIL: Final = re.compile("[0-9]{8}(T([01][0-9]|2[0-3])([0-5][0-9]){2}Z?)?")
_TIMES: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_CHOOSING: Final = re.compile("INTERVAL|BY[A-Z]+")

Values: TypeAlias = dict[str, Any]  # by the name of the part
Reader: TypeAlias = Callable[[str], Any]  # returns None for a value that is not valid


@lru_cache(maxsize=4096)
def read(text: str) -> Rule:
    """Parse a rule. Raises Invalid with every fault."""
    if not text.isascii() or len(text) > RULE_MAX:
        raise invalid(f"Rule must be at most {RULE_MAX} ASCII characters")
    faults: list[str] = []
    values = _values(text.upper().split(";"), faults)
    if faults := faults or list(_conflicts(values)):
        raise invalid(*faults)
    rule = _rule(values)
    if not is_possible(rule):
        raise invalid(f"No day matches {choosing(text)}")
    return rule


def invalid(*messages: str) -> Invalid:
    return Invalid(*(Fault("recurrence.rule", "invalid_rule", message) for message in messages))


def choosing(text: str) -> str:
    """Name the parts of a rule that choose its days."""
    return " and ".join(_CHOOSING.findall(text.upper()))


def _values(parts: list[str], faults: list[str]) -> Values:
    """Return the value of each part. Adds a message to `faults` for each part that is not valid."""
    values: Values = {}
    for part in parts:
        name, _, value = part.partition("=")
        if name in values:
            faults.append(f"{name} is in the rule twice")
        elif name in _TIMES:
            faults.append(f"{name} is not supported: the time is in due")
        elif name not in _PARTS:
            faults.append(f"'{name}' is not a part of a rule")
        else:
            expected, reader = _PARTS[name]
            values[name] = reader(value)
            if values[name] is None:
                faults.append(f"{name} must be {expected}")
    return values


def _conflicts(values: Values) -> Iterator[str]:
    """Yield a message for each combination of parts that RFC 5545 §3.3.10 forbids."""
    frequency = values.get("FREQ")
    numbered = any(day.n for day in values.get("BYDAY", ()))
    if frequency is None:
        yield "FREQ is missing"
    if "COUNT" in values and "UNTIL" in values:
        yield "COUNT and UNTIL can't be in one rule"
    if "BYWEEKNO" in values and frequency != "YEARLY":
        yield "BYWEEKNO needs FREQ=YEARLY"
    if "BYYEARDAY" in values and frequency != "YEARLY":
        yield "BYYEARDAY needs FREQ=YEARLY"
    if "BYMONTHDAY" in values and frequency == "WEEKLY":
        yield "BYMONTHDAY can't be in a rule with FREQ=WEEKLY"
    if numbered and (frequency not in {"MONTHLY", "YEARLY"} or "BYWEEKNO" in values):
        yield "BYDAY can have numbers only with FREQ=MONTHLY, or with FREQ=YEARLY without BYWEEKNO"
    if "BYSETPOS" in values and _BY.isdisjoint(values):
        yield "BYSETPOS needs another BY part"
    if frequency == "DAILY" and not {1, -1}.intersection(values.get("BYSETPOS", (1,))):
        yield "BYSETPOS can only be 1 or -1 with FREQ=DAILY: a day has one match"


def _rule(values: Values) -> Rule:
    frequency = values["FREQ"]
    return Rule(
        frequency,
        values.get("INTERVAL", 1),
        values.get("WKST", 0),
        values.get("COUNT"),
        values.get("UNTIL"),
        # A day is the first and the last of its own.
        () if frequency == "DAILY" else values.get("BYSETPOS", ()),
        {name.lower(): value for name, value in values.items() if name in _BY},
    )


def _integer(most: int) -> tuple[str, Reader]:
    def read(text: str) -> int | None:
        return int(text) if text.isdigit() and 1 <= int(text) <= most else None

    return f"a number from 1 to {most}", read


def _integers(most: int, sign: str = "[+-]?") -> tuple[str, Reader]:
    pattern = re.compile(f"{sign}[0-9]{{1,3}}")

    def read(text: str) -> tuple[int, ...] | None:
        texts = text.split(",")
        if len(texts) > LIST_MAX or not all(pattern.fullmatch(one) and 1 <= abs(int(one)) <= most for one in texts):
            return None
        return tuple({int(one) for one in texts})

    signed = f" or -{most} to -1" if sign else ""
    return f"up to {LIST_MAX} numbers from 1 to {most}{signed}, with commas between them", read


def _weekdays(text: str) -> tuple[Weekday, ...] | None:
    days = [_WEEKDAY.fullmatch(one) for one in text.split(",")]
    if len(days) > LIST_MAX or not all(day and (day[1] is None or 1 <= abs(int(day[1])) <= _WEEKS_MAX) for day in days):
        return None
    return tuple({Weekday(_WEEKDAYS.index(day[2]), int(day[1]) if day[1] else None) for day in days if day})


def _until(text: str) -> date | None:
    if not _UNTIL.fullmatch(text):
        return None
    with suppress(ValueError):  # such as 30 February
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return None


_PARTS: Final[dict[str, tuple[str, Reader]]] = {
    "FREQ": ("DAILY, WEEKLY, MONTHLY or YEARLY", {name: name for name in _FREQUENCIES}.get),
    "INTERVAL": _integer(INTERVAL_MAX),
    "COUNT": _integer(COUNT_MAX),
    "UNTIL": ("a day like 20261231, or a time like 20261231T170000 or 20261231T160000Z", _until),
    "WKST": (f"one of {', '.join(_WEEKDAYS)}", {day: number for number, day in enumerate(_WEEKDAYS)}.get),
    "BYMONTH": _integers(12, sign=""),
    "BYMONTHDAY": _integers(31),
    "BYYEARDAY": _integers(366),
    "BYWEEKNO": _integers(_WEEKS_MAX),
    "BYDAY": (f"up to {LIST_MAX} weekdays like MO or -1FR, with commas between them", _weekdays),
    "BYSETPOS": _integers(366),
}
_BY: Final = frozenset({"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY"})
