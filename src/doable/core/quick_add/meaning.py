"""What phrases mean, and for which viewer."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple, TypeAlias, TypedDict

from doable import zones
from doable.core.quick_add.language import Language

Words: TypeAlias = Mapping[str, str]  # the parts of a phrase by name, without those that are missing


@dataclass(frozen=True)
class Viewer:
    """The moment, and the settings of the user. `now` is in UTC, and `zone` is one of `zones.NAMES`.

    `date_order` is `dmy` or `mdy`, `week_start` is `monday`, `sunday` or `saturday`.
    """

    now: datetime
    zone: str
    date_order: str
    week_start: str

    def wall(self, instant: datetime) -> datetime:
        """Return the wall time of an instant where the viewer is, without a zone."""
        with suppress(OverflowError):  # within a day of the year 1 or 10000
            instant = instant.astimezone(zones.zone(self.zone))
        return instant.replace(tzinfo=None)

    @cached_property
    def today(self) -> date:
        return self.wall(self.now).date()

    def is_past(self, day: date, clock: str | None) -> bool:
        """Whether this day has ended, or this time (HH:MM) of the day has come."""
        if clock is None:
            return day < self.today
        return zones.instant(datetime.combine(day, time.fromisoformat(clock)), self.zone) <= self.now

    def next_day(self, clock: str) -> date:
        """Return the first day on which this time has not come yet."""
        with suppress(OverflowError):
            return self.today + timedelta(self.is_past(self.today, clock))
        return self.today


class Rule(NamedTuple):
    """A rule as in RFC 5545 §3.3.10. `by` has its parts that begin with BY."""

    frequency: str
    interval: int
    by: str
    basis: str
    week_start: str = ""

    def __str__(self) -> str:
        interval = f"INTERVAL={self.interval}" if self.interval > 1 else ""
        start = f"WKST={self.week_start}" if self.week_start else ""
        return ";".join(filter(None, (f"FREQ={self.frequency}", interval, self.by, start)))


class Meaning(TypedDict, total=False):
    """What a phrase sets. `clock` is HH:MM."""

    day: date
    clock: str
    rule: Rule
    priority: str
    list_index: int
    label: str


class Found(NamedTuple):
    """A part of the text that is understood, in code points. `is_last_word`: only as the last word."""

    start: int
    end: int
    meaning: Meaning
    is_last_word: bool = False


# Raises ValueError or OverflowError if the phrase has no meaning, such as 30 February.
Reading: TypeAlias = Callable[[Words, Viewer, Language], Meaning]
