"""Where a recurring task goes next, and which days are ahead of it."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from day_by_day import random_rule
from doable.core.recurrence import Occurrence, complete, occurrences, settle, skip
from doable.errors import Fault, Invalid
from doable.schedule import Due, Recurrence
from moments import at
from recurrence_cases import EXAMPLES, due_on, occurrence, parse
from recurrence_vectors import PATH, text
from recurring import DAY, ZONES, following, instant, random_case, random_end, transitions
from rounds import Rounds

LATE = 2300
MICROSECOND = timedelta(microseconds=1)


def day_of(found: Occurrence | None) -> str:
    """The day of an occurrence, which is its due date and its anchor."""
    if found is None:
        return "none"
    assert found.due.date == found.recurrence.anchor
    return str(found.due.date)


@pytest.mark.parametrize(("due", "rule", "moment", "by_schedule", "from_completion"), EXAMPLES)
def test_the_next_day_is_as_people_expect(
    due: str, rule: str, moment: str, by_schedule: str, from_completion: str
) -> None:
    when = instant(datetime.fromisoformat(moment), "Europe/Berlin")
    assert day_of(complete(occurrence(due, rule), when, "Europe/Berlin")) == by_schedule
    assert day_of(skip(occurrence(due, rule), when, "Europe/Berlin")) == by_schedule
    assert day_of(complete(occurrence(due, rule, "completion"), when, "Europe/Berlin")) == from_completion


@pytest.mark.parametrize(
    ("due", "by_schedule"),
    [("2026-11-20", "2026-11-30"), ("2026-11-25", "2026-11-30"), ("2026-12-02", "2026-12-07")],
)
def test_a_moved_occurrence_leaves_the_series_on_its_days(due: str, by_schedule: str) -> None:
    for basis, wanted in (("schedule", by_schedule), ("completion", "2026-12-02")):
        moved = occurrence(due, "FREQ=WEEKLY", basis, anchor="2026-11-23")
        assert day_of(complete(moved, at("2026-11-25T12:00Z"), "UTC")) == wanted


def test_a_skipped_occurrence_from_completion_counts_from_the_later_of_today_and_its_days() -> None:
    for due, anchor, now, wanted in [
        ("2026-11-20", "", "2026-11-27", "2026-11-30"),
        ("2026-12-10", "", "2026-11-27", "2026-12-13"),
        ("2026-12-07", "2026-12-10", "2026-11-27", "2026-12-13"),
    ]:
        old = occurrence(due, "FREQ=DAILY;INTERVAL=3", "completion", anchor)
        assert day_of(skip(old, at(f"{now}T12:00Z"), "UTC")) == wanted


@pytest.mark.parametrize(
    ("rule", "basis", "left"),
    [
        ("freq=daily;count=0010;INTERVAL=1", "schedule", "freq=daily;count=3;INTERVAL=1"),
        ("FREQ=DAILY;COUNT=10", "completion", "FREQ=DAILY;COUNT=9"),
        ("COUNT=10;FREQ=WEEKLY;BYDAY=SA", "schedule", "COUNT=9;FREQ=WEEKLY;BYDAY=SA"),
        ("COUNT=10;FREQ=WEEKLY;BYDAY=SA", "completion", "COUNT=10;FREQ=WEEKLY;BYDAY=SA"),
        ("freq=daily;interval=01;until=20300101t000000z", "schedule", "freq=daily;interval=01;until=20300101t000000z"),
    ],
)
def test_the_rule_stays_as_it_is_written_but_for_the_matches_passed(rule: str, basis: str, left: str) -> None:
    found = complete(occurrence("2026-11-20", rule, basis), at("2026-11-27T12:00Z"), "UTC")
    assert found
    assert found.recurrence.rule == left


def test_start_and_reminders_move_by_as_many_days_at_their_wall_time() -> None:
    """In Berlin the clocks change on 25 October 2026."""
    reminders = (at("2026-10-22T07:00Z"), at("2026-10-20T22:30:00.000001Z"))
    old = occurrence("2026-10-23", "FREQ=WEEKLY", start=due_on("2026-10-21 08:00 Asia/Tokyo"), at=reminders)
    assert complete(old, at("2026-10-23T12:00Z"), "Europe/Berlin") == occurrence(
        "2026-10-30",
        "FREQ=WEEKLY",
        start=due_on("2026-10-28 08:00 Asia/Tokyo"),
        at=(at("2026-10-29T08:00Z"), at("2026-10-27T23:30:00.000001Z")),
    )


def test_what_would_leave_the_calendar_stays_in_it() -> None:
    far = occurrence("9999-12-20", "FREQ=WEEKLY", start=due_on("9999-12-30"), at=(at("9999-12-30T00:00Z"),))
    found = complete(far, at("2026-11-27T12:00Z"), "UTC")
    assert found == occurrence("9999-12-27", "FREQ=WEEKLY", start=due_on("9999-12-31"), at=far.at)
    early = occurrence("2026-11-27", "FREQ=DAILY", "completion", start=due_on("0002-01-01"))
    found = complete(early, at("0001-01-01T00:00Z"), "America/New_York")
    assert found == occurrence("0001-01-02", "FREQ=DAILY", "completion", start=due_on("0001-01-01"))


def test_an_occurrence_that_stays_on_its_day_keeps_its_reminders() -> None:
    """A moment of the second 02:30 of 25 October 2026 in Berlin would else become one of the first."""
    reminders = (at("2026-10-25T01:30Z"),)
    old = occurrence("2026-10-25", "FREQ=DAILY", "completion", "2026-10-23", at=reminders)
    new = occurrence("2026-10-25", "FREQ=DAILY", "completion", at=reminders)
    assert complete(old, at("2026-10-24T12:00Z"), "Europe/Berlin") == new


def test_random_tasks_go_where_a_look_at_every_day_leads(rounds: Rounds) -> None:
    for seed in range(rounds(few=120, full=6000)):
        random = Random(seed)
        old, moment, zone = random_case(random)
        skipped = random.random() < 0.3
        try:
            settle(parse({"rule": old.recurrence.rule, "anchor": str(old.recurrence.anchor)}), old.due)
        except Invalid:
            continue
        last = max(moment.date(), old.due.date) + timedelta(800)
        found = (skip if skipped else complete)(old, moment, zone)
        if found is None or found.due.date <= last:
            assert found == following(old, moment, zone, last, skipped=skipped), (seed, old, moment, zone)
        assert found is None or not skipped or found.due.date > max(old.due.date, old.recurrence.anchor)


def test_the_days_ahead_are_those_that_come_when_each_is_completed_on_its_day(rounds: Rounds) -> None:
    for seed in range(rounds(few=100, full=3000)):
        random = Random(seed)
        day = date(2026, 1, 1) + timedelta(random.randint(0, 900))
        wish = {
            "rule": random_rule(random) + random_end(random, day),
            "basis": random.choice(["schedule", "completion"]),
        }
        due = Due(day, random.choice([None, "09:30"]))
        try:
            recurrence = settle(parse(wish), due)
        except Invalid:
            continue
        chain, now = [], Occurrence(due, recurrence)
        while now and len(chain) < 6 and now.due.date.year < LATE:
            chain.append(now.due)
            now = complete(now, datetime.combine(now.due.date, datetime.min.time(), UTC), "UTC")
        assert occurrences(due, recurrence, day, date(LATE - 1, 12, 31), 6) == chain, (seed, wish, due)
        first, last = day + timedelta(random.randint(-5, 60)), day + timedelta(random.randint(-5, 500))
        within = [one for one in occurrences(due, recurrence, day, last, 600) if one.date >= first]
        assert occurrences(due, recurrence, first, last, 600) == within, (seed, wish, due)


def test_the_days_ahead_begin_with_a_moved_occurrence_and_respect_their_bounds() -> None:
    series = Recurrence("FREQ=WEEKLY;COUNT=5", "schedule", date(2026, 11, 2))

    def days(due: str, first: str, last: str, limit: int = 100) -> list[int]:
        found = occurrences(due_on(due), series, date.fromisoformat(first), date.fromisoformat(last), limit)
        assert all(one.time == "09:00" for one in found)
        return [one.date.toordinal() - date(2026, 11, 1).toordinal() + 1 for one in found]

    assert days("2026-11-04 09:00", "2026-11-01", "2030-01-01") == [4, 9, 16, 23, 30]
    assert days("2026-11-11 09:00", "2026-11-01", "2030-01-01") == [11, 16, 23, 30]
    assert days("2026-11-01 09:00", "2026-11-02", "2026-11-23", 2) == [9, 16]
    assert days("2026-11-01 09:00", "2026-11-23", "2026-11-22") == []
    assert days("2026-11-20 09:00", "2026-11-01", "2026-11-19") == []


@pytest.mark.parametrize("clock", ["00:30", "01:30", "02:30", "23:30"])
def test_a_time_of_200_zones_is_open_until_it_comes_also_when_the_clocks_change(clock: str) -> None:
    for zone in [*ZONES[::3], "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns"]:
        for day in [date(2027, 6, 1), *transitions(zone, 2026)]:
            come = instant(datetime.combine(day, datetime.strptime(clock, "%H:%M").time()), zone)  # noqa: DTZ007
            for due, viewer in ((Due(day - DAY, clock, zone), "UTC"), (Due(day - DAY, clock), zone)):
                old = Occurrence(due, Recurrence("FREQ=DAILY", "schedule", due.date))
                assert day_of(complete(old, come - MICROSECOND, viewer)) == str(day)
                assert day_of(complete(old, come, viewer)) == str(day + DAY)


@pytest.mark.parametrize(
    ("zone", "today"),
    [("Pacific/Pago_Pago", "2026-11-26"), ("UTC", "2026-11-27"), ("Pacific/Kiritimati", "2026-11-28")],
)
def test_a_day_is_the_viewers_from_utc_minus_11_to_utc_plus_14(zone: str, today: str) -> None:
    """At 10:30 UTC it is three days at once."""
    for basis, wanted in (("schedule", 0), ("completion", 1)):
        found = complete(occurrence("2026-11-01", "FREQ=DAILY", basis), at("2026-11-27T10:30Z"), zone)
        assert day_of(found) == str(date.fromisoformat(today) + timedelta(wanted))


def test_a_day_that_a_zone_left_out_moves_to_the_next() -> None:
    """In Apia, 29 December 2011 was before 31 December."""
    old = occurrence("2011-12-29 10:00 Pacific/Apia", "FREQ=DAILY")
    assert day_of(complete(old, at("2011-12-30T19:00Z"), "UTC")) == "2011-12-30"
    assert day_of(complete(old, at("2011-12-30T20:00Z"), "UTC")) == "2012-01-01"


def test_a_recurrence_is_read_and_anchored() -> None:
    due = due_on("2026-11-27")
    assert settle(parse({"rule": "FREQ=DAILY"}), due) == Recurrence("FREQ=DAILY", "schedule", due.date)
    given = {"rule": "freq=daily;until=20270101", "basis": "completion", "anchor": "2026-11-20"}
    assert settle(parse(given), due) == Recurrence("freq=daily;until=20270101", "completion", date(2026, 11, 20))
    assert settle(parse({"rule": "FREQ=DAILY", "basis": None, "anchor": None}), due).basis == "schedule"


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ("FREQ=DAILY", [("recurrence", "wrong_type", "Recurrence must be an object or null")]),
        ({}, [("recurrence.rule", "required", "Rule is required")]),
        ({"rule": 5}, [("recurrence.rule", "wrong_type", "Rule must be a string")]),
        (
            {"rule": "FREQ=X;COUNT=0", "basis": "due", "anchor": "20261127", "until": 1},
            [
                ("recurrence.until", "unknown_field", "Unknown field 'recurrence.until'"),
                ("recurrence.rule", "invalid_rule", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"),
                ("recurrence.rule", "invalid_rule", "COUNT must be a number from 1 to 9999"),
                ("recurrence.basis", "invalid_basis", "Basis must be 'schedule' or 'completion'"),
                ("recurrence.anchor", "invalid_date", "Anchor must be a day like 2026-12-01"),
            ],
        ),
        (
            {"rule": "FREQ=DAILY", "basis": ["schedule"], "anchor": "2026-02-30"},
            [
                ("recurrence.basis", "invalid_basis", "Basis must be 'schedule' or 'completion'"),
                ("recurrence.anchor", "invalid_date", "Anchor must be a day like 2026-12-01"),
            ],
        ),
        (
            {"rule": "FREQ=DAILY;UNTIL=20261126"},
            [("recurrence.rule", "invalid_rule", "UNTIL is before the first day that matches, 2026-11-27")],
        ),
        (
            {"rule": "FREQ=MONTHLY;BYMONTH=2", "anchor": "2026-01-30"},
            [("recurrence.rule", "invalid_rule", "No day matches BYMONTH, counted from 2026-01-30")],
        ),
    ],
)
def test_every_fault_of_a_recurrence_is_named(given: object, faults: list[tuple[str, str, str]]) -> None:
    with pytest.raises(Invalid) as raised:
        settle(parse(given), due_on("2026-11-27"))
    assert raised.value.faults == tuple(Fault(*fault) for fault in faults)


def test_a_recurrence_needs_a_due_date() -> None:
    with pytest.raises(Invalid) as raised:
        settle(parse({"rule": "FREQ=DAILY"}), None)
    assert raised.value.faults == (Fault("recurrence", "needs_due", "Recurrence needs a due date"),)


def test_the_vectors_for_other_languages_are_up_to_date() -> None:
    assert PATH.read_text() == text(), "run `python tests/recurrence_vectors.py`"
