"""Run vulture, which finds code that nothing uses. The fields of what we send and read are used: clients have them."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel

import doable.app  # noqa: F401 - so that all types are there

ROOT = Path(__file__).parent.parent


def below(type_: type[Any]) -> Iterator[type[Any]]:
    for one in type_.__subclasses__():
        yield one
        yield from below(one)


if __name__ == "__main__":
    fields = {name for one in below(msgspec.Struct) if "doable" in one.__module__ for name in one.__struct_fields__}
    fields |= {name for one in below(BaseModel) if "doable" in one.__module__ for name in one.model_fields}
    ignored = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["vulture"]["ignore_names"]
    names = ",".join([*ignored, *sorted(fields)])
    sys.exit(subprocess.run([Path(sys.executable).parent / "vulture", "--ignore-names", names], check=False).returncode)  # noqa: S603 - our own names
