"""Compare what the code says with what the migrations make of an empty database; or write the missing migration.

`python scripts/migration.py --check` fails when they differ, `python scripts/migration.py 'Add lists'` writes.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from doable.store import embedded, migrate
from doable.store.address import Address


async def main(address: Address, message: str) -> None:
    await migrate.upgrade(address)
    if message != "--check":
        await migrate.create_revision(address, message)
        return
    try:
        await migrate.require_same(address)
    except migrate.Differs as error:
        sys.exit(f"The code and the migrations differ; see `make help`, migration: {error}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="doable-") as directory, embedded.running(Path(directory)) as server:
        asyncio.run(main(Address.parse(server.url), sys.argv[1]))
