import pytest

from commands import Doable
from doable.cli.text import repaint, table

EVIL = "A\x1b[2J\x9b2J\u202e\u2028\n\rB\ud800"
TAME = r"A\x1b[2J\x9b2J\u202e\u2028\n\rB"


def test_no_command_lets_a_name_steer_a_terminal(doable: Doable, url: str) -> None:
    evil = EVIL.rstrip("\ud800")
    doable("user", "add", "ada@example.com", "--name", evil, DATABASE_URL=url)
    doable("token", "create", "ada@example.com", evil, DATABASE_URL=url)
    for command in (
        ["user", "list"],
        ["token", "list", "ada@example.com"],
        ["token", "create", evil],
        ["user", "remove", evil],
        ["user", "remove", evil, "--yes"],
        ["restore", evil],
    ):
        told = doable(*command, input="n\n", DATABASE_URL=url).output
        assert TAME in told or command[1:2] == ["remove"], command
        assert all(line.isprintable() for line in told.split("\n")), command


def test_a_table_has_one_line_for_each_row() -> None:
    assert table("NAME", "X", rows=[(EVIL, "1")])[1] == TAME + r"\ud800  1"


def test_a_line_is_repainted(capsys: pytest.CaptureFixture[str]) -> None:
    repaint(EVIL)
    assert capsys.readouterr().err == "\r\x1b[K" + TAME + r"\ud800"
