import pytest

from commands import Doable
from doable.cli import user

SECRET = "x" * 32


def test_a_user_is_added_listed_and_removed(doable: Doable, url: str) -> None:
    added = doable("user", "add", "ada@example.com", DATABASE_URL=url)
    assert added.exit_code == 0
    assert added.stdout.startswith("Added ada@example.com with the id ")
    assert "\nPassword: " in added.stdout
    listed = doable("user", "list", DATABASE_URL=url).stdout.splitlines()
    assert listed[0].split() == ["ID", "EMAIL", "NAME", "SINCE"]
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
    monkeypatch.setattr(user, "PAGE", 2)
    for name in ("ada", "bob", "cyd", "dan", "eve"):
        doable("token", "create", name, DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    listed = doable("user", "list", DATABASE_URL=url).stdout.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["ada", "bob", "cyd", "dan", "eve"]
