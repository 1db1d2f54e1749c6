"""How commands write for people: the only place that prints.

What is printed may come from strangers, such as a name or a sentence of an issuer's server. None of it reaches the
terminal as a control character, a change of direction or a second line.
"""

import sys
from collections.abc import Sequence

import click

from doable.logs import one_line


def tell(*lines: str) -> None:
    """To standard output, where programs read."""
    click.echo("\n".join(map(one_line, lines)))


def say(sentence: str) -> None:
    """Progress, for people: to standard error."""
    click.echo(one_line(sentence), err=True)


def repaint(text: str) -> None:
    """Put this in the place of the line that the cursor is on."""
    sys.stderr.write(f"\r\x1b[K{one_line(text)}")
    sys.stderr.flush()


def confirm(question: str) -> None:
    """Go on if a person says yes; end the command if not."""
    click.confirm(one_line(question), abort=True)


def ask_password() -> str:
    """Typed twice and not shown, by a person at a terminal; else the first line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def table(*head: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns as wide as they need to be."""
    cells = [[one_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
