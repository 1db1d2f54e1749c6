"""What curl sends that other clients do not: an offer of HTTP/2, and a question before the body."""

import json
import subprocess

import pytest

from needs import need
from processes import Service
from tokens import hs256


def curl(service: Service, path: str, *options: str, user: str = "carl", body: str = "") -> tuple[list[int], str]:
    """The statuses of its answers, those in between included, and the body of the last."""
    credential = ["-H", f"Authorization: Bearer {hs256(user)}", "-H", "Content-Type: application/json"]
    command = [need("curl"), "-sS", "-i", "--max-time", "20", *credential, *options, f"{service.url}{path}"]
    said = subprocess.run(command, input=body, capture_output=True, text=True, check=True, timeout=30).stdout
    heads, _, rest = said.replace("\r\n", "\n").rpartition("\n\n")
    return [int(line.split()[1]) for line in heads.splitlines() if line.startswith("HTTP/1.1 ")], rest


@pytest.mark.parametrize("coding", [[], ["-H", "Transfer-Encoding: chunked"]], ids=["length", "chunks"])
def test_a_client_that_offers_http_2_can_send_a_body(service: Service, coding: list[str]) -> None:
    statuses, body = curl(service, "/api/me/tasks", "--http2", *coding, "-d", '{"title": "Offered"}')
    assert (statuses, json.loads(body)["title"]) == ([201], "Offered")


def test_a_client_that_asks_first_is_told_to_go_on(service: Service) -> None:
    asking = ["-H", "Expect: 100-continue", "--expect100-timeout", "20"]
    statuses, body = curl(service, "/api/me/tasks", *asking, "-d", "@-", body=json.dumps({"title": "Asked"}))
    assert (statuses, json.loads(body)["title"]) == ([100, 201], "Asked")


@pytest.mark.parametrize("asking", [["-H", "Expect:"], ["-H", "Expect: 100-continue"]], ids=["sent", "asked"])
def test_a_client_that_sends_far_too_much_reads_why_it_is_refused(service: Service, asking: list[str]) -> None:
    statuses, body = curl(service, "/api/me/tasks", *asking, "-d", "@-", body="x" * 5_000_000)
    assert (statuses, json.loads(body)["code"]) == ([413], "too_large")
