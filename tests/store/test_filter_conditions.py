"""Conditions of filters find in PostgreSQL what the plain answer finds, in all zones and around changes of clocks."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doable.core.filters import parse
from doable.core.owners import Owners
from doable.core.tasks import TaskService
from doable.core.views import ViewService, _written
from doable.filter_tree import Names, Node
from doable.model import ID_MAX, Actor
from doable.schedule import Due
from doable.store.address import Address
from doable.store.columns import encoded
from doable.store.connection import connect
from doable.store.database import Database
from doable.store.filters import FLAGS, Compiler
from doable.text import folded
from doable.viewer import Viewer
from filter_oracle import Record, select
from filter_trees import FLAGS as ALL_FLAGS
from filter_trees import days, trees

# Changes of clocks: in the night, at midnight, by half an hour, over the end of a day; and the first and last zones.
PLACES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("America/Nuuk", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Pacific/Kiritimati", datetime(2026, 7, 1, 10, tzinfo=UTC)),
    ("Pacific/Niue", datetime(2026, 7, 1, 11, tzinfo=UTC)),
]
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
LISTS = [(1, "Home", False), (2, "HOME", False), (3, "Attic", True), (4, "Cellar", True)]
LABELS = ["errand", "Errand run", "waiting"]
TEXTS = [
    "Alpha",
    "beta",
    "gamma",
    "Größe & Fuß",
    "CAFÉ au lait",
    "milk-shake",
    "ŒUVRE 1e5",
    "æther x_y",
    "Ж 東京タワー",
    "!",
]
RECURRENCE = {"rule": "FREQ=DAILY", "basis": "schedule", "anchor": "2026-12-01"}
EVERYTHING = [datetime.max.replace(tzinfo=UTC), ID_MAX]  # is after this, newest first


def made_up_due(draw: random.Random, near: datetime) -> Due | None:
    moment = near + timedelta(minutes=draw.randrange(-3000, 3000, 15))
    zone = draw.choice(PLACES)[0] if draw.random() < 0.5 else None
    text = moment.strftime("%H:%M")
    return draw.choice([None, Due(moment.date()), Due(moment.date(), text), Due(moment.date(), text, zone)])


def made_up(id: int, draw: random.Random) -> Record:
    near = draw.choice(PLACES)[1]
    moments = [near + timedelta(minutes=draw.randrange(-3000, 3000)) for _ in range(3)]
    _, list_name, is_archived = draw.choice([*LISTS, (0, None, False), (0, None, False)])
    return Record(
        id,
        " ".join(draw.sample(TEXTS, draw.choice([1, 1, 2]))),
        draw.choice([None, None, *TEXTS]),
        due=made_up_due(draw, near),
        start=made_up_due(draw, near),
        created=moments[0],
        updated=moments[1],
        completed=draw.choice([None, None, moments[2]]),
        list_name=list_name,
        is_archived=is_archived,
        labels=draw.sample(LABELS, draw.choice([0, 0, 1, 2])),
        parent=draw.choice([None, 1]),
        priority=draw.choice([None, "high", "medium", "low"]),
        is_recurring=draw.random() < 0.3,
    )


TASKS = [made_up(id, random.Random(id)) for id in range(1, 301)]


def row(task: Record) -> dict[str, object]:
    ids = {name: id for id, name, _ in LISTS}
    return {
        "id": task.id,
        "title": task.title,
        "description": task.description,
        "status": "complete" if task.completed else "incomplete",
        "priority": task.priority,
        "labels": task.labels or [None, []][task.id % 2],
        "list_id": task.list_name and ids[task.list_name],
        "parent_id": task.parent and task.id % 2 + 1,
        **{name: msgspec.Raw(encoded({"due": due})[7:-1]) for name, due in (("due", task.due), ("start", task.start))},
        "recurrence": RECURRENCE if task.is_recurring else None,
        "completed_at": task.completed,
        "created_at": task.created,
        "updated_at": task.updated,
    }


@pytest.fixture(scope="module")
async def filled(module_address: Address) -> Address:
    """A database with these tasks, whose times are not those of a trigger."""
    connection = await connect(module_address)
    lists = [{"user_id": "ada", "id": id, "name": name, "archived": archived} for id, name, archived in LISTS]
    labels = [{"user_id": "ada", "id": id, "name": name, "name_key": folded(name)} for id, name in enumerate(LABELS, 5)]
    always = {"user_id": "ada", "position": "a1", "revision": 1, "created_at": NOON, "updated_at": NOON}
    await connection.execute("insert into doable.users (id) values ('ada')")
    for table, rows in {"lists": lists, "labels": labels, "tasks": list(map(row, TASKS))}.items():
        await connection.execute(f"alter table doable.{table} disable trigger user")
        objects = msgspec.json.encode([always | one for one in rows]).decode()
        columns = ", ".join(always | rows[0])
        await connection.execute(
            f"insert into doable.{table} ({columns}) overriding system value"  # noqa: S608
            f" select {columns} from jsonb_populate_recordset(null::doable.{table}, $1::text::jsonb)",
            objects,
        )
    await connection.close()
    return module_address


@pytest.fixture
async def views(filled: Address) -> AsyncIterator[ViewService]:
    owners, db = Owners(provisions=True), Database(filled)
    yield ViewService(db, TaskService(db, owners=owners), owners=owners)
    await db.close()


async def found(views: ViewService, tree: Node, viewer: Viewer, **more: str) -> list[int]:
    """The ids that the service finds. The cursor of a page before the first one has the viewer in it."""
    text = parse("all")._replace(tree=tree).canonical
    cursor = _written(viewer, EVERYTHING, [], "ada")
    view = await views.prepare(Actor("ada"), "ada", {"filter": text, "cursor": cursor, **more})
    page, _ = await views.page(Actor("ada"), "ada", view, 1000)
    return sorted(task.id for task in page.tasks)


NEAR = st.dates(date(2026, 3, 20), date(2026, 11, 5)) | st.sampled_from(
    [day for _, moment in PLACES for day in (moment.date(), (moment + timedelta(days=1)).date(), date.min, date.max)]
)
WORDS = st.sampled_from(
    [
        "alpha",
        "bet",
        "ßE",
        "fuss grosse",
        "cafe lait",
        "shake milk",
        "oeu",
        "1E5",
        "aeth",
        "x",
        "x_y",
        "京タ",
        "ж",
        "!",
        "eta gam",
    ]
)
TREES = trees(days(NEAR, 3), st.sampled_from(["home", "Attic"]), st.sampled_from(LABELS), WORDS)
VIEWERS = st.builds(
    lambda place, minutes, micro: Viewer(place[1] + timedelta(minutes=minutes, microseconds=micro), place[0]),
    st.sampled_from(PLACES),
    st.integers(-2000, 2000) | st.integers(-12, 12).map(lambda quarter: quarter * 15),
    st.sampled_from([0, 1]),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TREES, min_size=1, max_size=4), VIEWERS)
async def test_a_condition_finds_what_the_filter_means(views: ViewService, some: list[Node], viewer: Viewer) -> None:
    for tree in some:
        assert await found(views, tree, viewer) == select(tree, TASKS, viewer)


EVERY_KIND = [
    *ALL_FLAGS,
    "p1",
    "!p2",
    "3 days",
    "9999 days",
    "#home",
    "#attic & !#cellar",
    "@errand",
    "@err*",
    "@x*",
    "search: a",
]
EVERY_KIND += [
    f"{field}{relation}: {day}"
    for field in ("due", "start", "created", "updated", "completed")
    for relation in ("", " before", " after")
    for day in ("today", "9999-12-31", "0001-01-01")
]


@pytest.mark.parametrize("place", [0, 5])
async def test_every_kind_of_term_has_a_condition(views: ViewService, place: int) -> None:
    zone, moment = PLACES[place]
    viewer = Viewer(moment, zone)
    for text in EVERY_KIND:
        tree = parse(text).tree
        assert await found(views, tree, viewer) == select(tree, TASKS, viewer), text


@pytest.mark.parametrize(("zone", "moment"), PLACES)
async def test_overdue_is_right_around_every_change_of_clocks(views: ViewService, zone: str, moment: datetime) -> None:
    tree = parse("overdue").tree
    for minutes in (*range(-120, 121, 15), *range(-1800, 1801, 240)):
        viewer = Viewer(moment + timedelta(minutes=minutes), zone)
        assert await found(views, tree, viewer) == select(tree, TASKS, viewer)


def test_times_that_have_passed_are_more_than_one_interval_only_in_a_gap() -> None:
    after_gap = Viewer(datetime(2026, 3, 29, 1, 15, tzinfo=UTC), "Europe/Berlin")  # 03:15; 02:15 is 03:15
    assert after_gap.passed_times == [("00:00", "02:15"), ("03:00", "03:15")]
    in_overlap = Viewer(datetime(2026, 10, 25, 1, 15, tzinfo=UTC), "Europe/Berlin")  # 02:15 for the second time
    assert in_overlap.passed_times == [("00:00", "03:00")]
    assert Viewer(datetime(2026, 7, 1, 22, tzinfo=UTC), "Europe/Berlin").passed_times == [("00:00", "00:00")]
    at_one = Viewer(datetime(2026, 7, 1, 23, 0, 0, 1, tzinfo=UTC), "Europe/Berlin")
    assert at_one.passed_times == [("00:00", "01:01")]


async def test_before_the_first_minute_of_a_day_with_a_change_no_time_has_passed(views: ViewService) -> None:
    viewer = Viewer(datetime(2026, 3, 28, 23, tzinfo=UTC), "Europe/Berlin")
    assert viewer.passed_times == [("00:00", "00:00")]
    tree = parse("overdue").tree
    assert await found(views, tree, viewer) == select(tree, TASKS, viewer)


def test_every_flag_has_a_condition() -> None:
    assert {*FLAGS, "overdue"} == set(ALL_FLAGS)


def test_a_condition_has_no_text_of_the_client() -> None:
    filter = parse("""(#"x'; drop" | @"y$1" | @z'*) & search: '--""")
    names = Names({"x'; drop": [7]}, {"y$1": "Y$1"}, {"z'": ["z'a"]}, [9])
    arguments: list[object] = ["alice"]
    compiler = Compiler(Viewer(NOON, "UTC"), names, {"'--": "title = $1"}, arguments)
    where = compiler.where(filter.tree, only_incomplete=True)
    assert where == (
        "((list_id = any($2::bigint[]) or labels @> array[$3::text] or labels && $4::text[]) and (title = $1))"
        " and status = 'incomplete' and (list_id = any($5::bigint[])) is not true"
    )
    assert arguments == ["alice", [7], "Y$1", ["z'a"], [9]]


def test_a_condition_has_only_what_the_filter_needs() -> None:
    arguments: list[object] = []
    compiler = Compiler(Viewer(NOON, "Pacific/Niue"), Names({}, {}, {}, []), {}, arguments)
    where = compiler.where(parse("complete & !completed before: today").tree, only_incomplete=False)
    assert where == "(status = 'complete' and (((completed_at < $1::timestamptz)) is not true))"
    assert arguments == [datetime(2026, 7, 1, 11, tzinfo=UTC)]
