"""The first steps with the web app in browsers that are not Chromium. Safari itself is not tested."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from browsing import PASSWORD
from doable.store.address import Address
from needs import need
from processes import Service, database_url, eventually
from webdriver import ENTER, webkit

HERE = Path(__file__).parent


@pytest.fixture
def web(address: Address) -> Iterator[Service]:
    """The service with built-in accounts, at the address that its cookie is for."""
    with Service(DATABASE_URL=database_url(address)) as service:
        service.url = service.url.replace("127.0.0.1", "localhost")
        yield service


def test_first_steps_in_firefox(node: str, web: Service) -> None:
    firefox = need("firefox-esr")
    done = subprocess.run(
        [node, "firefox.mjs", firefox, web.url], cwd=HERE, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_first_steps_in_webkit(web: Service) -> None:
    need("WebKitWebDriver")
    need("Xvfb")
    with webkit() as browser:
        browser.open(f"{web.url}/sign-up")
        browser.type("main input[autocomplete=name]", "Ada")
        browser.type("main input[type=email]", "webkit@example.com")
        browser.type("main input[type=password]", PASSWORD)
        browser.click("main button.primary")
        browser.type("[aria-label='Add task']", f"Feed the gnu{ENTER}")
        browser.find("main li [aria-label='Feed the gnu']")
        browser.open(f"{web.url}/today")
        browser.click("main li [aria-label='Feed the gnu']")
        gone = "return document.querySelector(\"main li [aria-label='Feed the gnu']\") === null"
        eventually(lambda: browser.run(gone) is True)
