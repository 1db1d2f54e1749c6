"""Counting, alone and together."""

import asyncio
from pathlib import Path

import pytest

from doable.metrics import ACCEPTED, BUCKET_SECONDS, FAILURES, FAMILIES, REQUESTS, RESTARTS, STATEMENTS, Ledger, Metrics

TASKS = "/api/{user_id}/tasks"
POOL = {("doable_pool_open",): 2.0}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def test_a_request_is_in_the_bucket_of_its_time() -> None:
    metrics = Metrics()
    for seconds in (0.0001, BUCKET_SECONDS[0], 0.0007, BUCKET_SECONDS[-1] + 1):
        metrics.request(TASKS, "GET", 200, seconds)
    *counts, total = metrics.gather()[REQUESTS][TASKS, "GET", "200"]
    assert counts == [2, 1, *[0] * (len(BUCKET_SECONDS) - 2), 1]
    assert total == pytest.approx(0.0013 + BUCKET_SECONDS[-1] + 1)


def test_what_a_caller_makes_up_is_no_label_of_its_own() -> None:
    metrics = Metrics()
    for method in ("BREW", "PROPFIND", "BREW"):
        metrics.request("", method, 404, 0.001)
    (series,) = metrics.gather()[REQUESTS].items()
    assert series[0] == ("other", "other", "404")
    assert sum(series[1][:-1]) == 3


def test_statements_are_counted_with_their_seconds_and_those_that_break_off_once_more() -> None:
    metrics = Metrics()
    metrics.statement("objects.FIND", 0.25, None)
    metrics.statement("objects.FIND", 0.5, TimeoutError())
    metrics.statement("objects.FIND", 0.25, asyncio.CancelledError())  # nobody waited for it any longer
    figures = metrics.gather()
    assert figures[STATEMENTS]["objects.FIND",] == [3, 1.0]
    assert figures[FAILURES]["objects.FIND",] == [1]


def test_processes_are_added_up_whichever_is_asked(ledger: Ledger) -> None:
    first, second = Metrics(ledger, 0), Metrics(ledger, 1)
    for metrics, lag in ((first, 0.1), (second, 0.3)):
        metrics.count(ACCEPTED, "jwt")
        metrics.request(TASKS, "GET", 200, 0.25)
        metrics.watch(lambda lag=lag: POOL | {("doable_feed_lag_seconds",): lag})
        metrics.save()
    second.count(ACCEPTED, "access_token")
    figures = second.gather()
    assert first.gather()[ACCEPTED] == figures[ACCEPTED] == {("jwt",): [2], ("access_token",): [1]}
    assert figures[REQUESTS][TASKS, "GET", "200"][-1] == 0.5
    assert figures["doable_pool_open"] == {(): [4]}
    assert figures["doable_feed_lag_seconds"] == {(): [0.3]}
    assert figures["doable_workers"] == {(): [2]}
    assert figures[RESTARTS] == {(): [0]}


def test_a_successor_goes_on_counting_where_the_dead_one_ended(ledger: Ledger) -> None:
    dead = Metrics(ledger, 3)
    dead.watch(lambda: POOL)
    dead.count(ACCEPTED, "jwt")
    dead.request(TASKS, "GET", 200, 0.5)
    before = dead.gather()
    successor = Metrics(ledger, 3)
    assert ledger.total() == before
    successor.count(ACCEPTED, "jwt")
    figures = successor.gather()
    assert figures[ACCEPTED] == {("jwt",): [2]}
    assert figures[REQUESTS] == before[REQUESTS]
    assert figures["process_cpu_seconds_total"][()][0] >= before["process_cpu_seconds_total"][()][0]
    assert figures["doable_workers"] == {(): [1]}
    assert "doable_pool_open" not in figures
    assert figures[RESTARTS] == {(): [1]}
    assert Metrics(ledger, 3).gather()[RESTARTS] == {(): [2]}


async def test_it_writes_down_what_there_is_again_and_again_and_at_the_end(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doable.metrics.LEDGER_SECONDS", 0.001)
    metrics = Metrics(ledger)
    writing = asyncio.create_task(metrics.run())
    metrics.count(ACCEPTED, "jwt")
    async with asyncio.timeout(20):
        while ledger.total().get(ACCEPTED) != {("jwt",): [1]}:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0)
    monkeypatch.setattr("doable.metrics.LEDGER_SECONDS", 3600)
    metrics.count(ACCEPTED, "jwt")
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert ledger.total()[ACCEPTED] == {("jwt",): [2]}


def test_a_place_that_can_not_be_written_to_harms_nobody(tmp_path: Path) -> None:
    metrics = Metrics(Ledger(tmp_path / "gone"))
    metrics.save()
    assert not (tmp_path / "gone").exists()


def test_every_family_says_what_it_is() -> None:
    for name, family in FAMILIES.items():
        assert name.startswith(("doable_", "process_"))
        assert family.help.endswith(".")
        assert (family.kind == "counter") is name.endswith("_total")
