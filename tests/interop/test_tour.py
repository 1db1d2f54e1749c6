"""The tour in README, pasted as it stands into a shell."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from doable.store.address import Address
from needs import need
from processes import Service, database_url

README = Path(__file__).parents[2] / "README.md"
LINE_EACH = "curl() { command curl --max-time 20 -w '\\n' \"$@\"; }\n"


def tour(url: str) -> str:
    """All that is to be pasted, for a service at this address."""
    chapter = README.read_text().partition("## A tour")[2].partition("\n## ")[0]
    pasted = "\n".join(re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL))
    assert pasted.count("http://127.0.0.1:8000") == 1
    return pasted.replace("http://127.0.0.1:8000", url)


def paste(script: str) -> list[Any]:
    """What curl shows, in order, without the answers that have no body."""
    command = ["bash", "-euo", "pipefail", "-c", LINE_EACH + script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def test_the_tour_shows_what_it_says_also_when_it_is_pasted_again(address: Address) -> None:
    need("curl")
    with Service(DATABASE_URL=database_url(address)) as service:
        shown = [paste(tour(service.url)) for _ in range(2)]
    for groceries, plumber, tasks, complete, incomplete, stale, rice, same_rice, news in shown:
        assert tasks[:2] == [plumber, groceries]
        assert (complete["id"], complete["status"]) == (plumber["id"], "complete")
        assert incomplete == [task for task in tasks if task["id"] != plumber["id"]]
        assert (stale["code"], stale["current"]) == ("stale", complete)
        assert rice == same_rice == shown[0][6]
        assert (news["tasks"], news["removed"]) == ([], [{"type": "task", "id": plumber["id"]}])
