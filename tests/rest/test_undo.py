"""Undo: an operation is taken back with all its changes, or not at all."""

import random
from typing import Any

import httpx
import pytest

from doable.core.collections import LabelService
from doable.store.database import Database
from rounds import Rounds

Object = dict[str, Any]
Rows = list[tuple[object, ...]]


async def ask(client: httpx.AsyncClient, method: str, path: str, json: object = None) -> httpx.Response:
    answer = await client.request(method, f"/api/me/{path}", json=json)
    assert answer.is_success, f"{method} {path} {json} → {answer.text}"
    return answer


async def add(client: httpx.AsyncClient, kind: str = "tasks", name: str = "x", **more: object) -> Object:
    return dict((await ask(client, "POST", kind, {"title" if kind == "tasks" else "name": name, **more})).json())


async def undo(client: httpx.AsyncClient, revision: int, status: int = 200) -> Object:
    answer = await client.post("/api/me/undo", json={"revision": revision})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def everything(db: Database, *, ignore_trash: bool = False) -> Rows:
    """All rows of objects, also in the trash, without what every change sets."""
    rows = []
    for table in ("tasks", "lists", "labels"):
        ignored = "'revision', 'updated_at'" + (", 'deleted_at'" if ignore_trash else "")
        found = await db.read(
            f"select id, (to_jsonb({table}) - array[{ignored}])::text from doable.{table} order by id"  # noqa: S608
        )
        rows += [(table, row[0], row[1]) for row in found]
    done = await db.read("select id, task_id, due::text from doable.completions where undone is null order by id")
    return rows + [tuple(row) for row in done]


async def revision(db: Database) -> int:
    return int((await db.read("select revision from doable.users where id = 'alice'"))[0][0])


class World:
    """Two lists, some tasks with subtasks and labels, and one random operation after another."""

    def __init__(self, client: httpx.AsyncClient, seed: int) -> None:
        self.client = client
        self.chance = random.Random(seed)

    async def fill(self) -> None:
        lists = [(await add(self.client, "lists", name))["id"] for name in "ab"]
        for number in range(6):
            top = await add(self.client, list_id=lists[number % 2], labels=["x", "y"][: 1 + number % 2])
            weekly = {"rule": "FREQ=WEEKLY", "basis": "schedule"}
            middle = await add(self.client, parent_id=top["id"], due={"date": "2026-12-01"}, recurrence=weekly)
            await add(self.client, parent_id=middle["id"], labels=["y"])
        for name in "cd":
            await add(self.client, "labels", name)

    async def any(self, kind: str) -> Object:
        return dict(self.chance.choice((await ask(self.client, "GET", kind)).json()))

    async def act(self) -> str:
        task, other, home, label = [await self.any(kind) for kind in ("tasks", "tasks", "lists", "labels")]
        one = f"tasks/{task['id']}"
        end = {"to": self.chance.choice(["first", "last"])}
        actions: list[tuple[str, str, object]] = [
            ("PATCH", f"{one}/complete", None),
            ("PATCH", f"{one}/incomplete", None),
            *([("POST", f"{one}/skip", None)] if "recurrence" in task else []),
            (
                "PATCH",
                one,
                {
                    "title": self.name(),
                    "due": {"date": "2026-12-24"},
                    "status": "complete",
                    "add_labels": [label["name"]],
                },
            ),
            ("PATCH", one, {"list_id": home["id"], "description": self.name()}),
            ("PATCH", one, {"list_id": None, "labels": None, "due": None, "recurrence": None}),
            ("POST", f"{one}/move", {"after": other["id"], "otherwise": "first"}),
            ("POST", f"{one}/move", {"list_id": home["id"], "parent_id": None, **end}),
            ("DELETE", one, None),
            ("POST", "tasks", {"title": self.name(), "list_id": home["id"]}),
            ("PATCH", f"lists/{home['id']}", {"name": self.name(), "color": "#000000"}),
            ("POST", f"lists/{home['id']}/move", end),
            ("DELETE", f"lists/{home['id']}", None),
            ("DELETE", f"lists/{home['id']}?tasks=keep", None),
            ("PATCH", f"labels/{label['id']}", {"name": self.name()}),
            ("PATCH", f"labels/{label['id']}?merge=true", {"name": (await self.any("labels"))["name"]}),
            ("POST", f"labels/{label['id']}/move", end),
            ("DELETE", f"labels/{label['id']}", None),
        ]
        method, path, body = self.chance.choice(actions)
        await ask(self.client, method, path, body)
        return f"{method} {path} {body}"

    def name(self) -> str:
        return f"{self.chance.random():.8f}"


