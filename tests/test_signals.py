"""Hearing that the process is asked to stop."""

import asyncio
import os
import signal
import threading

from doable.signals import on_stop


async def test_whoever_asks_is_told_at_once_and_the_server_still_hears_it() -> None:
    told, heard = asyncio.Event(), []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with on_stop(told.set):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(told.wait(), 10)
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM, signal.SIGTERM]


async def test_what_would_kill_the_process_still_does() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with on_stop(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_a_server_in_another_thread_hears_no_signals() -> None:
    async def run() -> None:
        with on_stop(lambda: None):
            ran.set()

    ran = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    thread.join(10)
    assert ran.is_set()
