"""The days of recurrence rules, against an evaluator that looks at every day."""

from datetime import date, timedelta
from itertools import islice, takewhile
from random import Random

import pytest

from day_by_day import evaluate, random_rule
from doable.errors import Invalid
from doable.recurrence_days import first_match, matches
from doable.recurrence_rules import read
from rounds import Rounds

YEAR = timedelta(days=365)


def the_days(rule: str, anchor: date, first: date, last: date) -> list[date]:
    return list(takewhile(lambda day: day <= last, matches(read(rule), anchor, first)))


def the_first(rule: str, anchor: date) -> date | None:
    """The first match; None where the rule is refused."""
    try:
        return first_match(read(rule), anchor)
    except Invalid:
        return None


@pytest.mark.parametrize("part", range(4))
def test_random_rules_have_the_days_that_match_one_by_one(part: int, rounds: Rounds) -> None:
    for seed in range(part, rounds(few=100, full=4000), 4):
        random = Random(seed)
        rule, anchor = random_rule(random), date(1970, 1, 1) + timedelta(random.randint(0, 150 * 365))
        found = the_first(rule, anchor)
        if found is None:
            assert evaluate(rule, anchor, anchor + 29 * YEAR) == [], (rule, anchor)
            continue
        first = anchor + timedelta(random.choice([0, 1, random.randint(0, 3000)]))
        wanted = evaluate(rule, anchor, first + 3 * YEAR)
        assert the_days(rule, anchor, first, first + 3 * YEAR) == [day for day in wanted if day >= first], (
            rule,
            anchor,
        )
        assert found == wanted[0] if wanted else found > first + 3 * YEAR


RULES = [
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU",
    "FREQ=WEEKLY;WKST=FR;BYDAY=MO,TH,SU",
    "FREQ=WEEKLY;INTERVAL=2;WKST=TU;BYDAY=MO,SU;BYSETPOS=-1",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=YEARLY;WKST=FR;BYWEEKNO=1,52,53,-53;BYDAY=MO,FR,SU",
    "FREQ=YEARLY;BYWEEKNO=-52,53;BYDAY=MO,SU;BYSETPOS=-1",
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("anchor", [date.min, date(9998, 2, 28), date(9999, 12, 30), date.max])
def test_rules_begin_and_end_with_the_calendar(rule: str, anchor: date) -> None:
    last = anchor.replace(year=min(anchor.year + 2, 9999))
    assert the_days(rule, anchor, anchor, last) == evaluate(rule, anchor, last)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_goes_on_far_from_its_anchor(rule: str) -> None:
    anchor, first = date(1990, 1, 1), date(2020, 2, 29)
    wanted = [day for day in evaluate(rule, anchor, first + YEAR) if day >= first]
    assert the_days(rule, anchor, first, first + YEAR) == wanted
    assert max(islice(matches(read(rule), anchor, anchor), 200_000)) > date(2390, 1, 1)
