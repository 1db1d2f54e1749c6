"""Worker processes, seen from one of them."""

import multiprocessing
import os
import signal
import threading

import pytest

from doable.server import workers


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


def test_a_signal_whose_exception_got_lost_is_heeded_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_asked_to_leave", threading.Event())
    workers.leave_if_asked()
    with pytest.raises(SystemExit):
        workers.leave(signal.SIGTERM, None)
    with pytest.raises(SystemExit):
        workers.leave_if_asked()
