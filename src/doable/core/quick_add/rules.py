"""What the phrases for rules mean, and where a rule starts."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Final

from dateutil.rrule import rrulestr

from doable.core.quick_add.dates import WEEKDAYS, month_day, slashed_month_day, week_start
from doable.core.quick_add.language import Language
from doable.core.quick_add.meaning import Meaning, Reading, Rule, Viewer, Words
from doable.schedule import Recurrence

_FREQUENCIES: Final = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_WORKDAYS: Final = "BYDAY=MO,TU,WE,TH,FR"
_SHORTEST: Final = 28  # days of a month
_LATE: Final = frozenset({29, 30})
_LAST: Final = 31
_LEAP_YEAR: Final = 2000
_LEAP_DAY: Final = (2, 29)


def _rule(words: Words, language: Language, frequency: str, by: str = "", start: str = "") -> Meaning:
    interval = language.number(words.get("interval", "1"))
    basis = "completion" if "completion" in words else "schedule"
    return Meaning(rule=Rule(frequency, interval, by, basis, start))


def _interval(words: Words, _viewer: Viewer, language: Language) -> Meaning:
    return _rule(words, language, _FREQUENCIES[language.units[words["unit"]]])


def _weekly_workdays(words: Words, viewer: Viewer, language: Language) -> Meaning:
    return _rule(words, language, "WEEKLY", _WORKDAYS, _week_start(words, viewer))


def _weekly_days(words: Words, viewer: Viewer, language: Language) -> Meaning:
    days = sorted({language.weekdays[word] for word in _listed(words["days"], language.weekdays)})
    start = _week_start(words, viewer) if len(days) > 1 else ""
    return _rule(words, language, "WEEKLY", f"BYDAY={_joined(WEEKDAYS[day] for day in days)}", start)


def _week_start(words: Words, viewer: Viewer) -> str:
    """Return the WKST that the rule needs: in every second week, the days depend on where a week starts."""
    start = week_start(viewer)
    return start if "interval" in words and start != WEEKDAYS[0] else ""


def _monthly_weekday(words: Words, _viewer: Viewer, language: Language) -> Meaning:
    return _rule(words, language, "MONTHLY", _placed_weekday(words, language))


def _yearly_weekday(words: Words, _viewer: Viewer, language: Language) -> Meaning:
    by = f"BYMONTH={language.months[words['month']]};{_placed_weekday(words, language)}"
    return _rule(words, language, "YEARLY", by)


def _placed_weekday(words: Words, language: Language) -> str:
    code = WEEKDAYS[language.weekdays[words["weekday"]]]
    return f"BYDAY={_joined(f'{place}{code}' for place in _places(words, language))}"


def _monthly_workday(words: Words, _viewer: Viewer, language: Language) -> Meaning:
    return _rule(words, language, "MONTHLY", f"{_WORKDAYS};BYSETPOS={_joined(_places(words, language))}")


def _places(words: Words, language: Language) -> list[int]:
    """Return places in a month, the last one (-1) at the end."""
    found = {language.number(word) for word in _listed(words["places"], language.numbers)}
    return sorted(found, key=lambda place: (place < 0, place))


def _monthly_place(words: Words, _viewer: Viewer, language: Language) -> Meaning:
    return _rule(words, language, "MONTHLY", f"BYMONTHDAY={language.number(words['place'])}")


def _monthly_days(words: Words, _viewer: Viewer, language: Language) -> Meaning:
    return _rule(words, language, "MONTHLY", _month_days(map(language.number, _listed(words["days"], {}))))


def _listed(text: str, known: Iterable[str]) -> list[str]:
    """Return the words of a list that are known or begin with a digit."""
    return [word for word in re.findall(r"\w+", text) if word in known or word[0].isdigit()]


def _month_days(days: Iterable[int]) -> str:
    """Return parts that match in every month.

    The 31st is the last day. The 29th or the 30th is the last day of the month up to it.
    """
    *early, last = sorted(set(days))
    if last in _LATE and not _LATE.intersection(early):
        places = [*range(1, len(early) + 1), -1]
        return f"BYMONTHDAY={_joined(sorted({*early, *range(_SHORTEST, last + 1)}))};BYSETPOS={_joined(places)}"
    return f"BYMONTHDAY={_joined([*early, -1 if last == _LAST else last])}"


def _joined(values: Iterable[object]) -> str:
    return ",".join(map(str, values))


def _yearly(words: Words, _viewer: Viewer, language: Language) -> Meaning:
    return _every_year(words, language, *month_day(words, language))


def _yearly_slashed(words: Words, viewer: Viewer, language: Language) -> Meaning:
    return _every_year(words, language, *slashed_month_day(words, viewer))


def _every_year(words: Words, language: Language, month: int, day: int) -> Meaning:
    date(_LEAP_YEAR, month, day)  # raises ValueError if there is no such day
    return _rule(words, language, "YEARLY", _year_day(month, day))


def _year_day(month: int, day: int) -> str:
    """Return parts that match in every year: 29 February is the last day of that month."""
    return f"BYMONTH={month};BYMONTHDAY={-1 if (month, day) == _LEAP_DAY else day}"


def start(rule: Rule, day: date, is_past: Callable[[date], bool]) -> Recurrence:
    """Start a rule at its first match from `day` on that is not in the past.

    The interval counts from the first match. So it only matters where the rule has no days of its own.
    """
    settled = _settled(rule, day)
    counted = settled._replace(interval=1) if rule.by else settled
    return Recurrence(str(settled), rule.basis, _first(counted, day, is_past))


def _settled(rule: Rule, day: date) -> Rule:
    """Return the rule for a series that begins on this day, so that it skips no month or year without this day."""
    if not rule.by and rule.frequency == "MONTHLY" and day.day > _SHORTEST:
        return rule._replace(by=_month_days([day.day]))
    if not rule.by and rule.frequency == "YEARLY" and (day.month, day.day) == _LEAP_DAY:
        return rule._replace(by=_year_day(*_LEAP_DAY))
    return rule


def _first(rule: Rule, day: date, is_past: Callable[[date], bool]) -> date:
    """Return the first match from `day` on; `day` if there is none before the year 10000."""
    matches = rrulestr(str(rule), dtstart=datetime.combine(day, time.min))
    return next((found for match in matches if not is_past(found := match.date())), day)


READINGS: Final[Mapping[str, Reading]] = {
    "interval": _interval,
    "weekly_workdays": _weekly_workdays,
    "weekly_days": _weekly_days,
    "monthly_weekday": _monthly_weekday,
    "monthly_workday": _monthly_workday,
    "monthly_place": _monthly_place,
    "monthly_days": _monthly_days,
    "yearly": _yearly,
    "yearly_slashed": _yearly_slashed,
    "yearly_weekday": _yearly_weekday,
}
