"""The days of a recurrence rule.

Without INTERVAL, the days that match depend only on the kind of the year, and there are 28 kinds. A set of days is a
number with a bit for each day. So on one core, a year of any rule takes 1 µs, and a kind of year up to 0.1 ms.
The longest search, for a day that never comes, takes 3 ms.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

_CYCLE: Final = 400  # years, until weekdays, leap years and weeks repeat
_WEEK: Final = 7
_DAY_PARTS: Final = frozenset({"bymonthday", "byyearday", "byday"})

Frequency: TypeAlias = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
Days: TypeAlias = int  # a set: the bit of 1 January is 1 << _WEEK, as a week can begin before the year


class Weekday(NamedTuple):
    """`day` is 0 for Monday. `n` is its place in the month or the year: 1 is the first, -1 the last."""

    day: int
    n: int | None = None


class Rule(msgspec.Struct, frozen=True):
    """`week_start` is 0 for Monday. `until` is a day, or a time, which is aware if it is in UTC.

    `by` has the BY parts, by their names in lower case, but BYSETPOS is in `positions`.
    """

    frequency: Frequency
    interval: int
    week_start: int
    count: int | None
    until: date | None
    positions: tuple[int, ...]
    by: Mapping[str, tuple[Any, ...]]


def matches(rule: Rule, anchor: date, first: date) -> Iterator[date]:
    """Yield the days that match, in order, from `first` on, until there is none for 400 years.

    INTERVAL and what the rule leaves out count from `anchor`; no day before it matches. COUNT and UNTIL have no effect.
    """
    for january, days in _years(rule, anchor, max(first, anchor)):
        for day in _listed(days):
            yield date.fromordinal(january + day)


def passed(rule: Rule, anchor: date, day: date, most: int) -> int:
    """Count the matches from `anchor` on that are before a day, up to `most`."""
    number = 0
    for january, days in _years(rule, anchor, anchor):
        before = day.toordinal() - january
        if before <= 0 or number >= most:
            break
        number += (days & _block(-_WEEK, _WEEK + min(before, 366))).bit_count()
    return min(number, most)


def first_match(rule: Rule, anchor: date) -> date | None:
    """Return the first day that matches, from `anchor` on."""
    return next(matches(rule, anchor, anchor), None)


def is_possible(rule: Rule) -> bool:
    """Whether a day matches in any kind of year, with INTERVAL=1. If the anchor decides that, it may."""
    return _needs_anchor(rule) or any(_matching(rule, year) for year in set(_LIKE))


def _needs_anchor(rule: Rule) -> bool:
    """Whether the rule leaves out which days match."""
    return _DAY_PARTS.isdisjoint(rule.by)


def _filled(rule: Rule, anchor: date) -> Rule:
    """Add what the rule leaves out (RFC 5545 §3.3.10; RFC 8984 §4.3.3 says more)."""
    by = rule.by
    if rule.frequency == "DAILY" or not _needs_anchor(rule):
        return rule
    if rule.frequency == "WEEKLY" or "byweekno" in by:
        return replace(rule, by={**by, "byday": (Weekday(anchor.weekday()),)})
    month = {"bymonth": (anchor.month,)} if rule.frequency == "YEARLY" else {}
    return replace(rule, by={**month, **by, "bymonthday": (anchor.day,)})


def _years(rule: Rule, anchor: date, first: date) -> Iterator[tuple[int, Days]]:
    """Yield each year that has matches from `first` on: the ordinal of its 1 January, and these days."""
    rule = _filled(rule, anchor)
    kinds: dict[int, Days] = {}
    latest = first.year
    for year in range(first.year, date.max.year + 1):
        like = _LIKE[year % _CYCLE]
        days = kinds.get(like)
        if days is None:
            days = kinds[like] = _matching(rule, like)
        if days and rule.interval > 1:
            days &= _counted(rule, anchor, year)
        january = date(year, 1, 1).toordinal() if days else 0
        if year == first.year:
            days &= -1 << (_WEEK + first.timetuple().tm_yday - 1)
        if days:
            latest = year
            yield january, days
        elif year - latest >= _CYCLE:
            return


def _counted(rule: Rule, anchor: date, year: int) -> Days:
    """Return the days that are in a period which INTERVAL counts."""
    if rule.frequency == "YEARLY":
        return -1 if (year - anchor.year) % rule.interval == 0 else 0
    if rule.frequency == "MONTHLY":
        first = (12 * (anchor.year - year) + anchor.month - 1) % rule.interval
        return _repeated_months(_LIKE[year % _CYCLE], first, rule.interval)
    size = _WEEK if rule.frequency == "WEEKLY" else 1
    origin = anchor.toordinal() - (anchor.weekday() - rule.week_start) % size
    step = size * rule.interval
    return _repeated(size, step) << (origin - date(year, 1, 1).toordinal() + _WEEK) % step


@lru_cache(maxsize=1024)
def _repeated_months(year: int, first: int, step: int) -> Days:
    return sum(_block(month.start, len(month)) for month in _months(year)[first::step])


@lru_cache(maxsize=1024)
def _repeated(size: int, step: int) -> Days:
    """Return blocks of `size` days, with `step` days from one to the next."""
    return sum(_block(start, size) for start in range(-_WEEK, 366, step))


def _matching(rule: Rule, year: int) -> Days:
    """Return the days of a year that match with INTERVAL=1."""
    days = _block(-_WEEK, 366 + 2 * _WEEK)
    in_month = rule.frequency == "MONTHLY" or "bymonth" in rule.by
    for part, values in rule.by.items():
        some = 0
        for value in values:
            some |= _matching_part(year, part, value, rule.week_start, in_month)
        days &= some
    if rule.positions:
        days = sum(_chosen(days & period, rule.positions) for period in _periods(rule, year))
    return days & _block(0, _length(year))


@lru_cache(maxsize=4096)
def _matching_part(year: int, part: str, value: Any, week_start: int, in_month: bool) -> Days:  # noqa: FBT001
    """Return the days that match a value of a BY part. The weeks around the year count for `bymonth` and `byday`."""
    months, length = _months(year), _length(year)
    if part == "bymonth":
        around = {1: range(length, length + _WEEK), 12: range(-_WEEK, 0)}
        return _set(chain(months[value - 1], around.get(value, ())))
    if part == "bymonthday":
        return _set([month[value - (value > 0)] for month in months if abs(value) <= len(month)])
    if part == "byyearday":
        return _set(_nth(range(length), value))
    if part == "byweekno":
        weeks = chain.from_iterable(_nth(_weeks(year, one, week_start), value) for one in (year - 1, year, year + 1))
        return sum(_block(week, _WEEK) for week in weeks if -_WEEK < week < length)
    if value.n is None:
        return _set(_weekdays(year, range(-_WEEK, length + _WEEK), value.day))
    spans = months if in_month else [range(length)]
    return _set(chain.from_iterable(_nth(_weekdays(year, span, value.day), value.n) for span in spans))


def _periods(rule: Rule, year: int) -> Iterator[Days]:
    """Yield the periods of a year, the weeks with all their days."""
    if rule.frequency == "WEEKLY":
        first = (rule.week_start - _weekday(year)) % _WEEK - _WEEK
        return (_block(week, _WEEK) for week in range(first, _length(year), _WEEK))
    spans = _months(year) if rule.frequency == "MONTHLY" else [range(_length(year))]
    return (_block(span.start, len(span)) for span in spans)


def _chosen(days: Days, positions: tuple[int, ...]) -> Days:
    """Apply BYSETPOS to the days of a period."""
    number = days.bit_count()
    places = {one - 1 if one > 0 else one + number for one in positions if abs(one) <= number}
    listed = list(_listed(days)) if places else []
    return _set(listed[place] for place in places)


def _block(first: int, length: int) -> Days:
    return ((1 << length) - 1) << (first + _WEEK)


def _set(days: Iterable[int]) -> Days:
    """Return a set of different days, as their distances from 1 January."""
    return sum([1 << (day + _WEEK) for day in days])


def _listed(days: Days) -> Iterator[int]:
    """Yield the days of a set, as their distances from 1 January, in order."""
    while days:
        last = days & -days
        yield last.bit_length() - 1 - _WEEK
        days ^= last


def _nth(days: range, n: int) -> tuple[int, ...]:
    """Return the nth day, from the first (1) or from the last (-1), if there is one."""
    return (days[n - 1 if n > 0 else n],) if abs(n) <= len(days) else ()


@lru_cache(maxsize=64)
def _months(year: int) -> tuple[range, ...]:
    ends = [0, *accumulate(monthrange(year, month)[1] for month in range(1, 13))]
    return tuple(range(*pair) for pair in pairwise(ends))


@lru_cache(maxsize=1024)
def _weeks(year: int, other: int, week_start: int) -> range:
    """Return where the weeks of another year begin. A week belongs to the year of its fourth day."""
    begin, end = (date(one, 1, 4).toordinal() for one in (other, other + 1))
    begin, end = (day - (day - 1 - week_start) % _WEEK - date(year, 1, 1).toordinal() for day in (begin, end))
    return range(begin, end, _WEEK)


def _weekdays(year: int, span: range, weekday: int) -> range:
    return range(span.start + (weekday - _weekday(year) - span.start) % _WEEK, span.stop, _WEEK)


def _weekday(year: int) -> int:
    """Return the weekday of 1 January."""
    return date(year, 1, 1).weekday()


def _length(year: int) -> int:
    return 365 + isleap(year)


def _kind(year: int) -> tuple[int, bool, bool, bool]:
    return _weekday(year), isleap(year - 1), isleap(year), isleap(year + 1)


_CYCLE_YEARS: Final = range(5 * _CYCLE, 6 * _CYCLE)
_FIRST_OF_KIND: Final = {_kind(year): year for year in reversed(_CYCLE_YEARS)}
_LIKE: Final = tuple(_FIRST_OF_KIND[_kind(year)] for year in _CYCLE_YEARS)  # a year of the same kind
