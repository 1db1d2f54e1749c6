import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

import processes
from commands import Doable
from doable.cli import COMMANDS, main


def test_help_tells_every_command(doable: Doable) -> None:
    told = doable("--help")
    assert told.exit_code == 0
    for name, sentence in COMMANDS.items():
        assert f"  {name}" in told.output
        assert sentence.split()[0] in told.output


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_of_itself_what_the_list_says(doable: Doable, name: str) -> None:
    told = doable(name, "--help")
    assert told.exit_code == 0
    command = import_module(f"doable.cli.{name}").command
    assert command.name == name
    assert command.help


def test_an_unknown_command_is_refused(doable: Doable) -> None:
    refused = doable("server")
    assert refused.exit_code == 2
    assert "No such command 'server'" in refused.output


def test_help_loads_neither_web_nor_database() -> None:
    script = "import sys; sys.argv = ['doable', '--help']; import atexit; from doable.cli import main\n"
    script += "atexit.register(lambda: print(sorted({'fastapi', 'asyncpg', 'sqlalchemy'} & set(sys.modules))))\nmain()"
    assert processes.run("-c", script, program=[sys.executable]).stdout.splitlines()[-1] == "[]"


def test_the_commands_can_be_completed() -> None:
    assert main.list_commands(click.Context(main)) == list(COMMANDS)


def test_the_module_runs_nothing_when_it_is_only_imported(capsys: pytest.CaptureFixture[str]) -> None:
    import_module("doable.__main__")  # As each worker process does.
    assert capsys.readouterr() == ("", "")


def test_it_runs_as_a_module() -> None:
    told = processes.run("--version")
    assert told.returncode == 0
    assert told.stdout.startswith("doable, version ")


def test_every_command_is_documented() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
    for name in COMMANDS:
        command = import_module(f"doable.cli.{name}").command
        assert f"### `doable {name}`" in documented
        for below in getattr(command, "commands", {}):
            assert f"### `doable {name} {below}`" in documented
