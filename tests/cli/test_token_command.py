import pytest

from commands import Doable

SECRET = "x" * 32


def test_a_token_is_created_listed_and_revoked(doable: Doable, url: str) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    made = doable("token", "create", "ada@example.com", DATABASE_URL=url)
    assert made.exit_code == 0
    assert made.stdout.startswith("dbl_")
    assert made.stdout.count("\n") == 1  # so that $(doable token create …) is the token
    id = made.stderr.split()[3]
    listed = doable("token", "list", "ada@example.com", DATABASE_URL=url).stdout.splitlines()
    assert listed[1].split()[:5] == [id, "command", "line", "tasks:read", "tasks:write"]
    assert listed[1].split()[-2:] == ["never", "never"]
    assert made.stdout.strip() not in "".join(listed)
    assert doable("token", "revoke", "ada@example.com", id, DATABASE_URL=url).exit_code == 0
    again = doable("token", "revoke", "ada@example.com", id, DATABASE_URL=url)
    assert (again.exit_code, again.stderr) == (1, "doable: Token not found\n")


def test_a_token_may_do_less_and_not_for_ever(doable: Doable, url: str) -> None:
    doable("user", "add", "ada@example.com", DATABASE_URL=url)
    arguments = ["token", "create", "ada@example.com", "my script", "--scope", "tasks:read", "--days", "7"]
    assert "for tasks:read. It is not shown again" in doable(*arguments, DATABASE_URL=url).stderr
    listed = doable("token", "list", "ada@example.com", DATABASE_URL=url).stdout
    assert "my script  tasks:read" in listed
    assert listed.count("never") == 1  # nor was it used
    refused = doable("token", "create", "ada@example.com", "--scope", "account", DATABASE_URL=url)
    assert refused.exit_code == 2


@pytest.mark.parametrize("name", ["nobody@example.com", "user-1", ""])
def test_a_stranger_gets_no_token_from_the_built_in_accounts(doable: Doable, url: str, name: str) -> None:
    refused = doable("token", "create", name, DATABASE_URL=url)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert f"There is no user {name} here" in refused.stderr


def test_a_user_of_an_issuer_gets_a_token_by_id(doable: Doable, url: str) -> None:
    made = doable("token", "create", "user-1", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    assert made.exit_code == 0
    assert "user-1 is new here" in made.stderr
    assert "user-1" in doable("user", "list", DATABASE_URL=url).stdout
    again = doable("token", "create", "user-1", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    assert "not here before" not in again.stderr


@pytest.mark.parametrize("name", ["ada@example.com", "", "x" * 256, "\udcff"])
def test_what_is_no_id_of_an_issuer_makes_no_user(doable: Doable, url: str, name: str) -> None:
    refused = doable("token", "create", name, DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
    assert refused.exit_code == 1
    assert "There is no user" in refused.stderr
    for command in (["token", "list", name], ["token", "revoke", name, "1"], ["export", name]):
        refused = doable(*command, DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET)
        assert (refused.exit_code, refused.stderr) == (1, "doable: User not found\n")
    assert len(doable("user", "list", DATABASE_URL=url).stdout.splitlines()) == 1


def test_ids_may_be_addresses_where_the_claim_says_so(doable: Doable, url: str) -> None:
    variables = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": SECRET, "JWT_USER_CLAIM": "email"}
    assert doable("token", "create", "ada@example.com", **variables).exit_code == 0
