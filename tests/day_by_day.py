"""Recurrence rules evaluated without a library, by looking at every day, and random rules to evaluate."""

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from random import Random

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)


def evaluate(rule: str, anchor: date, last: date) -> list[date]:
    """The days from the anchor to the last that match, whatever COUNT and UNTIL say."""
    evaluator = Evaluator(rule, anchor)
    matching: list[date] = []
    for number, days in groupby(evaluator.days(last), key=evaluator.period):
        if (number - evaluator.period(anchor)) % evaluator.interval == 0:
            matching += evaluator.chosen([day for day in days if evaluator.fits(day)])
    return [day for day in matching if anchor <= day <= last]


class Evaluator:
    def __init__(self, rule: str, anchor: date) -> None:
        parts = dict(part.split("=") for part in rule.split(";"))
        self.frequency = parts.pop("FREQ")
        self.interval = int(parts.pop("INTERVAL", "1"))
        self.week_start = WEEKDAYS.index(parts.pop("WKST", "MO"))
        self.parts = {name: value.split(",") for name, value in parts.items() if name not in ("COUNT", "UNTIL")}
        self.anchor = anchor
        if {"BYMONTHDAY", "BYYEARDAY", "BYDAY"}.isdisjoint(self.parts):
            self.take_from_anchor()

    def take_from_anchor(self) -> None:
        if self.frequency == "WEEKLY" or "BYWEEKNO" in self.parts:
            self.parts["BYDAY"] = [WEEKDAYS[self.anchor.weekday()]]
        elif self.frequency in ("MONTHLY", "YEARLY"):
            self.parts["BYMONTHDAY"] = [str(self.anchor.day)]
            if self.frequency == "YEARLY":
                self.parts.setdefault("BYMONTH", [str(self.anchor.month)])

    def days(self, last: date) -> Iterator[date]:
        """Every day of every period that has a day from the anchor to the last."""
        day = self.anchor
        while day > date.min and self.period(day - DAY) == self.period(self.anchor):
            day -= DAY
        while self.period(day) <= self.period(last):
            yield day
            if day == date.max:
                return
            day += DAY

    def period(self, day: date) -> int:
        match self.frequency:
            case "DAILY":
                return day.toordinal()
            case "WEEKLY":
                return (day.toordinal() + 6 - self.week_start) // 7  # Day 1 of the calendar is a Monday.
            case "MONTHLY":
                return 12 * day.year + day.month
        return day.year

    def chosen(self, days: list[date]) -> list[date]:
        if "BYSETPOS" not in self.parts:
            return days
        numbered = {**dict(enumerate(days, 1)), **{n - len(days): day for n, day in enumerate(days)}}
        return sorted({numbered[int(n)] for n in self.parts["BYSETPOS"] if int(n) in numbered})

    def fits(self, day: date) -> bool:
        return all(getattr(self, name.lower())(day, values) for name, values in self.parts.items())

    def bysetpos(self, _day: date, _values: list[str]) -> bool:
        return True

    def bymonth(self, day: date, values: list[str]) -> bool:
        return str(day.month) in values

    def bymonthday(self, day: date, values: list[str]) -> bool:
        return is_number(day.day, monthrange(day.year, day.month)[1], values)

    def byyearday(self, day: date, values: list[str]) -> bool:
        return is_number(day.timetuple().tm_yday, 365 + isleap(day.year), values)

    def byweekno(self, day: date, values: list[str]) -> bool:
        for year in (day.year - 1, day.year, day.year + 1):
            first, after = self.first_week(year), self.first_week(year + 1)
            if first <= day.toordinal() < after:
                return is_number((day.toordinal() - first) // 7 + 1, (after - first) // 7, values)
        raise AssertionError(day)

    def first_week(self, year: int) -> int:
        """Where week 1 begins: at most three days before the year, so that four are in it. An ordinal, as days end."""
        before = (year - 1) * 365 + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
        return next(day for day in range(before - 2, before + 5) if (day - 1) % 7 == self.week_start)

    def byday(self, day: date, values: list[str]) -> bool:
        mine = [value[:-2] for value in values if value.endswith(WEEKDAYS[day.weekday()])]
        if self.frequency == "MONTHLY" or "BYMONTH" in self.parts:
            number, length = day.day, monthrange(day.year, day.month)[1]
        else:
            number, length = day.timetuple().tm_yday, 365 + isleap(day.year)
        nth, from_last = (number - 1) // 7 + 1, (length - number) // 7 + 1
        return any(value == "" or int(value) in (nth, -from_last) for value in mine)


def is_number(number: int, length: int, values: list[str]) -> bool:
    """Whether the values have the number, counted from the first or from the last."""
    return any(int(value) in (number, number - length - 1) for value in values)


def random_rule(random: Random) -> str:
    """A rule that RFC 5545 allows, without COUNT and UNTIL; it may be one that never matches."""
    frequency = random.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = {"FREQ": frequency}
    if random.random() < 0.5:
        parts["INTERVAL"] = str(random.choice([1, 2, 2, 3, 4, 5, 6, 7, 12, 14, 30, random.randint(1, 100)]))
    if random.random() < 0.4:
        parts["WKST"] = random.choice(WEEKDAYS)
    if random.random() < 0.35:
        parts["BYMONTH"] = some(random, range(1, 13))
    if frequency == "YEARLY" and random.random() < 0.25:
        parts["BYWEEKNO"] = some(random, signed(53), [1, 52, 53, -1, -52, -53])
    if frequency == "YEARLY" and random.random() < 0.2:
        parts["BYYEARDAY"] = some(random, signed(366), [1, 60, 366, -1, -366])
    if frequency != "WEEKLY" and random.random() < 0.35:
        parts["BYMONTHDAY"] = some(random, signed(31), [29, 30, 31, -1])
    if random.random() < 0.5:
        numbers = {"MONTHLY": 5, "YEARLY": 5 if "BYMONTH" in parts else 53}.get(frequency, 0)
        parts["BYDAY"] = weekdays(random, 0 if "BYWEEKNO" in parts else numbers)
    if any(name.startswith("BY") for name in parts) and random.random() < 0.25:
        parts["BYSETPOS"] = some(random, [1, -1] if frequency == "DAILY" else [1, 2, 3, -1, -2])
    return ";".join(f"{name}={value}" for name, value in parts.items())


def signed(most: int) -> list[int]:
    return [*range(1, most + 1), *range(-most, 0)]


def some(random: Random, values: "range | list[int]", edges: list[int] | None = None) -> str:
    """One to four of the values, with a taste for the edges."""
    chosen = [random.choice(edges if edges and random.random() < 0.4 else values) for _ in range(random.randint(1, 4))]
    return ",".join(map(str, chosen))


def weekdays(random: Random, most: int) -> str:
    days = random.sample(WEEKDAYS, random.randint(1, 7))
    if most == 0 or random.random() < 0.4:
        return ",".join(days)
    numbers = signed(most) if random.random() < 0.7 else ["", 1, -1]
    return ",".join(f"{random.choice(numbers)}{day}" for day in days)
