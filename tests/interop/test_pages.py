"""The pages, in a browser that can reach nothing but the service."""

import re
import subprocess
from pathlib import Path

import pytest

from openapi import our_contract
from processes import Service

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update"),
    *("--disable-background-networking", "--disable-sync", "--virtual-time-budget=15000", "--enable-logging=stderr"),
)


def browse(chromium: str, url: str, profile: Path) -> tuple[str, str]:
    """The page as it is once its scripts have run, and what the browser had to say about it."""
    nowhere = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={profile}")
    done = subprocess.run(
        [chromium, *QUIET, *nowhere, "--dump-dom", url], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("page", ["/docs", "/docs/errors"])
def test_a_page_shows_itself_under_its_own_policy(chromium: str, service: Service, tmp_path: Path, page: str) -> None:
    dom, complaints = browse(chromium, service.url + page, tmp_path)
    assert complaints == ""
    if page == "/docs":
        # Ours would reach into the viewer: it made its examples unreadable.
        assert re.findall('<link rel="stylesheet" href="(.*?)"', dom) == ["/docs/swagger-ui/swagger-ui.css"]
        for method, path, entry in our_contract().operations():
            assert f"operations-{entry['tags'][0]}-{entry['operationId']}" in dom, f"{method} {path} is not shown"
    else:
        assert "task_not_found" in dom
