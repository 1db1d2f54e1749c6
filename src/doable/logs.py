"""Log lines: JSON for machines, text for a terminal, and never a token, a password or a value of anybody's data.

Logging a request must cost little, so the entries of 50 ms are encoded and written together.
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
HEALTH: Final = "/health"  # Load balancers ask there every few seconds: answers that all is well are for debugging.
_encoder: Final = msgspec.json.Encoder()
# What JSON lets stand as it is, although terminals act on it or show other text in other places because of it.
_unseen: Final = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class JSONFormatter(logging.Formatter):
    """One object a line; what is given as `extra={"facts": {...}}` is merged into it, and the trace if there is one."""

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
    """For people: the time, the level where it is not plain information, the event and its facts."""

    def format(self, record: logging.LogRecord) -> str:
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        facts = " ".join(f"{name}={one_line(str(value))}" for name, value in getattr(record, "facts", {}).items())
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        line = f"{moment} {level}{one_line(record.getMessage())} {facts}".rstrip()
        if not record.exc_info:
            return line
        # Indented, so that nothing in an error's message looks like a line of the log.
        trace = map(one_line, self.formatException(record.exc_info).splitlines())
        return f"{line}\n{indent(chr(10).join(trace), '  ')}"


# When an answer was sent in seconds since 1970, level, request id, client's address, method, path, status, seconds it
# took, the code of a refusal, user, id of the personal access token that acted, trace.
Entry: TypeAlias = tuple[
    float, str, bytes, str | None, str, str, int, float, str | None, str | None, int | None, str | None
]


class Line(msgspec.Struct, gc=False):
    """What is logged of a request and its answer."""

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
    """One line for each request, in the order in which they ended."""

    def __init__(self, stream: TextIO, *, json: bool, health: bool = False, trace_id: TraceId | None = None) -> None:
        """With `health`, health checks that found nothing wrong are logged too."""
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
        """Called once a request is answered, on the event loop. `token` is the id of the access token that acted."""
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
    """Log everything of this process to `stream` (default: standard error), with the trace of what is running.

    Returns where requests are logged; None when the level is too high for that.
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
        datetime.fromtimestamp(at, UTC),  # The encoder writes it five times as fast as isoformat.
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
    told = [f"{name}={one_line(str(value))}" for name, value in facts.items() if value]
    return f"{' '.join([moment, request, *told])}\n"


def _visible(json: bytes) -> str:
    text = json.decode()
    if text.isascii() and "\x7f" not in text:
        return text
    return _unseen.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str) -> str:
    """What came from outside, without line breaks or anything else that a terminal acts on."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
