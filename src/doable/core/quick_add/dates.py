"""What the phrases for dates and times mean."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from doable.core.quick_add.language import Language
from doable.core.quick_add.meaning import Meaning, Reading, Viewer, Words

_LEAP: Final = 9  # Among as many years there is always one with a 29 February.
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545 §3.3.10


def _day_word(words: Words, viewer: Viewer, language: Language) -> Meaning:
    return Meaning(day=viewer.today + timedelta(language.days[words["day"]]))


def _next_week(_words: Words, viewer: Viewer, _language: Language) -> Meaning:
    return Meaning(day=_week_after(viewer))


def _next_month(_words: Words, viewer: Viewer, _language: Language) -> Meaning:
    return Meaning(day=viewer.today.replace(day=1) + relativedelta(months=1))


def _ahead(words: Words, viewer: Viewer, language: Language) -> Meaning:
    return Meaning(day=viewer.today + _distance(words, language))


def _ahead_minutes(words: Words, viewer: Viewer, language: Language) -> Meaning:
    wall = viewer.wall(viewer.now + _distance(words, language))
    return Meaning(day=wall.date(), clock=f"{wall:%H:%M}")


def _distance(words: Words, language: Language) -> relativedelta:
    unit, number = language.units[words["unit"]], language.number(words["number"])
    return relativedelta(**{f"{unit}s": number})  # type: ignore[arg-type]  # its other arguments are no integers


def _date(words: Words, viewer: Viewer, language: Language) -> Meaning:
    return Meaning(day=_calendar(words.get("year"), *month_day(words, language), viewer))


def _slashed(words: Words, viewer: Viewer, _language: Language) -> Meaning:
    return Meaning(day=_calendar(words.get("year"), *slashed_month_day(words, viewer), viewer))


def month_day(words: Words, language: Language) -> tuple[int, int]:
    """Return a month, by name or number, and a day."""
    month = words["month"]
    return language.months.get(month) or int(month), int(words["day"])


def slashed_month_day(words: Words, viewer: Viewer) -> tuple[int, int]:
    one, two = int(words["one"]), int(words["two"])
    return (one, two) if viewer.date_order == "mdy" else (two, one)


def _calendar(year: str | None, month: int, day: int, viewer: Viewer) -> date:
    """A date without a year is the next one; today counts."""
    if year:
        return date(int(f"20{year}"[-4:]), month, day)
    for number in range(viewer.today.year, viewer.today.year + _LEAP):
        with suppress(ValueError):
            if (found := date(number, month, day)) >= viewer.today:
                return found
    raise ValueError


def _weekday(words: Words, viewer: Viewer, language: Language) -> Meaning:
    """The next one, never today."""
    return Meaning(day=_next(viewer.today + timedelta(1), words, language))


def _this_weekday(words: Words, viewer: Viewer, language: Language) -> Meaning:
    return Meaning(day=_next(viewer.today, words, language))


def _next_weekday(words: Words, viewer: Viewer, language: Language) -> Meaning:
    return Meaning(day=_next(_week_after(viewer), words, language))


def _next(day: date, words: Words, language: Language) -> date:
    """Return the first of these weekdays that is not before `day`."""
    return day + timedelta((language.weekdays[words["weekday"]] - day.weekday()) % 7)


def _week_after(viewer: Viewer) -> date:
    """Return the first day of the next week."""
    return viewer.today + timedelta(7 - (viewer.today.weekday() - WEEKDAYS.index(week_start(viewer))) % 7)


def week_start(viewer: Viewer) -> str:
    return viewer.week_start[:2].upper()


def _clock(words: Words, _viewer: Viewer, _language: Language) -> Meaning:
    return Meaning(clock=f"{int(words['hour']):02}:{words.get('minute', '00')}")


def _half_day(words: Words, _viewer: Viewer, _language: Language) -> Meaning:
    hour = int(words["hour"]) % 12 + (12 if words["half"] == "p" else 0)
    return Meaning(clock=f"{hour:02}:{words.get('minute', '00')}")


def _noon(_words: Words, _viewer: Viewer, _language: Language) -> Meaning:
    return Meaning(clock="12:00")


READINGS: Final[Mapping[str, Reading]] = {
    "day_word": _day_word,
    "next_week": _next_week,
    "next_month": _next_month,
    "ahead": _ahead,
    "ahead_minutes": _ahead_minutes,
    "date": _date,
    "slashed": _slashed,
    "weekday": _weekday,
    "last_word": _weekday,
    "this_weekday": _this_weekday,
    "next_weekday": _next_weekday,
    "clock": _clock,
    "half_day": _half_day,
    "noon": _noon,
}
