"""Run vulture, which finds code that nothing uses. The fields of the domain's types are used: clients read them."""

import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec

from doable import model, schedule

ROOT = Path(__file__).parent.parent
TYPES = [type_ for module in (model, schedule) for type_ in vars(module).values() if isinstance(type_, type)]
FIELDS = {name for type_ in TYPES if issubclass(type_, msgspec.Struct) for name in type_.__struct_fields__}

if __name__ == "__main__":
    ignored = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["vulture"]["ignore_names"]
    names = ",".join([*ignored, *sorted(FIELDS)])
    sys.exit(subprocess.run([Path(sys.executable).parent / "vulture", "--ignore-names", names], check=False).returncode)  # noqa: S603 - our own names
