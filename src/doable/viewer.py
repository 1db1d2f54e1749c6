"""The user who looks at tasks: their time zone and the moment decide which day is today."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from doable.zones import instant, zone

_MINUTE: Final = timedelta(minutes=1)
_MINUTES: Final = 24 * 60  # of a day


@dataclass(frozen=True)
class Viewer:
    """`now` is an instant in UTC; `time_zone` is one of `zones.NAMES`."""

    now: datetime
    time_zone: str

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(zone(self.time_zone)).date()

    def start(self, day: date) -> datetime:
        """Return the first instant of a day."""
        return instant(datetime.combine(day, time()), self.time_zone)

    @cached_property
    def passed_times(self) -> list[tuple[str, str]]:
        """The times of today that have passed: from HH:MM up to another, without that.

        On a day when clocks change, times before the change and times after it can have passed separately.
        """
        first, last = self._midnight(0), self._midnight(_MINUTES - 1)
        change = _MINUTES
        if first != last:
            change = bisect_left(range(_MINUTES), 1, key=lambda minute: self._midnight(minute) != first)
        passed = [(0, min(self._minutes_since(first), change))]
        if self._minutes_since(last) > change:
            passed.append((change, self._minutes_since(last)))
        return [(_text(start), _text(end)) for start, end in passed]

    def _midnight(self, minute: int) -> datetime:
        """Return the instant of today's 00:00 if the clocks had all day been as they are at this minute."""
        since = minute * _MINUTE
        return instant(datetime.combine(self.today, time()) + since, self.time_zone) - since

    def _minutes_since(self, moment: datetime) -> int:
        """Return how many times HH:MM there are from a midnight up to now, without now."""
        return -((moment - self.now) // _MINUTE)


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
