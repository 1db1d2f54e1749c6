"""The wall clock of programs that we start, to be set as one pleases; the monotonic one goes on (Debian: faketime)."""

from pathlib import Path

from needs import miss

LIBRARIES = ("/usr/lib", "/usr/local/lib")
NAME = "faketime/libfaketimeMT.so.1"


class Clock:
    """`environment` is for the programs. The test is skipped where faketime is not installed."""

    def __init__(self, directory: Path) -> None:
        found = [path for root in LIBRARIES for path in (*Path(root).glob(NAME), *Path(root).glob(f"*/{NAME}"))]
        if not found:
            miss("faketime is not installed")
        self._file = directory / "clock"
        self.environment = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set("+0")

    def set(self, offset: str) -> None:
        """From now on it is as much later or earlier as that: "+1d", "-1h"."""
        following = self._file.with_suffix(".next")
        following.write_text(offset)
        following.rename(self._file)
