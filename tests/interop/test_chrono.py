"""chrono, which finds dates in texts, as an oracle: quick add takes nothing for a date that it does not find too."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from doable.core.quick_add import Viewer, parse

PROGRAM: Final = Path(__file__).parent / "chrono.mjs"
MOMENT: Final = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
FIRST: Final = ("Ask", "Buy", "Call", "Fix", "Learn", "Meet", "Order", "Plan", "Read", "Send", "Visit", "Watch")
LAST: Final = ("bill", "cake", "chapter", "guitar", "kitchen", "list", "mail", "mom", "table", "team", "trip", "wall")
ODD: Final = (
    *("may", "march", "august", "sun", "sat", "mon", "wed", "fri", "second", "first", "last", "one", "two", "half"),
    *("at", "in", "on", "by", "for", "of", "the", "a", "to", "next", "this", "each", "other", "before", "after", "and"),
    *("day", "week", "month", "year", "hour", "days", "night", "pm", "o'clock", "today's", "friday's", "#1", "3x"),
    *("today", "tomorrow", "friday", "noon", "5pm", "at 9", "march 5", "24 december", "in 3 days"),
)


def test_what_quick_add_takes_for_a_date_is_one_for_chrono_too(node: str) -> None:
    random = Random(14)
    texts = [
        " ".join([random.choice(FIRST), *random.choices(ODD, k=random.randint(1, 3)), random.choice(LAST)])
        for _ in range(1000)
    ]
    done = subprocess.run(
        [node, PROGRAM], input=json.dumps([MOMENT.isoformat(), *texts]), capture_output=True, text=True, check=True
    )
    viewer = Viewer(MOMENT, "UTC", "dmy", "monday")
    dated = {text for text in texts if any(span.field == "due" for span in parse(text, viewer).spans)}
    assert len(dated) > 200
    assert dated - {text for text, found in zip(texts, json.loads(done.stdout), strict=True) if found} == set()