async def test_undo_takes_back_any_operation_and_is_one_itself(
    alice: httpx.AsyncClient, db: Database, rounds: Rounds
) -> None:
    world = World(alice, seed=rounds(few=1, full=7))
    await world.fill()
    for _ in range(rounds(few=60, full=1500)):
        before, began = await everything(db), await revision(db)
        done = await world.act()
        after, ended = await everything(db, ignore_trash=True), await revision(db)
        if ended == began:
            continue
        answer = await undo(alice, world.chance.randint(began + 1, ended))
        now = await everything(db)
        if not done.startswith("POST tasks {"):  # A creation goes to the trash.
            assert now == before, done
        assert answer["revision"] == await revision(db)
        assert len(answer["undone"]) == len({one["id"] for one in answer["undone"]}) > 0
        again = await undo(alice, answer["revision"])
        assert await everything(db, ignore_trash=True) == after, f"undone twice: {done}"
        if "DELETE lists" in done or "DELETE labels" in done:
            await undo(alice, again["revision"])


async def test_an_occurrence_that_was_done_is_undone_with_its_completion(alice: httpx.AsyncClient) -> None:
    daily = {"rule": "FREQ=DAILY;COUNT=9", "basis": "completion"}
    task = await add(alice, due={"date": "2026-11-20"}, recurrence=daily)
    sub = await add(alice, parent_id=task["id"])
    await ask(alice, "PATCH", f"tasks/{sub['id']}/complete")
    revision = (await ask(alice, "PATCH", f"tasks/{task['id']}/complete")).json()["revision"]
    for status in ("complete", "incomplete", "complete"):
        answer = await undo(alice, revision)
        revision = answer["revision"]
        assert sorted(one["id"] for one in answer["undone"]) == [task["id"], sub["id"]]
        assert (await alice.get(f"/api/me/tasks/{sub['id']}")).json()["status"] == status
        done = (await alice.get("/api/me/completed")).json()
        assert [one["task_id"] for one in done] == [*([] if status == "complete" else [task["id"]]), sub["id"]]
        due = (await alice.get(f"/api/me/tasks/{task['id']}")).json()["due"]["date"]
        assert (due == "2026-11-20") is (status == "complete")


async def test_each_step_of_a_series_is_undone_as_if_it_had_not_been(alice: httpx.AsyncClient, rounds: Rounds) -> None:
    """Steps in any order, each with its undo, and the undo of that: also where a skip has ended the series."""
    choose = random.Random(rounds.are_full)
    for _ in range(rounds(few=15, full=500)):
        rule = {"rule": f"FREQ=DAILY;COUNT={choose.randint(1, 3)}", "basis": choose.choice(["schedule", "completion"])}
        made = {"title": "x", "due": {"date": "2026-12-01"}, "recurrence": rule}
        path = f"/api/me/tasks/{(await alice.post('/api/me/tasks', json=made)).json()['id']}"
        before = await state(alice, path)
        for _ in range(6):
            step = choose.choice(["complete", "incomplete", "skip"])
            answer = await (alice.post(f"{path}/skip") if step == "skip" else alice.patch(f"{path}/{step}"))
            assert answer.status_code == 200
            after = await state(alice, path)
            if after == before:
                continue
            last = (await undo(alice, answer.json()["revision"]))["revision"]
            assert await state(alice, path) == before, step
            if choose.random() < 0.6:
                await undo(alice, last)
                assert await state(alice, path) == after, step
                before = after


