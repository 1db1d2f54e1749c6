"""Log lines: JSON for machines, text for a terminal, and never a token, a password or a value of anybody's data.

The line of a request is written on the hot path: it is encoded at once and written with others every 50 ms.
"""

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TextIO, TypeAlias

import msgspec

TraceId: TypeAlias = Callable[[], str | None]

LOGGER: Final = logging.getLogger("doable")
FLUSH_SECONDS: Final = 0.05
_encode: Final = msgspec.json.Encoder().encode


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
        return _encode(line).decode()


class TextFormatter(logging.Formatter):
    """For people: the time, the level where it is not plain information, the event and its facts."""

    def format(self, record: logging.LogRecord) -> str:
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        facts = " ".join(f"{name}={_one_line(str(value))}" for name, value in getattr(record, "facts", {}).items())
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        line = f"{moment} {level}{record.getMessage()} {facts}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class RequestLog:
    """One line for each request, in the order in which they ended."""

    def __init__(self, stream: TextIO, *, json: bool, trace_id: TraceId | None = None) -> None:
        self._stream = stream
        self._trace_id = trace_id
        self._line = _json_line if json else _text_line
        self._lines: list[str] = []

    def add(self, request_id: str, method: str, path: str, status: int, seconds: float) -> None:
        """Called once a request is answered, on the event loop."""
        if not self._lines:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        trace_id = self._trace_id() if self._trace_id else None
        self._lines.append(self._line(request_id, method, path, status, seconds, trace_id))

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        self._stream.write("".join(lines))
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
    return RequestLog(stream, json=json, trace_id=trace_id) if LOGGER.isEnabledFor(logging.INFO) else None


def _json_line(request_id: str, method: str, path: str, status: int, seconds: float, trace_id: str | None) -> str:
    line = {
        "time": datetime.now(UTC),  # The encoder writes it five times as fast as isoformat.
        "level": "info",
        "event": "request",
        "request_id": request_id,
        "method": method,
        "path": path,
        "status": status,
        "ms": round(seconds * 1000, 2),
    }
    if trace_id is not None:
        line["trace_id"] = trace_id
    return _encode(line).decode() + "\n"


def _text_line(request_id: str, method: str, path: str, status: int, seconds: float, trace_id: str | None) -> str:
    moment = datetime.now().astimezone().strftime("%H:%M:%S")
    path = _one_line(path)
    trace = f" trace={trace_id}" if trace_id else ""
    return f"{moment} {method} {path} {status} {seconds * 1000:.1f} ms {request_id}{trace}\n"


def _one_line(text: str) -> str:
    """What came from outside, without line breaks or anything else that a terminal acts on."""
    return text if text.isprintable() else ascii(text)[1:-1]
