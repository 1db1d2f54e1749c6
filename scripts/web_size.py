"""Hold the web app against its limit: what the browser loads before it shows the tasks, compressed."""

import re
import sys
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).parents[1] / "src/doable/web/app"
LIMIT: Final = 100  # KB of JavaScript
# The attributes of the page that name files, with what `src/first.js` loads: one language, and the page of a person.
NAMED: Final = ("src", "href", "data-en", "data-house")


def first_view(app: Path = APP) -> float:
    """The KB of JavaScript that the first view needs: its files, and all that these import before they run."""
    assets = app / "assets"
    page = (app / "index.html").read_text()
    lists = [files for name in NAMED for files in re.findall(rf'\b{name}="([^"]+)"', page)]
    files = {Path(path).name for path in " ".join(lists).split() if path.endswith(".js")}
    waiting = [*files]
    while waiting:
        found = {*re.findall(r'(?:from|import)"\./([^"]+\.js)"', (assets / waiting.pop()).read_text())} - files
        files |= found
        waiting += found
    return sum(_size(assets / name) for name in files) / 1000


def _size(file: Path) -> int:
    compressed = file.with_name(f"{file.name}.gz")
    return (compressed if compressed.exists() else file).stat().st_size


if __name__ == "__main__":
    size = first_view()
    print(f"The first view of the web app needs {size:.1f} KB of JavaScript; at most {LIMIT} are allowed.")
    sys.exit(size > LIMIT)
