"""Time zones of the IANA database, from the package `tzdata`: every installation has the same."""

from importlib.resources import files
from typing import Final

NAMES: Final = frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())
