"""Servers of other people."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


@contextmanager
def better_auth(node: str, kind: str, secret: str, page: str = "") -> Iterator[str]:
    """A Better Auth server; yields its address. Pages of the origin `page` may sign people in there."""
    process = subprocess.Popen(
        [node, "better_auth.mjs", kind],
        cwd=HERE,
        env={**os.environ, "BETTER_AUTH_SECRET": secret, "PAGE_ORIGIN": page},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://"), "Better Auth did not start"
    yield url
    process.terminate()
    process.wait(10)
    process.stdout.close()
