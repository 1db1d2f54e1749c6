"""Recurrence rules and recurring tasks, with what is right for them."""

from datetime import date
from typing import Any

from doable.core.recurrence import Occurrence
from doable.errors import Fault, Invalid
from doable.recurrence_rules import COUNT_MAX, INTERVAL_MAX, RULE_MAX
from doable.schedule import Due, Recurrence, RecurrenceRule, Wish


def weekdays(*numbers: int) -> str:
    return ",".join(f"{n}{day}" for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU") for n in numbers)


def parse(value: object) -> Wish:
    """What a client sends as `recurrence`. Raises Invalid with every fault."""
    faults: list[Fault] = []
    wish = RecurrenceRule().clean("recurrence", value, faults)
    if not isinstance(wish, Wish) or faults:
        raise Invalid(*faults)
    return wish


ACCEPTED = [
    "FREQ=DAILY",
    "freq=weekly;byday=mo,we;wkst=su",
    "INTERVAL=2;FREQ=MONTHLY;BYMONTHDAY=+1,-1",
    "FREQ=DAILY;BYSETPOS=2,-1;BYDAY=MO",
    "FREQ=MONTHLY;BYDAY=6MO,1TU",
    "FREQ=MONTHLY;BYDAY=MO,-1FR",
    "FREQ=YEARLY;BYDAY=53MO",
    "FREQ=YEARLY;BYMONTH=02;BYMONTHDAY=29,30",
    "FREQ=YEARLY;BYWEEKNO=20",
    f"FREQ=DAILY;INTERVAL={INTERVAL_MAX};COUNT={COUNT_MAX}",
    "FREQ=DAILY;UNTIL=20240229",
    "FREQ=DAILY;UNTIL=20241231T235959",
    "FREQ=DAILY;UNTIL=20241231T235959Z",
    "FREQ=YEARLY;BYMONTHDAY=" + ",".join(map(str, [*range(1, 32), *range(-31, 0)])),
]
# What is refused, and what is said of it.
REFUSED = [
    ("", "'' is not a part of a rule"),
    ("FREQ=DAILY;", "'' is not a part of a rule"),
    ("FREQ=DAILY;;INTERVAL=2", "'' is not a part of a rule"),
    ("RRULE:FREQ=DAILY", "'RRULE:FREQ' is not a part of a rule"),
    ("FREQ=DAILY\r\nX", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("FREQ=DAILY ;INTERVAL=2", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("FREQ=HOURLY", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("FREQ", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("FREQ=DAILY=", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"),
    ("INTERVAL=2", "FREQ is missing"),
    ("FREQ=DAILY;freq=daily", "FREQ is in the rule twice"),
    ("FREQ=DAILY;BYHOUR=9", "BYHOUR is not supported: the time is in due"),
    ("FREQ=DAILY;BYEASTER=0", "'BYEASTER' is not a part of a rule"),
    ("DTSTART=20260101;FREQ=DAILY", "'DTSTART' is not a part of a rule"),
    ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "COUNT and UNTIL can't be in one rule"),
    ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO needs FREQ=YEARLY"),
    ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY needs FREQ=YEARLY"),
    ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY can't be in a rule with FREQ=WEEKLY"),
    ("FREQ=YEARLY;BYSETPOS=1", "BYSETPOS needs another BY part"),
    ("FREQ=DAILY;BYDAY=MO;BYSETPOS=2", "BYSETPOS can only be 1 or -1 with FREQ=DAILY: a day has one match"),
    ("FREQ=WEEKLY;WKST=1", "WKST must be one of MO, TU, WE, TH, FR, SA, SU"),
    ("FREQ=WEEKLY;BYDAY=MON", "BYDAY must be up to 62 weekdays like MO or -1FR, with commas between them"),
    ("FREQ=DAILY" + " " * RULE_MAX, "Rule must be at most 500 ASCII characters"),
    ("FREQ=DA\u0131LY", "Rule must be at most 500 ASCII characters"),
]
# What is anchored at 30 January 2027 and never matches, and the parts that are named.
NEVER = [
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "BYMONTH and BYMONTHDAY"),
    ("FREQ=DAILY;BYMONTH=4,6,9,11;BYMONTHDAY=31", "BYMONTH and BYMONTHDAY"),
    ("FREQ=MONTHLY;BYDAY=5FR;BYMONTHDAY=1", "BYDAY and BYMONTHDAY"),
    ("FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", "BYYEARDAY and BYMONTH"),
    ("FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "BYWEEKNO and BYMONTH, counted from 2027-01-30"),
    ("FREQ=YEARLY;BYWEEKNO=-53;BYDAY=MO;BYYEARDAY=2", "BYWEEKNO and BYDAY and BYYEARDAY"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=8", "BYDAY and BYSETPOS"),
    ("FREQ=YEARLY;BYDAY=MO;BYSETPOS=54", "BYDAY and BYSETPOS"),
    ("FREQ=MONTHLY;BYMONTH=2", "BYMONTH, counted from 2027-01-30"),
    ("FREQ=YEARLY;BYMONTH=2", "BYMONTH, counted from 2027-01-30"),
    ("FREQ=WEEKLY;BYMONTH=2;BYSETPOS=2", "BYMONTH and BYSETPOS, counted from 2027-01-30"),
    (
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=3",
        "INTERVAL and BYMONTHDAY and BYMONTH, counted from 2027-01-30",
    ),
    ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=29;BYMONTH=2", "INTERVAL and BYMONTHDAY and BYMONTH, counted from 2027-01-30"),
    ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "INTERVAL and BYMONTH and BYMONTHDAY, counted from 2027-01-30"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=MO,TU,WE,TH,FR,SU", "INTERVAL and BYDAY, counted from 2027-01-30"),
    ("FREQ=DAILY;INTERVAL=9996;BYDAY=MO,TU,WE,TH,FR,SU", "INTERVAL and BYDAY, counted from 2027-01-30"),
    (
        "FREQ=DAILY;INTERVAL=9999;BYMONTH=2;BYMONTHDAY=29",
        "INTERVAL and BYMONTH and BYMONTHDAY, counted from 2027-01-30",
    ),
    ("FREQ=YEARLY;INTERVAL=2;BYYEARDAY=366,-366" + ",366" * 60, "INTERVAL and BYYEARDAY, counted from 2027-01-30"),
    (
        f"FREQ=YEARLY;INTERVAL=2;BYYEARDAY=366;BYDAY={weekdays(51, 52, 53, -51, -52, -53)}",
        "INTERVAL and BYYEARDAY and BYDAY, counted from 2027-01-30",
    ),
]
# (due, rule), the moment of completion in Berlin, and the next day by schedule and from completion. 27 November 2026 is
# a Friday.
EXAMPLES = [
    ("2026-11-27", "FREQ=DAILY", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-20", "FREQ=DAILY", "2026-11-27T12:00", "2026-11-27", "2026-11-28"),
    ("2026-11-20 13:00", "FREQ=DAILY", "2026-11-27T12:00", "2026-11-27", "2026-11-28"),
    ("2026-11-20 12:00", "FREQ=DAILY", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-20 18:00 Asia/Tokyo", "FREQ=DAILY", "2026-11-27T09:59", "2026-11-27", "2026-11-28"),
    ("2026-11-20 18:00 Asia/Tokyo", "FREQ=DAILY", "2026-11-27T10:00", "2026-11-28", "2026-11-28"),
    ("2026-11-20", "FREQ=DAILY;INTERVAL=3", "2026-11-21T12:00", "2026-11-23", "2026-11-24"),
    ("2026-11-27", "FREQ=DAILY;INTERVAL=3", "2026-11-20T12:00", "2026-11-30", "2026-11-23"),
    ("2026-11-25", "FREQ=DAILY;INTERVAL=5", "2026-11-20T12:00", "2026-11-30", "2026-11-30"),
    ("2026-11-25", "FREQ=DAILY;INTERVAL=5;COUNT=2", "2026-11-20T12:00", "2026-11-30", "2026-11-30"),
    ("2026-11-23", "FREQ=WEEKLY", "2026-11-27T12:00", "2026-11-30", "2026-12-04"),
    ("2026-11-23", "FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-25T12:00", "2026-11-26", "2026-11-26"),
    ("2026-11-23", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-12-01T12:00", "2026-12-07", "2026-12-14"),
    ("2026-11-22", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "2026-11-22T12:00", "2026-11-23", "2026-11-23"),
    ("2026-11-22", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO", "2026-11-22T12:00", "2026-11-30", "2026-11-30"),
    ("2026-01-31", "FREQ=MONTHLY", "2026-01-31T12:00", "2026-03-31", "2026-03-31"),
    ("2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=31", "2026-02-01T12:00", "2026-03-31", "2026-03-31"),
    ("2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-02-01T12:00", "2026-02-28", "2026-02-28"),
    ("2026-01-30", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "2026-02-01T12:00", "2026-02-28", "2026-02-28"),
    ("2028-02-29", "FREQ=YEARLY", "2028-02-29T12:00", "2032-02-29", "2032-02-29"),
    ("2096-02-29", "FREQ=YEARLY", "2096-02-29T12:00", "2104-02-29", "2104-02-29"),
    ("2026-11-27", "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T12:00", "2026-12-25", "2026-12-25"),
    ("2026-11-25", "FREQ=YEARLY;BYWEEKNO=20", "2026-11-25T12:00", "2027-05-19", "2027-05-19"),
    ("2026-11-27", "FREQ=DAILY;UNTIL=20261128", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-27 17:00", "FREQ=DAILY;UNTIL=20261128", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-28 17:00", "FREQ=DAILY;UNTIL=20261128", "2026-11-28T12:00", "none", "none"),
    ("2026-11-27 17:00", "FREQ=DAILY;UNTIL=20261128T170000", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-27 17:00", "FREQ=DAILY;UNTIL=20261128T165959", "2026-11-27T12:00", "none", "none"),
    ("2026-11-27 17:00", "FREQ=DAILY;UNTIL=20261128T170000Z", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-27 17:00 Asia/Gaza", "FREQ=DAILY;UNTIL=20261128T150000Z", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-27 17:00 Asia/Gaza", "FREQ=DAILY;UNTIL=20261128T145959Z", "2026-11-27T12:00", "none", "none"),
    ("2026-11-27", "FREQ=DAILY;UNTIL=20261128T000000Z", "2026-11-27T12:00", "2026-11-28", "2026-11-28"),
    ("2026-11-27", "FREQ=DAILY;COUNT=1", "2026-11-27T12:00", "none", "none"),
    ("2026-11-20", "FREQ=DAILY;COUNT=7", "2026-11-27T12:00", "none", "2026-11-28"),
    ("2026-11-20", "FREQ=DAILY;COUNT=8", "2026-11-27T12:00", "2026-11-27", "2026-11-28"),
    ("9999-12-31", "FREQ=DAILY", "2026-11-27T12:00", "none", "2026-11-28"),
    ("0001-01-01", "FREQ=WEEKLY;BYDAY=FR", "2026-11-27T12:00", "2026-11-27", "2026-12-04"),
]  # fmt: skip


def due_on(text: str) -> Due:
    """`2026-12-01`, `2026-12-01 17:00` or `2026-12-01 17:00 Europe/Berlin`."""
    day, *rest = text.split(" ")
    return Due(date.fromisoformat(day), *rest)


def occurrence(due: str, rule: str, basis: str = "schedule", anchor: str = "", **others: Any) -> Occurrence:
    when = due_on(due)
    return Occurrence(when, Recurrence(rule, basis, date.fromisoformat(anchor) if anchor else when.date), **others)
