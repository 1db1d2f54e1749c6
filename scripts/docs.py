"""Write the generated parts of docs/, those between `<!-- begin NAME -->` and `<!-- end NAME -->`.

With `--check` it only fails when one is out of date.
"""

import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from doable.cli import COMMANDS
from doable.fields import Input, declared
from doable.model import Task
from doable.rest import auth
from doable.rest.application import OPERATIONS
from doable.rest.documents import errors_markdown
from doable.settings import Settings

DOCS: Final = Path(__file__).parent.parent / "docs"


def settings() -> str:
    lines = ["| variable | default | what it does |", "|---|---|---|"]
    for field in Settings.model_fields.values():
        default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        lines.append(f"| `{field.alias}` | {'' if default is None else f'`{default}`'} | {field.description} |")
    return "\n".join(lines)


def commands() -> str:
    """What --help says, of each command and of those below it."""
    modules = (import_module(f"doable.cli.{name}") for name in COMMANDS)
    return "\n\n".join(part for module in modules for part in _help(module.command, f"doable {module.command.name}"))


def _help(command: click.Command, path: str) -> list[str]:
    context = click.Context(command, info_name=path, terminal_width=100)
    below = list(command.commands.values()) if isinstance(command, click.Group) else []
    text = f"### `{path}`\n\n```text\n{command.get_help(context)}\n```"
    return [text, *(part for sub in below for part in _help(sub, f"{path} {sub.name}"))]


def endpoints() -> str:
    """Every operation of the document, in its order."""
    lines = ["| | what it does | scope |", "|---|---|---|"]
    for operation in [*OPERATIONS, *auth.router.operations]:
        scope = f"`{operation.scope}`" if operation.scope else ""
        lines.append(f"| `{operation.method} {operation.path}` | {operation.summary} | {scope} |")
    return "\n".join(lines)


def task() -> str:
    """The fields of a task."""
    lines = ["| field | you can set it | value |", "|---|---|---|"]
    for field in declared(Task):
        settable = "yes" if isinstance(field.rule, Input) else ""
        null = ", or null" if field.is_nullable and not field.is_optional else ""
        lines.append(f"| `{field.name}` | {settable} | {field.rule.description.rstrip('.')}{null}. |")
    return "\n".join(lines)


PARTS: Final[dict[str, Callable[[], str]]] = {
    "settings": settings,
    "commands": commands,
    "endpoints": endpoints,
    "errors": errors_markdown,
    "task": task,
}


def file(path: str) -> str:
    """A file of the repository."""
    return f"```{Path(path).suffix[1:]}\n{(DOCS.parent / path).read_text()}```"


def fill(text: str) -> str:
    for begin, name, end in re.findall(r"(<!-- begin (.+?) -->\n).*?(<!-- end \2 -->)", text, re.DOTALL):
        content = file(name.removeprefix("file ")) if name.startswith("file ") else PARTS[name]()
        before, after = text.split(begin, maxsplit=1)[0], text.split(end)[1]
        text = f"{before}{begin}\n{content}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    for path in sorted(DOCS.rglob("*.md")):
        before = path.read_text()
        after = fill(before)
        if before != after:
            if "--check" in sys.argv:
                sys.exit(f"{path.relative_to(DOCS.parent)} is out of date; run `make docs`")
            path.write_text(after)
