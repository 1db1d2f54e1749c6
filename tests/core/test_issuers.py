import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from doable.core import issuers
from doable.core.issuers import FETCH_PAUSE_SECONDS, REFETCH_SECONDS, RemoteKeys
from doable.errors import Unavailable
from issuer import Clock, Issuer, http, issuer_with
from keys import Key


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuer_with(Key("one")) as issuer:
        yield issuer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(issuer: Issuer, clock: Clock) -> AsyncIterator[RemoteKeys]:
    keys = RemoteKeys(issuer.url, clock=clock)
    yield keys
    await keys.close()


async def finished(keys: RemoteKeys) -> None:
    """Let a fetch that nobody waits for come to its end."""
    if keys._fetch is not None:
        await asyncio.wait([keys._fetch])


async def test_nothing_is_fetched_before_it_is_needed(issuer: Issuer, keys: RemoteKeys) -> None:
    assert issuer.fetches == 0
    assert await keys.find("one", "EdDSA") is not None
    assert issuer.fetches == 1


async def test_many_at_once_cause_one_fetch(issuer: Issuer, keys: RemoteKeys) -> None:
    found = await asyncio.gather(*(keys.find("one", "EdDSA") for _ in range(100)))
    assert all(found)
    assert issuer.fetches == 1


async def test_old_keys_are_renewed_behind_the_callers_back(issuer: Issuer, keys: RemoteKeys, clock: Clock) -> None:
    await keys.find("one", "EdDSA")
    issuer.keys = [Key("two")]
    issuer.may_answer.clear()
    clock.advance(REFETCH_SECONDS)
    assert await keys.find("one", "EdDSA") is not None
    assert await keys.find("one", "EdDSA") is not None
    issuer.may_answer.set()
    await finished(keys)
    assert issuer.fetches == 2
    assert await keys.find("two", "EdDSA") is not None
    assert issuer.fetches == 2


async def test_a_withdrawn_key_is_not_used_after_a_quiet_night(issuer: Issuer, keys: RemoteKeys, clock: Clock) -> None:
    await keys.find("one", "EdDSA")
    issuer.keys = []
    clock.advance(8 * 3600)
    assert await keys.find("one", "EdDSA") is None
    assert issuer.fetches == 2


async def test_a_new_key_is_found_at_once(issuer: Issuer, keys: RemoteKeys, clock: Clock) -> None:
    """Better Auth makes its keys when it first needs one, and several when it is asked by several."""
    await keys.find("one", "EdDSA")
    clock.advance(0.1)
    issuer.keys.append(Key("two"))
    found = await asyncio.gather(*(keys.find("two", "EdDSA") for _ in range(100)))
    assert all(found)
    assert issuer.fetches == 2


async def test_a_new_key_is_found_in_the_set_that_is_being_renewed(
    issuer: Issuer, keys: RemoteKeys, clock: Clock
) -> None:
    await keys.find("one", "EdDSA")
    issuer.keys = [Key("two")]
    clock.advance(REFETCH_SECONDS)
    assert await keys.find("two", "EdDSA") is not None
    assert issuer.fetches == 2


async def test_a_thousand_made_up_kids_cause_one_fetch_in_each_interval(
    issuer: Issuer, keys: RemoteKeys, clock: Clock
) -> None:
    await keys.find("one", "EdDSA")
    for interval in range(1, 4):
        clock.advance(FETCH_PAUSE_SECONDS)
        for number in range(500):
            assert await keys.find(f"made up {number}", "EdDSA") is None
        found = await asyncio.gather(*(keys.find(f"made up too {number}", "EdDSA") for number in range(500)))
        assert not any(found)
        assert issuer.fetches == 1 + interval


async def test_a_key_that_is_missing_from_a_set_just_fetched_is_not_asked_for_again(
    issuer: Issuer, keys: RemoteKeys
) -> None:
    assert await keys.find("made up", "EdDSA") is None
    assert issuer.fetches == 1


async def test_while_the_issuer_was_never_there_nobody_can_be_judged(
    issuer: Issuer, keys: RemoteKeys, clock: Clock
) -> None:
    await issuer.go_down()
    for _ in range(3):
        with pytest.raises(Unavailable) as refusal:
            await keys.find("one", "EdDSA")
        assert refusal.value.retry_after == FETCH_PAUSE_SECONDS
    await issuer.come_up()
    with pytest.raises(Unavailable):
        await keys.find("one", "EdDSA")
    assert issuer.fetches == 0
    clock.advance(FETCH_PAUSE_SECONDS)
    assert await keys.find("one", "EdDSA") is not None


