"""What processes have used so far, from /proc: CPU seconds (user + system) and resident memory, children included."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
PROC: Final = Path("/proc")


class Processes:
    """A process and all that descend from it, those that have ended included."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def cpu(self) -> float:
        return sum(_running(pid) + _ended_children(pid) for pid in self._tree())

    def memory(self, *, without: str = "") -> int:
        """Resident bytes, programs named `without` not counted."""
        return sum(_resident(pid) for pid in self._tree() if _name(pid) != without)

    def _tree(self) -> Iterator[int]:
        waiting = [self._pid]
        while waiting:
            pid = waiting.pop()
            yield pid
            try:
                for task in (PROC / str(pid) / "task").iterdir():
                    waiting.extend(map(int, (task / "children").read_text().split()))
            except OSError:
                pass  # It ended while we looked; its parent has its time by now.


def _running(pid: int) -> float:
    """Seconds on a CPU: the first thread's in nanoseconds, or those of all that were ever there in ticks of 10 ms."""
    try:
        return max(int((PROC / str(pid) / "schedstat").read_text().split()[0]) / 1e9, _ticks(pid, 11))
    except OSError:
        return 0.0


def _ended_children(pid: int) -> float:
    """Seconds of the children that have ended and were waited for, such as backends whose client has gone."""
    try:
        return _ticks(pid, 13)
    except OSError:
        return 0.0


def _ticks(pid: int, place: int) -> float:
    """Seconds of user and of system time, which stand side by side in the process's `stat` behind its name."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[place]) + int(fields[place + 1])) / TICKS


def _resident(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


def _name(pid: int) -> str | None:
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return None
