"""The trusted web origins: those that match an origin or a pattern in `CORS_ORIGINS`."""

import logging
import re
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

LOG_AGAIN_SECONDS: Final = 600.0  # seconds after which a refused origin is logged again
TOLD_MAX: Final = 100  # origins logged in this time, because a client can send any text
LENGTH_MAX: Final = 300  # characters of an origin in the log: a host has 253, and there are scheme and port

_LABEL: Final = "[a-z0-9-]+"
_PATTERN: Final = rf"[a-z0-9-]*\*[a-z0-9-]*(?:\.{_LABEL})+\.[a-z]{_LABEL}"
_ORIGIN: Final = re.compile(rf"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+]|{_PATTERN})(?::[0-9]{{1,5}})?")
_DEFAULT_PORT: Final = re.compile(r"(?<=^http)(://.*):80$|(?<=^https)(://.*):443$")
_logger: Final = logging.getLogger("doable.origins")


def parse(text: str) -> str:
    """Parse an origin or a pattern, and return it in the form that browsers send. Raises ValueError."""
    origin = _DEFAULT_PORT.sub(r"\1\2", text.strip().lower().removesuffix("/"))
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(
            f"{text.strip()!r} is not an origin; write one like https://app.example.com, or a pattern like"
            " https://*.example.com, with one * in the first label and two labels or more after it"
        )
    return origin


class Origins:
    """Use it as `"https://app.example.com" in origins`. `tell_refused` logs other origins for the operator."""

    def __init__(self, allowed: Iterable[str], *, clock: Callable[[], float] = monotonic) -> None:
        # `*` matches no dot, colon or slash. So a match is one label, below the configured name.
        patterns = (re.escape(origin).replace(r"\*", _LABEL) for origin in allowed)
        self._allowed = re.compile("|".join(patterns) or "(?!)")
        self._clock = clock
        self._told: dict[str, float] = {}  # the origins and their times, the oldest first

    def __contains__(self, origin: str) -> bool:
        return self._allowed.fullmatch(origin) is not None

    def tell_refused(self, origin: str) -> None:
        """Log a warning, at most once per origin in `LOG_AGAIN_SECONDS`."""
        origin, now = origin[:LENGTH_MAX], self._clock()
        while self._told and now - self._told[oldest := next(iter(self._told))] >= LOG_AGAIN_SECONDS:
            del self._told[oldest]
        if origin not in self._told and len(self._told) < TOLD_MAX:
            self._told[origin] = now
            _logger.warning("An origin was refused", extra={"facts": {"origin": origin, "setting": "CORS_ORIGINS"}})