async def test_the_keys_are_kept_while_the_issuer_is_down(issuer: Issuer, keys: RemoteKeys, clock: Clock) -> None:
    await keys.find("one", "EdDSA")
    await issuer.go_down()
    for _ in range(20):
        clock.advance(REFETCH_SECONDS)
        assert await keys.find("one", "EdDSA") is not None
        await finished(keys)
    assert await keys.find("two", "EdDSA") is None
    await issuer.come_up()
    clock.advance(FETCH_PAUSE_SECONDS)
    await keys.find("one", "EdDSA")
    await finished(keys)
    assert issuer.fetches == 2


BAD_ANSWERS: dict[str, Callable[[], bytes]] = {
    "an error": lambda: http("500 Internal Server Error", b'{"keys": []}'),
    "a redirect": lambda: http("302 Found", b"", "Location: http://127.0.0.1:1/"),
    "a megabyte": lambda: http("200 OK", b'{"keys": []' + b" " * 1_000_000 + b"}"),
    "a bomb": lambda: http("200 OK", gzip.compress(b'{"keys": []' + b" " * 9_000_000 + b"}"), "Content-Encoding: gzip"),
    "no JSON": lambda: http("200 OK", b"<html>"),
    "no text": lambda: http("200 OK", b"\xff\xfe\x00"),
    "no keys": lambda: http("200 OK", b'{"error": "none"}'),
    "no list": lambda: http("200 OK", b'{"keys": {"kty": "OKP"}}'),
    "a maze": lambda: http("200 OK", b'{"keys": ' + b"[" * 60_000),
    "no HTTP": lambda: b"hello\r\n\r\n",
    "silence": lambda: b"",
    "half of it": lambda: http("200 OK", b'{"keys": []}').removesuffix(b"}"),
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
async def test_an_answer_that_is_no_key_set_counts_as_none(
    issuer: Issuer, keys: RemoteKeys, clock: Clock, answer: Callable[[], bytes]
) -> None:
    issuer.answer = answer
    with pytest.raises(Unavailable):
        await keys.find("one", "EdDSA")
    issuer.answer = issuer.publish
    clock.advance(FETCH_PAUSE_SECONDS)
    assert await keys.find("one", "EdDSA") is not None
    issuer.answer = answer
    clock.advance(REFETCH_SECONDS)
    await keys.find("one", "EdDSA")
    await finished(keys)
    assert issuer.fetches == 3
    assert await keys.find("one", "EdDSA") is not None


async def test_an_issuer_that_does_not_answer_holds_nobody_up_for_long(
    issuer: Issuer, keys: RemoteKeys, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "FETCH_TIMEOUT_SECONDS", 0.05)
    issuer.may_answer.clear()
    with pytest.raises(Unavailable):
        await keys.find("one", "EdDSA")
    clock.advance(FETCH_PAUSE_SECONDS - 1)
    with pytest.raises(Unavailable):
        await keys.find("one", "EdDSA")
    assert issuer.fetches == 1


async def test_a_caller_who_leaves_does_not_end_the_fetch_for_the_others(issuer: Issuer, keys: RemoteKeys) -> None:
    issuer.may_answer.clear()
    impatient, patient = (asyncio.create_task(keys.find("one", "EdDSA")) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait([impatient])
    issuer.may_answer.set()
    assert await patient is not None
    assert issuer.fetches == 1


async def test_closing_ends_a_fetch_that_is_under_way(issuer: Issuer) -> None:
    issuer.may_answer.clear()
    keys = RemoteKeys(issuer.url)
    waiting = asyncio.create_task(keys.find("one", "EdDSA"))
    await asyncio.sleep(0)
    await keys.close()
    with pytest.raises(Unavailable):
        await waiting


async def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    issuer: Issuer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with closing(RemoteKeys(issuer.url, clock=clock)) as keys:
        assert await keys.find("one", "EdDSA") is not None


async def test_a_set_of_two_hundred_keys_is_no_trouble(issuer: Issuer, keys: RemoteKeys) -> None:
    issuer.keys = [Key(str(number)) for number in range(200)]
    assert await keys.find("199", "EdDSA") is not None


@asynccontextmanager
async def closing(keys: RemoteKeys) -> AsyncIterator[RemoteKeys]:
    yield keys
    await keys.close()
