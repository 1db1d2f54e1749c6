"""The tour in README, and the batch in docs/api.md, pasted as they stand into a shell."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from doable.rest.batch import ASKED
from doable.store.address import Address
from needs import need
from processes import Service, database_url

ROOT = Path(__file__).parents[2]
LINE_EACH = "curl() { command curl --max-time 20 -w '\\n' \"$@\"; }\n"


def blocks(document: str, chapter: str) -> list[str]:
    """What is to be pasted of a chapter."""
    text = (ROOT / document).read_text().partition(f"\n## {chapter}")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def tour(url: str, *more: str) -> str:
    """Its first block, which signs in, and these, for a service at this address."""
    pasted = "\n".join([blocks("README.md", "A tour")[0], *more])
    assert pasted.count("http://localhost:8000") == 1
    return pasted.replace("http://localhost:8000", url)


def paste(script: str) -> list[Any]:
    """What curl shows, in order, without the answers that have no body."""
    command = ["bash", "-euo", "pipefail", "-c", LINE_EACH + script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def test_the_tour_shows_what_it_says_also_when_it_is_pasted_again(address: Address) -> None:
    need("curl")
    with Service(DATABASE_URL=database_url(address)) as service:
        shown = [paste(tour(service.url, *blocks("README.md", "A tour")[1:])) for _ in range(2)]
    for groceries, plumber, tasks, complete, incomplete, rent, bills, stale, rice, same_rice, news, undone in shown:
        assert tasks[:2] == [plumber, groceries]
        assert (complete["id"], complete["status"]) == (plumber["id"], "complete")
        assert incomplete == [task for task in tasks if task["status"] == "incomplete" and task != plumber]
        assert (rent["title"], rent["recurrence"]["rule"]) == ("Pay rent", "FREQ=MONTHLY;BYMONTHDAY=1")
        assert bills[0] == {name: value for name, value in rent.items() if name != "parsed"}
        assert (stale["code"], stale["current"]) == ("stale", complete)
        assert rice == same_rice == shown[0][8]
        assert (news["tasks"], news["removed"]) == ([], [{"type": "task", "id": plumber["id"]}])
        assert undone["undone"] == news["removed"]


def test_the_batch_of_the_documents_does_what_they_say_and_is_what_the_viewer_fills_in(address: Address) -> None:
    need("curl")
    (batch,) = blocks("docs/api.md", "Batches")
    assert json.loads(batch.partition("-d '")[2].rstrip("'\n")) == ASKED
    with Service(DATABASE_URL=database_url(address)) as service:
        for shown in [paste(tour(service.url, batch)) for _ in range(2)]:
            party, cake, two_cakes, complete, deleted = shown[0]["results"]
            assert [one["status"] for one in (party, cake, two_cakes, complete, deleted)] == [201, 201, 200, 200, 204]
            assert (complete["task"]["id"], complete["task"]["status"]) == (party["task"]["id"], "complete")
            assert (two_cakes["task"]["id"], two_cakes["task"]["title"]) == (cake["task"]["id"], "Bake two cakes")