async def state(client: httpx.AsyncClient, path: str) -> tuple[Object, list[Object]]:
    """A task, without what every change sets, and what was done."""
    task = (await client.get(path)).json()
    done = [one for one in (await client.get("/api/me/completed")).json() if one["task_id"] == task["id"]]
    return {name: task[name] for name in task if name not in {"revision", "updated_at"}}, done


async def test_a_renamed_label_is_taken_back_on_all_tasks_also_in_the_trash(alice: httpx.AsyncClient) -> None:
    tasks = [await add(alice, labels=["a"]) for _ in range(3)]
    label = (await alice.get("/api/me/labels")).json()[0]
    await ask(alice, "DELETE", f"tasks/{tasks[0]['id']}")
    renamed = (await ask(alice, "PATCH", f"labels/{label['id']}", {"name": "b"})).json()
    answer = await undo(alice, renamed["revision"])
    assert sorted(one["id"] for one in answer["undone"]) == sorted([label["id"], *(one["id"] for one in tasks)])
    restored = await ask(alice, "POST", f"trash/task/{tasks[0]['id']}/restore")
    assert (restored.json()["labels"], (await alice.get("/api/me/labels")).json()[0]["name"]) == (["a"], "a")


async def test_what_has_got_a_new_name_since_has_the_old_one_after_an_undo(alice: httpx.AsyncClient) -> None:
    label, listed = await add(alice, "labels", "a"), await add(alice, "lists", "A")
    renamed = (await ask(alice, "PATCH", f"labels/{label['id']}", {"name": "b"})).json()
    other = (await ask(alice, "PATCH", f"lists/{listed['id']}", {"name": "B"})).json()
    late = await add(alice, labels=["b", "c"])
    saved = await add(alice, "filters", filter="@b & #B")
    await undo(alice, renamed["revision"])
    await undo(alice, other["revision"])
    assert (await alice.get(f"/api/me/tasks/{late['id']}")).json()["labels"] == ["a", "c"]
    assert (await alice.get(f"/api/me/filters/{saved['id']}")).json()["filter"] == "@a & #A"


async def test_what_has_no_trash_comes_back_only_if_there_is_room(
    alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LabelService, "most", 1)
    one = await add(alice, "labels", "a")
    gone = int((await ask(alice, "DELETE", f"labels/{one['id']}")).headers["x-revision"])
    other = await add(alice, "labels", "b")
    assert (await undo(alice, gone, 409))["code"] == "limit_reached"
    assert (await alice.get("/api/me/labels")).json() == [other]
    await ask(alice, "DELETE", f"labels/{other['id']}")
    await undo(alice, gone)


async def test_a_field_that_has_changed_since_stops_an_undo_and_another_one_does_not(alice: httpx.AsyncClient) -> None:
    task = await add(alice)
    path = f"tasks/{task['id']}"
    renamed = (await ask(alice, "PUT", path, {"title": "y", "description": "z"})).json()
    completed = (await ask(alice, "PATCH", f"{path}/complete")).json()
    await ask(alice, "PUT", path, {"title": "new"})
    refused = await undo(alice, renamed["revision"], 409)
    sentence = f"The field 'title' of task {task['id']} has changed since"
    assert (refused["code"], refused["error"]) == ("changed_since", sentence)
    assert refused["errors"] == [{"field": "title", "code": "changed_since", "message": sentence}]
    await undo(alice, completed["revision"])
    now = (await alice.get(f"/api/me/{path}")).json()
    assert (now["status"], now["title"], "completed_at" in now) == ("incomplete", "new", False)
    # A deletion and a creation, of what was deleted and restored since.
    deleted = int((await ask(alice, "DELETE", path)).headers["x-revision"])
    await ask(alice, "POST", f"trash/task/{task['id']}/restore")
    for revision in (deleted, task["revision"]):
        assert (await undo(alice, revision, 409))["errors"][0]["field"] == "deleted_at"


