import asyncio
import os
import pty
from contextlib import suppress

import pytest

import processes
from commands import Doable
from doable.core import operator
from doable.core.accounts import AccountService, Visitor
from doable.core.own_keys import OwnKeys
from doable.errors import WrongPassword
from doable.store.address import Address
from doable.store.database import Database

SECRET = "x" * 32


def test_a_user_is_added_listed_and_removed(doable: Doable, url: str) -> None:
    added = doable("user", "add", "ada@example.com", DATABASE_URL=url)
    assert added.exit_code == 0
    assert added.stdout.startswith("Added ada@example.com with the id ")
    assert "\nPassword: " in added.stdout
    listed = doable("user", "list", DATABASE_URL=url).stdout.splitlines()
    assert listed[0].split() == ["ID", "EMAIL", "NAME", "SINCE", "STATE"]
    assert listed[1].split()[1:3] == ["ada@example.com", "ada"]
    removed = doable("user", "remove", "ada@example.com", input="y\n", DATABASE_URL=url)
    assert removed.exit_code == 0
    assert len(doable("user", "list", DATABASE_URL=url).stdout.splitlines()) == 1


def test_a_user_may_be_called_by_id(doable: Doable, url: str) -> None:
    added = doable("user", "add", "ada@example.com", DATABASE_URL=url).stdout
    id = added.split("id ")[1].split(".")[0]
    assert doable("user", "remove", id, "--yes", DATABASE_URL=url).exit_code == 0
    refused = doable("user", "remove", id, "--yes", DATABASE_URL=url)
    assert (refused.exit_code, refused.stderr) == (1, "doable: User not found\n")


def test_removing_is_asked_about(doable: Doable, url: str) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    assert doable("user", "remove", "ada@example.com", input="n\n", DATABASE_URL=url).exit_code == 1
    assert "ada@example.com" in doable("user", "list", DATABASE_URL=url).stdout


def test_a_password_may_be_given(doable: Doable, url: str) -> None:
    arguments = ["user", "add", "ada@example.com", "--name", "Ada L.", "--password-stdin"]
    added = doable(*arguments, input="correct horse battery\n", DATABASE_URL=url)
    assert added.exit_code == 0
    assert "Password" not in added.stdout
    assert "Ada L." in doable("user", "list", DATABASE_URL=url).stdout


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("ada@example.com", "long enough", "already exists"),
        ("nobody", "long enough", "mail"),
        ("a@b.org", "x", "assword"),
    ],
)
def test_what_is_wrong_with_a_new_user_is_told(
    doable: Doable, url: str, email: str, password: str, sentence: str
) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    refused = doable("user", "add", email, "--password-stdin", input=f"{password}\n", DATABASE_URL=url)
    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_an_issuer_adds_its_users_itself(doable: Doable, url: str) -> None:
    refused = doable("user", "add", "ada@example.com", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    assert refused.exit_code == 2
    assert "Users come from your issuer (better-auth); add them there" in refused.stderr


def test_the_list_is_complete_however_long_it_is(doable: Doable, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "PAGE", 2)
    for name in ("ada", "bob", "cyd", "dan", "eve"):
        doable("token", "create", name, DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    listed = doable("user", "list", DATABASE_URL=url).stdout.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["ada", "bob", "cyd", "dan", "eve"]


def signs_in(address: Address, password: str) -> bool:
    async def sign_in() -> bool:
        db = Database(address)
        service = AccountService(db, OwnKeys(db))
        try:
            await service.sign_in({"email": "ada@example.com", "password": password}, Visitor())
        except WrongPassword:
            return False
        finally:
            service.close()
            await db.close()
        return True

    return asyncio.run(sign_in())


def test_the_operator_sets_a_password(doable: Doable, url: str, address: Address) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    set_ = doable("user", "set-password", "ada@example.com", input="battery staple\n", DATABASE_URL=url)
    assert (set_.exit_code, set_.stdout) == (0, "Set the password of ada@example.com.\n")
    assert signs_in(address, "battery staple")
    for name, input, sentence in (
        ("ada@example.com", "short\n", "Password must be 8 characters or more"),
        ("ada@example.com", "", "Password must be 8 characters or more"),
        ("ada@example.com", "Ada@Example.com\n", "Password must not be your email address"),
        ("bob@example.com", "battery staple\n", "User not found"),
        ("\udcff", "battery staple\n", "User not found"),
    ):
        refused = doable("user", "set-password", name, input=input, DATABASE_URL=url)
        assert (refused.exit_code, refused.stderr) == (1, f"doable: {sentence}\n")
    assert signs_in(address, "battery staple")
    elsewhere = doable("user", "set-password", "ada@example.com", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    assert elsewhere.exit_code == 2
    assert "Passwords are kept by your issuer (better-auth)" in elsewhere.stderr


def test_at_a_terminal_a_password_is_asked_for_and_not_shown(doable: Doable, url: str, address: Address) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    process, terminal = pty.fork()
    if process == 0:
        command = [*processes.DOABLE, "user", "set-password", "ada@example.com"]
        os.execve(command[0], command, processes.environment(DATABASE_URL=url))  # noqa: S606
    shown = b""
    with suppress(OSError):  # as the terminal of one who is gone answers
        for question in (b"Password: ", b"Repeat for confirmation: "):
            while question not in shown.split(b"\n")[-1]:
                shown += os.read(terminal, 1024)
            os.write(terminal, b"battery staple\n")
        while True:
            shown += os.read(terminal, 1024)
    assert os.waitpid(process, 0)[1] == 0
    os.close(terminal)
    assert b"Set the password" in shown
    assert b"battery" not in shown
    assert signs_in(address, "battery staple")


def test_a_user_is_disabled_and_enabled(doable: Doable, url: str) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    for action, done, state in (("disable", "Disabled", "disabled"), ("enable", "Enabled", "")):
        acted = doable("user", action, "ada@example.com", DATABASE_URL=url)
        assert (acted.exit_code, acted.output) == (0, f"{done} ada@example.com.\n")
        assert doable("user", "list", DATABASE_URL=url).stdout.splitlines()[1].split()[4:] == state.split()
        assert doable("user", action, "nobody", DATABASE_URL=url).stderr == "doable: User not found\n"


def test_a_disabled_user_can_be_removed(doable: Doable, url: str) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    doable("user", "disable", "ada@example.com", DATABASE_URL=url)
    removed = doable("user", "remove", "ada@example.com", "--yes", DATABASE_URL=url)
    assert (removed.exit_code, removed.output) == (0, "Removed ada@example.com.\n")
    assert len(doable("user", "list", DATABASE_URL=url).stdout.splitlines()) == 1


def test_whoever_disables_a_user_of_an_issuer_is_told_what_that_does_not_do(doable: Doable, url: str) -> None:
    doable("token", "create", "user-1", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    disabled = doable("user", "disable", "user-1", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    assert disabled.stderr == "JWTs of your issuer (better-auth) are still accepted: disable the user there too.\n"
