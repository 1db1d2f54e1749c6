"""How often somebody may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doable.errors import RateLimited
from doable.http.rate_limiter import NANOSECONDS, Limiter
from doable.networks import network
from doable.rate import Rate


class Clock:
    """Nanoseconds that pass when told to."""

    now = 5 * NANOSECONDS

    def __call__(self) -> int:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * NANOSECONDS)


def refusal(limiter: Limiter, key: str = "ada") -> int:
    with pytest.raises(RateLimited) as refused:
        limiter.take(key)
    return refused.value.retry_after


def test_the_whole_quota_may_be_used_at_once_and_comes_back_evenly() -> None:
    clock = Clock()
    limiter = Limiter(Rate(6, 60), clock=clock)
    assert [limiter.take("ada") for _ in range(6)] == [(left, 10) for left in (5, 4, 3, 2, 1, 0)]
    assert refusal(limiter) == 10
    clock.wait(9.5)
    assert refusal(limiter) == 1
    clock.wait(0.5)
    assert limiter.take("ada") == (0, 10)
    assert refusal(limiter) == 10
    clock.wait(3600)
    assert limiter.take("ada") == (5, 10)
    assert (limiter.allowed, limiter.refused) == (8, 3)


def test_each_key_has_a_quota_of_its_own() -> None:
    limiter = Limiter(Rate(1, 60))
    limiter.take("ada")
    limiter.take("bob")
    assert refusal(limiter, "ada") == refusal(limiter, "bob") == 60


@given(
    rate=st.builds(Rate, st.integers(1, 50), st.sampled_from([1, 60, 3600])),
    pauses=st.lists(st.floats(0, 20), max_size=200),
)
def test_nobody_gets_more_than_the_quota_and_what_comes_back_and_waiting_as_told_is_enough(
    rate: Rate, pauses: list[float]
) -> None:
    clock = Clock()
    limiter = Limiter(rate, clock=clock)
    start = clock.now
    for taken, pause in enumerate(pauses, 1):
        clock.wait(pause)
        try:
            left, seconds = limiter.take("ada")
        except RateLimited as refused:
            clock.wait(refused.retry_after)
            limiter.take("ada")
        else:
            assert 0 <= left < rate.count
            assert 0 < seconds <= rate.seconds
        # Intervals are whole nanoseconds, hence the one more.
        assert taken <= rate.count + (clock.now - start) * rate.count / (rate.seconds * NANOSECONDS) + 1


def test_memory_is_bounded_and_who_keeps_asking_is_not_forgotten() -> None:
    limiter = Limiter(Rate(50, 3600), most=100)
    allowed = 0
    for number in range(1000):
        limiter.take(f"stranger {number}")
        try:
            limiter.take("ada")
        except RateLimited:
            continue
        allowed += 1
    assert allowed == 50
    assert len(limiter._recent) + len(limiter._older) <= 100


def test_who_has_the_whole_quota_again_is_forgotten() -> None:
    clock = Clock()
    limiter = Limiter(Rate(10, 60), clock=clock)
    for number in range(100):
        limiter.take(f"stranger {number}")
    for _ in range(2):
        clock.wait(61)
        limiter.take("ada")
    assert set(limiter._recent) | set(limiter._older) == {"ada"}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a socket", ""),
        (None, ""),
    ],
)
def test_an_ipv6_address_counts_with_its_neighbours(address: str | None, place: str) -> None:
    assert network(address) == place
