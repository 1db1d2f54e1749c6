"""Lists of tasks with some words in them."""

import httpx
import pytest

from doable.store import search, views

TASKS = "/api/me/tasks"


async def add(client: httpx.AsyncClient, title: str, **fields: object) -> None:
    assert (await client.post(TASKS, json={"title": title, **fields})).status_code == 201


async def titles(client: httpx.AsyncClient, search: str, **query: str) -> list[str]:
    answer = await client.get(TASKS, params={"search": search, **query})
    assert answer.status_code == 200, answer.text
    return [task["title"] for task in answer.json()]


async def test_a_search_finds_words_and_the_beginning_of_the_last_one(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await add(alice, "Oat-milk, 2 litres")
    await add(alice, "Buy MILK", description="from the farm/shop")
    await add(alice, "Größe der Füße: Café messen", labels=["Mit Hilfe"])
    await add(alice, "x" * 255, description="y" * 5000)
    await add(alice, "ΟΔΟΣ Ж 東京")
    await add(bob, "Milk of bob")
    for words, expected in {
        "milk": ["Buy MILK", "Oat-milk, 2 litres"],
        "MIL": ["Buy MILK", "Oat-milk, 2 litres"],
        "milk oat": ["Oat-milk, 2 litres"],
        "oat & litr": ["Oat-milk, 2 litres"],
        "mil oat": ["Oat-milk, 2 litres"],  # as parts of words
        "2": ["Oat-milk, 2 litres"],
        "shop": ["Buy MILK"],
        "grosse fus": ["Größe der Füße: Café messen"],
        "GRÖSSE": ["Größe der Füße: Café messen"],
        "cafe\u0301": ["Größe der Füße: Café messen"],
        "hilfe mit": ["Größe der Füße: Café messen"],
        "x" * 255: ["x" * 255],
        "y" * 255: ["x" * 255],
        "οδος": ["ΟΔΟΣ Ж 東京"],
        "ж": ["ΟΔΟΣ Ж 東京"],
    }.items():
        assert await titles(alice, words) == expected, words
    assert await titles(bob, "milk") == ["Milk of bob"]
    assert await titles(bob, "oat") == []


async def test_a_search_without_such_words_finds_parts_of_words(alice: httpx.AsyncClient) -> None:
    for title in ("grocery", "東京タワーに行く", "50% off", "a_b \\ 🙂", "Hausaufgaben"):
        await add(alice, title)
    for words, expected in {
        "ocer": ["grocery"],
        "タワ": ["東京タワーに行く"],
        "aufgabe haus": ["Hausaufgaben"],
        "ff 0%": ["50% off"],
        "%": ["50% off"],
        "_": ["a_b \\ 🙂"],
        "\\": ["a_b \\ 🙂"],
        "🙂": ["a_b \\ 🙂"],
        "'": [],
        "% _": [],
    }.items():
        assert await titles(alice, words) == expected, words


async def test_a_search_is_one_condition_among_others(alice: httpx.AsyncClient) -> None:
    await add(alice, "milk 1", priority="high")
    await add(alice, "milk 2")
    await add(alice, "bread", priority="high", labels=["milk"])
    assert await titles(alice, "milk", filter="p1") == ["milk 1", "bread"]
    assert await titles(alice, "milk", sort="-title") == ["milk 2", "milk 1", "bread"]
    assert await titles(alice, "milk", filter="!search: 1 & !search: brea") == ["milk 2"]
    assert await titles(alice, "milk", filter="search: ilk & search: rea") == ["bread"]
    assert await titles(alice, "milk", label="milk", status="incomplete") == ["bread"]


@pytest.mark.parametrize("many", [7, 8])
async def test_the_best_of_the_newest_come_first(
    alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Whether the words are so common that the newest tasks are looked through, or not."""
    monkeypatch.setattr(views, "RANKED_MAX", 4)
    monkeypatch.setattr(search, "MANY", many)
    for number in range(8):
        if number % 2:
            await add(alice, f"milk {number}")
        else:
            await add(alice, str(number), description="milk")
    expected = ["milk 7", "milk 5", "6", "4", "milk 3", "2", "milk 1", "0"]
    expected_by_age = ["0", "milk 1", "2", "milk 3", "4", "milk 5", "6", "milk 7"]
    assert await titles(alice, "milk") == expected
    assert await titles(alice, "milk", sort="created") == expected_by_age
    first = await alice.get(TASKS, params={"search": "milk", "limit": "3"})
    await add(alice, "milk that is new")
    seen = [first.json()]
    link = first.links.get("next")
    while link:
        answer = await alice.get(link["url"])
        seen.append(answer.json())
        link = answer.links.get("next")
    assert [[task["title"] for task in page] for page in seen] == [expected[:3], expected[3:6], expected[6:]]


async def the_rest(client: httpx.AsyncClient, page: httpx.Response) -> list[str]:
    """The titles on the pages after this one."""
    seen = []
    while "next" in page.links:
        page = await client.get(page.links["next"]["url"])
        seen += [task["title"] for task in page.json()]
    return seen


async def of_title(client: httpx.AsyncClient, title: str) -> str:
    """The path of a task."""
    return next(f"{TASKS}/{one['id']}" for one in (await client.get(TASKS)).json() if one["title"] == title)


@pytest.mark.parametrize("many", [7, 100])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
async def test_each_task_is_on_one_page_while_others_come_and_go(
    alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, many: int, size: int
) -> None:
    monkeypatch.setattr(views, "RANKED_MAX", 4)
    monkeypatch.setattr(search, "MANY", many)
    for number in range(12):
        await add(
            alice, f"milk {number}" if number % 2 else str(number), **({} if number % 2 else {"description": "milk"})
        )
    expected = ["milk 11", "milk 9", "10", "8", "milk 7", "6", "milk 5", "4", "milk 3", "2", "milk 1", "0"]
    first = await alice.get(TASKS, params={"search": "milk", "limit": str(size)})
    assert [task["title"] for task in first.json()] == expected[:size]
    # Without these, `milk 7` and `6` are among the newest four.
    for title in ("milk 11", "10"):
        await alice.delete(await of_title(alice, title))
    # With this one, `8` is not.
    await alice.patch(await of_title(alice, "milk 9"), json={"title": "bread"})
    seen = await the_rest(alice, first)
    assert seen == [one for one in expected[size:] if one not in {"milk 11", "10", "milk 9"}]
    # All of the newest are gone.
    first = await alice.get(TASKS, params={"search": "milk", "limit": "1"})
    for title in ("8", "milk 7", "6"):
        await alice.delete(await of_title(alice, title))
    await alice.delete(await of_title(alice, "milk 5"))
    assert await the_rest(alice, first) == ["4", "milk 3", "2", "milk 1", "0"]


async def test_tasks_that_get_the_words_do_not_move_others(
    alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "RANKED_MAX", 4)
    monkeypatch.setattr(views, "LATER_MAX", 5)
    for number in range(12):
        await add(
            alice,
            "bread" if number in {9, 10} else str(number),
            **({} if number in {9, 10} else {"description": "milk"}),
        )
    first = await alice.get(TASKS, params={"search": "milk", "limit": "2"})
    assert [task["title"] for task in first.json()] == ["11", "8"]
    await alice.patch(await of_title(alice, "bread"), json={"title": "milk 10"})
    assert await the_rest(alice, first) == ["7", "6", "5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize("query", [{"search": "ilk"}, {"search": "ilk", "sort": "created"}, {"filter": "search: ilk"}])
async def test_pages_go_on_by_parts_of_words_when_a_task_gets_the_word(
    alice: httpx.AsyncClient, query: dict[str, str]
) -> None:
    for number in range(4):
        await add(alice, f"milk {number}")
    first = await alice.get(TASKS, params={**query, "limit": "2"})
    await add(alice, "ilk")
    assert {"milk 0", "milk 1", "milk 2", "milk 3"} == {
        *(task["title"] for task in first.json()),
        *await the_rest(alice, first),
    } - {"ilk"}


async def test_pages_go_on_by_words_when_no_task_has_them_any_more(alice: httpx.AsyncClient) -> None:
    for title in ("milky", "ilk", "ilk"):
        await add(alice, title)
    first = await alice.get(TASKS, params={"search": "ilk", "limit": "1"})
    await alice.delete(await of_title(alice, "ilk"))
    await alice.delete(await of_title(alice, "ilk"))
    assert await the_rest(alice, first) == []


@pytest.mark.parametrize(("search", "code"), [("", "required"), (" \u200b", "required"), ("x" * 256, "too_long")])
async def test_a_search_that_is_not_valid_is_refused(alice: httpx.AsyncClient, search: str, code: str) -> None:
    answer = await alice.get(TASKS, params={"search": search})
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [("search", code)]


async def test_a_search_for_what_the_database_can_not_store_is_refused(alice: httpx.AsyncClient) -> None:
    answer = await alice.get(f"{TASKS}?search=%00")
    assert answer.json()["errors"][0]["code"] == "unsupported_text"
