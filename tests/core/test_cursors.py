"""Cursors: opaque to clients, and of one kind and one owner."""

import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doable.core.cursors import HISTORY, LIST, PATTERN, SYNC, Before, Codec, Place, Synced
from doable.errors import Invalid
from doable.model import ID_MAX, Position

NATURAL = st.integers(0, ID_MAX)
PLACES = st.one_of(
    st.builds(Position, st.datetimes(timezones=st.just(UTC)), NATURAL).map(Place.of),
    st.builds(Before, NATURAL),
    st.builds(Synced, st.binary(min_size=8, max_size=8), NATURAL, NATURAL, NATURAL),
)
CODECS: dict[type[msgspec.Struct], Codec] = {Place: LIST, Before: HISTORY, Synced: SYNC}  # type: ignore[type-arg]
REFUSED = pytest.raises(Invalid, match="The cursor is not valid")


def made_up(codec: "Codec[msgspec.Struct]", fields: object, owner: str = "alice") -> str:
    """A cursor with these fields, whether the service would write it or not."""
    return urlsafe_b64encode(codec._head(owner) + msgspec.msgpack.encode(fields)).rstrip(b"=").decode()


@given(PLACES, st.text(max_size=20), st.text(max_size=20))
def test_a_cursor_is_read_by_its_owner_and_as_its_kind_alone(place: msgspec.Struct, owner: str, other: str) -> None:
    codec = CODECS[type(place)]
    text = codec.write(place, owner)
    assert codec.read(text, owner) == place
    assert re.fullmatch(PATTERN, text)
    for another in CODECS.values():
        if another is not codec:
            with REFUSED:
                another.read(text, owner)
    if other != owner:
        with REFUSED:
            codec.read(text, other)


@given(st.one_of(st.text(max_size=60), st.from_regex(PATTERN, fullmatch=True)))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    for codec in CODECS.values():
        with REFUSED:
            codec.read(text, "alice")


@given(PLACES, st.data())
def test_a_cursor_that_is_cut_or_goes_on_is_refused(place: msgspec.Struct, data: st.DataObject) -> None:
    codec = CODECS[type(place)]
    text = codec.write(place, "alice")
    with REFUSED:
        codec.read(text[: data.draw(st.integers(0, len(text) - 2))], "alice")
    with REFUSED:
        codec.read(f"{text}AAAA", "alice")


@pytest.mark.parametrize(
    ("codec", "fields"),
    [
        (SYNC, (b"", 0, -1, 0)),
        (SYNC, (b"", 0, 0, 2**63)),
        (SYNC, (b"", 0, 1.5, 0)),
        (SYNC, ("text", 0, 0, 0)),
        (SYNC, (b"", 0, 0)),
        (SYNC, {"position": 1}),
        (HISTORY, (-1,)),
        (HISTORY, (True,)),
        (SYNC, (b"", 0, 0, 0, "more")),
        (LIST, ("2026-11-21T09:30:00+16:00", 1)),  # PostgreSQL knows no such zone.
        (LIST, (datetime(2026, 11, 21, tzinfo=UTC), 1)),
        (LIST, (0, -1)),
        (LIST, (-62_135_596_800_000_001, 1)),
        (LIST, (253_402_300_800_000_000, 1)),
    ],
    ids=lambda value: "" if isinstance(value, Codec) else repr(value),
)
def test_a_made_up_cursor_is_held_to_the_types_of_its_fields(codec: "Codec[msgspec.Struct]", fields: object) -> None:
    with REFUSED:
        codec.read(made_up(codec, fields), "alice")


@given(PLACES.filter(lambda place: isinstance(place, Place)))
def test_a_place_is_exact_to_the_microsecond(place: Place) -> None:
    assert Place.of(place.position) == place


@pytest.mark.parametrize("year", [1, 9999])
async def test_a_made_up_cursor_only_changes_where_one_goes_on(alice: httpx.AsyncClient, year: int) -> None:
    made = (await alice.post("/api/me/tasks", json={"title": "x"})).json()
    cursor = LIST.write(Place.of(Position(datetime(year, 12, 31, 23, 59, 59, 999999, UTC), ID_MAX)), "alice")
    answer = await alice.get("/api/me/tasks", params={"limit": 1, "cursor": cursor})
    assert (answer.status_code, answer.json()) == (200, [made] if year == 9999 else [])
    cursor = HISTORY.write(Before(0), "alice")
    answer = await alice.get(f"/api/me/tasks/{made['id']}/history", params={"cursor": cursor})
    assert (answer.status_code, answer.json()) == (200, [])
