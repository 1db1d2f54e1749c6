import asyncio
from collections.abc import AsyncIterator

import pytest

from doable.errors import Busy
from doable.operations.throttle import WAIT_MAX_SECONDS, Throttle
from doable.store.address import Address
from doable.store.database import Database

HOME = "192.0.2.1"
EMAIL = "ada@example.com"


@pytest.fixture
def throttle(db: Database) -> Throttle:
    return Throttle(db)


@pytest.fixture
async def elsewhere(address: Address) -> AsyncIterator[Throttle]:
    """Another process, with connections of its own."""
    database = Database(address)
    yield Throttle(database)
    await database.close()


async def pass_time(db: Database, seconds: float) -> None:
    await db.write("update doable.sign_in_failures set last_at = last_at - make_interval(secs => $1)", seconds)


async def refusal(throttle: Throttle, email: str, address: str | None) -> int:
    with pytest.raises(Busy) as busy:
        await throttle.admit(email, address)
    return busy.value.retry_after


async def fail(throttle: Throttle, times: int, *, email: str = EMAIL, network: str = "198.51.100") -> None:
    """Failures from as many addresses, so that only the account's count grows."""
    for number in range(times):
        await throttle.admit(email, f"{network}.{number}")


async def become_known(throttle: Throttle, db: Database, address: str) -> None:
    await throttle.clear(db, await throttle.admit(EMAIL, address))


async def test_the_fifth_failure_is_followed_by_a_wait_that_doubles_up_to_five_minutes(
    throttle: Throttle, db: Database
) -> None:
    await fail(throttle, 5)
    waits = []
    for _ in range(12):
        waits.append(await refusal(throttle, EMAIL, HOME))
        await pass_time(db, waits[-1])
        await throttle.admit(EMAIL, f"203.0.113.{len(waits)}")
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


async def test_what_one_process_counts_slows_all(throttle: Throttle, elsewhere: Throttle) -> None:
    await fail(throttle, 3)
    await fail(elsewhere, 2)
    assert await refusal(throttle, EMAIL, HOME) == 1
    assert await refusal(elsewhere, EMAIL, HOME) == 1


