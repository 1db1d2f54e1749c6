"""The app of `make web`, as the service has it."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from doable.store.address import Address
from doable.web.application import VIEWS
from doable.web.build import BUILT
from needs import miss
from web_builds import serving

ROOT = Path(__file__).parents[2]
BROWSER = {"accept": "text/html"}


@pytest.fixture
def app() -> Path:
    if not (BUILT / "index.html").exists():
        miss("the web app is not built: make web")
    return BUILT


class Loaded(HTMLParser):
    """What the page loads, and what would break its policy."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self._is_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if address := values.get("src") or (values.get("href") if tag == "link" else None):
            self.addresses.append(address)
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        if tag == "style":
            self.inline.append(tag)
        self._is_script = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._is_script and data.strip():
            self.inline.append(data)


async def test_the_page_loads_files_of_the_app_and_nothing_else(address: Address, app: Path) -> None:
    async with serving(address, app) as visitor:
        page = await visitor.get("/", headers=BROWSER)
        assert '"provider":"accounts"' in page.text.replace("&quot;", '"')
        loaded = Loaded(page.text)
        assert loaded.inline == []
        assert any(address.startswith("/assets/") for address in loaded.addresses)
        for path in loaded.addresses:
            assert (await visitor.get(path)).status_code == 200, path


def test_a_script_is_there_in_both_compressed_forms(app: Path) -> None:
    scripts = [path for path in app.glob("assets/*.js") if path.stat().st_size > 1000]
    assert scripts
    for script in scripts:
        packed = script.with_name(f"{script.name}.gz")
        assert gzip.decompress(packed.read_bytes()) == script.read_bytes()
        assert script.with_name(f"{script.name}.br").stat().st_size < packed.stat().st_size
    assert not list(app.glob("**/*.png.*"))
    assert not list(app.glob("index.html.*"))


def test_the_server_knows_every_view_of_the_app() -> None:
    paths = (ROOT / "web/src/app/paths.ts").read_text()
    assert {*re.findall(r'"([\w-]+)"', paths), "search"} == VIEWS
