from commands import Doable


def listed(doable: Doable, url: str) -> list[list[str]]:
    return [line.split() for line in doable("keys", "list", DATABASE_URL=url).stdout.splitlines()[1:]]


def test_keys_are_rotated_and_revoked(doable: Doable, url: str) -> None:
    assert listed(doable, url) == []
    first = doable("keys", "rotate", DATABASE_URL=url).stdout.split()[5].rstrip(".")
    second = doable("keys", "rotate", DATABASE_URL=url).stdout.split()[5].rstrip(".")
    newest, older = listed(doable, url)
    assert (newest[0], newest[3:]) == (second, ["signs"])
    assert (older[0], older[3:5]) == (first, ["verifies", "until"])
    revoked = doable("keys", "revoke", DATABASE_URL=url)
    assert revoked.exit_code == 0
    ((id, *_, state),) = listed(doable, url)
    assert (id, state) == (revoked.stdout.split()[5].rstrip("."), "signs")
    assert id not in {first, second}


def test_keys_of_an_issuer_are_kept_there(doable: Doable, url: str) -> None:
    for action in ("list", "rotate", "revoke"):
        refused = doable("keys", action, DATABASE_URL=url, BETTER_AUTH_SECRET="x" * 32)
        assert refused.exit_code == 2
        assert "Keys are kept by your issuer (better-auth); change them there" in refused.stderr
