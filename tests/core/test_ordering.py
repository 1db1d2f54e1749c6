"""Order keys put every object where its user moved it."""

import random
import re
from bisect import bisect, insort
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doable.core.ordering import KEY_MAX, Spread, between, spread
from doable.model import ID_MAX, default_position
from doable.store.database import Database
from vector_files import hold

DECISION = Path(__file__).parents[2] / "docs/decisions/0015-order-keys.md"
IDS = st.integers(1, ID_MAX) | st.integers(1, 300)
Key = tuple[str, int]  # with the id, as siblings are ordered


class Siblings:
    """The tasks of one place, moved as the store does it."""

    def __init__(self, ids: list[int]) -> None:
        self.order = [(default_position(id), id) for id in sorted(ids)]
        self.moves: list[int] = []  # how many neighbours each changed

    def move(self, id: int, after: int | None) -> None:
        """Move behind a task; without one, to the beginning."""
        self.order = [key for key in self.order if key[1] != id]
        self.insert(id, 0 if after is None else [key[1] for key in self.order].index(after) + 1)

    def insert(self, id: int, at: int) -> None:
        key, changed = self.key_at(at), 0
        if key is None:
            found = self.spread_at(at)
            below, above = at - len(found.lower), at + len(found.upper)
            ids = [id for _, id in self.order[below:above]]
            self.order[below:above] = zip([*found.lower, *found.upper], ids, strict=True)
            key, changed = found.key, above - below
        self.order.insert(at, (key, id))
        self.moves.append(changed)
        near = self.order if changed else self.order[max(at - 1, 0) : at + 2]
        assert near == sorted(near)
        assert len(key) <= KEY_MAX

    def key_at(self, at: int) -> str | None:
        low = self.order[at - 1][0] if at else None
        return between(low, self.order[at][0] if at < len(self.order) else None)

    def spread_at(self, at: int) -> Spread:
        for count in (8, 128, len(self.order)):
            lower: list[str | None] = [key for key, _ in self.order[max(at - count, 0) : at]]
            upper: list[str | None] = [key for key, _ in self.order[at : at + count]]
            none: list[str | None] = [None]
            if found := spread((none if at <= count else []) + lower, upper + (none if len(upper) < count else [])):
                return found
        raise AssertionError("all neighbours are not enough")


@given(st.lists(IDS, min_size=1))
def test_default_positions_are_in_the_order_of_ids(ids: list[int]) -> None:
    keys = [default_position(id) for id in ids]
    assert sorted(keys) == [default_position(id) for id in sorted(ids)]
    assert max(map(len, keys)) <= 17
    first = between(None, min(keys))
    assert first is not None
    assert first < default_position(1)


async def test_postgresql_computes_the_same_default_position(db: Database) -> None:
    found = re.search(r"```sql\n(.*?)\n```", DECISION.read_text())
    assert found is not None
    draw = random.Random(1)
    ids = [1, 15, 16, 255, 256, ID_MAX, *(draw.randrange(1, 2 ** draw.randrange(1, 64) + 1) for _ in range(2000))]
    rows = await db.read(
        f"select id, key from unnest($1::bigint[]) as given (id), lateral (select {found[1]}) as made (key)"  # noqa: S608
        ' order by key collate "C"',
        ids,
    )
    assert [tuple(row) for row in rows] == [(id, default_position(id)) for id in sorted(ids)]


MOVES = st.lists(st.tuples(st.integers(0, 11), st.integers(-1, 11), st.booleans()), max_size=60)


@given(MOVES, st.lists(IDS, min_size=12, max_size=12, unique=True))
def test_moves_of_two_devices(moves: list[tuple[int, int, bool]], ids: list[int]) -> None:
    """Some moves are computed from the same state as the move before, and so two tasks can get one key."""
    ids.sort()
    siblings = Siblings(ids)
    seen = siblings.order
    for moved, behind, is_late in moves:
        id, after = ids[moved], ids[behind] if behind not in {-1, moved} else None
        if is_late:
            others = Siblings([])
            others.order = [key for key in seen if key[1] != id]
            others.move(id, after)
            if others.moves == [0]:
                moved_to = next(key for key in others.order if key[1] == id)
                siblings.order = sorted([key for key in siblings.order if key[1] != id] + [moved_to])
            continue
        seen = siblings.order
        siblings.move(id, after)
        expected = [one for _, one in seen if one != id]
        expected.insert(expected.index(after) + 1 if after else 0, id)
        assert [one for _, one in siblings.order] == expected