async def test_labels_that_a_task_gets_back_are_there_as_they_are_spelled_by_now(alice: httpx.AsyncClient) -> None:
    task = await add(alice, labels=["a", "b"])
    cleared = (await ask(alice, "PATCH", f"tasks/{task['id']}", {"labels": None})).json()
    for label in (await alice.get("/api/me/labels")).json():
        await ask(alice, "DELETE", f"labels/{label['id']}")
    await add(alice, "labels", "A")
    answer = await undo(alice, cleared["revision"])
    assert (await alice.get(f"/api/me/tasks/{task['id']}")).json()["labels"] == ["A", "b"]
    assert [one["name"] for one in (await alice.get("/api/me/labels")).json()] == ["A", "b"]
    await undo(alice, answer["revision"])
    assert "labels" not in (await alice.get(f"/api/me/tasks/{task['id']}")).json()
    assert len((await alice.get("/api/me/labels")).json()) == 2


async def test_a_creation_goes_to_the_trash_with_what_was_added_to_it(alice: httpx.AsyncClient) -> None:
    home = await add(alice, "lists")
    task = await add(alice, list_id=home["id"])
    sub = await add(alice, parent_id=task["id"])
    await ask(alice, "PUT", f"tasks/{task['id']}", {"title": "y"})
    answer = await undo(alice, home["revision"])
    assert answer["undone"] == [{"type": "list", "id": home["id"]}]
    assert [(one["type"], one["count"]) for one in (await alice.get("/api/me/trash")).json()] == [("list", 3)]
    await undo(alice, answer["revision"])
    assert (await alice.get(f"/api/me/tasks/{sub['id']}")).json() | {"revision": 0, "updated_at": 0} == sub | {
        "revision": 0,
        "updated_at": 0,
    }
    label = await add(alice, "labels")
    await undo(alice, label["revision"])
    assert (await alice.get("/api/me/labels")).json() == []


async def test_a_task_can_not_go_back_to_where_there_is_no_place(alice: httpx.AsyncClient) -> None:
    a, b = [await add(alice, "lists", name) for name in "ab"]
    task, other = await add(alice, list_id=a["id"]), await add(alice)
    path = f"tasks/{task['id']}"
    moved = (await ask(alice, "POST", f"{path}/move", {"list_id": b["id"]})).json()
    new = await add(alice, parent_id=task["id"])
    answer = await undo(alice, moved["revision"])
    assert (await alice.get(f"/api/me/tasks/{new['id']}")).json()["list_id"] == a["id"], "it goes along"
    await undo(alice, answer["revision"])
    for query in ("", "?permanent=true"):
        away = (await ask(alice, "POST", f"{path}/move", {"list_id": a["id"]})).json()
        gone = (await ask(alice, "POST", f"{path}/move", {"list_id": b["id"]})).json()
        await ask(alice, "DELETE", f"lists/{a['id']}{query}")
        assert (await undo(alice, gone["revision"], 409))["code"] == "changed_since"
        assert (await undo(alice, away["revision"], 409))["errors"][0]["field"] == "list_id"
        if not query:
            await ask(alice, "POST", f"trash/list/{a['id']}/restore")
    # Below itself.
    below = (await ask(alice, "PATCH", path, {"parent_id": other["id"]})).json()
    above = (await ask(alice, "PATCH", path, {"parent_id": None})).json()
    await ask(alice, "PATCH", f"tasks/{other['id']}", {"parent_id": task["id"]})
    assert (await undo(alice, above["revision"], 409))["errors"][0]["field"] == "parent_id"
    assert (await undo(alice, below["revision"], 409))["errors"][0]["field"] == "parent_id"


async def test_a_name_that_another_label_has_by_now_does_not_come_back(alice: httpx.AsyncClient) -> None:
    label = await add(alice, "labels", "a")
    gone = int((await ask(alice, "DELETE", f"labels/{label['id']}")).headers["x-revision"])
    other = await add(alice, "labels", "A")
    assert (await undo(alice, gone, 409))["errors"][0]["field"] == "name"
    await ask(alice, "DELETE", f"labels/{other['id']}")
    await undo(alice, gone)
    back = (await alice.get(f"/api/me/labels/{label['id']}")).json()
    assert {**back, "revision": 1, "updated_at": label["updated_at"]} == label
    history = (await alice.get(f"/api/me/labels/{label['id']}/history")).json()
    assert [entry["kind"] for entry in history] == ["restored", "deleted", "created"]


