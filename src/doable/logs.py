"""Logs: JSON for machines, and text for a terminal. A log never contains a token, a password or a user's data.

Logging a request must be cheap, so all entries of 50 ms are encoded and written together.
"""

import asyncio
import logging
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from textwrap import indent
from time import time
from typing import Final, TextIO, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

TraceId: TypeAlias = Callable[[], str | None]

LOGGER: Final = logging.getLogger("doable")
FLUSH_SECONDS: Final = 0.05
HEALTH: Final = "/health"  # Load balancers send these requests every few seconds: successes are for debugging.
_encoder: Final = msgspec.json.Encoder()
_QUOTE, _BACKSLASH = '"', "\\"
# Characters that JSON need not escape, but that control a terminal, are invisible, or change the order of the text.
_unseen: Final = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class JSONFormatter(logging.Formatter):
    """Writes one JSON object per line, with the facts of `extra={"facts": {...}}` and the id of the current trace."""

    def __init__(self, trace_id: TraceId | None = None) -> None:
        super().__init__()
        self._trace_id = trace_id

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        trace_id = self._trace_id() if self._trace_id else None
        if trace_id is not None:
            line["trace_id"] = trace_id
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return _visible(_encoder.encode(line))


class TextFormatter(logging.Formatter):
    """Writes lines for people: the time, the level unless it is `info`, the event and its facts."""

    def format(self, record: logging.LogRecord) -> str:
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        facts = " ".join(f"{name}={_value(value)}" for name, value in getattr(record, "facts", {}).items())
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        line = f"{moment} {level}{one_line(record.getMessage())} {facts}".rstrip()
        if not record.exc_info:
            return line
        # The indent shows that these are not lines of the log, even if an error message looks like one.
        trace = map(one_line, self.formatException(record.exc_info).splitlines())
        return f"{line}\n{indent(chr(10).join(trace), '  ')}"


# The time of the response in seconds since 1970, level, request id, client address, method, path, status, duration in
# seconds, error code, user, id of the personal access token, trace id.
Entry: TypeAlias = tuple[
    float, str, bytes, str | None, str, str, int, float, str | None, str | None, int | None, str | None
]


class Line(msgspec.Struct, gc=False):
    """The log line of a request and its response."""

    time: datetime
    level: str
    event: str
    request_id: str
    client: str | UnsetType
    user: str | UnsetType
    method: str
    path: str
    status: int
    code: str | UnsetType
    ms: float
    trace_id: str | UnsetType
    token: int | UnsetType


class RequestLog:
    """Logs one line per request, in the order of the responses."""

    def __init__(self, stream: TextIO, *, json: bool, health: bool = False, trace_id: TraceId | None = None) -> None:
        """With `health`, successful health checks are logged too."""
        self._stream = stream
        self._trace_id = trace_id
        self._has_health = health
        self._lines = _json_lines if json else _text_lines
        self._entries: list[Entry] = []

    def add(
        self,
        request_id: bytes,
        client: str | None,
        method: str,
        path: str,
        status: int,
        seconds: float,
        code: str | None = None,
        user: str | None = None,
        token: int | None = None,
    ) -> None:
        """Log a request after its response. Call this on the event loop. `token` is the id of the access token."""
        level = "info"
        if path.startswith(HEALTH) and status < HTTPStatus.BAD_REQUEST:
            if not self._has_health:
                return
            level = "debug"
        if not self._entries:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        trace_id = self._trace_id() if self._trace_id else None
        self._entries.append(
            (time(), level, request_id, client, method, path, status, seconds, code, user, token, trace_id)
        )

    def flush(self) -> None:
        entries, self._entries = self._entries, []
        self._stream.write(self._lines(map(_line, entries)))
        self._stream.flush()


def set_up(level: str, format: str, stream: TextIO | None = None, trace_id: TraceId | None = None) -> RequestLog | None:
    """Log everything in this process to `stream` (default: standard error). `trace_id` returns the current trace id.

    Returns the log for requests; None if `level` is above `info`.
    """
    stream = stream or sys.stderr
    json = format == "json" or (format == "auto" and not stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter(trace_id) if json else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOGGER.setLevel(level.upper())
    if not LOGGER.isEnabledFor(logging.INFO):
        return None
    return RequestLog(stream, json=json, health=LOGGER.isEnabledFor(logging.DEBUG), trace_id=trace_id)


def _line(entry: Entry) -> Line:
    at, level, request_id, client, method, path, status, seconds, code, user, token, trace_id = entry
    return Line(
        datetime.fromtimestamp(at, UTC),  # The encoder is five times as fast as isoformat.
        level,
        "request",
        request_id.decode(),
        client or UNSET,
        user or UNSET,
        method,
        path,
        status,
        code or UNSET,
        round(seconds * 1000, 2),
        trace_id or UNSET,
        UNSET if token is None else token,
    )


def _json_lines(lines: Iterable[Line]) -> str:
    return _visible(_encoder.encode_lines(lines))


def _text_lines(lines: Iterable[Line]) -> str:
    return "".join(map(_text_line, lines))


def _text_line(line: Line) -> str:
    moment = line.time.astimezone().strftime("%H:%M:%S")
    request = f"{line.method} {one_line(line.path)} {line.status} {line.ms:.1f} ms {line.request_id}"
    facts = {"client": line.client, "code": line.code, "user": line.user, "token": line.token, "trace": line.trace_id}
    told = [f"{name}={_value(value)}" for name, value in facts.items() if value]
    return f"{' '.join([moment, request, *told])}\n"


def _value(value: object) -> str:
    """A value of a fact, in quotation marks where it would not be one word."""
    text = str(value)
    if text and " " not in text and '"' not in text:
        return one_line(text)
    return f'"{one_line(text.replace(_BACKSLASH, 2 * _BACKSLASH).replace(_QUOTE, _BACKSLASH + _QUOTE))}"'


def _visible(json: bytes) -> str:
    text = json.decode()
    if text.isascii() and "\x7f" not in text:
        return text
    return _unseen.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str) -> str:
    """Escape line breaks and everything else in a text that could control a terminal."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