@given(st.lists(st.sampled_from(["first", "last", "create"]), max_size=60), st.randoms(use_true_random=False))
def test_a_new_task_comes_last_whatever_was_moved_last(steps: list[str], draw: random.Random) -> None:
    siblings = Siblings([1])
    for id, step in enumerate(steps, 2):
        if step == "create":
            siblings.order.append((default_position(id), id))
        else:
            moved = siblings.order.pop(draw.randrange(len(siblings.order)))[1]
            siblings.insert(moved, len(siblings.order) if step == "last" else 0)
        assert siblings.order == sorted(siblings.order)


ANY = None
LAST = 999


@pytest.mark.parametrize(
    ("moved", "at"),
    [
        pytest.param([ANY], 0, id="first"),
        pytest.param([ANY], LAST, id="last"),
        pytest.param([0], 500, id="before one task"),
        pytest.param([LAST], 500, id="after one task"),
        pytest.param([ANY], ANY, id="anywhere"),
    ],
)
def test_10_000_moves_to_one_place_change_one_row_each(moved: list[int | None], at: int | None) -> None:
    siblings = moves(10_000, moved, at)
    assert not any(siblings.moves)
    assert max(len(key) for key, _ in siblings.order) <= 16


@pytest.mark.parametrize("moved", [[ANY], [0, LAST], [0] * 24 + [LAST]], ids=["any", "both ends", "unequal ends"])
def test_other_moves_to_one_place_change_more_than_one_row_once_in_a_hundred(moved: list[int | None]) -> None:
    siblings = moves(2_500, moved, 500)
    assert 0 < len([changed for changed in siblings.moves if changed]) <= len(siblings.moves) / 100
    assert sum(siblings.moves) <= 2 * len(siblings.moves)


def moves(count: int, moved: list[int | None], at: int | None) -> Siblings:
    """Move one task after another from and to these places among 1000."""
    draw, siblings = random.Random(1), Siblings(list(range(1_000_000, 1_001_000)))
    places = draw.choices(range(LAST + 1), k=2 * count)
    for step in range(count):
        source = moved[step % len(moved)]
        id = siblings.order.pop(places[step] if source is None else source)[1]
        siblings.insert(id, places[-step] if at is None else at)
    return siblings


def test_10_000_keys_that_alternate_to_one_side_are_made_fast_and_stay_in_order() -> None:
    keys = [default_position(7), default_position(8)]
    for _ in range(10_000):
        key = between(keys[-2], keys[-1])
        assert key is not None
        assert bisect(keys, key) == len(keys) - 1
        insort(keys, key)
    assert max(map(len, keys)) == 10


def test_spread_makes_room_between_equal_keys_or_asks_for_more_neighbours() -> None:
    assert between("a2", "a2") is None
    assert spread(["a2", "a2"], ["a2", "a2"]) is None
    found = spread(["a1", "a2"], ["a2", "a3"])
    assert found is not None
    keys = ["a1", *found.lower, found.key, *found.upper, "a3"]
    assert len(keys) == 5
    assert keys == sorted(set(keys))


def chains(draw: random.Random) -> list[dict[str, object]]:
    vectors: list[dict[str, object]] = []
    for of_ten in (0, 10, 1, 9, 5):
        low, high = default_position(draw.randrange(1, 2**40)), None if of_ten == 10 else default_position(2**41)
        for step in range(250):
            key = between(low, high)
            if step % 5 == 0 or key is None:
                vectors.append({"low": low, "high": high, "key": key})
            if key is None:
                break
            low, high = (low, key) if draw.randrange(10) >= of_ten else (key, high)
    return vectors


def spreads(draw: random.Random) -> list[dict[str, object]]:
    vectors: list[dict[str, object]] = []
    for count, at in ((2, 1), (3, 0), (20, 7), (200, 100), (250, 140)):
        siblings = Siblings(list(range(900, 900 + count)))
        for _ in range(150):
            id = siblings.order.pop(draw.randrange(count))[1]
            siblings.insert(id, at)
        lower = [None, *(key for key, _ in siblings.order[:at])]
        upper = [*(key for key, _ in siblings.order[at:]), None]
        vectors += [
            {"lower": low, "upper": high, "answer": found and found._asdict()}
            for low, high in ((lower, upper), (lower[-6:], upper[:5]), (lower, ["a0", *upper]))
            for found in [spread(low, high)]
        ]
    return vectors


def test_the_vectors_hold() -> None:
    draw = random.Random(15)
    ids = [1, 15, 16, 255, 256, ID_MAX, *(draw.randrange(1, 2**63) >> draw.randrange(63) for _ in range(60))]
    hold(
        "order",
        {
            "default": [{"id": str(id), "key": default_position(id)} for id in ids if id],
            "between": chains(draw),
            "spread": spreads(draw),
        },
    )
