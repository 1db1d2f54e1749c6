"""A service of its own with the web app, and people in front of it, to take pictures and to measure."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Playwright

PASSWORD: Final = "correct horse battery"  # noqa: S105 - of people who live for minutes


@contextmanager
def serving() -> Iterator[str]:
    """Run `doable serve` with a database of its own. The value is its address."""
    folder = tempfile.mkdtemp(prefix="doable-web-")
    settings = {"DOABLE_DATA_DIR": folder, "DOABLE_RATE_LIMIT_AUTH": "off", "LOG_LEVEL": "error"}
    with subprocess.Popen(
        [sys.executable, "-m", "doable", "serve", "--port", "0"],
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | settings,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
    ) as process:
        try:
            ready = (line for line in process.stdout or () if line.startswith("Doable is ready at "))
            yield next(ready).split()[4].replace("127.0.0.1", "localhost")
        finally:
            process.terminate()
    shutil.rmtree(folder, ignore_errors=True)


def launched(playwright: Playwright) -> Browser:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise RuntimeError("This needs chromium")
    return playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


def sign_up(context: BrowserContext, name: str) -> None:
    """The context has the session's cookie afterwards, also if the person exists already."""
    body = {"email": f"{name.lower()}@example.com", "password": PASSWORD, "name": name}
    for action in ("sign-in", "sign-up"):
        if context.request.post(f"/api/auth/{action}/email", data=body).ok:
            return
    raise RuntimeError(f"{name} could not sign up")


def call(context: BrowserContext, method: str, path: str, body: object = None) -> Any:
    """Call the API as a script of the person who is signed in."""
    token = context.request.get("/api/auth/token").json()["token"]
    authorization = {"authorization": f"Bearer {token}"}
    answer = context.request.fetch(f"/api/me{path}", method=method, data=body, headers=authorization)
    if not answer.ok:
        raise RuntimeError(answer.text())
    return answer.json() if answer.body() else None
