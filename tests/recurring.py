"""What a recurring task must do, worked out day by day (`day_by_day`), and random recurring tasks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from day_by_day import evaluate, random_rule
from doable import zones
from doable.core.recurrence import Occurrence
from doable.schedule import Due, Recurrence

ZONES = sorted(zones.NAMES)
DAY = timedelta(days=1)


def parts(rule: str) -> dict[str, str]:
    return dict(part.split("=") for part in rule.upper().split(";"))


def instant(wall: datetime, zone: str) -> datetime:
    """The first moment with this wall time; where a gap left it out, as long after the gap's beginning as it says."""
    utc, place = wall.replace(tzinfo=UTC), zones.zone(zone)
    offsets = {(utc + shift).astimezone(place).utcoffset() or timedelta() for shift in (-DAY, timedelta(), DAY)}
    moments = [utc - offset for offset in offsets]
    right = [moment for moment in moments if moment.astimezone(place).replace(tzinfo=None) == wall]
    return min(right, default=max(moments))


def ends_before(due: Due, day: date, until: str) -> bool:
    if len(until) == len("20261231") or due.time is None:
        return f"{day:%Y%m%d}" > until[:8]
    wall = datetime.combine(day, time.fromisoformat(due.time))
    if until.endswith("Z") and due.time_zone:
        return f"{instant(wall, due.time_zone):%Y%m%dT%H%M%SZ}" > until
    return f"{wall:%Y%m%dT%H%M%S}" > until.removesuffix("Z")


def series(due: Due, rule: str, base: date, last: date) -> list[date]:
    """The days until UNTIL or `last`."""
    until = parts(rule).get("UNTIL", "99991231")
    return [day for day in evaluate(rule, base, last) if not ends_before(due, day, until)]


def is_past(due: Due, day: date, moment: datetime, zone: str) -> bool:
    if due.time is None:
        return day < moment.astimezone(zones.zone(zone)).date()
    return instant(datetime.combine(day, time.fromisoformat(due.time)), due.time_zone or zone) <= moment


def following(old: Occurrence, moment: datetime, zone: str, last: date, *, skipped: bool) -> Occurrence | None:
    """The next occurrence; None if it does not come until `last`."""
    due, recurrence = old.due, old.recurrence
    today = moment.astimezone(zones.zone(zone)).date()
    after = max(due.date, recurrence.anchor)
    base = recurrence.anchor
    if recurrence.basis == "completion":
        base = after = max(today, after) if skipped else today
    days = (d for d in series(due, recurrence.rule, base, last) if d > after and d != recurrence.anchor)
    new = next((d for d in days if not is_past(due, d, moment, zone)), None)
    if new is None:
        return None
    rule = recurrence.rule
    if count := parts(rule).get("COUNT"):
        until = recurrence.anchor if recurrence.basis == "completion" else new - DAY
        left = int(count) - len(evaluate(rule, recurrence.anchor, until))
        rule = rule.replace(f"COUNT={count}", f"COUNT={left}")
        if left <= 0:
            return None
    return moved(old, new, rule, zone)


def moved(old: Occurrence, new: date, rule: str, zone: str) -> Occurrence:
    by = new - old.due.date
    place = zones.zone(old.due.time_zone or zone)
    walls = [moment.astimezone(place).replace(tzinfo=None) + by for moment in old.at]
    start = old.start and Due(old.start.date + by, old.start.time, old.start.time_zone)
    return Occurrence(
        Due(new, old.due.time, old.due.time_zone),
        Recurrence(rule, old.recurrence.basis, new),
        start,
        tuple(instant(wall, place.key or "") for wall in walls) if by else old.at,
    )


def random_case(random: Random, places: Sequence[str] = ZONES) -> tuple[Occurrence, datetime, str]:
    """A recurring task, a moment near it, and a zone."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randint(0, 700_000))
    due = random_due(random, moment.date() + timedelta(random.choice([0, 0, 1, -1, random.randint(-400, 100)])), places)
    anchor = due.date + timedelta(random.choice([0, 0, 0, random.randint(-10, 10)]))
    rule = random_rule(random) + random_end(random, anchor)
    basis = random.choice(["schedule", "completion"])
    start = random_due(random, due.date - timedelta(random.randint(0, 3)), places) if random.random() < 0.3 else None
    reminders = tuple(moment + timedelta(minutes=random.randint(-9999, 9999)) for _ in range(random.choice([0, 0, 2])))
    return Occurrence(due, Recurrence(rule, basis, anchor), start, reminders), moment, random.choice(places)


def random_due(random: Random, day: date, places: Sequence[str]) -> Due:
    clock = f"{random.choice([0, 1, 2, 3, 9, 12, 17, 23]):02}:{random.choice([0, 30, 59]):02}"
    return random.choice([Due(day), Due(day, clock), Due(day, clock, random.choice(places))])


def random_end(random: Random, anchor: date) -> str:
    until = f"{anchor + timedelta(random.randint(0, 500)):%Y%m%d}"
    count = random.choice([1, 2, 3, 10, 100])
    return random.choice(
        ["", "", f";COUNT={count}", f";UNTIL={until}", f";UNTIL={until}T120000", f";UNTIL={until}T120000Z"]
    )


def transitions(zone: str, year: int) -> Iterator[date]:
    """The days of a year on which the clocks change."""
    place = zones.zone(zone)
    midnight = datetime(year, 1, 1)  # noqa: DTZ001
    while midnight.year == year:
        if midnight.replace(tzinfo=place).utcoffset() != (midnight + DAY).replace(tzinfo=place).utcoffset():
            yield midnight.date()
        midnight += DAY
