"""Where a recurring task goes when it is completed or skipped, and which days are ahead of it.

The caller gives the moment and the viewer's time zone. `recurrence_rules` reads the rules, `recurrence_days` lists
their days. On one core, `parse` takes 3 µs for a known rule and 0.1 ms for a new one, `settle` 0.1 ms, and `complete`
0.1 ms, near the anchor or 20 years later. COUNT adds 10 µs for each match that was passed.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import chain, islice, takewhile
from typing import Final

import msgspec
from msgspec.structs import replace

from doable import zones
from doable.core.recurrence_days import Rule, first_match, matches
from doable.core.recurrence_rules import choosing, invalid, read
from doable.core.validation import stray_faults
from doable.errors import Fault, Invalid
from doable.schedule import Due, Recurrence

SCHEDULE: Final = "schedule"
COMPLETION: Final = "completion"
_MEMBERS: Final = frozenset({"recurrence.rule", "recurrence.basis", "recurrence.anchor"})
_DATE: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT: Final = re.compile("(?<=COUNT=)[0-9]+", re.IGNORECASE)


class Wish(msgspec.Struct, frozen=True):
    """A recurrence as a client sends it. `anchor` is None if the client left it out."""

    rule: str
    basis: str
    anchor: date | None


class Occurrence(msgspec.Struct, frozen=True):
    """What differs between the occurrences of a task. `at` has the instants of its reminders."""

    due: Due
    recurrence: Recurrence
    start: Due | None = None
    at: tuple[datetime, ...] = ()


def parse(value: object) -> Wish:
    """Check a recurrence without its due date. Raises Invalid with every fault."""
    if not isinstance(value, dict):
        raise Invalid(Fault("recurrence", "wrong_type", "Recurrence must be an object or null"))
    faults = stray_faults([f"recurrence.{name}" for name in value], _MEMBERS, frozenset())
    rule = _rule(value.get("rule"), faults)
    basis = _basis(value.get("basis"), faults)
    anchor = _anchor(value.get("anchor"), faults)
    if faults:
        raise Invalid(*faults)
    return Wish(rule, basis, anchor)


def settle(wish: Wish, due: Due | None) -> Recurrence:
    """Anchor a recurrence, by default at its due date. Raises Invalid if no day matches, or if there is no due date."""
    if due is None:
        raise Invalid(Fault("recurrence", "needs_due", "Recurrence needs a due date"))
    anchor = wish.anchor or due.date
    rule = read(wish.rule)
    first = first_match(rule, anchor)
    if first is None:
        raise invalid(f"No day matches {choosing(wish.rule)}, counted from {anchor}")
    if _is_over(rule, due, first):
        raise invalid(f"UNTIL is before the first day that matches, {first}")
    return Recurrence(wish.rule, wish.basis, anchor)


def complete(occurrence: Occurrence, moment: datetime, zone: str) -> Occurrence | None:
    """Return the occurrence after one that is completed at `moment`; None if no match is left.

    `zone` is the name of the viewer's time zone.
    """
    if occurrence.recurrence.basis == COMPLETION:
        day = _day(moment, zone)
        return _next(occurrence, day, day, moment, zone)
    return _next_on_schedule(occurrence, moment, zone)


def skip(occurrence: Occurrence, moment: datetime, zone: str) -> Occurrence | None:
    """Return the occurrence after one that is skipped at `moment`; None if no match is left.

    It is always later than the one that is skipped, and never in the past.
    """
    if occurrence.recurrence.basis == COMPLETION:
        day = max(_day(moment, zone), occurrence.due.date, occurrence.recurrence.anchor)
        return _next(occurrence, day, day, moment, zone)
    return _next_on_schedule(occurrence, moment, zone)


def occurrences(due: Due, recurrence: Recurrence, first: date, last: date, limit: int) -> list[Due]:
    """Return the present occurrence and those after it, from the day `first` to `last`, at most `limit`.

    Those counted from completion are the ones that come if each is completed on its day.
    """
    if recurrence.basis == COMPLETION:
        base = after = due.date
    else:
        base, after = recurrence.anchor, max(due.date, recurrence.anchor)
    days = chain((due.date,), _ahead(due, recurrence, base, after, first))
    found = (day for day in takewhile(lambda day: day <= last, days) if day >= first)
    return [replace(due, date=day) for day in islice(found, limit)]


def _rule(value: object, faults: list[Fault]) -> str:
    if isinstance(value, str):
        try:
            read(value)
        except Invalid as error:
            faults += error.faults
        return value
    if value is None:
        faults.append(Fault("recurrence.rule", "required", "Rule is required"))
    else:
        faults.append(Fault("recurrence.rule", "wrong_type", "Rule must be a string"))
    return ""


def _basis(value: object, faults: list[Fault]) -> str:
    if value is None or value == SCHEDULE:
        return SCHEDULE
    if value != COMPLETION:
        faults.append(Fault("recurrence.basis", "invalid_basis", f"Basis must be '{SCHEDULE}' or '{COMPLETION}'"))
    return COMPLETION


def _anchor(value: object, faults: list[Fault]) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):  # such as 30 February
            return date.fromisoformat(value)
    faults.append(Fault("recurrence.anchor", "invalid_date", "Anchor must be a day like 2026-12-01"))
    return None


def _next_on_schedule(occurrence: Occurrence, moment: datetime, zone: str) -> Occurrence | None:
    anchor = occurrence.recurrence.anchor
    return _next(occurrence, anchor, max(occurrence.due.date, anchor), moment, zone)


def _next(occurrence: Occurrence, base: date, after: date, moment: datetime, zone: str) -> Occurrence | None:
    """Move to the first match after the day `after` that is not in the past, counted from the day `base`."""
    due, recurrence = occurrence.due, occurrence.recurrence
    place = due.time_zone or zone
    # A day before today can't be open, except where a time zone has left out a day.
    days = _ahead(due, recurrence, base, after, _later(_day(moment, place), -1))
    day = next((day for day in days if _is_open(due, day, moment, place)), None)
    if day is None:
        return None
    by = (day - due.date).days
    return Occurrence(
        replace(due, date=day),
        Recurrence(_lowered(recurrence, day), recurrence.basis, day),
        occurrence.start and replace(occurrence.start, date=_later(occurrence.start.date, by)),
        tuple(_moved(at, by, place) for at in occurrence.at) if by else occurrence.at,
    )


def _ahead(due: Due, recurrence: Recurrence, base: date, after: date, first: date) -> Iterator[date]:
    """Yield the matches after the day `after`, from `first` on, until COUNT or UNTIL ends the rule."""
    rule = read(recurrence.rule)
    following = _later(after, 1)
    if rule.count is None:
        days = matches(rule, base, max(following, first))
    else:
        days = islice(matches(rule, base, following), rule.count - _passed(rule, recurrence, following))
    for day in days:
        if _is_over(rule, due, day):
            return
        if day > after and day >= first:
            yield day


def _passed(rule: Rule, recurrence: Recurrence, day: date) -> int:
    """Count the matches from the anchor until `day`. If they count from completion, only the anchor can be one."""
    anchor = recurrence.anchor
    days = islice(matches(rule, anchor, anchor), rule.count)
    if recurrence.basis == COMPLETION:
        return int(next(days, None) == anchor)
    return sum(1 for _ in takewhile(lambda one: one < day, days))


def _lowered(recurrence: Recurrence, day: date) -> str:
    """Return the rule with what remains of COUNT at `day`."""
    rule = read(recurrence.rule)
    if rule.count is None:
        return recurrence.rule
    return _COUNT.sub(str(rule.count - _passed(rule, recurrence, day)), recurrence.rule)


def _is_over(rule: Rule, due: Due, day: date) -> bool:
    """Whether UNTIL is before `day`. Without a time zone in `due`, the Z of UTC has no meaning."""
    until = rule.until
    if until is None:
        return False
    if not isinstance(until, datetime):
        return day > until
    if due.time is None:
        return day > until.date()
    if until.tzinfo and due.time_zone:
        return zones.instant(_wall(day, due.time), due.time_zone) > until
    return _wall(day, due.time) > until.replace(tzinfo=None)


def _is_open(due: Due, day: date, moment: datetime, place: str) -> bool:
    """Whether a day, or a time of that day, has not passed yet."""
    if due.time is None:
        return day >= _day(moment, place)
    return zones.instant(_wall(day, due.time), place) > moment


def _wall(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def _day(moment: datetime, zone: str) -> date:
    """Return the day of a moment in a time zone."""
    with suppress(OverflowError):  # in the first or the last hours of the calendar
        return moment.astimezone(zones.zone(zone)).date()
    return moment.date()


def _later(day: date, days: int) -> date:
    """Add days to a day, within the calendar."""
    with suppress(OverflowError):
        return day + timedelta(days)
    return date.max if days > 0 else date.min


def _moved(at: datetime, days: int, place: str) -> datetime:
    """Move an instant by days, to the same wall time of a time zone. Beyond the calendar, it stays."""
    with suppress(OverflowError):
        wall = at.astimezone(zones.zone(place)).replace(tzinfo=None)
        return zones.instant(wall + timedelta(days), place)
    return at
