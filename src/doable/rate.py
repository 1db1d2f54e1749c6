"""Rates, such as 600 requests per minute."""

import re
from dataclasses import dataclass
from typing import Final

UNITS: Final = {"sec": 1, "min": 60, "hour": 3600, "day": 86400}
_RATE: Final = re.compile(r"(\d{1,9})\s*/\s*(sec|min|hour|day)")


@dataclass(frozen=True)
class Rate:
    """A number of requests in a number of seconds."""

    count: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> "Rate | None":
        """Parse `COUNT/UNIT`, such as 600/min; None if the text means no limit. Raises ValueError."""
        text = text.strip().lower()
        if text in {"0", "off"}:
            return None
        match = _RATE.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a rate; write one like 600/min (sec, min, hour or day), or off")
        return cls(int(match[1]), UNITS[match[2]]) if int(match[1]) else None

    def __str__(self) -> str:
        return f"{self.count}/{next(unit for unit, seconds in UNITS.items() if seconds == self.seconds)}"
