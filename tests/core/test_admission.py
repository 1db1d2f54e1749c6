"""Whom the service takes on when there is too much to do, by a clock that the test moves."""

import pytest

from doable.core.admission import CALM, CALM_MAX, STANDING, Admission


class Load:
    """A queue as long as the test says, and the one who judges by it."""

    def __init__(self) -> None:
        self.queue = 0
        self.now = 100.0
        self.admission = Admission(lambda: self.queue, room=10, most=100, clock=lambda: self.now)

    def admits(self, queue: int, *, late: bool = False) -> bool:
        self.queue = queue
        return self.admission.admit(late=late)

    def overload(self) -> None:
        self.admits(10)
        self.now += STANDING + 0.01
        assert not self.admits(10)

    def calm_down(self, seconds: float) -> None:
        """Pass time in which there is hardly a queue."""
        self.now += seconds
        self.admits(0)


@pytest.fixture
def load() -> Load:
    return Load()


def test_a_burst_waits(load: Load) -> None:
    assert all(load.admits(queue) for queue in range(100))
    assert not load.admits(100)


def test_what_has_not_begun_is_in_the_queue(load: Load) -> None:
    load.admission.starting = 60
    assert load.admits(39)
    assert not load.admits(40)


def test_bursts_again_and_again_are_no_overload(load: Load) -> None:
    for _ in range(20):
        assert load.admits(50)
        load.now += STANDING
        assert load.admits(9)


def test_a_queue_that_stands_is_an_overload_in_which_few_may_wait(load: Load) -> None:
    load.overload()
    assert load.admission.is_overloaded
    assert load.admits(9)
    assert not load.admits(10)
    assert not load.admits(0, late=True)


def test_who_is_late_is_taken_on_when_there_is_no_overload(load: Load) -> None:
    assert load.admits(50, late=True)


def test_an_overload_is_over_after_a_calm(load: Load) -> None:
    load.overload()
    load.now += CALM
    load.admits(5)
    load.calm_down(CALM - 0.01)
    assert not load.admits(20)
    load.calm_down(CALM)
    assert not load.admission.is_overloaded
    assert load.admits(0, late=True)


def test_an_overload_that_comes_back_is_known_at_once_and_believed_for_longer(load: Load) -> None:
    load.overload()
    for calm in (CALM, 2 * CALM, 4 * CALM, CALM_MAX, CALM_MAX):
        load.calm_down(calm - 0.01)
        assert load.admission.is_overloaded
        load.calm_down(0.02)
        assert not load.admission.is_overloaded
        assert not load.admits(10)
        assert load.admission.is_overloaded


def test_after_some_peace_an_overload_is_the_first_one_again(load: Load) -> None:
    load.overload()
    load.calm_down(CALM)
    load.now += CALM
    assert load.admits(50)
    load.overload()
    load.calm_down(CALM)
    assert not load.admission.is_overloaded


def test_who_watches_is_told(load: Load) -> None:
    assert load.admission.readings() == {("doable_turned_away_total",): 0, ("doable_overloaded",): False}
    load.overload()
    load.admission.refused += 1
    assert load.admission.readings() == {("doable_turned_away_total",): 1, ("doable_overloaded",): True}
