"""The tour of the README, as written, in a shell."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from processes import Service, place

README = (Path(__file__).parents[1] / "README.md").read_text()
TOUR = README.partition("## A tour of the API in two minutes")[2].partition("\n## ")[0]


@pytest.fixture(scope="module")
def tour() -> list[str]:
    """What each block of the tour prints."""
    blocks = re.findall(r"```sh\n(.*?)```", TOUR, re.DOTALL)
    with place() as directory, Service(DOABLE_DATA_DIR=str(directory / "data"), cwd=directory) as service:
        script = "".join(f"{block}\necho; echo ---\n" for block in blocks)
        script = script.replace("API=http://localhost:8000", f"API={service.url}")
        done = subprocess.run(["bash", "-euo", "pipefail"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n---\n")


def objects(printed: str) -> list:
    """The JSON texts that stand one after the other in what was printed."""
    decoder, found, text = json.JSONDecoder(), [], printed.strip()
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].lstrip()
    return found


def test_the_tour_makes_an_account_without_a_word(tour: list[str]) -> None:
    assert tour[0].strip() == ""


def test_the_tour_creates_lists_and_completes(tour: list[str]) -> None:
    first, second, everything, completed, still_open = objects(tour[1])
    assert (first["title"], second["title"]) == ("Buy groceries", "Call the plumber")
    assert everything == [second, first]
    assert (completed["id"], completed["status"]) == (second["id"], "complete")
    assert still_open == [first]


def test_the_tour_plans_and_finds(tour: list[str]) -> None:
    rent, found = objects(tour[2])
    assert (rent["title"], rent["labels"], rent["priority"]) == ("Pay rent", ["bills"], "high")
    assert [task["id"] for task in found] == [rent["id"]]


def test_the_tour_loses_no_update(tour: list[str]) -> None:
    (refusal,) = objects(tour[3])
    assert (refusal["status"], refusal["current"]["title"]) == (412, "Call the plumber")


def test_the_tour_makes_no_duplicate(tour: list[str]) -> None:
    first, second = objects(tour[4])
    assert first == second
    assert first["title"] == "Buy rice"


def test_the_tour_misses_no_change_and_takes_it_back(tour: list[str]) -> None:
    (delta,) = objects(tour[5])
    assert (delta["tasks"], len(delta["removed"]), delta["has_more"]) == ([], 1, False)
    (undone,) = objects(tour[6])
    assert undone["undone"] == delta["removed"]


def test_the_client_begins_as_its_own_tests_show() -> None:
    """`readme.test.ts` runs this block of the client's README."""
    of_the_client = (Path(__file__).parents[1] / "clients/typescript/README.md").read_text()
    (block,) = re.findall(r"```ts\n.*?```", README, re.DOTALL)
    assert block in of_the_client.partition("## The store")[2]
