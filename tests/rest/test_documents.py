"""The pages that come with the service."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from doable.rest import documents
from doable.rest.error_docs import ERRORS, FAULTS

ROOT = Path(__file__).parents[2]
PAGES = ["/docs", "/docs/errors"]
FILES = [f"/docs/{name}" for name in documents.FILES]


class Links(HTMLParser):
    """What a page makes a browser load, and the places that an address may point to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if address := values.get("src") or (values.get("href") if tag == "link" else None):
            self.loaded.append(address)
        if place := values.get("id"):
            self.places.add(place)


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(page)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    for address in Links(answer.text).loaded:
        assert address.startswith("/docs/") or address == "data:,"
        if address.startswith("/"):
            assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize("file", FILES)
async def test_a_file_of_the_pages_is_served_as_what_it_is(client: httpx.AsyncClient, file: str) -> None:
    answer = await client.get(file)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css" if file.endswith("css") else "text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/docs/README.md", "/docs/../documents.py", "/docs/%2e%2e/documents.py", "/docs/"])
async def test_nothing_else_can_be_read(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_the_document_is_served_as_it_is(client: httpx.AsyncClient, app) -> None:  # noqa: ANN001
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == app.openapi()


async def test_the_page_of_errors_has_a_place_for_the_type_of_every_problem(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/api/me/tasks")).json()
    page, _, place = problem["type"].partition("#")
    places = Links((await client.get(page)).text).places
    assert place in places
    assert places == {code.replace("_", "-") for code in ERRORS} | {"faults"}


def test_every_error_is_explained() -> None:
    """A new leaf of the tree needs its line in rest/error_docs.py."""
    codes = {kind.code for kind in documents.all_kinds() if "code" in vars(kind)}
    assert codes == set(ERRORS)


MADE_BY = {"Fault", "ColumnFault"}
# The faults of a field that names nothing (`errors.absent`).
ABSENT = {"list_not_found", "task_not_found", "label_not_found", "filter_not_found"}


def test_every_fault_is_explained() -> None:
    """A new `Fault` or rule with a `code` anywhere in the source needs its line in rest/error_docs.py."""
    codes = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            code = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE_BY:
                code = node.args[1]
            elif isinstance(node, ast.Call):
                code = next((one.value for one in node.keywords if one.arg == "code"), None)
            # Of `kind.code`, an error has the name too.
            if code is not None and ast.unparse(code) not in {"self.code", "kind.code"}:
                assert isinstance(code, ast.Constant), f"{path}:{node.lineno}: the code must be written out"
                codes.add(code.value)
    assert codes | ABSENT == set(FAULTS)


def test_docs_errors_md_is_made_from_the_same_words() -> None:
    assert documents.errors_markdown() in (ROOT / "docs/errors.md").read_text(), "run `make docs`"


def test_the_viewer_names_no_host_that_it_would_ask() -> None:
    start = (documents.PAGES / "docs.js").read_text()
    assert "validatorUrl: null" in start
    assert not re.search("https?://", start)
