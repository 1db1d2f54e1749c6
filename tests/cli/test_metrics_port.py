"""Metrics on a port of their own, of one process and of several."""

import re
import socket
import tempfile
from pathlib import Path

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from commands import Doable
from doable.store.address import Address
from processes import Service, database_url, eventually
from tokens import SECRET, hs256

TOKEN = "an operator's token of the tests"


def figures(url: str) -> dict[str, float]:
    """Each family's values, added up."""
    answer = httpx.get(url, headers={"authorization": f"Bearer {TOKEN}"}).raise_for_status()
    return {
        family.name: sum(one.value for one in family.samples if not one.name.endswith(("_bucket", "_sum")))
        for family in text_string_to_metric_families(answer.text)
    }


def metrics_url(service: Service) -> str:
    (url,) = re.findall(r"^Metrics are at (http://127\.0\.0\.1:\d+/metrics)$", "\n".join(service.said), re.MULTILINE)
    return str(url)


def test_all_workers_are_one_and_the_dead_still_count(address: Address) -> None:
    """Requests over fresh connections come to any of the workers, and one is killed with all that it has counted."""
    settings = {
        "DATABASE_URL": database_url(address),
        "BETTER_AUTH_SECRET": SECRET,
        "DOABLE_METRICS_PORT": "0",
        "DOABLE_METRICS_TOKEN": TOKEN,
    }
    headers = {"authorization": f"Bearer {hs256('alice')}"}
    with Service("--workers", "2", **settings) as service:
        url = metrics_url(service)
        eventually(lambda: figures(url)["doable_workers"] == 2)
        for _ in range(30):
            assert httpx.get(f"{service.url}/api/me/tasks", headers=headers).status_code == 200
        eventually(lambda: figures(url)["doable_credentials_accepted"] == 30)
        before = figures(url)
        assert before["doable_http_request_duration_seconds"] == 30
        assert before["doable_worker_restarts"] == 0
        assert before["doable_pool_max"] == 30
        psutil.Process(service.process.pid).children()[-1].kill()

        def is_replaced() -> bool:
            now = figures(url)
            assert now["doable_credentials_accepted"] == 30
            assert now["process_cpu_seconds"] >= before["process_cpu_seconds"]
            return now["doable_worker_restarts"] == 1 and now["doable_workers"] == 2

        eventually(is_replaced)
        for _ in range(10):
            assert httpx.get(f"{service.url}/api/me/tasks", headers=headers).status_code == 200
        eventually(lambda: figures(url)["doable_credentials_accepted"] == 40)
        assert figures(f"{service.url}/metrics")["doable_credentials_accepted"] == 40
        assert service.stop() == 0
    assert not list(Path(tempfile.gettempdir()).glob("doable-metrics-*"))


def test_one_process_has_a_port_for_metrics_too(address: Address) -> None:
    settings = {"DATABASE_URL": database_url(address), "BETTER_AUTH_SECRET": SECRET, "DOABLE_METRICS_PORT": "0"}
    with Service(**settings) as service:
        url = metrics_url(service)
        eventually(lambda: figures(url).get("doable_workers") == 1)
        assert httpx.get(f"{service.url}/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 404
        assert service.stop() == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_with_a_token_alone_there_is_no_other_port(address: Address) -> None:
    settings = {"DATABASE_URL": database_url(address), "BETTER_AUTH_SECRET": SECRET, "DOABLE_METRICS_TOKEN": TOKEN}
    with Service(**settings) as service:
        assert figures(f"{service.url}/metrics")["doable_workers"] == 1
        assert service.stop() == 0
    assert not [line for line in service.said if "Metrics" in line]


def test_a_port_that_is_taken_is_told(doable: Doable, url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        failed = doable("serve", "--port", "0", DATABASE_URL=url, BETTER_AUTH_SECRET=SECRET, DOABLE_METRICS_PORT=port)
    assert failed.exit_code == 2
    assert failed.stderr.strip() == (
        f"doable: DOABLE_METRICS_PORT: can't listen on 127.0.0.1, port {port}: Address already in use"
    )


def test_a_token_for_metrics_can_not_be_short(doable: Doable, url: str) -> None:
    failed = doable("serve", "--port", "0", DATABASE_URL=url, DOABLE_METRICS_TOKEN="short")
    assert failed.exit_code == 2
    assert failed.stderr.strip() == (
        "doable: DOABLE_METRICS_TOKEN: it must have at least 16 characters; make one with: openssl rand -hex 16"
    )
