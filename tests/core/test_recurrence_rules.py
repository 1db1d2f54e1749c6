"""Which recurrence rules are accepted, and what is said of the others."""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from day_by_day import random_rule
from doable.core.recurrence import Occurrence, complete, occurrences, settle, skip
from doable.errors import Invalid
from doable.recurrence_rules import LIST_MAX, read
from doable.schedule import Due, Recurrence
from moments import at
from recurrence_cases import ACCEPTED, NEVER, REFUSED, parse

NOT_NUMBERS = ["", "0", "-1", "+1", "1.5", "x", " 1", "1 ", "\u0661", "1e2", "9" * 400]
LISTS = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}


def faults(rule: str) -> list[str]:
    """What is said of a rule."""
    with pytest.raises(Invalid) as raised:
        read(rule)
    assert {(fault.field, fault.code) for fault in raised.value.faults} == {("recurrence.rule", "invalid_rule")}
    return [fault.message for fault in raised.value.faults]


@pytest.mark.parametrize("rule", ACCEPTED)
def test_rules_as_other_programs_write_them_are_accepted(rule: str) -> None:
    assert read(rule)


@pytest.mark.parametrize(("rule", "message"), REFUSED)
def test_the_part_that_is_wrong_is_named(rule: str, message: str) -> None:
    assert faults(rule) == [message]


def test_every_part_that_is_wrong_is_named() -> None:
    named = [message.split()[0] for message in faults("freq=x;INTERVAL=0;COUNT=0;UNTIL=1;BYDAY=0MO;BYHOUR=1;X=1;X=2")]
    assert named == ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYHOUR", "'X'", "'X'"]


@pytest.mark.parametrize("frequency", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
@pytest.mark.parametrize("number", ["+1", "-5", "53"])
def test_only_weekdays_of_a_month_or_a_year_have_a_number(frequency: str, number: str) -> None:
    rule = f"FREQ={frequency};BYDAY={number}MO"
    if frequency in {"DAILY", "WEEKLY"}:
        assert faults(rule) == ["BYDAY can have numbers only with FREQ=MONTHLY, or with FREQ=YEARLY without BYWEEKNO"]
    elif frequency == "MONTHLY" and number == "53":
        assert faults(rule) == ["No day matches BYDAY"]
    else:
        assert read(rule)


@pytest.mark.parametrize("name", ["INTERVAL", "COUNT"])
def test_a_number_is_in_its_bounds(name: str) -> None:
    assert read(f"FREQ=DAILY;{name}=9999")
    for value in [*NOT_NUMBERS, "10000"]:
        assert len(faults(f"FREQ=DAILY;{name}={value}")) == 1


@pytest.mark.parametrize(("name", "most"), LISTS.items())
def test_a_list_has_numbers_in_their_bounds(name: str, most: int) -> None:
    others = "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;"
    allowed = [] if name == "BYMONTH" else ["+1", "-1"]
    for value in ["1", "01", *allowed, f"1,{most}"]:
        assert read(f"{others}{name}={value}")
    refused = [value for value in NOT_NUMBERS if value not in allowed]
    for value in [*refused, "1,", ",1", "1,,2", f"{most + 1}", f"-{most + 1}", ",".join(["1"] * (LIST_MAX + 1))]:
        assert [message.split()[0] for message in faults(f"{others}{name}={value}")][:1] in ([name], ["Rule"])


@pytest.mark.parametrize(
    "until", ["", "2026", "20260230", "20261301", "20260101T", "20260101T25", "20260101T240000", "20260101T235960Z",
              "20260101Z", "2026-01-01", "20260101T120000+0100", "00000101"],
)  # fmt: skip
def test_until_is_a_day_or_a_time(until: str) -> None:
    assert [message.split()[0] for message in faults(f"FREQ=DAILY;UNTIL={until}")] == ["UNTIL"]


WORDS = [
    "FREQ",
    "DAILY",
    "YEARLY",
    "INTERVAL",
    "BYDAY",
    "BYSETPOS",
    "UNTIL",
    "COUNT",
    "BYWEEKNO",
    "=",
    ";",
    ",",
    "-1MO",
]


@given(st.text(st.sampled_from(";=,+-1 \0\n\ud800é"), max_size=20) | st.lists(st.sampled_from(WORDS)).map("".join))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    with suppress(Invalid):
        assert read(text)


def numbers(most: int, *, negative: bool = False) -> str:
    return ",".join(map(str, [*range(1, most + 1), *(range(-most, 0) if negative else [])]))


WEEK = "MO,TU,WE,TH,FR,SA,SU"
MONTH = numbers(31, negative=True)
COSTLY = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    "FREQ=DAILY;INTERVAL=27;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    "FREQ=DAILY;INTERVAL=773;BYMONTH=2",
    "FREQ=DAILY;INTERVAL=9999",
    f"FREQ=WEEKLY;BYDAY={WEEK};BYSETPOS=7,-1,2",
    "FREQ=WEEKLY;INTERVAL=2;BYMONTH=6;BYDAY=MO;BYSETPOS=1",
    f"FREQ=WEEKLY;BYDAY={WEEK};BYSETPOS=8",
    "FREQ=MONTHLY;INTERVAL=9999",
    f"FREQ=MONTHLY;BYDAY={WEEK};BYSETPOS=31",
    f"FREQ=MONTHLY;BYMONTHDAY={MONTH};BYSETPOS={numbers(31)}",
    f"FREQ=MONTHLY;BYMONTHDAY={MONTH};BYSETPOS=32",
    f"FREQ=YEARLY;BYDAY={WEEK};BYSETPOS=366",
    f"FREQ=YEARLY;BYMONTHDAY={MONTH};BYDAY={WEEK};BYSETPOS=366,-366",
    f"FREQ=YEARLY;BYWEEKNO={numbers(53)};BYDAY={WEEK};BYSETPOS=366",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=12;BYMONTHDAY=28;BYDAY=MO",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=3",
    "FREQ=YEARLY;INTERVAL=9999",
]
BUDGET = 300_000  # calls, each of 0.05 to 0.1 µs


