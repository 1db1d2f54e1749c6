import asyncio
from collections.abc import AsyncIterator

import jwt
import pytest

from doable.core.own_keys import OwnKeys
from doable.store.address import Address
from doable.store.database import Database


@pytest.fixture
def keys(db: Database) -> OwnKeys:
    return OwnKeys(db)


@pytest.fixture
async def elsewhere(address: Address) -> AsyncIterator[OwnKeys]:
    """Another process, with connections of its own."""
    database = Database(address)
    yield OwnKeys(database)
    await database.close()


async def verify(keys: OwnKeys, token: str) -> dict[str, object] | None:
    header = jwt.get_unverified_header(token)
    key = await keys.find(header["kid"], header["alg"])
    return jwt.decode(token, key, algorithms=["EdDSA"]) if key else None


async def kids(keys: OwnKeys) -> list[str]:
    return [key["kid"] for key in await keys.published()]


def forget_the_time(keys: OwnKeys) -> None:
    """As if the last look had been long ago."""
    keys._looked_at = -1e9


async def test_a_key_is_made_when_it_is_first_needed(keys: OwnKeys, db: Database) -> None:
    assert await db.read("select id from doable.signing_keys") == []
    token = await keys.sign({"sub": "ada"})
    assert await verify(keys, token) == {"sub": "ada"}
    assert len(await db.read("select id from doable.signing_keys")) == 1


async def test_the_header_of_a_token_names_algorithm_and_key_and_nothing_else(keys: OwnKeys) -> None:
    header = jwt.get_unverified_header(await keys.sign({"sub": "ada"}))
    assert header == {"alg": "EdDSA", "kid": (await kids(keys))[0]}


async def test_what_is_published_is_public(keys: OwnKeys) -> None:
    token = await keys.sign({"sub": "ada"})
    (jwk,) = await keys.published()
    assert set(jwk) == {"alg", "crv", "x", "kty", "kid"}
    assert jwt.decode(token, jwt.PyJWK(jwk), algorithms=["EdDSA"]) == {"sub": "ada"}


async def test_several_processes_that_need_the_first_key_at_once_make_one(
    keys: OwnKeys, elsewhere: OwnKeys, db: Database
) -> None:
    others = [OwnKeys(db) for _ in range(6)]
    tokens = await asyncio.gather(*(one.sign({"sub": "ada"}) for one in [keys, elsewhere, *others] for _ in range(3)))
    assert len(await db.read("select id from doable.signing_keys")) == 1
    for token in tokens:
        assert await verify(elsewhere, token) == {"sub": "ada"}


async def test_who_waited_for_another_to_make_the_first_key_takes_that(keys: OwnKeys, elsewhere: OwnKeys) -> None:
    (made,) = await keys._make_first()
    assert await elsewhere._make_first() == [made]


async def test_another_process_verifies_with_a_key_that_it_did_not_know(keys: OwnKeys, elsewhere: OwnKeys) -> None:
    old = await keys.sign({"sub": "ada"})
    assert await verify(elsewhere, old) == {"sub": "ada"}
    await keys.rotate()
    new = await keys.sign({"sub": "ada"})
    assert jwt.get_unverified_header(new)["kid"] != jwt.get_unverified_header(old)["kid"]
    elsewhere._looked_at -= 1.0  # It has looked a second ago.
    assert await verify(elsewhere, new) == {"sub": "ada"}
    assert await verify(elsewhere, old) == {"sub": "ada"}


async def test_unknown_keys_are_looked_for_once_a_second_at_most(keys: OwnKeys, db: Database) -> None:
    (old,) = await kids(keys)
    await db.write("delete from doable.signing_keys")  # Who looks now makes another.
    unknown = [keys.find(f"unknown-{number}", "EdDSA") for number in range(1000)]
    assert set(await asyncio.gather(*unknown)) == {None}
    assert await kids(keys) == [old]
    keys._looked_at -= 1.0
    unknown = [keys.find(f"unknown-{number}", "EdDSA") for number in range(1000)]
    assert set(await asyncio.gather(*unknown)) == {None}
    assert await kids(keys) != [old]


async def test_no_key_is_found_for_another_algorithm_or_without_an_id(keys: OwnKeys) -> None:
    (kid,) = await kids(keys)
    assert await keys.find(kid, "HS256") is None
    assert await keys.find(None, "EdDSA") is None


async def test_the_newest_key_signs_and_the_old_ones_go_when_nothing_they_signed_holds_any_more(
    keys: OwnKeys, db: Database
) -> None:
    old = await keys.sign({"sub": "ada"})
    (first,) = await kids(keys)
    second = await keys.rotate()
    assert await kids(keys) == [second, first]
    await db.write("update doable.signing_keys set created_at = created_at - interval '59 minutes'")
    forget_the_time(keys)
    assert await verify(keys, old) == {"sub": "ada"}
    await db.write("update doable.signing_keys set created_at = created_at - interval '2 minutes'")
    forget_the_time(keys)
    assert await verify(keys, old) is None
    assert await kids(keys) == [second]
    await keys.prune()
    assert [id for (id,) in await db.read("select id from doable.signing_keys")] == [second]


async def test_pruning_leaves_what_still_verifies(keys: OwnKeys) -> None:
    (first,) = await kids(keys)
    second = await keys.rotate()
    await keys.prune()
    forget_the_time(keys)
    assert await kids(keys) == [second, first]


async def test_a_rotation_because_of_a_leak_leaves_no_other_key(keys: OwnKeys) -> None:
    old = await keys.sign({"sub": "ada"})
    new = await keys.rotate(revoke=True)
    assert await kids(keys) == [new]
    assert await verify(keys, old) is None


async def test_the_newest_key_signs_also_when_the_clock_was_set_back(keys: OwnKeys, db: Database) -> None:
    await kids(keys)
    await db.write("update doable.signing_keys set created_at = now() + interval '1 day'")
    newest = await keys.rotate()
    assert jwt.get_unverified_header(await keys.sign({"sub": "ada"}))["kid"] == newest


async def test_many_rotations_at_once_end_with_one_newest(keys: OwnKeys, elsewhere: OwnKeys) -> None:
    made = await asyncio.gather(*((keys, elsewhere)[number % 2].rotate() for number in range(6)))
    forget_the_time(keys)
    forget_the_time(elsewhere)
    assert sorted(await kids(keys)) == sorted(made)
    assert await kids(keys) == await kids(elsewhere)
