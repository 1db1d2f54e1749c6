"""Backups: the whole database as one file, and back.

The file is a gzipped SQL script. `restore` reads from it only what it understands and runs nothing that stands there;
`gunzip < FILE | psql` into an empty, migrated database does the same without Doable.
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

Progress: TypeAlias = Callable[[str, int], object]  # told the table and how many of its rows are done

BLOCK_BYTES: Final = 64 * 1024  # bytes that PostgreSQL gets in one call
# The fastest level that still finds repeated words: twice the speed of the default for a tenth more bytes.
LEVEL: Final = 4
FORMAT: Final = 1
_TITLE: Final = re.compile(rb"-- Doable backup (\{.*\})\n")
_COPY: Final = re.compile(rb'copy doable\."(\w+)" \((.*)\) from stdin;\n')
_SET: Final = re.compile(rb"select setval\('doable\.\"(\w+)\"', (\d+), (true|false)\);\n")
_TOTAL: Final = re.compile(rb"-- The end (\{.*\})\n")
_END_OF_ROWS: Final = b"\\.\n"


class Title(msgspec.Struct, frozen=True):
    """The first line: the version of the tables, and when this was written."""

    schema: str
    at: datetime
    format: int = FORMAT


async def back_up(address: Address, file: IO[bytes], progress: Progress) -> dict[str, int]:
    """Write what the database holds at this moment; returns how many rows of each table. Raises Misconfigured."""
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
    """Fill the database from a backup and migrate it to this code; returns how many rows of each table.

    Cursors and ETags of the time before no longer hold. Raises Misconfigured for a database that has users, unless
    it is to `replace` them, and for what is no whole backup; then the database is as it was.
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
    """The lines up to the end of a table, in blocks."""
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
    """Checked by gzip: raises Misconfigured when the file was cut off or damaged."""
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