def calls(work: Callable[[], object]) -> int:
    """How many functions are called. No other load counts, as it would in a time."""
    number = 0

    def count(*_: object) -> None:
        nonlocal number
        number += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return number


def within_half_a_second(started: float) -> None:
    assert process_time() - started < 0.5


@pytest.mark.parametrize(("rule", "parts"), NEVER)
def test_a_rule_that_never_matches_is_refused_in_time(rule: str, parts: str) -> None:
    read.cache_clear()
    started = process_time()
    with pytest.raises(Invalid) as raised:
        settle(parse({"rule": rule}), Due(date(2027, 1, 30)))
    within_half_a_second(started)
    assert [fault.message for fault in raised.value.faults] == [f"No day matches {parts}"]


def test_the_rules_in_the_document_are_accepted_or_refused_as_it_says() -> None:
    page = (Path(__file__).parents[2] / "docs/recurrence.md").read_text()
    due = Due(date(2027, 2, 28))
    rows = re.findall(r"^\| (.*)`(FREQ=\S+)`.*? \|(?: `(.*)` \|)?$", page, re.MULTILINE)
    assert len(rows) == 13
    for wanted, rule, message in rows:
        if wanted:
            assert settle(parse({"rule": rule}), due)
        else:
            with pytest.raises(Invalid, match=message):
                settle(parse({"rule": rule}), due)


def cost(rule: str, basis: str, anchor: str, due: str) -> int:
    """The calls of the dearest operation of a task that has this `recurrence`."""
    read.cache_clear()
    present = Due(date.fromisoformat(due), "17:00", "Europe/Berlin")
    found: list[Recurrence] = []

    def check() -> None:
        with suppress(Invalid):
            found.append(settle(parse({"rule": rule, "basis": basis, "anchor": anchor}), present))

    numbers = [calls(check)]
    for recurrence in found:
        old, now = Occurrence(present, recurrence), at("2026-11-27T12:00Z")
        numbers += [calls(partial(step, old, now, "UTC")) for step in (complete, skip)]
        numbers += [
            calls(partial(occurrences, present, recurrence, first, date.max, 1000))
            for first in (date.min, date(9000, 1, 1))
        ]
    return max(numbers)


# (end of the rule, basis, anchor, due)
PLACES = [
    (";COUNT=9999", "schedule", "0001-01-01", "9000-01-01"),
    (";COUNT=9999", "completion", "0001-01-01", "0001-01-01"),
    ("", "schedule", "2027-01-30", "2027-01-30"),
]


@pytest.mark.parametrize("rule", COSTLY)
def test_a_costly_rule_is_cheap_enough(rule: str) -> None:
    for end, *place in PLACES:
        assert cost(rule + end, *place) < BUDGET, (end, place)


@settings(max_examples=20, deadline=None)
@given(st.randoms(), st.sampled_from(PLACES))
def test_no_rule_costs_much(random: Random, place: tuple[str, str, str, str]) -> None:
    assert cost(random_rule(random) + place[0], *place[1:]) < BUDGET


def test_a_batch_can_have_500_rules_that_rarely_match() -> None:
    """In this case, no day of 400 years matches."""
    rule = {"rule": "FREQ=DAILY;INTERVAL=27;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"}

    def check() -> None:
        with suppress(Invalid):
            settle(parse(rule), Due(date(2026, 11, 26)))

    assert 500 * calls(check) < 20 * BUDGET
