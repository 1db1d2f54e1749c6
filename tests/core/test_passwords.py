import asyncio
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters

from doable.core import passwords
from doable.core.passwords import QUEUE_MAX, THREADS, Passwords
from doable.errors import Busy


@pytest.fixture
def hashes() -> Iterator[Passwords]:
    hashes = Passwords()
    yield hashes
    hashes.close()


async def test_a_password_matches_its_own_hash_and_no_other(hashes: Passwords) -> None:
    hash = await hashes.hash("correct horse")
    assert await hashes.verify(hash, "correct horse")
    assert not await hashes.verify(hash, "correct horsE")
    assert await hashes.hash("correct horse") != hash  # Salted.


async def test_without_a_hash_no_password_is_right(hashes: Passwords) -> None:
    assert not await hashes.verify(None, "correct horse")
    assert not await hashes.verify(None, "")


async def test_hashes_are_argon2id_with_19_mib_two_passes_and_one_lane(hashes: Passwords) -> None:
    hash = await hashes.hash("correct horse")
    parameters = extract_parameters(hash)
    assert hash.startswith("$argon2id$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)
    assert not hashes.is_outdated(hash)
    assert hashes.is_outdated(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("correct horse"))


async def test_the_same_letters_are_the_same_password_on_every_keyboard(hashes: Passwords) -> None:
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert await hashes.verify(await hashes.hash(composed), decomposed)


async def test_who_comes_when_too_many_wait_is_sent_away_at_once_and_there_is_room_again_afterwards(
    hashes: Passwords,
) -> None:
    everybody = [asyncio.create_task(hashes.verify(None, "guess")) for _ in range(THREADS + QUEUE_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as refusal:
        await hashes.hash("correct horse")
    assert refusal.value.retry_after == 1
    assert not any(task.done() for task in everybody)
    everybody[-1].cancel()  # One gives up while he waits, and leaves his place.
    await asyncio.gather(*everybody, return_exceptions=True)
    assert await asyncio.gather(*(hashes.verify(None, "guess") for _ in range(THREADS + QUEUE_MAX)))


def test_a_generated_password_is_long_enough_and_new_each_time() -> None:
    first, second = passwords.generate(), passwords.generate()
    assert first != second
    assert passwords.faults("password", first, "ada@example.com") == []


@pytest.mark.parametrize(
    ("password", "code"),
    [("1234567", "password_too_short"), ("2468 0 2", None), ("x" * 128, None), ("x" * 129, "password_too_long")],
)
def test_a_password_has_8_to_128_characters(password: str, code: str | None) -> None:
    faults = passwords.faults("password", password, "ada@example.com")
    assert [fault.code for fault in faults] == ([code] if code else [])


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("12345678", "common"),
        ("Password1", "common"),
        ("QwertyUiop", "common"),
        (" iloveyou ", "common"),
        ("\uff50\uff41\uff53\uff53word1", "common"),  # full width
        (" " * 8, "common"),
        ("\u200b" * 8, "common"),
        ("pass\u00adword1", "common"),
        ("Ada.Lovelace@Example.com", "your email address"),
        ("ADA.lovelace", "your email address"),
    ],
)
def test_the_first_guesses_are_refused(password: str, sentence: str) -> None:
    (fault,) = passwords.faults("newPassword", password, "ada.lovelace@example.com")
    assert (fault.field, fault.code) == ("newPassword", "password_compromised")
    assert sentence in fault.message
