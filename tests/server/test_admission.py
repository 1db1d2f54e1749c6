"""Whom the service takes on when there is too much to do, by a clock that the test moves."""

import pytest

from doable.server.admission import (
    CALM_SECONDS,
    LONG_WAIT_SECONDS,
    OVERLOAD_SECONDS,
    STANDING_SECONDS,
    TRIAL_SECONDS,
    Admission,
)


class Load:
    """A queue as long as the test says, in both senses, and the one who judges by it."""

    def __init__(self) -> None:
        self.length = 0
        self.wait = 0.0
        self.now = 100.0
        self.admission = Admission(self, room=10, most=100, clock=lambda: self.now)

    def waiting(self) -> int:
        return self.length

    def longest_wait(self) -> float:
        return self.wait

    def admits(self, length: int, *, wait: float = 0.0, late: bool = False) -> bool:
        self.length, self.wait = length, wait
        return self.admission.admit(late=late)

    def overload(self) -> None:
        assert self.admits(10, wait=LONG_WAIT_SECONDS)
        self.now += STANDING_SECONDS
        assert not self.admits(10, wait=LONG_WAIT_SECONDS)
        assert self.admission.is_overloaded


@pytest.fixture
def load() -> Load:
    return Load()


def test_many_may_wait(load: Load) -> None:
    assert all(load.admits(length) for length in range(100))
    assert not load.admits(100)


def test_what_has_not_begun_is_in_the_queue(load: Load) -> None:
    load.admission.starting = 60
    assert load.admits(39)
    assert not load.admits(40)


def test_a_queue_in_which_nobody_waits_for_long_is_no_overload(load: Load) -> None:
    for _ in range(100):
        assert load.admits(99, wait=LONG_WAIT_SECONDS - 0.001)
        load.now += STANDING_SECONDS


def test_bursts_again_and_again_are_no_overload(load: Load) -> None:
    for _ in range(20):
        assert load.admits(50, wait=3 * LONG_WAIT_SECONDS)
        load.now += STANDING_SECONDS
        assert load.admits(9, wait=3 * LONG_WAIT_SECONDS)
        assert load.admits(50, wait=3 * LONG_WAIT_SECONDS)
        load.now += STANDING_SECONDS
        assert load.admits(50)


def test_no_more_may_wait_than_fit_while_it_is_not_known_yet(load: Load) -> None:
    assert not load.admits(100, wait=LONG_WAIT_SECONDS)
    assert not load.admission.is_overloaded


def test_long_waits_without_a_break_are_an_overload_in_which_few_may_wait(load: Load) -> None:
    load.overload()
    assert load.admits(9)
    assert not load.admits(10)
    assert not load.admits(0, late=True)


def test_who_is_late_is_taken_on_when_there_is_no_overload(load: Load) -> None:
    assert load.admits(50, late=True)


def test_an_overload_is_over_when_there_is_hardly_a_queue(load: Load) -> None:
    load.overload()
    load.now += CALM_SECONDS / 2
    assert load.admits(5)
    load.now += CALM_SECONDS - 0.01
    assert not load.admits(4, late=True)
    load.now += 0.02
    assert load.admits(4, late=True)
    assert not load.admission.is_overloaded


def test_it_is_tried_now_and_then_whether_an_overload_is_over(load: Load) -> None:
    load.overload()
    ends = load.now + OVERLOAD_SECONDS
    while load.now < ends - CALM_SECONDS:
        assert load.admits(9)
        assert not load.admits(9, late=True)
        load.now += CALM_SECONDS / 2
    load.now = ends + 0.01
    assert load.admits(20, late=True)
    assert not load.admission.is_overloaded


def test_an_overload_that_is_not_over_is_known_at_once(load: Load) -> None:
    load.overload()
    load.now += OVERLOAD_SECONDS + 0.01
    assert load.admits(50, wait=LONG_WAIT_SECONDS / 2)
    assert not load.admits(50, wait=LONG_WAIT_SECONDS)
    assert load.admission.is_overloaded


def test_a_new_overload_is_not(load: Load) -> None:
    load.overload()
    load.now += OVERLOAD_SECONDS + TRIAL_SECONDS + 0.01
    assert load.admits(50, wait=LONG_WAIT_SECONDS)
    assert not load.admission.is_overloaded


def test_who_watches_is_told(load: Load) -> None:
    assert load.admission.readings() == {("doable_turned_away_total",): 0, ("doable_overloaded",): False}
    load.overload()
    load.admission.refused += 1
    assert load.admission.readings() == {("doable_turned_away_total",): 1, ("doable_overloaded",): True}
