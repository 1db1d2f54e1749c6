"""Time zones of the IANA database, from the package `tzdata`: every installation has the same.

A wall time is the truth, and an instant follows from it. In a gap of daylight saving time, the wall time moves forward
by the gap. In an overlap, it is the first of the two instants (RFC 5545 §3.3.5).
"""

from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from tzdata import IANA_VERSION  # type: ignore[import-untyped]

_PLACE: Final = files("tzdata")
NAMES: Final = frozenset(_PLACE.joinpath("zones").read_text("utf-8").split())
VERSION: Final[str] = IANA_VERSION  # such as 2026f; a newer one is greater
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone with this exact name, which is one of `NAMES`."""
    with _PLACE.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def instant(wall: datetime, name: str) -> datetime:
    """Return the instant of a wall time without a zone, in UTC. Beyond the years 1 to 9999: the first or the last."""
    with suppress(OverflowError):
        return wall.replace(tzinfo=zone(name), fold=0).astimezone(UTC)
    return _FIRST if wall.year == 1 else _LAST
