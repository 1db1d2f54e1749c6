"""A browser's requests through nginx as docs/deploy.md sets it up, where the other sites compress everything."""

from collections.abc import Iterator

import httpx
import pytest

from doable.store.address import Address
from processes import Service, database_url, place
from proxies import Nginx

ADA = {"name": "Ada", "email": "ada@example.com", "password": "correct horse battery"}


class CompressingNginx(Nginx):
    def around(self) -> str:
        return super().around() + "\ngzip on; gzip_min_length 1; gzip_types *;"


@pytest.fixture
def browser(address: Address) -> Iterator[httpx.Client]:
    """Signed in, at the address of the proxy."""
    with (
        Service(DATABASE_URL=database_url(address), DOABLE_TRUSTED_PROXIES="127.0.0.1") as service,
        place() as path,
        CompressingNginx(path, httpx.URL(service.url).port or 0) as proxy,
    ):
        url = f"http://127.0.0.1:{proxy.address[1]}"
        with httpx.Client(base_url=url, headers={"accept-encoding": "gzip", "origin": url}, timeout=20) as client:
            assert client.post("/api/auth/sign-up/email", json=ADA).is_success
            yield client


def test_tags_stay_strong_events_are_not_held_back_and_the_origin_is_that_of_the_proxy(browser: httpx.Client) -> None:
    token = {"authorization": f"Bearer {browser.get('/api/auth/token').json()['token']}"}
    path = browser.post("/api/me/tasks", json={"title": "Buy groceries"}, headers=token).headers["location"]
    read = browser.get(path, headers=token)
    assert "content-encoding" not in read.headers
    with browser.stream("GET", "/api/me/events", headers=token) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        changed = browser.put(path, json={"title": "Buy rice"}, headers=token | {"if-match": read.headers["etag"]})
        assert changed.json()["title"] == "Buy rice"
        assert next(line for line in lines if line.startswith("event:")) == "event: change"
    assert browser.get("/docs/swagger-ui/swagger-ui.css").headers["content-encoding"] == "gzip"
    refused = browser.get(f"/somewhere{path}", headers=token)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    # With a cookie: it is refused unless the service knows under which host and port the browser sees it.
    assert browser.post("/api/auth/sign-out", json={}).json() == {"success": True}
