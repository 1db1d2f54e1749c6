import shlex
import shutil
import sys
from pathlib import Path

import pytest

from doable.cli.welcome import welcome
from doable.settings import Settings


def settings(**variables: str) -> Settings:
    return Settings.model_validate(variables)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),  # noqa: S104 - nobody listens here
        ("::", "http://localhost:8000"),
        ("::1", "http://localhost:8000"),
        ("192.0.2.1", "http://192.0.2.1:8000"),
        ("2001:db8::1", "http://[2001:db8::1]:8000"),
        ("tasks.local", "http://tasks.local:8000"),
    ],
)
def test_the_address_is_one_that_a_browser_takes(host: str, url: str) -> None:
    assert welcome(settings(HOST=host), 8000, None) == f"Doable is ready at {url} (how to use it: {url}/docs)"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `doable` in a directory with a space, on the PATH, that runs this very process."""
    path = tmp_path / "some bin" / "doable"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(path), "serve"])
    monkeypatch.setenv("PATH", str(path.parent))
    return path


def command(text: str) -> list[str]:
    """The first of the commands to paste, as a shell reads it."""
    return shlex.split(next(line for line in text.splitlines() if "user add" in line))


def test_commands_are_called_as_they_can_be(tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "doable").mkdir()
    assert command(welcome(settings(), 8000, tmp_path / "doable"))[0] == "doable"
    monkeypatch.setenv("PATH", "/nowhere")
    assert shutil.which("doable") is None
    assert command(welcome(settings(), 8000, tmp_path / "doable"))[0] == str(program)
    monkeypatch.setattr(sys, "argv", ["/usr/lib/doable/__main__.py", "serve"])
    assert command(welcome(settings(), 8000, tmp_path / "doable"))[:3] == [sys.executable, "-m", "doable"]


def test_commands_name_the_directory_unless_it_is_the_usual_one(program: Path, tmp_path: Path) -> None:
    assert program.exists()
    words = command(welcome(settings(), 8000, tmp_path / "my data"))
    assert words[:2] == [f"DOABLE_DATA_DIR={tmp_path / 'my data'}", "doable"]


def test_with_an_issuer_no_user_has_to_be_made(tmp_path: Path) -> None:
    text = welcome(settings(BETTER_AUTH_SECRET="x" * 32), 8000, tmp_path)
    assert "user add" not in text
    assert "Users come from your issuer (better-auth)" in text
    assert "token create USER_ID" in text