async def test_what_can_not_be_undone_says_why(alice: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database) -> None:
    assert (await undo(bob, 1, 404))["code"] == "change_not_found"
    task = await add(alice)
    changed = (await ask(alice, "PUT", f"tasks/{task['id']}", {"title": "y"})).json()
    assert (await undo(alice, 3, 404))["code"] == "change_not_found"
    for body in ({}, {"revision": 0}, {"revision": "1"}, {"revision": 1, "x": 1}, {"x": 1}):
        assert (await alice.post("/api/me/undo", json=body)).status_code == 400
    await alice.patch("/api/me", json={"name": "Alice"})
    assert (await undo(alice, 3, 409))["errors"][0]["code"] == "not_undoable"
    final = int((await ask(alice, "DELETE", f"tasks/{task['id']}?permanent=true")).headers["x-revision"])
    assert (await undo(alice, final, 410))["code"] == "change_expired"
    await db.write("delete from doable.changes where user_id = 'alice' and revision <= $1", changed["revision"])
    await db.write("update doable.users set floor = $2 where id = $1", "alice", changed["revision"])
    assert (await undo(alice, changed["revision"], 410))["code"] == "change_expired"


@pytest.mark.parametrize("key", [None, '"k"'])
async def test_ten_thousand_tasks_come_back_as_one(alice: httpx.AsyncClient, db: Database, key: str | None) -> None:
    home = await add(alice, "lists")
    fill = (
        "insert into doable.tasks (user_id, title, list_id) select 'alice', n::text, $1 from generate_series(1, $2) n"
    )
    await db.write(fill, home["id"], 10_000 if key is None else 10)
    before = await everything(db)
    headers = {} if key is None else {"idempotency-key": key}
    for _ in range(1 if key is None else 2):
        gone = await alice.delete(f"/api/me/lists/{home['id']}", headers=headers)
    assert len((await undo(alice, int(gone.headers["x-revision"])))["undone"]) == len(before)
    assert await everything(db) == before


async def test_what_comes_back_twice_comes_back_once(alice: httpx.AsyncClient) -> None:
    """A deletion that was undone already is one that has changed since, also of what has no trash."""
    for kind, fields in (("labels", {}), ("filters", {"filter": "today"})):
        one = await add(alice, kind, "a", **fields)
        gone = await ask(alice, "DELETE", f"{kind}/{one['id']}")
        revision = int(gone.headers["x-revision"])
        await undo(alice, revision)
        assert (await undo(alice, revision, 409))["code"] == "changed_since"
        assert len((await ask(alice, "GET", kind)).json()) == 1


async def test_a_task_in_the_trash_stays_where_it_went_there(alice: httpx.AsyncClient) -> None:
    """Else it could end below itself, or in no group of the trash."""
    parent, task = await add(alice), await add(alice)
    task = (await ask(alice, "PATCH", f"tasks/{task['id']}", {"parent_id": parent["id"]})).json()
    moved = (await ask(alice, "POST", f"tasks/{task['id']}/move", {"parent_id": None})).json()
    await ask(alice, "PATCH", f"tasks/{parent['id']}", {"parent_id": task["id"]})
    await ask(alice, "DELETE", f"tasks/{task['id']}")
    for revision in (task["revision"], moved["revision"]):
        assert (await undo(alice, revision, 409))["code"] == "changed_since"
    restored = (await ask(alice, "POST", f"trash/task/{task['id']}/restore")).json()
    assert restored["id"] == task["id"]
    assert (await ask(alice, "GET", f"tasks/{parent['id']}")).json()["parent_id"] == task["id"]


async def test_a_renamed_task_in_the_trash_gets_its_name_back(alice: httpx.AsyncClient) -> None:
    task = await add(alice, name="before")
    renamed = (await ask(alice, "PATCH", f"tasks/{task['id']}", {"title": "after"})).json()
    await ask(alice, "DELETE", f"tasks/{task['id']}")
    await undo(alice, renamed["revision"])
    assert (await ask(alice, "GET", "trash")).json()[0]["object"]["title"] == "before"
