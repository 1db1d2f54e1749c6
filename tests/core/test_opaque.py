"""Credentials that contain their owner, and those of earlier versions, which do not."""

from datetime import timedelta
from hashlib import sha256

import pytest

from doable.core import opaque
from doable.core.accounts import AccountService
from doable.core.identity import Identity
from doable.core.own_keys import OwnKeys
from doable.errors import TokenInvalid
from doable.settings import Settings
from doable.store.database import Database
from tokens import SECRET

OLD = "A" * 43
ADD = """
insert into doable.access_tokens (user_id, name, token_hash, scopes) values ('alice', 'x', $1, '{tasks:read}')
"""


@pytest.mark.parametrize("owner", ["alice", "a", "ö" * 255, "\U0001f600" * 255, "auth0|5f7c"])
def test_a_credential_says_whose_it_is(owner: str) -> None:
    credential = opaque.new(owner)
    assert opaque.owner_of(credential) == owner
    assert credential != opaque.new(owner)


@pytest.mark.parametrize(
    "text", ["", "A" * 42, OLD + "A", OLD + "_w", OLD + "AA", OLD + "=", OLD + "\n", OLD + "A" * 2000, "é" * 43]
)
def test_what_names_nobody_is_no_credential(text: str) -> None:
    assert opaque.owner_of(text) is None


async def test_a_token_that_does_not_name_its_owner_still_works(db: Database) -> None:
    token = f"dbl_{OLD}"
    await db.write("insert into doable.users (id) values ('alice')")
    await db.write(ADD, sha256(token.encode()).digest())
    identity = Identity(Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET), db)
    assert (await identity.authenticate(token)).user_id == "alice"
    await identity.close()


async def test_a_token_with_another_owner_is_another_token(db: Database) -> None:
    await db.write("insert into doable.users (id) values ('alice'), ('bob')")
    token = f"dbl_{opaque.new('alice')}"
    await db.write(ADD, opaque.digest(token))
    identity = Identity(Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET), db)
    assert (await identity.authenticate(token)).user_id == "alice"
    forged = token[:47] + opaque.new("bob")[43:]
    with pytest.raises(TokenInvalid):
        await identity.authenticate(forged)
    await identity.close()


async def test_a_session_that_does_not_name_its_owner_goes_on_and_ends(db: Database) -> None:
    await db.write("insert into doable.users (id, email) values ('alice', 'a@example.com')")
    await db.write(
        "insert into doable.sessions (user_id, token_hash, expires_at) values ('alice', $1, now() + $2::interval)",
        sha256(OLD.encode()).digest(),
        timedelta(days=1),
    )
    accounts = AccountService(db, OwnKeys(db))
    assert (await accounts.get_session(OLD)).user.id == "alice"
    await accounts.sign_out(OLD)
    assert await accounts.find_session(OLD) is None
    await accounts.sign_out(OLD)
    accounts.close()
