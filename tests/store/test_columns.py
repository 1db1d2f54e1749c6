"""Columns of statements from the fields of a struct."""

from typing import Annotated

import msgspec
import pytest

from doable.fields import Name, Shown, declared
from doable.store.columns import Columns
from doable.store.database import Database


class Sample(msgspec.Struct, frozen=True):
    user_id: Annotated[str, Shown("", "")]
    id: Annotated[int, Shown("", 1)]
    title: Annotated[str, Name(10, example="x")]
    labels: Annotated[list[str] | None, Shown("", [])] = None
    size: Annotated[int | None, Shown("", 1)] = None
    people: Annotated[list[str], Shown("", [])] = []


SAMPLE = Columns(Sample)


def test_what_clients_may_leave_out_must_be_nullable() -> None:
    class Wrong(msgspec.Struct):
        title: Annotated[str, Name(10, example="x")] = "x"

    with pytest.raises(TypeError, match="title: what clients may leave out must be nullable"):
        declared(Wrong)


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("{}", Sample("ada", 1, "one", ["a", "b"], 5, ["eve"])),
        ('{"title": "two"}', Sample("ada", 1, "two", ["a", "b"], 5, ["eve"])),
        ('{"labels": ["c"], "size": 9007199254740993}', Sample("ada", 1, "one", ["c"], 9007199254740993, ["eve"])),
        ('{"labels": [], "size": null, "people": ["bob"]}', Sample("ada", 1, "one", [], None, ["bob"])),
    ],
)
async def test_a_patch_changes_what_it_names_whatever_the_type(db: Database, patch: str, expected: Sample) -> None:
    columns = "user_id text, id bigint, title text, labels text[], size bigint, people text[]"
    assignments = SAMPLE.patched("samples", "patch", "row")
    update = f"""
        update doable.samples set {assignments}
        from (
          select said as patch, jsonb_populate_record(null::doable.samples, said) as row
          from (select $1::text::jsonb) as given(said)
        ) as change
        returning {SAMPLE.all()}
    """  # noqa: S608 - names of our own
    async with db.transaction() as tx:
        await tx.execute(f"create table doable.samples ({columns})")
        await tx.execute("insert into doable.samples values ('ada', 1, 'one', '{a,b}', 5, '{eve}')")
        assert Sample(*(await tx.read(update, patch))[0]) == expected
        await tx.execute("drop table doable.samples")