async def test_of_many_at_once_no_more_get_through_than_may(throttle: Throttle, elsewhere: Throttle) -> None:
    attempts = [(throttle, elsewhere)[number % 2].admit(EMAIL, f"198.51.100.{number}") for number in range(40)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(not isinstance(outcome, Busy) for outcome in outcomes) == 5
    assert all(outcome.retry_after == 1 for outcome in outcomes if isinstance(outcome, Busy))


async def test_an_address_that_guesses_at_many_accounts_is_slowed_after_twenty(
    throttle: Throttle, db: Database
) -> None:
    for number in range(20):
        await throttle.admit(f"{number}@example.com", HOME)
    assert await refusal(throttle, "another@example.com", HOME) == 1
    await throttle.admit("another@example.com", "192.0.2.2")
    await pass_time(db, 1)
    await throttle.admit("another@example.com", HOME)


async def test_all_of_a_64_is_one_address_and_so_is_an_ipv4_in_ipv6(throttle: Throttle) -> None:
    for number in range(20):
        await throttle.admit(f"{number}@example.com", f"2001:db8:1:2:{number:x}::1")
        await throttle.admit(f"{number}@example.org", HOME if number % 2 else f"::ffff:{HOME}")
        await throttle.admit(f"{number}@example.net", "testclient" if number % 2 else None)
    assert await refusal(throttle, "a@example.com", "2001:db8:1:2::ffff") == 1
    assert await refusal(throttle, "a@example.com", f"::ffff:{HOME}") == 1
    assert await refusal(throttle, "a@example.com", "not an address") == 1
    await throttle.admit("a@example.com", "2001:db8:1:3::1")


async def test_refused_attempts_do_not_prolong_the_wait(throttle: Throttle, db: Database) -> None:
    await fail(throttle, 5)
    for _ in range(20):
        await refusal(throttle, EMAIL, HOME)
    await pass_time(db, 1)
    await throttle.admit(EMAIL, HOME)


async def test_in_peace_everything_is_forgiven(throttle: Throttle, db: Database) -> None:
    await fail(throttle, 5)
    for _ in range(12):
        await pass_time(db, WAIT_MAX_SECONDS)
        await throttle.admit(EMAIL, HOME)  # One every five minutes: the count stays where it is.
    assert await refusal(throttle, EMAIL, HOME) == 1
    await pass_time(db, 5 * WAIT_MAX_SECONDS)
    await fail(throttle, 5)


async def test_the_worst_attack_is_forgotten_within_an_hour_and_a_quarter(throttle: Throttle, db: Database) -> None:
    await fail(throttle, 5)
    for number in range(40):
        await pass_time(db, await refusal(throttle, EMAIL, HOME))
        await throttle.admit(EMAIL, f"203.0.113.{number}")
    assert await refusal(throttle, EMAIL, HOME) == WAIT_MAX_SECONDS
    await pass_time(db, 14 * WAIT_MAX_SECONDS)
    await fail(throttle, 5)


async def test_the_owner_comes_in_from_a_known_address_while_strangers_keep_guessing(
    throttle: Throttle, db: Database
) -> None:
    await become_known(throttle, db, HOME)
    await fail(throttle, 5)
    assert await refusal(throttle, EMAIL, "203.0.113.1") == 1
    await become_known(throttle, db, HOME)
    # His coming does not give the strangers another five.
    assert await refusal(throttle, EMAIL, "203.0.113.1") == 1


async def test_a_known_address_also_passes_when_its_own_count_is_used_up_but_the_others_are_not(
    throttle: Throttle, db: Database
) -> None:
    await become_known(throttle, db, HOME)
    for _ in range(10 + 5):
        await throttle.admit(EMAIL, HOME)
    assert await refusal(throttle, EMAIL, HOME) == 1


async def test_signing_in_begins_the_counts_anew(throttle: Throttle, db: Database) -> None:
    await fail(throttle, 4)
    for _ in range(10):
        await become_known(throttle, db, HOME)
    await fail(throttle, 5)


async def test_signing_in_to_an_account_of_ones_own_does_not_excuse_guessing_at_others(
    throttle: Throttle, db: Database
) -> None:
    for number in range(20):
        await throttle.admit(f"{number}@example.com", HOME)
        await throttle.clear(db, await throttle.admit("mallory@example.com", HOME)) if number < 19 else None
    assert await refusal(throttle, "another@example.com", HOME) == 1


async def test_an_attempt_that_was_not_made_is_given_back(throttle: Throttle) -> None:
    for _ in range(30):
        await throttle.give_back((await throttle.admit(EMAIL, HOME)).counted)
    await throttle.admit(EMAIL, HOME)


async def test_a_sign_up_counts_until_it_is_welcome_or_given_back(throttle: Throttle, db: Database) -> None:
    for _ in range(19):
        await throttle.admit_sign_up(HOME)
    await throttle.give_back(await throttle.admit_sign_up(HOME))
    await throttle.admit_sign_up(HOME)
    await throttle.welcome(db, EMAIL, HOME)
    await throttle.admit_sign_up(HOME)
    with pytest.raises(Busy):
        await throttle.admit_sign_up(HOME)
    assert await refusal(throttle, "another@example.com", HOME) == 1
    await throttle.admit_sign_up("192.0.2.2")


async def test_an_email_address_is_never_kept_and_its_case_does_not_matter(throttle: Throttle, db: Database) -> None:
    await throttle.admit("Ada@Example.com", HOME)
    await fail(throttle, 4)
    assert await refusal(throttle, EMAIL, HOME) == 1
    subjects = [subject for (subject,) in await db.read("select subject from doable.sign_in_failures")]
    assert not [subject for subject in subjects if "ada" in subject.lower()]


async def test_what_is_forgiven_is_pruned_and_known_addresses_are_kept_for_half_a_year(
    throttle: Throttle, db: Database
) -> None:
    await become_known(throttle, db, HOME)
    await throttle.admit("bob@example.com", HOME)
    await throttle.prune()
    assert len(await db.read("select subject from doable.sign_in_failures")) == 3
    await pass_time(db, 86400 + 1)
    await throttle.prune()
    (row,) = await db.read("select subject from doable.sign_in_failures")
    assert row[0].startswith("known:")
    await pass_time(db, 180 * 86400)
    await throttle.prune()
    assert await db.read("select subject from doable.sign_in_failures") == []
