"""Worker processes, seen from one of them."""

import multiprocessing
import os
import signal

import pytest

from doable.cli import workers


class Gone:
    """A parent process that has ended."""

    def join(self) -> None:
        """Returns at once."""


def test_a_worker_leaves_when_the_service_that_started_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(multiprocessing, "parent_process", Gone)
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    workers._follow_parent()
    assert sent == [(os.getpid(), signal.SIGINT)]
