"""How much the long tests do: a little each time, all of it with `--rounds full` (`make faults`, `make soak`)."""

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", int, float)


@dataclass(frozen=True)
class Rounds:
    """`rounds(few=5, full=200)` is the one that this run asks for."""

    are_full: bool

    def __call__(self, *, few: T, full: T) -> T:
        return full if self.are_full else few
