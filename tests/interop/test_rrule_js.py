"""The days of recurrence rules, against rrule.js.

It is left out where it errs: weeks 52 and 53 around New Year, weekdays with and without a number in one rule,
BYSETPOS in the anchor's week, and BYSETPOS=-2 where there is one day. It also takes BYWEEKNO alone for every day of the
week. The comparison with an evaluator, in tests/core/test_recurrence_days.py, leaves nothing out.
"""

import json
import re
import subprocess
from datetime import date, timedelta
from itertools import takewhile
from pathlib import Path
from random import Random

from day_by_day import random_rule
from doable.errors import Invalid
from doable.recurrence_days import first_match, matches
from doable.recurrence_rules import read
from rounds import Rounds

HERE = Path(__file__).parent
SPAN = timedelta(days=1000)
ERRS = re.compile(
    r"BYWEEKNO=[^;]*5[23]|BYDAY=(?=[^;]*[0-9])([^;]*,)?[A-Z]|BYWEEKNO(?!.*DAY)|FREQ=WEEKLY.*BYSETPOS|BYSETPOS=.*-2"
)


def a_rule(random: Random) -> tuple[str, date]:
    """A rule that matches, and its anchor."""
    while True:
        rule, anchor = random_rule(random), date(1970, 1, 1) + timedelta(random.randint(0, 150 * 365))
        try:
            if not ERRS.search(rule) and first_match(read(rule), anchor):
                return rule, anchor
        except Invalid:
            pass


def test_random_rules_have_the_days_of_rrule_js(node: str, rounds: Rounds) -> None:
    rules = [a_rule(Random(seed)) for seed in range(rounds(few=200, full=5000))]
    lines = [json.dumps([rule, str(anchor), str(anchor + SPAN)]) for rule, anchor in rules]
    done = subprocess.run(
        [node, "rrule.mjs"], cwd=HERE, input="\n".join(lines), capture_output=True, text=True, check=True, timeout=300
    )
    for (rule, anchor), line in zip(rules, done.stdout.splitlines(), strict=True):
        last = anchor + SPAN
        found = takewhile(lambda day, last=last: day <= last, matches(read(rule), anchor, anchor))
        assert [str(day) for day in found] == json.loads(line), (rule, anchor)
