"""The schema version of the database, and the one that this code needs, without loading Alembic."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from doable.store.database import Executor

MIGRATIONS: Final = Path(__file__).parent / "migrations"
# The name of a migration's file begins with its revision: 0100_first_tables.py.
KNOWN: Final = tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


@dataclass(frozen=True)
class Version:
    """`present` is None for a database without our tables."""

    present: str | None

    @property
    def needed(self) -> str:
        return KNOWN[-1]

    @property
    def is_current(self) -> bool:
        return self.present == self.needed

    @property
    def is_newer(self) -> bool:
        """Whether a newer Doable migrated the database."""
        return self.present is not None and self.present not in KNOWN and not self.is_too_old

    @property
    def is_too_old(self) -> bool:
        """Whether the database is older than the first version that this code can migrate."""
        return self.present is not None and self.present < KNOWN[0]

    @property
    def can_be_migrated(self) -> bool:
        return self.present is None or self.present in KNOWN[:-1]


HAS_VERSION = """
-- False before the first migration, when reading the version itself would be an error.
select to_regclass('doable.alembic_version') is not null
"""

VERSION = """
select version_num from doable.alembic_version
"""


async def version(db: Executor) -> Version:
    """Read the version; change nothing."""
    row = await db.read_one(HAS_VERSION)
    row = await db.read_one(VERSION) if row and row[0] else None
    return Version(row[0] if row else None)
