"""Reads variables from the environment and, with lower priority, from the file `.env` of the working directory."""

import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv.parser import Binding, parse_stream
from dotenv.variables import parse_variables

from doable.errors import Misconfigured

FILE: Final = Path(".env")
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16 and UTF-32
_SINGLE_QUOTED: Final = re.compile(r"\s*(?:export\s+)?(?:'[^']+'|[^=#\s]+)\s*=\s*'((?:\\'|[^'])*)'")
# Kubernetes sets variables with these names in each pod, if there is a service called doable or doable-metrics.
_LINK_NAME: Final = re.compile(r"\w+_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?)")
_LINK_VALUE: Final = re.compile(r"(tcp|udp|sctp)://.+:\d+")


def given() -> dict[str, str]:
    """Return all non-empty variables by their names in capitals. Raises Misconfigured if the file can't be read."""
    capitals_last = sorted(os.environ.items(), reverse=True)
    said = {name.upper(): value for name, value in capitals_last if value and not is_link(name, value)}
    return {name.upper(): value for name, value in file_values().items() if value} | said


def is_link(name: str, value: str) -> bool:
    """Whether Kubernetes sets this variable for a service."""
    return bool(_LINK_NAME.fullmatch(name) or (name.endswith("_PORT") and _LINK_VALUE.fullmatch(value)))


def file_values() -> dict[str, str]:
    """Return the variables of the file. Raises Misconfigured."""
    values: dict[str, str] = {}
    for binding in _bindings():
        if binding.key is not None and binding.value is not None:
            values[binding.key] = _value(binding, os.environ | values)
    return values


def lines_not_understood() -> list[int]:
    """Return the numbers of the lines that can't be parsed. Raises Misconfigured."""
    return [binding.original.line for binding in _bindings() if binding.error]


def hand_on(prefix: str) -> None:
    """Copy variables with this prefix from the file to the environment, for libraries that read settings there.

    Raises Misconfigured.
    """
    for name, value in file_values().items():
        if name.startswith(prefix) and value:
            os.environ.setdefault(name, value)


def _value(binding: Binding, known: dict[str, str]) -> str:
    """Text in single quotes is literal. In any other text `${NAME}` stands for a variable."""
    if match := _SINGLE_QUOTED.match(binding.original.string):
        return match[1].replace(r"\'", "'")
    return "".join(part.resolve(known) for part in parse_variables(binding.value or ""))


def _bindings() -> Iterator[Binding]:
    return parse_stream(StringIO(_text()))


def _text() -> str:
    try:
        if (FILE / "pyvenv.cfg").exists():
            return ""  # A virtual environment may have this name.
        raw = FILE.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise Misconfigured(f"{FILE} can't be read: {error.strerror}") from None
    if raw.startswith(_BYTE_ORDER_MARKS) or b"\0" in raw:
        raise Misconfigured(f"{FILE} is UTF-16 and must be UTF-8; save it anew as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Misconfigured(f"{FILE} must be UTF-8 and line {line} is not; save it anew as UTF-8") from None
