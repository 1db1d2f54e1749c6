"""Files that are written whole or not at all, and a line on the terminal that tells how far they are."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import IO, Final

from doable.cli.text import repaint
from doable.errors import Misconfigured

REPAINT: Final = 0.1  # seconds


@contextmanager
def written(name: str) -> Iterator[IO[bytes]]:
    """The file takes its name when it is complete and on the disk; `-` is standard output. Only its owner may read it.

    Raises Misconfigured when it can't be written.
    """
    path = Path(name)
    try:
        if name == "-":
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif path.exists() and not S_ISREG(path.stat().st_mode):  # a pipe or a device, which nothing may replace
            with path.open("wb") as device:
                yield device
        else:
            with _replacing(path) as file:
                yield file
    except OSError as error:
        raise Misconfigured(f"{name} can't be written: {error.strerror}") from None


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    path = path.resolve()  # What a link names is replaced, not the link.
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file.file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).rename(path)
        except BaseException:
            Path(file.name).unlink()
            raise
    directory = os.open(path.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """`-` is standard input. Raises Misconfigured when there is no such file."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - only opening it is what may fail here
    except OSError as error:
        raise Misconfigured(f"{name} can't be read: {error.strerror}") from None
    with file:
        yield file


class Meter:
    """Shows on a terminal how many rows of which table are done; otherwise prints nothing."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, table: str, rows: int) -> None:
        if self._shows and monotonic() >= self._next:
            self._next = monotonic() + REPAINT
            repaint(f"{table}: {rows:,} rows")

    def clear(self) -> None:
        if self._shows:
            repaint("")
