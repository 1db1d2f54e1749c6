"""The built app: what `make web` writes, and the wheel contains."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from doable.http.accept import IDENTITY

BUILT: Final = Path(__file__).parent / "app"
PAGE: Final = "/index.html"
# By the codings of `web/scripts/compress.mjs`, the end of the name of a compressed file.
CODINGS: Final = {"br": ".br", "gzip": ".gz"}


def read(folder: Path) -> dict[str, dict[str, bytes]]:
    """The contents of the files by their paths, each by its codings. Nothing if the app is not built."""
    return dict(_read(folder)) if (folder / PAGE[1:]).is_file() else {}


def _read(folder: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in CODINGS.values():
            bodies = {IDENTITY: file.read_bytes()}
            for coding, suffix in CODINGS.items():
                compressed = file.with_name(file.name + suffix)
                if compressed.is_file():
                    bodies[coding] = compressed.read_bytes()
            yield f"/{file.relative_to(folder).as_posix()}", bodies
