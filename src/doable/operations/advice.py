"""What is said of settings: which are probably not what you meant, and which the log tells."""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from doable.environment import FILE, file_values, given, is_link, lines_not_understood
from doable.settings import SECRETS, Settings

PREFIX: Final = "DOABLE_"
NAMES: Final = [str(field.alias) for field in Settings.model_fields.values()]
LONG_NAMES: Final = [name for name in NAMES if "_" in name]  # too much is similar to HOST and PORT
CLOSE: Final = 0.87  # JWKS_URI is as close as that to JWKS_URL
OF_OTHERS: Final = {
    "BETTER_AUTH_API_URL",
    "BETTER_AUTH_SECRETS",
    "DATABASE_USER",
    "DOABLE_OWNER_PASSWORD",  # of compose.yaml
    "DOABLE_SERVICE_PASSWORD",  # of compose.yaml
}

_SECRET_IN_URL: Final = re.compile(r"(?<=://).*@|[?#].*")  # before the host, and after the path


def told(settings: Settings) -> dict[str, object]:
    """For the log: those that differ from their defaults, by their variables, without anything secret."""
    values = {
        str(field.alias): (getattr(settings, name), field.default) for name, field in Settings.model_fields.items()
    }
    return {
        name: "(set)" if name in SECRETS else _without_secrets(value)
        for name, (value, default) in values.items()
        if value != default
    }


def warnings() -> Iterator[str]:
    """One sentence for each doubt, without any value. Raises Misconfigured for a `.env` that can't be read."""
    for line in lines_not_understood():
        yield f"Line {line} of {FILE} is not understood and is ignored; write NAME=value"
    in_file = file_values()
    for name, value in sorted((in_file | os.environ).items()):
        if name.upper() not in NAMES and not is_link(name, value) and _is_meant_for_us(name.upper()):
            place = f" in {FILE}" if name in in_file and name not in os.environ else ""
            yield f"{name}{place} is not a setting of Doable{_nearest(name.upper())}"
    for name, value in given().items():
        if name in SECRETS and value != value.strip().strip("'\""):
            yield f"{name} has quotes or blanks around it, which count as part of it; remove them"


def _is_meant_for_us(name: str) -> bool:
    if name in OF_OTHERS:
        return False
    return name.startswith(PREFIX) or bool(get_close_matches(name, LONG_NAMES, 1, CLOSE))


def _nearest(name: str) -> str:
    bare = name.removeprefix(PREFIX)
    near = [bare] if bare in NAMES else get_close_matches(name, NAMES, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _without_secrets(value: object) -> object:
    if isinstance(value, tuple):
        return [_without_secrets(one) for one in value]
    if isinstance(value, int | float):
        return value
    text = str(value)
    return _SECRET_IN_URL.sub("", text) if "://" in text else text
