"""A web app of a few files, and a service that has it."""

import gzip
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from clients import client_of
from doable.app import create_app
from doable.settings import Settings
from doable.store.address import Address
from processes import Service, database_url

PAGE = '<!doctype html><title>Doable</title><meta name="doable" content=""><script src="/assets/app-1a2b.js"></script>'
SCRIPT = "document.title = 'Doable';\n" * 40
FILES = {
    "index.html": PAGE.encode(),
    "sw.js": b"// worker",
    "manifest.webmanifest": b"{}",
    "icons/icon.svg": b"<svg/>",
    "icons/icon-192.png": b"\x89PNG",
    "fonts.bin": b"?",
    "assets/app-1a2b.js": SCRIPT.encode(),
    # Not what brotli would write: nothing here unpacks it.
    "assets/app-1a2b.js.br": b"a shorter form",
    "assets/app-1a2b.js.gz": gzip.compress(SCRIPT.encode()),
    "assets/app-3c4d.css": b"p{}",
}


def write(folder: Path) -> None:
    """What `npm run build` writes."""
    for name, content in FILES.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)


@asynccontextmanager
async def serving(address: Address, folder: Path, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service with the app in `folder`."""
    app = create_app(Settings(_env_file=None, LOG_LEVEL="error", **settings), address, web=folder)
    async with client_of(app) as client:
        client.headers.pop("accept")
        client.headers.pop("accept-encoding")
        yield client


def run(address: Address, folder: Path, *args: str, **settings: str) -> Service:
    """`doable serve`, with the app in `folder`."""
    program = f"from pathlib import Path; from doable.web import build; build.BUILT = Path({str(folder)!r})"
    program += "; from doable.cli import main; main()"
    return Service(*args, program=[sys.executable, "-c", program], DATABASE_URL=database_url(address), **settings)
