"""Recurrence rules in words, in both languages: those of the pickers, and one of each other kind."""

import json

import pytest

from web_modules import run_module

# The rule, what it counts from, and what the app says.
CASES = [
    ("FREQ=DAILY", "schedule", "Every day", "Jeden Tag"),
    ("FREQ=DAILY;INTERVAL=3", "schedule", "Every 3 days", "Alle 3 Tage"),
    ("FREQ=DAILY;BYDAY=MO,FR", "schedule", "Every Monday and Friday", "Jeden Montag und Freitag"),
    (
        "FREQ=DAILY;INTERVAL=3;BYDAY=MO,FR",
        "schedule",
        "Every 3 days, if it is a Monday or Friday",
        "Alle 3 Tage, wenn es ein Montag oder Freitag ist",
    ),
    ("FREQ=DAILY;BYMONTH=6,7", "schedule", "Every day in June and July", "Jeden Tag im Juni und Juli"),
    ("FREQ=DAILY;BYMONTHDAY=1", "schedule", "Every day on the 1st", "Jeden Tag am 1."),
    ("FREQ=WEEKLY", "schedule", "Every week", "Jede Woche"),
    ("FREQ=WEEKLY;INTERVAL=2", "schedule", "Every 2 weeks", "Alle 2 Wochen"),
    ("FREQ=WEEKLY;BYDAY=FR", "schedule", "Every Friday", "Jeden Freitag"),
    ("FREQ=WEEKLY;BYDAY=TH,MO", "schedule", "Every Monday and Thursday", "Jeden Montag und Donnerstag"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "schedule", "Every weekday", "Montags bis freitags"),
    ("FREQ=WEEKLY;BYDAY=SA,SU", "schedule", "Every Saturday and Sunday", "Jeden Samstag und Sonntag"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "schedule", "Every day", "Jeden Tag"),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
        "schedule",
        "Every 2 weeks on Monday, Wednesday and Friday",
        "Alle 2 Wochen am Montag, Mittwoch und Freitag",
    ),
    ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO", "schedule", "Every 2 weeks on Monday", "Alle 2 Wochen am Montag"),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
        "schedule",
        "Every 2 weeks on weekdays",
        "Alle 2 Wochen von Montag bis Freitag",
    ),
    (
        "FREQ=WEEKLY;BYDAY=MO,TH;BYSETPOS=1",
        "schedule",
        "Every week on the first Monday or Thursday",
        "Jede Woche am ersten Montag oder Donnerstag",
    ),
    ("FREQ=WEEKLY;BYDAY=MO;BYMONTH=5", "schedule", "Every week on Monday in May", "Jede Woche am Montag im Mai"),
    ("FREQ=MONTHLY", "schedule", "Every month", "Jeden Monat"),
    ("FREQ=MONTHLY;INTERVAL=3", "schedule", "Every 3 months", "Alle 3 Monate"),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "schedule", "Every month on the 1st", "Jeden Monat am 1."),
    ("FREQ=MONTHLY;BYMONTHDAY=22", "schedule", "Every month on the 22nd", "Jeden Monat am 22."),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", "schedule", "Every month on the 1st and the 15th", "Jeden Monat am 1. und 15."),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "schedule", "Every month on the 31st", "Jeden Monat am 31."),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "schedule", "Every month on the last day", "Jeden Monat am letzten Tag"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "schedule",
        "Every month on the second to last day",
        "Jeden Monat am vorletzten Tag",
    ),
    ("FREQ=MONTHLY;BYMONTHDAY=-7", "schedule", "Every month on the 7th to last day", "Jeden Monat am 7.-letzten Tag"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=1,-1",
        "schedule",
        "Every month on the 1st and the last day",
        "Jeden Monat am 1. und letzten Tag",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1",
        "schedule",
        "Every month on the 29th, or the last day of a shorter month",
        "Jeden Monat am 29., in kürzeren Monaten am letzten Tag",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        "schedule",
        "Every month on the 30th, or the last day of a shorter month",
        "Jeden Monat am 30., in kürzeren Monaten am letzten Tag",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=15,28,29,30;BYSETPOS=1,-1",
        "schedule",
        "Every month on the 15th and the 30th, or the last day of a shorter month",
        "Jeden Monat am 15. und 30., in kürzeren Monaten am letzten Tag",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        "schedule",
        "Every 2 months on the 30th, or the last day of a shorter month",
        "Alle 2 Monate am 30., in kürzeren Monaten am letzten Tag",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=10,20;BYSETPOS=-1",
        "schedule",
        "Every month on the 10th and the 20th, only the last of these days",
        "Jeden Monat am 10. und 20., nur am letzten dieser Tage",
    ),
    ("FREQ=MONTHLY;BYDAY=2TU", "schedule", "Every month on the second Tuesday", "Jeden Monat am zweiten Dienstag"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "schedule", "Every month on the last Friday", "Jeden Monat am letzten Freitag"),
    (
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "schedule",
        "Every month on the first and third Monday",
        "Jeden Monat am ersten und dritten Montag",
    ),
    (
        "FREQ=MONTHLY;BYDAY=1MO,-1FR",
        "schedule",
        "Every month on the first Monday and the last Friday",
        "Jeden Monat am ersten Montag und letzten Freitag",
    ),
    ("FREQ=MONTHLY;BYDAY=MO", "schedule", "Every month on every Monday", "Jeden Monat an jedem Montag"),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
        "schedule",
        "Every 2 months on every weekday",
        "Alle 2 Monate an jedem Arbeitstag",
    ),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "schedule",
        "Every month on the last weekday",
        "Jeden Monat am letzten Arbeitstag",
    ),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "schedule",
        "Every month on the first weekday",
        "Jeden Monat am ersten Arbeitstag",
    ),
    (
        "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-1",
        "schedule",
        "Every month on the last Saturday or Sunday",
        "Jeden Monat am letzten Samstag oder Sonntag",
    ),
    (
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "schedule",
        "Every month on the 13th, if it is a Friday",
        "Jeden Monat am 13., wenn es ein Freitag ist",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=1,4,7,10",
        "schedule",
        "Every month on the 1st in January, April, July and October",
        "Jeden Monat am 1. im Januar, April, Juli und Oktober",
    ),
    ("FREQ=YEARLY", "schedule", "Every year", "Jedes Jahr"),
    ("FREQ=YEARLY;INTERVAL=2", "schedule", "Every 2 years", "Alle 2 Jahre"),
    ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "schedule", "Every year on 24 December", "Jedes Jahr am 24. Dezember"),
    (
        "FREQ=YEARLY;BYMONTH=5,11;BYMONTHDAY=1",
        "schedule",
        "Every year on 1 May and 1 November",
        "Jedes Jahr am 1. Mai und 1. November",
    ),
    (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
        "schedule",
        "Every year on the last day of February",
        "Jedes Jahr am letzten Tag im Februar",
    ),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "schedule", "Every year on 29 February", "Jedes Jahr am 29. Februar"),
    (
        "FREQ=YEARLY;BYMONTH=5;BYDAY=-1FR",
        "schedule",
        "Every year on the last Friday in May",
        "Jedes Jahr am letzten Freitag im Mai",
    ),
    (
        "FREQ=YEARLY;BYDAY=20MO",
        "schedule",
        "Every year on the 20th Monday of the year",
        "Jedes Jahr am 20. Montag des Jahres",
    ),
    ("FREQ=YEARLY;BYDAY=MO", "schedule", "Every year on every Monday", "Jedes Jahr an jedem Montag"),
    ("FREQ=YEARLY;BYMONTH=5", "schedule", "Every year in May", "Jedes Jahr im Mai"),
    (
        "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        "schedule",
        "Every year on the 13th, if it is a Friday",
        "Jedes Jahr am 13., wenn es ein Freitag ist",
    ),
    (
        "FREQ=YEARLY;BYYEARDAY=100",
        "schedule",
        "Every year on the 100th day of the year",
        "Jedes Jahr am 100. Tag des Jahres",
    ),
    (
        "FREQ=YEARLY;BYYEARDAY=-1",
        "schedule",
        "Every year on the last day of the year",
        "Jedes Jahr am letzten Tag des Jahres",
    ),
    ("FREQ=YEARLY;BYWEEKNO=20", "schedule", "Every year in week 20", "Jedes Jahr in Woche 20"),
    (
        "FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO",
        "schedule",
        "Every year on Monday in weeks 20 and 1 from the end",
        "Jedes Jahr am Montag in den Wochen 20 und 1 vom Ende",
    ),
    (
        "FREQ=YEARLY;BYMONTH=5;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "schedule",
        "Every year on the last weekday in May",
        "Jedes Jahr am letzten Arbeitstag im Mai",
    ),
    (
        "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=2,3;BYDAY=TU",
        "schedule",
        "Every year on 2 November and 3 November, if it is a Tuesday",
        "Jedes Jahr am 2. November und 3. November, wenn es ein Dienstag ist",
    ),
    ("FREQ=DAILY;COUNT=1", "schedule", "Every day, once", "Jeden Tag, einmal"),
    ("FREQ=DAILY;COUNT=10", "schedule", "Every day, 10 times", "Jeden Tag, 10-mal"),
    (
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231",
        "schedule",
        "Every Monday, until 31 December 2026",
        "Jeden Montag, bis 31. Dezember 2026",
    ),
    (
        "FREQ=DAILY;UNTIL=20261231T170000Z",
        "schedule",
        "Every day, until 31 December 2026",
        "Jeden Tag, bis 31. Dezember 2026",
    ),
    ("freq=daily;interval=2", "schedule", "Every 2 days", "Alle 2 Tage"),
    (
        "FREQ=DAILY;INTERVAL=3",
        "completion",
        "Every 3 days, counted from completion",
        "Alle 3 Tage, ab dem Erledigen gezählt",
    ),
    (
        "FREQ=WEEKLY;COUNT=5",
        "completion",
        "Every week, counted from completion, 5 times",
        "Jede Woche, ab dem Erledigen gezählt, 5-mal",
    ),
]


def said(language: str) -> list[list[str]]:
    """What the app says of each rule, and how it writes it."""
    rules = json.dumps([(rule, basis) for rule, basis, _, _ in CASES])
    ran = run_module("words.mjs", language, input=rules)
    found: list[list[str]] = json.loads(ran)
    return found


@pytest.mark.parametrize(("language", "column"), [("en-GB", 2), ("de-DE", 3)])
def test_each_rule_has_a_sentence(language: str, column: int) -> None:
    assert [sentence for sentence, _ in said(language)] == [case[column] for case in CASES]


def test_a_rule_that_is_read_and_written_is_the_same() -> None:
    for (rule, *_), (_, written) in zip(CASES, said("en-GB"), strict=True):
        if "WKST" not in rule:  # The app writes the first day of the person's week.
            until = rule.upper().split("T17")[0]
            assert sorted(written.split(";")) == sorted(until.split(";"))
