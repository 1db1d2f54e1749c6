"""Backups: write the whole database to one file, and restore it.

The file is a gzipped SQL script. `restore` parses the script and does not execute it. Without Doable, you can restore
into an empty, migrated database with `gunzip < FILE | psql`.
"""

import gzip
import re
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Final, TypeAlias

import msgspec

from doable.errors import Misconfigured
from doable.store import backup, migrate
from doable.store.address import Address
from doable.store.backup import BackupTable, Loading, SequenceState
from doable.store.inspection import inspect
from doable.store.version import Version

Progress: TypeAlias = Callable[[str, int], object]  # called with a table and the number of rows done

BLOCK_BYTES: Final = 64 * 1024  # bytes per call to PostgreSQL
# The fastest level that still finds repeated words: twice as fast as the default, with 10 % more bytes.
LEVEL: Final = 4
FORMAT: Final = 1
_TITLE: Final = re.compile(rb"-- Doable backup (\{.*\})\n")
_COPY: Final = re.compile(rb'copy doable\."(\w+)" \((.*)\) from stdin;\n')
_SET: Final = re.compile(rb"select setval\('doable\.\"(\w+)\"', (\d+), (true|false)\);\n")
_TOTAL: Final = re.compile(rb"-- The end (\{.*\})\n")
_END_OF_ROWS: Final = b"\\.\n"


class Title(msgspec.Struct, frozen=True):
    """The first line of a backup: the version of the tables, and the time of the backup."""

    schema: str
    at: datetime
    format: int = FORMAT


async def back_up(address: Address, file: IO[bytes], progress: Progress) -> dict[str, int]:
    """Write the database as it is at this moment. Returns the number of rows per table. Raises Misconfigured."""
    if (await inspect(address)).schema.present is None:
        raise Misconfigured(f"The database {address} has no tables of Doable")
    total: dict[str, int] = {}
    with gzip.GzipFile("", "wb", LEVEL, file) as script:
        async with backup.snapshot(address) as snapshot:
            title = msgspec.json.encode(Title(snapshot.version, datetime.now(UTC)))
            script.write(b"-- Doable backup %b\n" % title)
            script.write(b"\\set ON_ERROR_STOP on\nset client_encoding = 'UTF8';\nbegin;\n")
            script.write(f"{backup.SETTINGS}{backup.BEGIN};\n".encode())
            for table in snapshot.tables:
                total[table.name] = 0

                async def write(rows: bytes, name: str = table.name) -> None:
                    script.write(rows)
                    total[name] += rows.count(b"\n")
                    progress(name, total[name])

                columns = ", ".join(f'"{column}"' for column in table.columns)
                script.write(f'copy doable."{table.name}" ({columns}) from stdin;\n'.encode())
                await snapshot.copy(table, write)
                script.write(_END_OF_ROWS)
            for name, last, is_called in await snapshot.counters():
                script.write(f"select setval('doable.\"{name}\"', {last}, {str(is_called).lower()});\n".encode())
            script.write(f"{backup.END};\ncommit;\n".encode())
        script.write(b"-- The end %b\n" % msgspec.json.encode(total))
    return total


async def restore(address: Address, file: IO[bytes], progress: Progress, *, replace: bool = False) -> dict[str, int]:
    """Fill the database from a backup, and migrate it to this version. Returns the number of rows per table.

    Earlier cursors and ETags become invalid. Raises Misconfigured if the database has users, unless `replace`, and if
    the file is not a complete backup. Then the data stays as it was.
    """
    with gzip.GzipFile("", "rb", fileobj=file) as script:
        lines = _lines(script)
        title = _title(next(lines, b""))
        present = (await inspect(address)).schema.present
        if present is None:
            await migrate.upgrade(address, title.schema)
        elif present != title.schema:
            raise Misconfigured(
                f"The backup is of version {title.schema} of the tables, and the database {address} has {present}; "
                "restore into an empty database"
            )
        async with backup.loading(address, replace=replace) as target:
            total = await _load(lines, target, progress)
    await migrate.upgrade(address)
    return total


async def _load(lines: Iterator[bytes], target: Loading, progress: Progress) -> dict[str, int]:
    total: dict[str, int] = {}
    promised: Mapping[str, int] | None = None
    for line in lines:
        if copy := _COPY.fullmatch(line):
            name = copy[1].decode()
            columns = re.findall(r'"(\w+)"', copy[2].decode())
            total[name] = 0
            await target.fill(BackupTable(name, columns), _rows(lines, name, total, progress))
        elif counter := _SET.fullmatch(line):
            await target.set(SequenceState(counter[1].decode(), int(counter[2]), counter[3] == b"true"))
        elif end := _TOTAL.fullmatch(line):
            promised = msgspec.json.decode(end[1], type=dict[str, int])
    if total != promised:
        raise Misconfigured("The file does not hold what it says; take another backup")
    return total


async def _rows(lines: Iterator[bytes], name: str, total: dict[str, int], progress: Progress) -> AsyncIterator[bytes]:
    """Yield the lines up to the end of a table, in blocks of about `BLOCK_BYTES`."""
    block: list[bytes] = []
    size = 0
    for line in lines:
        if line == _END_OF_ROWS:
            break
        block.append(line)
        size += len(line)
        if size >= BLOCK_BYTES:
            yield b"".join(block)
            total[name] += len(block)
            progress(name, total[name])
            block, size = [], 0
    yield b"".join(block)
    total[name] += len(block)
    progress(name, total[name])


def _lines(script: gzip.GzipFile) -> Iterator[bytes]:
    """Yield the lines of the file. gzip verifies them: raises Misconfigured if the file is truncated or damaged."""
    try:
        yield from script
    except (OSError, EOFError, zlib.error) as error:
        raise Misconfigured(f"The file can't be read as a backup: {error}") from None


def _title(line: bytes) -> Title:
    found = _TITLE.fullmatch(line)
    if found is None:
        raise Misconfigured("The file is not a backup of Doable")
    title = msgspec.json.decode(found[1], type=Title)
    version = Version(title.schema)
    if version.is_too_old:
        raise Misconfigured(
            f"The backup comes from a version before the first release (its tables are at {title.schema}), and this "
            "version can't read it; restore it with the version that made it"
        )
    if title.format != FORMAT or version.is_newer:
        raise Misconfigured("The backup was made by a newer Doable than this one; install that version")
    return title
