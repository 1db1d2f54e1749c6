"""Other people's programs. Where one is missing the tests that need it are skipped, but never in CI."""

import os
import shutil
from typing import NoReturn

import pytest


def need(program: str) -> str:
    """Where the program is; the test is skipped without it."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")  # Debian keeps servers out of people's way.
    if found is None:
        miss(f"{program} is not installed")
    return found


def miss(reason: str) -> NoReturn:
    """Skip the test."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must have it")
    pytest.skip(reason)
