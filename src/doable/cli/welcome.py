"""What `doable serve` says when it is ready."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from doable.operations.databases import is_usual
from doable.settings import Provider, Settings


def welcome(settings: Settings, port: int, directory: Path | None) -> str:
    """The address; and for a new embedded database in `directory` how to begin."""
    url = _url(settings.host, port)
    ready = f"Doable is ready at {url} (how to use it: {url}/docs)"
    if directory is None:
        return ready
    doable = _program(directory)
    if settings.provider is Provider.ACCOUNTS:
        user = "ada@example.com"
        begin = f"To begin, add a user and a task, in another terminal:\n\n  {doable} user add {user}"
    else:
        user = "USER_ID"
        begin = f"Users come from your issuer ({settings.provider}). To add a task for one without their token:\n"
    return f"""{ready}
Its data is in {directory}

{begin}
  curl {url}/api/me/tasks -H "Authorization: Bearer $({doable} token create {user})" \\
    -H 'Content-Type: application/json' -d '{{"title": "Buy groceries"}}'
"""


def _url(host: str, port: int) -> str:
    """Where a browser on this machine finds us.

    To a browser `localhost` and `127.0.0.1` are two sites, and no cookie goes from one to the other. So we always say
    `localhost`, as the tools that serve pages do, and as `CORS_ORIGINS` does at first.
    """
    if host in {"127.0.0.1", "::1", "0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _program(directory: Path) -> str:
    """How to call this program from anywhere, for the same data."""
    found = shutil.which("doable")
    ours = Path(sys.argv[0]).absolute()
    if found and Path(found).resolve() == ours.resolve():
        program = "doable"
    elif ours.name == "doable" and os.access(ours, os.X_OK):
        program = shlex.quote(str(ours))
    else:
        program = f"{shlex.quote(sys.executable)} -m doable"
    if is_usual(directory):
        return program
    return f"DOABLE_DATA_DIR={shlex.quote(str(directory))} {program}"
