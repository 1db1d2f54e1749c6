"""The words and phrases of English."""

from typing import Final

from doable.core.quick_add.language import Language, one_of


def _numbered(first: int, *words: str) -> dict[str, int]:
    """Number the words in lower case. Words of the same number stand together."""
    return {word.lower(): number for number, same in enumerate(words, first) for word in same.split()}


_WEEKDAYS: Final = _numbered(0, "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_WEEKDAYS: Final = _numbered(0, "Mon", "Tue Tues", "Wed Weds", "Thu Thur Thurs", "Fri", "Sat", "Sun")
_SPRING: Final = ("January Jan", "February Feb", "March Mar", "April Apr", "May", "June Jun")
_AUTUMN: Final = ("July Jul", "August Aug", "September Sept Sep", "October Oct", "November Nov", "December Dec")
_MONTHS: Final = _numbered(1, *_SPRING, *_AUTUMN)
_FEW: Final = ("a an one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS: Final = _numbered(1, *_FEW)
_STEPS: Final = {"other": 2, "second": 2, "third": 3, "fourth": 4}
_PLACES: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_UNITS: Final = {"day": "day", "week": "week", "month": "month", "year": "year"}
_MINUTES: Final = {"hour": "hour", "hr": "hour", "minute": "minute", "min": "minute"}
_DAYS: Final = {"today": 0, "tonight": 0, "tomorrow": 1}
_STARTS: Final = ("p", "every", "due", "by", "for", "starting", "on", "the", "in", "next", "this", "at", "noon")
# After these words, a date or a time belongs to the sentence.
_INSIDE: Final = (
    *("about", "after", "before", "between", "from", "last", "not", "of", "past", "since"),
    *("than", "till", "to", "until", "a", "an", "the"),
)
_FEASTS: Final = ("ash", "black", "bowl", "casual", "cyber", "easter", "good", "palm")

_LONG: Final = one_of(_WEEKDAYS)
_SHORT: Final = one_of(_SHORT_WEEKDAYS)
_WEEKDAY: Final = one_of([*_WEEKDAYS, *_SHORT_WEEKDAYS])
_COUNT: Final = "[1-9][0-9]{0,2}"
_NUMBER: Final = f"(?:{_COUNT}|{one_of(_NUMBERS)})"
_UNIT: Final = f"{one_of(_UNITS)}s?"
_DAY: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_SUFFIX: Final = "(?:st|nd|rd|th)"
_ORDINAL: Final = f"{_DAY}{_SUFFIX}"
_AND: Final = r"(?:\s*[,&/+]\s*(?:and )?| (?:and |or )?)(?:every )?"
_YEAR: Final = r"(?:,? (?P<year>2[01][0-9]{2}))?"
_SHORT_YEAR: Final = "(?P<year>(?:[0-9]{2}){1,2})"
_HOUR: Final = "(?P<hour>[01]?[0-9]|2[0-3])"

# What may stand before a date or a time, and belongs to it.
_BY: Final = "(?:due )?(?:(?:by|for|starting) )?"
_ON: Final = "(?:due )?(?:(?:on|by|for|starting) )?"
_AT: Final = "(?:due )?(?:(?:at|by|for) )?"

_MONTH_DAY: Final = rf"(?P<month>{one_of(_MONTHS)})\.? (?P<day>{_DAY}){_SUFFIX}?"
_DAY_MONTH: Final = rf"(?:the )?(?P<day>{_DAY})(?:{_SUFFIX}|\.)?(?: of)? (?P<month>{one_of(_MONTHS)})\.?"
_DOTTED: Final = r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\."
_SLASHED: Final = "(?!24/7)(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})"
_DATED: Final = f"{_ON}(?:(?:(?:this|next) )?{_WEEKDAY},? )?"

_STEP: Final = f"(?P<interval>{_COUNT}|{_ORDINAL}|{one_of([*_NUMBERS, *_STEPS])})"
_EVERY: Final = "every(?P<completion>!)? "
_OF_MONTH: Final = "(?: of (?:(?:the|each|every) )?month)"
_ANY_MONTH: Final = f"(?:{_OF_MONTH}|(?! (?:of|in) {one_of(_MONTHS)}))"
_NO_STEP: Final = rf"(?:(?: day)?{_OF_MONTH}|(?! {_UNIT}(?!\w)))"  # "every 2nd week" is a step.
_PLACE: Final = f"(?:[1-5]{_SUFFIX}|{one_of(_PLACES)})"
# Lists have an end, so that no text takes long.
_PLACES_OF: Final = f"(?P<places>{_PLACE}(?:{_AND}{_PLACE}){{0,5}})"
_DAYS_OF_WEEK: Final = f"(?P<days>{_WEEKDAY}(?:{_AND}{_WEEKDAY}){{0,6}})"
_MONTHLY: Final = f"{_EVERY}(?:(?:{_STEP} )?months? on (?:the )?)?"
_YEARLY: Final = f"{_EVERY}(?:(?:{_STEP} )?years? on (?:the )?)?"

ENGLISH: Final = Language(
    weekdays=_WEEKDAYS | _SHORT_WEEKDAYS,
    months=_MONTHS,
    numbers=_NUMBERS | _STEPS | _PLACES,
    units={word + end: unit for word, unit in (_UNITS | _MINUTES).items() for end in ("", "s")},
    days=_DAYS,
    starts=frozenset([*_STARTS, *_DAYS, *_WEEKDAYS, *_SHORT_WEEKDAYS, *_MONTHS]),
    inside=frozenset(_INSIDE),
    feasts=frozenset(_FEASTS),
    joints=frozenset({"", "-", "\u2013", "\u2014", ",", "&", "/", "and", "or", "to", "until", "till"}),
    phrases=(
        ("priority", "p(?P<level>[123])"),
        ("yearly", f"{_YEARLY}{_MONTH_DAY}"),
        ("yearly", f"{_YEARLY}{_DAY_MONTH}"),
        ("yearly", f"{_YEARLY}{_DOTTED}"),
        ("yearly_slashed", f"{_YEARLY}{_SLASHED}"),
        ("yearly_weekday", f"{_EVERY}{_PLACES_OF} (?P<weekday>{_WEEKDAY}) (?:of|in) (?P<month>{one_of(_MONTHS)})"),
        ("monthly_weekday", f"{_MONTHLY}{_PLACES_OF} (?P<weekday>{_WEEKDAY}){_ANY_MONTH}"),
        ("monthly_workday", f"{_MONTHLY}{_PLACES_OF} weekday{_ANY_MONTH}"),
        ("monthly_place", f"{_MONTHLY}(?P<place>first|last) day{_ANY_MONTH}"),
        ("monthly_days", f"{_MONTHLY}(?P<days>{_ORDINAL}(?:{_AND}(?:the )?{_ORDINAL}){{0,30}}){_NO_STEP}"),
        ("weekly_workdays", f"{_EVERY}(?:(?:{_STEP} )?weeks? on )?weekdays?"),
        ("weekly_days", f"{_EVERY}(?:(?:{_STEP} )?weeks? on )?{_DAYS_OF_WEEK}"),
        ("weekly_days", f"{_EVERY}(?P<interval>other) {_DAYS_OF_WEEK}"),
        ("interval", f"{_EVERY}(?:{_STEP} )?(?P<unit>{_UNIT})"),
        ("day_word", f"{_BY}(?P<day>{one_of(_DAYS)})"),
        ("next_week", f"{_BY}next week"),
        ("next_month", f"{_BY}next month"),
        ("ahead", f"(?:due )?in (?P<number>{_NUMBER}) (?P<unit>{_UNIT})"),
        ("ahead_minutes", f"(?:due )?in (?P<number>{_NUMBER}) (?P<unit>{one_of(_MINUTES)}s?)"),
        ("date", f"{_DATED}{_MONTH_DAY}{_YEAR}"),
        ("date", f"{_DATED}{_DAY_MONTH}{_YEAR}"),
        ("date", f"{_DATED}(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})"),
        ("date", f"{_DATED}{_DOTTED}{_SHORT_YEAR}?"),
        ("slashed", f"{_DATED}{_SLASHED}(?:/{_SHORT_YEAR})?"),
        ("next_weekday", f"{_ON}next (?P<weekday>{_WEEKDAY})"),
        ("this_weekday", f"{_ON}this (?P<weekday>{_WEEKDAY})"),
        ("weekday", f"{_ON}(?P<weekday>{_LONG})"),
        ("weekday", f"(?:due )?on (?P<weekday>{_SHORT})"),
        ("last_word", f"{_BY}(?P<weekday>{_SHORT})"),
        ("half_day", rf"{_AT}(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5][0-9]))?\s*(?P<half>[ap])\.?m\.?"),
        ("clock", f"{_AT}{_HOUR}:(?P<minute>[0-5][0-9])"),
        ("clock", f"(?:due )?at {_HOUR}(?: o['\u2019]clock)?"),
        ("noon", f"{_AT}(?:12 )?noon"),
    ),
)
