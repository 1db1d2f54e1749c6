"""One process, from its start to its end."""

import asyncio
import signal

from doable.app import create_service
from doable.server.process import Process
from doable.settings import Settings
from hosting import NOWHERE


def test_a_signal_is_noted_before_the_start_and_after_the_end() -> None:
    """While PostgreSQL is being stopped, say, a person presses Ctrl+C once more."""
    process = Process(*create_service(Settings(_env_file=None), address=NOWHERE), delay=0, grace=0)
    process.handle(signal.SIGTERM, None)
    process._loop = asyncio.new_event_loop()
    process._loop.close()
    process.handle(signal.SIGINT, None)
    assert process._told == [signal.SIGTERM, signal.SIGINT]
    assert process._is_hurried
    assert not process._is_forced
